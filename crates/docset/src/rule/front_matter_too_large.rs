//! `front-matter-too-large`: a block past any honest size.

use super::{Check, DocumentContext, Rule};
use crate::diagnostic::{Finding, Severity};
use crate::front_matter::FrontMatter;
use crate::yaml::YamlErrorKind;

pub(super) static RULE: Rule = Rule {
    id: "front-matter-too-large",
    summary: "front matter with too many values or levels",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/front-matter-too-large.md"),
    options: &[],
    check: Check::Document(check),
};

fn check(context: &DocumentContext<'_>, findings: &mut Vec<Finding>) {
    let Some(FrontMatter::Present { yaml: Err(error), .. }) = context.front_matter() else {
        return;
    };
    if let YamlErrorKind::TooManyNodes { .. } | YamlErrorKind::TooDeep { .. } = error.kind {
        findings.push(
            Finding::new(error.span, format!("front matter is too large: {error}"))
                .help("move the data into a file of its own and link to it"),
        );
    }
}
