//! `invalid-utf8`: bytes that are no UTF-8.

use super::{Check, Rule};
use crate::diagnostic::Severity;

pub(super) static RULE: Rule = Rule {
    id: "invalid-utf8",
    summary: "a document that is not UTF-8",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/invalid-utf8.md"),
    options: &[],
    check: Check::Loader,
};
