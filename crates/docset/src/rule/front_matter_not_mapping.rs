//! `front-matter-not-mapping`: a block that names nothing.

use super::{Check, DocumentContext, Rule};
use crate::diagnostic::{Finding, Severity};
use crate::front_matter::FrontMatter;
use crate::yaml::NodeKind;

pub(super) static RULE: Rule = Rule {
    id: "front-matter-not-mapping",
    summary: "front matter that is no list of keys",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/front-matter-not-mapping.md"),
    options: &[],
    check: Check::Document(check),
};

fn check(context: &DocumentContext<'_>, findings: &mut Vec<Finding>) {
    let Some(FrontMatter::Present { block, yaml: Ok(yaml) }) = context.front_matter() else {
        return;
    };
    match yaml.root() {
        Some(root) if root.kind() == NodeKind::Mapping => {}
        Some(root) if !root.is_null() => findings.push(
            Finding::new(root.span(), format!("front matter is {}", root.kind().describe()))
                .label("expected `key: value` lines")
                .help("if the first `---` is meant as a line across the page, write `***`"),
        ),
        _ => findings.push(
            Finding::new(block.open, "front matter is empty")
                .help("add `doc_id`, `type`, `title`, `status`, `owner_role` and the dates"),
        ),
    }
}
