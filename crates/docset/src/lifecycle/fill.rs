//! What nobody may lay before an owner: a template that is not filled in.

use crate::check::Checker;
use crate::diagnostic::Severity;
use crate::span::LineIndex;

use super::draft::{Draft, Refusal};

/// Refuses a document in which `left-over-placeholder` finds an error, as the
/// configuration of `checker` has it: an approval of what is still to be written approves
/// nothing.
///
/// # Errors
///
/// [`Refusal`] at the first place that is left to fill in.
pub fn is_filled_in(draft: &Draft, checker: &Checker) -> Result<(), Refusal> {
    let left = checker.check_text(&draft.path, &draft.before).into_iter().filter(|finding| {
        finding.rule == "left-over-placeholder" && finding.severity == Severity::Error
    });
    let left: Vec<_> = left.collect();
    let Some(first) = left.first() else { return Ok(()) };
    let more = match left.len() {
        1 => String::new(),
        count => format!(", the first of {count}"),
    };
    Err(Refusal {
        path: draft.path.clone(),
        position: LineIndex::new(&draft.before).position(&draft.before, first.span.start),
        message: format!("{}: {}{more}", crate::diagnostic::excerpt(&draft.id), first.message),
        help: "`docset check` shows what is left to fill in; if it is meant literally, put it in \
               back-ticks"
            .to_owned(),
    })
}
