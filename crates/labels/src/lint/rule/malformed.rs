//! Files and expressions that cannot be read: what cannot be read is not passed.

use countersign_report::{RuleDescriptor, Severity};

pub(super) const WORKFLOW: RuleDescriptor = super::rule(
    "malformed-workflow",
    Severity::Error,
    "A workflow file is no YAML mapping",
    "The file cannot be read, so nothing is known of the labels in it.",
);

pub(super) const EXPRESSION: RuleDescriptor = super::rule(
    "malformed-expression",
    Severity::Error,
    "An expression does not follow the grammar of GitHub Actions",
    "The expression cannot be read, so nothing is known of the labels in it. GitHub refuses the whole workflow.",
);
