//! The name under which a label waits while names go round in a circle.
//!
//! It says, as digests, which name the label had and which it is to get, so that a run that
//! finds it knows what an earlier one was about.

use sha2::{Digest as _, Sha256};

use crate::name::fold;

const PREFIX: &str = "~countersign-rename-";

/// The temporary name of a label on its way from one name to another: 37 characters.
pub(super) fn name(from: &str, to: &str) -> String {
    format!("{PREFIX}{}-{}", digest(from), digest(to))
}

/// Whether a label waits for a new name, and which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Waiting {
    from: String,
    to: String,
}

impl Waiting {
    /// Reads a temporary name.
    pub(super) fn parse(name: &str) -> Option<Self> {
        let folded = fold(name);
        let (from, to) = folded.strip_prefix(PREFIX)?.split_once('-')?;
        let is_digest =
            |text: &str| text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        (is_digest(from) && is_digest(to))
            .then(|| Self { from: from.to_owned(), to: to.to_owned() })
    }

    /// Whether the label was called `name`.
    pub(super) fn was(&self, name: &str) -> bool {
        self.from == digest(name)
    }

    /// Whether the label is to be called `name`.
    pub(super) fn becomes(&self, name: &str) -> bool {
        self.to == digest(name)
    }
}

fn digest(name: &str) -> String {
    let digest = Sha256::digest(fold(name).as_bytes());
    digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_temporary_name_tells_both_names() {
        let name = name("run:a", "Run:B");
        assert_eq!(crate::name::fault(&name), None);
        let waiting = Waiting::parse(&name).unwrap();
        assert!(waiting.was("RUN:A") && waiting.becomes("run:b"));
        assert!(!waiting.was("run:b"));
        assert_eq!(Waiting::parse("~countersign-rename-x-y"), None);
        assert_eq!(Waiting::parse("run:a"), None);
    }
}
