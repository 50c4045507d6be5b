//! Secrets in the log.

use std::io::{self, Write};

/// Tells the runner to show `secret` as `***` from now on. Each of its lines is masked by
/// itself, since the log is searched line by line; blank ones are not, as they would blank
/// out everything.
///
/// Secrets of a workflow are masked already; this is for what was made of them, or read
/// from a file.
///
/// # Errors
///
/// That `out` cannot be written to.
pub fn mask(out: &mut dyn Write, secret: &str) -> io::Result<()> {
    for line in secret.split(['\n', '\r']).map(str::trim).filter(|line| !line.is_empty()) {
        writeln!(out, "::add-mask::{}", line.replace('%', "%25"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_a_secret_is_masked() {
        let mut out = Vec::new();
        mask(&mut out, "one%0A\n\n  two\r\n").unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "::add-mask::one%250A\n::add-mask::two\n");
    }
}
