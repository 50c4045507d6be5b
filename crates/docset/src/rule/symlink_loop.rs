//! `symlink-loop`: a symbolic link to a folder that it stands in.

use super::{Check, Rule};
use crate::diagnostic::Severity;

pub(super) static RULE: Rule = Rule {
    id: "symlink-loop",
    summary: "a symbolic link that leads back to itself",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/symlink-loop.md"),
    options: &[],
    check: Check::Loader,
};
