//! `outside-root`: a path or symbolic link that leaves the repository.

use super::{Check, Rule};
use crate::diagnostic::Severity;

pub(super) static RULE: Rule = Rule {
    id: "outside-root",
    summary: "a path or symbolic link that leads out of the repository",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/outside-root.md"),
    options: &[],
    check: Check::Loader,
};
