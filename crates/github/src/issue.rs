//! Issues and pull requests, and the labels they carry:
//! <https://docs.github.com/en/rest/issues/issues>, <https://docs.github.com/en/rest/issues/labels>.
//!
//! At these addresses every pull request is an issue too.

use serde::Deserialize;
use serde_json::json;

use crate::account::Account;
use crate::error::GitHubError;
use crate::label::same_name;
use crate::name::RepositoryName;
use crate::path::with_query;
use crate::repository::{PER_PAGE, Repository};
use crate::transport::{Call, Failed};

/// Whether an issue is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum IssueState {
    /// Open.
    Open,
    /// Closed, or a pull request that was merged.
    Closed,
}

/// As much of an issue or pull request as a list of them is worth.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct IssueRef {
    /// The number within the repository.
    pub number: u64,
    /// Whether it is a pull request.
    pub is_pull_request: bool,
    /// Whether it is open.
    pub state: IssueState,
    /// The names of its labels.
    pub labels: Vec<String>,
}

/// An issue or a pull request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Issue {
    /// The number within its repository.
    pub number: u64,
    /// Where it is now. Another repository than the one asked if it was transferred.
    pub repository: Option<RepositoryName>,
    /// The title: text of strangers.
    pub title: String,
    /// Whether it is open.
    pub state: IssueState,
    /// Whether it is a pull request.
    pub is_pull_request: bool,
    /// The names of its labels.
    pub labels: Vec<String>,
    /// Who wrote it; `None` if GitHub does not say. A deleted user is `ghost`.
    pub author: Option<Account>,
    /// Whether only members may comment.
    pub locked: bool,
    /// The page of it.
    pub url: String,
}

/// The body that GitHub sends.
#[derive(Debug, Deserialize)]
struct Wire {
    number: u64,
    #[serde(default)]
    title: String,
    state: IssueState,
    #[serde(default)]
    labels: Vec<WireLabel>,
    #[serde(default)]
    user: Option<Account>,
    #[serde(default)]
    pull_request: Option<serde::de::IgnoredAny>,
    #[serde(default)]
    locked: bool,
    #[serde(default)]
    html_url: String,
    #[serde(default)]
    repository_url: String,
}

/// GitHub's description allows a text or an object.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum WireLabel {
    Name(String),
    Label { name: String },
}

impl WireLabel {
    fn into_name(self) -> String {
        match self {
            Self::Name(name) | Self::Label { name } => name,
        }
    }
}

fn names(labels: Vec<WireLabel>) -> Vec<String> {
    labels.into_iter().map(WireLabel::into_name).collect()
}

impl From<Wire> for IssueRef {
    fn from(wire: Wire) -> Self {
        Self {
            number: wire.number,
            is_pull_request: wire.pull_request.is_some(),
            state: wire.state,
            labels: names(wire.labels),
        }
    }
}

impl From<Wire> for Issue {
    fn from(wire: Wire) -> Self {
        // …/repos/acme/product
        let mut parts = wire.repository_url.rsplit('/');
        let repository = match (parts.next(), parts.next()) {
            (Some(name), Some(owner)) => RepositoryName::new(owner, name).ok(),
            _ => None,
        };
        Self {
            number: wire.number,
            repository,
            title: wire.title,
            state: wire.state,
            is_pull_request: wire.pull_request.is_some(),
            labels: names(wire.labels),
            author: wire.user,
            locked: wire.locked,
            url: wire.html_url,
        }
    }
}

impl Repository {
    /// One issue or pull request.
    ///
    /// # Errors
    ///
    /// [`GitHubError::NotFound`] if there is none, [`GitHubError::Gone`] if it was deleted. The
    /// token needs `issues: read` or `pull_requests: read`.
    pub async fn issue(&self, number: u64) -> Result<Issue, GitHubError> {
        let doing = format!("read #{number} of `{}`", self.name());
        let call = Call::get(self.path(&["issues", &number.to_string()]), &doing);
        Ok(self.transport().read::<Wire>(&call).await?.into())
    }

    /// All issues and pull requests, open and closed, that carry a label, the newest first.
    ///
    /// Discussions can carry labels too; GitHub's REST API does not list them by label.
    ///
    /// # Errors
    ///
    /// Any [`GitHubError`]. The token needs `issues: read` or `pull_requests: read`.
    pub async fn issues_with_label(&self, label: &str) -> Result<Vec<IssueRef>, GitHubError> {
        let doing = self.doing("list the issues with the label", label);
        let path = self.issues_path(label, PER_PAGE, &doing)?;
        let mut issues = self.issues(path, &doing, |_| false).await?;
        issues.retain(|issue| carries(issue, label));
        Ok(issues)
    }

    /// Whether any issue or pull request, open or closed, carries a label. One request, unless
    /// the name has a comma: GitHub cannot be asked for such a label, and all issues are looked
    /// through.
    ///
    /// # Errors
    ///
    /// As [`issues_with_label`](Self::issues_with_label).
    pub async fn label_in_use(&self, label: &str) -> Result<bool, GitHubError> {
        let doing = self.doing("look for uses of the label", label);
        let path = self.issues_path(label, "1", &doing)?;
        let issues = self.issues(path, &doing, |issue| carries(issue, label)).await?;
        Ok(issues.iter().any(|issue| carries(issue, label)))
    }

    /// Adds labels to an issue or pull request, and leaves those it has. A label that the
    /// repository does not have is made by GitHub. Returns all labels it has then.
    ///
    /// When an answer is lost, looks which labels are there before it tries again, so that a
    /// label is not set a second time that somebody has taken off meanwhile.
    ///
    /// # Errors
    ///
    /// Any [`GitHubError`]. The token needs `issues: write` or `pull_requests: write`.
    pub async fn add_labels(
        &self,
        number: u64,
        labels: &[&str],
    ) -> Result<Vec<String>, GitHubError> {
        let doing = format!("add labels to #{number} of `{}`", self.name());
        let path = self.path(&["issues", &number.to_string(), "labels"]);
        let mut missing: Vec<&str> = labels.to_vec();
        let mut attempt = 1;
        loop {
            let call = Call::post(path.clone(), &json!({ "labels": missing }), &doing)?;
            let error = match self.transport().read::<Vec<WireLabel>>(&call).await {
                Ok(labels) => return Ok(names(labels)),
                Err(Failed { error, unsure: true }) if attempt < self.transport().attempts() => {
                    error
                }
                Err(failed) => return Err(failed.error),
            };
            self.transport().pause(attempt).await;
            attempt += 1;
            // Both errors are true; the first says what was being done.
            let Ok(present) = self.labels_of(number).await else { return Err(error) };
            missing.retain(|label| !present.iter().any(|one| same_name(one, label)));
            if missing.is_empty() {
                return Ok(present);
            }
        }
    }

    /// Takes a label off an issue or pull request.
    ///
    /// # Errors
    ///
    /// [`GitHubError::NotFound`] if it does not carry the label, or is not there. The token
    /// needs `issues: write` or `pull_requests: write`.
    pub async fn remove_label(&self, number: u64, label: &str) -> Result<(), GitHubError> {
        let doing = self.doing(&format!("take from #{number} the label"), label);
        self.label_path(label, &doing)?;
        let path = self.path(&["issues", &number.to_string(), "labels", label]);
        self.gone(&Call::delete(path, &doing)).await
    }

    /// Gives an issue or pull request exactly these labels. Returns the labels it has then.
    ///
    /// # Errors
    ///
    /// Any [`GitHubError`]. The token needs `issues: write` or `pull_requests: write`.
    pub async fn set_labels(
        &self,
        number: u64,
        labels: &[&str],
    ) -> Result<Vec<String>, GitHubError> {
        let doing = format!("set the labels of #{number} of `{}`", self.name());
        let path = self.path(&["issues", &number.to_string(), "labels"]);
        let call = Call::put(path, &json!({ "labels": labels }), &doing)?;
        Ok(names(self.transport().read(&call).await?))
    }

    async fn labels_of(&self, number: u64) -> Result<Vec<String>, GitHubError> {
        let doing = format!("list the labels of #{number} of `{}`", self.name());
        let path = self.path(&["issues", &number.to_string(), "labels"]);
        let path = with_query(path, &[("per_page", PER_PAGE)]);
        let labels =
            self.transport().list(path, &doing, |page: Vec<WireLabel>| page, |_| false).await?;
        Ok(names(labels))
    }

    async fn issues(
        &self,
        path: String,
        doing: &str,
        stop: impl Fn(&IssueRef) -> bool,
    ) -> Result<Vec<IssueRef>, GitHubError> {
        let items = |page: Vec<Wire>| page.into_iter().map(IssueRef::from).collect();
        self.transport().list(path, doing, items, stop).await
    }

    /// The list of issues with a label. The parameter holds names separated by commas, all of
    /// which an issue must carry, and knows no escape: for a name with a comma the list is of
    /// all issues.
    fn issues_path(&self, label: &str, per_page: &str, doing: &str) -> Result<String, GitHubError> {
        self.label_path(label, doing)?;
        let path = self.path(&["issues"]);
        Ok(if label.contains(',') {
            with_query(path, &[("state", "all"), ("per_page", PER_PAGE)])
        } else {
            with_query(path, &[("labels", label), ("state", "all"), ("per_page", per_page)])
        })
    }
}

fn carries(issue: &IssueRef, label: &str) -> bool {
    issue.labels.iter().any(|one| same_name(one, label))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issue_is_read_whether_its_labels_are_texts_or_objects() {
        let text = r#"{"number":7,"title":"t","state":"open","user":null,"pull_request":{"url":"x"},
            "labels":["a",{"id":1,"name":"b","color":null}],"locked":false,"html_url":"h",
            "repository_url":"https://api.github.com/repos/acme/moved"}"#;
        let issue = Issue::from(serde_json::from_str::<Wire>(text).unwrap());
        assert_eq!(issue.labels, ["a", "b"]);
        assert!(issue.is_pull_request && issue.author.is_none());
        assert_eq!(issue.repository.unwrap().to_string(), "acme/moved");
    }
}
