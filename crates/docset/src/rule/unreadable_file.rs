//! `unreadable-file`: the system does not give us the text.

use super::{Check, Rule};
use crate::diagnostic::Severity;

pub(super) static RULE: Rule = Rule {
    id: "unreadable-file",
    summary: "a file that cannot be read",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/unreadable-file.md"),
    options: &[],
    check: Check::Loader,
};
