//! Who the token stands for: <https://docs.github.com/en/rest/users/users#get-the-authenticated-user>.

use crate::account::Account;
use crate::client::GitHub;
use crate::error::GitHubError;
use crate::transport::Call;

impl GitHub {
    /// The account that a person's token stands for. An installation of an app has none: GitHub
    /// answers 403 to its tokens.
    ///
    /// # Errors
    ///
    /// [`GitHubError::Forbidden`] for the token of an installation or a workflow.
    pub async fn viewer(&self) -> Result<Account, GitHubError> {
        let call = Call::get("/user".to_owned(), "read the account of the token");
        Ok(self.transport.read(&call).await?)
    }
}
