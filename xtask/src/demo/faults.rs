//! What is done to a good document, and what must be found.

use anyhow::{Result, ensure};

/// The document that is broken. It is approved, so that a change of its text shows.
pub(super) const DOCUMENT: &str = "docs/intake/scope.md";

/// Its id.
pub(super) const ID: &str = "MVP-0001";

/// One deliberate fault.
#[derive(Debug)]
pub(super) struct Fault {
    /// What happened, as a colleague would tell it.
    pub(super) story: &'static str,
    before: &'static str,
    after: &'static str,
    /// The rule that must find it.
    pub(super) rule: &'static str,
}

pub(super) static FAULTS: [Fault; 4] = [
    Fault {
        story: "a key is misspelt: `onwer_role`",
        before: "owner_role: PM",
        after: "onwer_role: PM",
        rule: "unknown-key",
    },
    Fault {
        story: "a status that no lifecycle knows: `aproved`",
        before: "status: approved\nonwer_role",
        after: "status: aproved\nonwer_role",
        rule: "invalid-status",
    },
    Fault {
        story: "the limit grew from 150 € to 500 € after the owner had approved it",
        before: "a basket of up to 150 €",
        after: "a basket of up to 500 €",
        rule: "approval-digest-mismatch",
    },
    Fault {
        story: "a link leads to a document that nobody wrote",
        before: "(constraints.md)",
        after: "(limits.md)",
        rule: "broken-link",
    },
];

/// The document with all faults.
pub(super) fn break_document(text: &str) -> Result<String> {
    let mut text = text.to_owned();
    for fault in &FAULTS {
        ensure!(text.contains(fault.before), "{DOCUMENT} has no `{}` to break", fault.before);
        text = text.replacen(fault.before, fault.after, 1);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_finds_its_place_in_the_example() {
        let example = include_str!("../../../examples/acme/docs/intake/scope.md");
        let broken = break_document(example).unwrap();
        for fault in &FAULTS {
            assert!(broken.contains(fault.after), "{}", fault.story);
        }
    }

    #[test]
    fn a_document_without_the_place_is_refused() {
        assert!(break_document("# Another document\n").is_err());
    }
}
