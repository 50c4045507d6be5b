//! A repository: <https://docs.github.com/en/rest/repos/repos>.

use serde::Deserialize;

use crate::client::GitHub;
use crate::error::GitHubError;
use crate::name::RepositoryName;
use crate::transport::{Call, Failed, Transport};

/// Items of a page where GitHub allows that many.
pub(crate) const PER_PAGE: &str = "100";

/// One repository of a [`GitHub`]. Cheap to clone.
///
/// Its operations stand with the things they are about: labels, issues, comments, variables,
/// permissions.
#[derive(Debug, Clone)]
pub struct Repository {
    github: GitHub,
    name: RepositoryName,
}

impl Repository {
    pub(crate) fn new(github: GitHub, name: RepositoryName) -> Self {
        Self { github, name }
    }

    /// The name it was asked for by.
    pub fn name(&self) -> &RepositoryName {
        &self.name
    }

    /// The client it belongs to.
    pub fn github(&self) -> &GitHub {
        &self.github
    }

    /// What the repository is.
    ///
    /// # Errors
    ///
    /// Any [`GitHubError`]; [`GitHubError::NotFound`] also for a private one that the token may
    /// not see.
    pub async fn info(&self) -> Result<RepositoryInfo, GitHubError> {
        let doing = format!("read the repository `{}`", self.name);
        Ok(self.transport().read(&Call::get(self.path(&[]), &doing)).await?)
    }

    pub(crate) fn transport(&self) -> &Transport {
        &self.github.transport
    }

    /// Sends a deletion. Not found after a lost answer means that the lost request did it.
    pub(crate) async fn gone(&self, call: &Call<'_>) -> Result<(), GitHubError> {
        gone(self.transport(), call).await
    }
}

/// Sends a deletion. Not found after a lost answer means that the lost request did it.
pub(crate) async fn gone(transport: &Transport, call: &Call<'_>) -> Result<(), GitHubError> {
    match transport.send(call).await {
        Ok(_) | Err(Failed { error: GitHubError::NotFound { .. }, unsure: true }) => Ok(()),
        Err(failed) => Err(failed.error),
    }
}

/// What a repository is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct RepositoryInfo {
    /// GitHub's number of it, which stays when it is renamed or moved.
    pub id: u64,
    /// Owner and name as they are now.
    #[serde(rename = "full_name", deserialize_with = "full_name")]
    pub name: RepositoryName,
    /// Whether it can be read only.
    #[serde(default)]
    pub archived: bool,
    /// Whether GitHub has switched it off.
    #[serde(default)]
    pub disabled: bool,
    /// Whether only members can see it.
    #[serde(default)]
    pub private: bool,
    /// Whether it is a fork.
    #[serde(default)]
    pub fork: bool,
    /// Whether issues are on. Labels exist either way: pull requests have them too.
    #[serde(default = "yes")]
    pub has_issues: bool,
    /// The branch that pull requests go to, where GitHub says it.
    #[serde(default)]
    pub default_branch: Option<String>,
}

fn yes() -> bool {
    true
}

fn full_name<'de, D: serde::Deserializer<'de>>(from: D) -> Result<RepositoryName, D::Error> {
    String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
}
