//! Comments of issues and pull requests: <https://docs.github.com/en/rest/issues/comments>.

use serde::Deserialize;
use serde_json::json;

use crate::account::{Account, App};
use crate::error::GitHubError;
use crate::path::with_query;
use crate::repository::{PER_PAGE, Repository};
use crate::transport::Call;

/// The longest body of a comment, in characters. GitHub answers 422 to more.
pub const LONGEST_COMMENT: usize = 65_536;

/// A comment.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Comment {
    /// GitHub's number of it.
    pub id: u64,
    /// The text, as written: text of strangers.
    #[serde(default)]
    pub body: String,
    /// Who wrote it; `None` if GitHub does not say.
    #[serde(rename = "user", default)]
    pub author: Option<Account>,
    /// The app that wrote it, or that the author used.
    #[serde(rename = "performed_via_github_app", default)]
    pub app: Option<App>,
    /// When it was written (ISO 8601, UTC).
    #[serde(default)]
    pub created_at: String,
    /// When it was changed last.
    #[serde(default)]
    pub updated_at: String,
    /// The page of it.
    #[serde(rename = "html_url", default)]
    pub url: String,
}

impl Repository {
    /// All comments of an issue or pull request, the oldest first. (Not those on lines of a diff.)
    ///
    /// # Errors
    ///
    /// Any [`GitHubError`]. The token needs `issues: read` or `pull_requests: read`.
    pub async fn comments(&self, number: u64) -> Result<Vec<Comment>, GitHubError> {
        let doing = format!("list the comments of #{number} of `{}`", self.name());
        let path = self.path(&["issues", &number.to_string(), "comments"]);
        let path = with_query(path, &[("per_page", PER_PAGE)]);
        self.transport().list(path, &doing, |page: Vec<Comment>| page, |_| false).await
    }

    /// Writes a comment and returns its number.
    ///
    /// It is sent again only when it is certain that nothing happened. After a lost answer the
    /// error says [`outcome_unknown`](GitHubError::outcome_unknown): look at
    /// [`comments`](Self::comments) for a mark of your own before writing it again.
    ///
    /// # Errors
    ///
    /// Any [`GitHubError`]. The token needs `issues: write` or `pull_requests: write`.
    pub async fn create_comment(&self, number: u64, body: &str) -> Result<u64, GitHubError> {
        let doing = format!("comment on #{number} of `{}`", self.name());
        check_length(body, &doing)?;
        let path = self.path(&["issues", &number.to_string(), "comments"]);
        let call = Call::post(path, &json!({ "body": body }), &doing)?;
        let made: Comment = self.transport().read(&call).await?;
        Ok(made.id)
    }

    /// Gives a comment another text.
    ///
    /// # Errors
    ///
    /// [`GitHubError::NotFound`] if there is no such comment. The token needs `issues: write` or
    /// `pull_requests: write`.
    pub async fn update_comment(&self, id: u64, body: &str) -> Result<(), GitHubError> {
        let doing = format!("change the comment {id} in `{}`", self.name());
        check_length(body, &doing)?;
        let path = self.path(&["issues", "comments", &id.to_string()]);
        self.transport().send(&Call::patch(path, &json!({ "body": body }), &doing)?).await?;
        Ok(())
    }
}

fn check_length(body: &str, doing: &str) -> Result<(), GitHubError> {
    let length = body.chars().count();
    let message = match length {
        0 => "a comment cannot be empty".to_owned(),
        _ if length <= LONGEST_COMMENT => return Ok(()),
        _ => format!("the comment has {length} characters; GitHub takes {LONGEST_COMMENT}"),
    };
    Err(GitHubError::Invalid { doing: doing.to_owned(), status: None, message, fields: Vec::new() })
}
