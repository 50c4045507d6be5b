//! `missing-front-matter`: a document that does not say what it is.

use super::{Check, DocumentContext, Rule};
use crate::diagnostic::{Finding, Severity};
use crate::front_matter::{FrontMatter, bom_len};
use crate::span::Span;

pub(super) static RULE: Rule = Rule {
    id: "missing-front-matter",
    summary: "a document without front matter",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/missing-front-matter.md"),
    options: &[],
    check: Check::Document(check),
};

fn check(context: &DocumentContext<'_>, findings: &mut Vec<Finding>) {
    let Some(FrontMatter::Missing) = context.front_matter() else { return };
    let text = context.text();
    let start = bom_len(text);
    let blank = text[start..].len() - text[start..].trim_start().len();
    if blank > 0 && text[start + blank..].starts_with("---") {
        findings.push(
            Finding::new(Span::at(start), "front matter does not begin on the first line")
                .help("remove the blank lines before `---`"),
        );
        return;
    }
    let first_line = text[start..].lines().next().unwrap_or_default();
    findings.push(
        Finding::new(Span::new(start, start + first_line.len()), "document has no front matter")
            .help(
                "begin with `---`, then `doc_id`, `type`, `title`, `status`, `owner_role` and \
                 the dates, then `---`; or list the file under `docs: plain:`",
            ),
    );
}
