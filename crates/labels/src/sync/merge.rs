//! Moving the issues of one label over to another.

use std::ops::ControlFlow;

use countersign_github::{GitHubError, Repository};

use super::run::{Effect, SyncError};
use crate::name::fold;

/// How often the issues are looked through before it is given up.
const ROUNDS: usize = 5;

/// Every issue and pull request with the label `from` gets the label `into`, then `from` is
/// deleted.
///
/// The label is not taken off each issue: deleting it does that at once, and until then an
/// issue rather means a thing twice than not at all. It is deleted only after a look at all its
/// issues, made after the last of them was labelled, found the other label on each. What cannot
/// be seen through this API, a discussion with the label, or an issue that is labelled between
/// that look and the deletion, loses it.
pub(super) async fn merge(
    repository: &Repository,
    from: &str,
    into: &str,
    on_effect: &mut (dyn FnMut(Effect) -> ControlFlow<()> + Send),
) -> Result<ControlFlow<()>, SyncError> {
    let wanted = fold(into);
    let mut left = 0;
    for _ in 0..ROUNDS {
        let issues = repository.issues_with_label(from).await?;
        let lacking: Vec<u64> = issues
            .iter()
            .filter(|issue| !issue.labels.iter().any(|label| fold(label) == wanted))
            .map(|issue| issue.number)
            .collect();
        if lacking.is_empty() {
            repository.delete_label(from).await?;
            return Ok(on_effect(Effect::Merged(from.to_owned(), into.to_owned())));
        }
        left = lacking.len();
        for number in lacking {
            match repository.add_labels(number, &[into]).await {
                Ok(_) => {
                    if on_effect(Effect::Labelled(number, into.to_owned())).is_break() {
                        return Ok(ControlFlow::Break(()));
                    }
                }
                // Deleted or moved since; the next look shows whether it still counts.
                Err(GitHubError::NotFound { .. } | GitHubError::Gone { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
    Err(SyncError::StillInUse { from: from.to_owned(), into: into.to_owned(), left })
}
