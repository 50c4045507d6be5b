//! `one-sided-supersedes`: a replacement that only one side knows of.

use super::{Check, Rule, TreeContext, TreeFindings};
use crate::diagnostic::{Finding, Severity, excerpt};
use crate::span::Span;
use crate::tree::{Facts, Located};

pub(super) static RULE: Rule = Rule {
    id: "one-sided-supersedes",
    summary: "a replacement that the other document does not confirm",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/one-sided-supersedes.md"),
    options: &[],
    check: Check::Tree(check),
};

fn check(context: &TreeContext<'_>, findings: &mut TreeFindings) {
    for facts in context.documents {
        let Some(id) = &facts.id else { continue };
        for to in facts.supersedes() {
            // One that names itself is the business of `supersedes-cycle`.
            if let Some(other) = context.by_id(&to.value).filter(|other| other.path != facts.path)
                && !other.superseded_by().any(|back| back.value == id.value)
            {
                let message = format!(
                    "`{}` does not say that it is superseded by `{}`",
                    excerpt(&to.value),
                    excerpt(&id.value)
                );
                let help = format!("add `superseded_by: {}` there", excerpt(&id.value));
                report((facts, to), other, &message, &help, findings);
            }
        }
        for to in facts.superseded_by() {
            if let Some(other) = context.by_id(&to.value).filter(|other| other.path != facts.path)
                && !other.supersedes().any(|back| back.value == id.value)
            {
                let message = format!(
                    "`{}` does not say that it supersedes `{}`",
                    excerpt(&to.value),
                    excerpt(&id.value)
                );
                let help = format!("add `supersedes: {}` there", excerpt(&id.value));
                report((facts, to), other, &message, &help, findings);
            }
        }
    }
}

/// Reports at the side that speaks, or at the silent one if only that is looked at.
fn report(
    (facts, to): (&Facts, &Located),
    other: &Facts,
    message: &str,
    help: &str,
    findings: &mut TreeFindings,
) {
    let there = other.id.as_ref().map_or_else(Span::default, |id| id.span);
    if facts.reported {
        let finding = Finding::new(to.span, message)
            .related(Some(other.path.clone()), there, "the other document")
            .help(help);
        findings.report(facts, finding);
    } else if other.reported {
        let finding = Finding::new(there, message)
            .related(Some(facts.path.clone()), to.span, "named here")
            .help(help);
        findings.report(other, finding);
    }
}
