//! `padded-fence`: blanks that some readers of front matter do not forgive.

use super::{Check, DocumentContext, Rule};
use crate::diagnostic::{Applicability, Finding, Severity};
use crate::edit::Edit;
use crate::span::Span;

pub(super) static RULE: Rule = Rule {
    id: "padded-fence",
    summary: "blanks behind the `---` of front matter",
    severity: Severity::Warning,
    page: include_str!("../../../../docs/rules/padded-fence.md"),
    options: &[],
    check: Check::Document(check),
};

fn check(context: &DocumentContext<'_>, findings: &mut Vec<Finding>) {
    let Some(block) = context.front_matter().and_then(|front_matter| front_matter.block()) else {
        return;
    };
    for fence in [block.open, block.close] {
        let blanks = Span::new(fence.start + "---".len(), fence.end);
        if !blanks.is_empty() {
            findings.push(
                Finding::new(blanks, "blanks stand behind the `---` of the front matter")
                    .help("remove them: some readers then see no front matter at all")
                    .fix(Applicability::Safe, "remove the blanks", vec![Edit::delete(blanks)]),
            );
        }
    }
}
