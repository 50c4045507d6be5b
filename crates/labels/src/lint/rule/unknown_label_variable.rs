//! A variable that should hold a label, and that no label has.

use countersign_markup::nearest::nearest;
use countersign_markup::shown::excerpt;
use countersign_report::{Finding, RuleDescriptor, Severity};

use crate::catalogue::Catalogue;
use crate::lint::workflow::Occurrence;

pub(in crate::lint) const RULE: RuleDescriptor = super::rule(
    "unknown-label-variable",
    Severity::Error,
    "A workflow uses a variable `…_LABEL` that no label of the catalogue has",
    "GitHub takes a variable that does not exist for an empty text, without a word: the condition is never true, or always.",
);

pub(in crate::lint) fn check(
    occurrence: &Occurrence<'_>,
    catalogue: &Catalogue,
    push: &mut impl FnMut(Finding),
) {
    occurrence.expression.each(&mut |part| {
        let Some(name) = part.variable().map(str::to_ascii_uppercase) else { return };
        if !name.ends_with("_LABEL") || catalogue.by_variable(&name).is_some() {
            return;
        }
        let known = catalogue.labels().iter().map(|label| label.variable.as_str());
        let help = match nearest(&name, known) {
            Some(near) => format!("did you mean `vars.{near}`?"),
            None => "`labels list` shows the variables; add the label to `labels: catalogue:` in countersign.yaml".to_owned(),
        };
        let message = format!("no label has the variable `{}`", excerpt(&name));
        push(Finding::new(occurrence.locate(part.span), message).label("not in the catalogue").help(help));
    });
}
