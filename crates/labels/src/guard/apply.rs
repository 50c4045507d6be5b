//! Does on GitHub what a verdict says.
//!
//! Every effect is safe to repeat: a label that is off, or set, already is left alone, and a
//! comment is known again by its marker and its author. So a run that was killed is finished
//! by running it again, and the events that the effects cause decide to nothing.

use countersign_github::{
    AccountKind, Comment, GitHub, GitHubError, Repository, TokenKind, same_name,
};
use serde::Serialize;

use super::settings::KnownAccount;
use super::{Effect, marker};

/// The account behind the `GITHUB_TOKEN` of a workflow, on every server of GitHub.
const WORKFLOW: &str = "github-actions[bot]";

/// What became of an effect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "done", rename_all = "kebab-case")]
pub enum Done {
    /// The label was taken off.
    Removed {
        /// Its name.
        label: String,
    },
    /// The label was off already.
    AlreadyOff {
        /// Its name.
        label: String,
    },
    /// The label was set.
    Added {
        /// Its name.
        label: String,
    },
    /// The label was set already.
    AlreadySet {
        /// Its name.
        label: String,
    },
    /// The repository has no such label any more, and none was made for the purpose.
    LabelDeleted {
        /// Its name.
        label: String,
    },
    /// A comment was written.
    Commented {
        /// GitHub's number of it.
        comment: u64,
    },
    /// The comment of an earlier run has another text now.
    CommentUpdated {
        /// GitHub's number of it.
        comment: u64,
    },
    /// The comment of an earlier run says the same.
    CommentUnchanged {
        /// GitHub's number of it.
        comment: u64,
    },
}

/// What the token is, and what that means for labels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TokenStatement {
    /// What it is, in words.
    pub kind: String,
    /// Whether a label that it sets starts the workflows that listen to it.
    pub starts_workflows: bool,
}

impl TokenStatement {
    /// What there is to say about a token of this kind.
    #[must_use]
    pub fn of(kind: TokenKind) -> Self {
        Self { kind: kind.to_string(), starts_workflows: kind.starts_workflows() }
    }

    /// The same as a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let does = if self.starts_workflows {
            "a label that it sets starts the workflows that listen to it"
        } else {
            "a label that it sets starts no workflow"
        };
        format!("the token is {}; {does}", self.kind)
    }
}

/// The account that `github` acts as, where GitHub tells; of an app's token it does not.
///
/// # Errors
///
/// [`GitHubError`] if GitHub cannot be asked.
pub async fn own_account(github: &GitHub) -> Result<Option<KnownAccount>, GitHubError> {
    match github.token_kind() {
        TokenKind::Anonymous | TokenKind::Installation => Ok(None),
        TokenKind::Workflow => Ok(Some(KnownAccount { login: WORKFLOW.to_owned(), id: None })),
        _ => match github.viewer().await {
            Ok(account) => Ok(Some(KnownAccount { login: account.login, id: Some(account.id) })),
            Err(GitHubError::Forbidden { .. }) => Ok(None),
            Err(error) => Err(error),
        },
    }
}

/// Does `effects` to the issue or pull request `number`, in their order. `own` is the account
/// that this acts as; if it is not known, comments of any app with the marker count as own.
///
/// # Errors
///
/// The first [`GitHubError`]; what was done before it stays done, and the same call again
/// does the rest.
pub async fn apply(
    repository: &Repository,
    number: u64,
    effects: &[Effect],
    own: Option<&KnownAccount>,
) -> Result<Vec<Done>, GitHubError> {
    let mut done = Vec::new();
    for effect in effects {
        done.push(match effect {
            Effect::RemoveLabel { label } => remove(repository, number, label).await?,
            Effect::AddLabel { label } => add(repository, number, label).await?,
            Effect::Comment { marker, body } => {
                comment(repository, number, marker, body, own).await?
            }
        });
    }
    Ok(done)
}

async fn carries(repository: &Repository, number: u64, label: &str) -> Result<bool, GitHubError> {
    let issue = repository.issue(number).await?;
    Ok(issue.labels.iter().any(|one| same_name(one, label)))
}

async fn remove(repository: &Repository, number: u64, label: &str) -> Result<Done, GitHubError> {
    match repository.remove_label(number, label).await {
        Ok(()) => Ok(Done::Removed { label: label.to_owned() }),
        // Not found is the label, or the issue, or what the token may not see.
        Err(error) if error.is_not_found() && !carries(repository, number, label).await? => {
            Ok(Done::AlreadyOff { label: label.to_owned() })
        }
        Err(error) => Err(error),
    }
}

async fn add(repository: &Repository, number: u64, label: &str) -> Result<Done, GitHubError> {
    if carries(repository, number, label).await? {
        return Ok(Done::AlreadySet { label: label.to_owned() });
    }
    // GitHub makes a label that it does not have. Who deleted it from the repository meant to.
    match repository.label(label).await {
        Err(error) if error.is_not_found() => Ok(Done::LabelDeleted { label: label.to_owned() }),
        Err(error) => Err(error),
        Ok(_) => {
            repository.add_labels(number, &[label]).await?;
            Ok(Done::Added { label: label.to_owned() })
        }
    }
}

async fn comment(
    repository: &Repository,
    number: u64,
    marker: &str,
    body: &str,
    own: Option<&KnownAccount>,
) -> Result<Done, GitHubError> {
    let written = async || {
        let comments = repository.comments(number).await?;
        Ok::<_, GitHubError>(comments.into_iter().find(|it| is_ours(it, marker, own)))
    };
    match written().await? {
        Some(comment) if same_text(&comment.body, body) => {
            Ok(Done::CommentUnchanged { comment: comment.id })
        }
        Some(comment) => {
            repository.update_comment(comment.id, body).await?;
            Ok(Done::CommentUpdated { comment: comment.id })
        }
        None => match repository.create_comment(number, body).await {
            Ok(comment) => Ok(Done::Commented { comment }),
            // The answer was lost, the comment perhaps not.
            Err(error) if error.outcome_unknown() => match written().await? {
                Some(comment) => Ok(Done::Commented { comment: comment.id }),
                None => Err(error),
            },
            Err(error) => Err(error),
        },
    }
}

fn is_ours(comment: &Comment, marker: &str, own: Option<&KnownAccount>) -> bool {
    if !marker::is_in(marker, &comment.body) {
        return false;
    }
    let Some(author) = &comment.author else { return false };
    match own {
        None => author.kind == AccountKind::Bot,
        Some(KnownAccount { id: Some(id), .. }) => author.id == *id,
        Some(own) => {
            let app = own.login.ends_with(super::settings::APP_SUFFIX);
            author.login.eq_ignore_ascii_case(&own.login)
                && (author.kind == AccountKind::Bot) == app
        }
    }
}

/// GitHub may give a text back with other line ends, and without the blanks at its end.
fn same_text(one: &str, other: &str) -> bool {
    one.trim_end().lines().eq(other.trim_end().lines())
}
