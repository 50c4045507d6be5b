//! `unclosed-front-matter`: a block that never ends.

use super::{Check, DocumentContext, Rule};
use crate::diagnostic::{Finding, Severity};
use crate::front_matter::FrontMatter;

pub(super) static RULE: Rule = Rule {
    id: "unclosed-front-matter",
    summary: "front matter without a closing `---`",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/unclosed-front-matter.md"),
    options: &[],
    check: Check::Document(check),
};

fn check(context: &DocumentContext<'_>, findings: &mut Vec<Finding>) {
    let Some(FrontMatter::Unclosed { open }) = context.front_matter() else { return };
    findings.push(
        Finding::new(*open, "front matter is not closed")
            .label("opened here")
            .help("add a line `---` behind the last key"),
    );
}
