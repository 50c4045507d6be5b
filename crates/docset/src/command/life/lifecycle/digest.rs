//! `docset digest`.

use std::io::Write;

use super::arguments::DigestArguments;
use super::{CLEAN, Console, Fault};
use crate::diagnostic::escape;
use crate::front_matter::{FrontMatter, content_digest, digestible};
use crate::tree::read;
use countersign_report::terminal::{harmless, say};

pub(in crate::command) fn run(arguments: &DigestArguments, out: &mut Console) -> Result<u8, Fault> {
    let mut notes = String::new();
    for path in &arguments.paths {
        let shown = escape(&path.to_string_lossy());
        let mut buffer = Vec::new();
        read(path, &mut buffer).map_err(|error| format!("cannot read `{shown}`: {error}"))?;
        let text = String::from_utf8(buffer)
            .map_err(|error| format!("`{shown}` is not UTF-8: {error}"))?;
        let front_matter = FrontMatter::parse(&text);
        if front_matter.root().is_none() || !digestible(&front_matter) {
            notes.push_str(&format!(
                "note: `{shown}`: nothing is left out of the digest, so that the document cannot \
                 carry it\n"
            ));
        }
        harmless(out, &format!("{}  {shown}\n", content_digest(&text, &front_matter)))?;
    }
    out.flush()?;
    say(&notes);
    Ok(CLEAN)
}
