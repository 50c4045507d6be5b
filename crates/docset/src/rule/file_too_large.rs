//! `file-too-large`: a document past the size limit.

use super::{Check, Rule};
use crate::diagnostic::Severity;

pub(super) static RULE: Rule = Rule {
    id: "file-too-large",
    summary: "a document of more than 64 MiB",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/file-too-large.md"),
    options: &[],
    check: Check::Loader,
};
