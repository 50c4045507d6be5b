//! An organisation: <https://docs.github.com/en/rest/repos/repos#list-organization-repositories>.

use crate::client::GitHub;
use crate::error::GitHubError;
use crate::name::OrganisationName;
use crate::path::{path, with_query};
use crate::repository::{PER_PAGE, RepositoryInfo};
use crate::transport::Transport;

/// One organisation of a [`GitHub`]. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Organisation {
    github: GitHub,
    name: OrganisationName,
}

impl Organisation {
    pub(crate) fn new(github: GitHub, name: OrganisationName) -> Self {
        Self { github, name }
    }

    /// The name it was asked for by.
    pub fn name(&self) -> &OrganisationName {
        &self.name
    }

    /// The client it belongs to.
    pub fn github(&self) -> &GitHub {
        &self.github
    }

    /// All repositories that the token may see, archived ones and forks included, by name.
    ///
    /// # Errors
    ///
    /// Any [`GitHubError`]; [`GitHubError::NotFound`] for the name of a person.
    pub async fn repositories(&self) -> Result<Vec<RepositoryInfo>, GitHubError> {
        let doing = format!("list the repositories of `{}`", self.name);
        // Without an order, GitHub's is by time of creation, which is no order to page by while
        // repositories are made.
        let query = [("type", "all"), ("sort", "full_name"), ("per_page", PER_PAGE)];
        let path = with_query(self.path(&["repos"]), &query);
        self.transport().list(path, &doing, |page: Vec<RepositoryInfo>| page, |_| false).await
    }

    pub(crate) fn transport(&self) -> &Transport {
        &self.github.transport
    }

    /// A path below this organisation.
    pub(crate) fn path(&self, rest: &[&str]) -> String {
        let mut segments = vec!["orgs", self.name.as_str()];
        segments.extend(rest);
        path(&segments)
    }
}
