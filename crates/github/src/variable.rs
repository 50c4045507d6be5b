//! Variables of GitHub Actions, of a repository or an organisation:
//! <https://docs.github.com/en/rest/actions/variables>.
//!
//! The `GITHUB_TOKEN` of a job cannot reach them: `permissions:` has no such scope.

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::error::GitHubError;
use crate::organisation::Organisation;
use crate::path::{path, with_query};
use crate::repository::{Repository, gone};
use crate::resolve::create_once;
use crate::shown::shown;
use crate::transport::{Call, Transport};

/// The most variables of a page.
const PER_PAGE: &str = "30";

/// A variable.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Variable {
    /// The name, in upper case: GitHub makes it so.
    pub name: String,
    /// The value. Not secret: everybody who can read the repository's runs can see it.
    pub value: String,
    /// Which repositories see it, for one of an organisation.
    #[serde(default)]
    pub visibility: Option<Visibility>,
}

/// Which repositories of an organisation see one of its variables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Visibility {
    /// All of them.
    All,
    /// Those that are not public.
    Private,
    /// Those that were chosen, elsewhere.
    Selected,
}

#[derive(Debug, Deserialize)]
struct Page {
    variables: Vec<Variable>,
}

/// Where variables live, and how to speak of it.
struct Place<'a> {
    transport: &'a Transport,
    /// `/repos/acme/product/actions/variables`
    path: String,
    of: String,
}

impl Place<'_> {
    /// The address of one variable.
    fn path_of(&self, name: &str) -> String {
        format!("{}{}", self.path, path(&[name]))
    }

    fn doing(&self, what: &str, name: &str) -> String {
        format!("{what} the variable `{}` of `{}`", shown(name, 100), self.of)
    }

    async fn list(&self) -> Result<Vec<Variable>, GitHubError> {
        let doing = format!("list the variables of `{}`", self.of);
        let path = with_query(self.path.clone(), &[("per_page", PER_PAGE)]);
        self.transport.list(path, &doing, |page: Page| page.variables, |_| false).await
    }

    async fn create(
        &self,
        name: &str,
        value: &str,
        visibility: Option<Visibility>,
    ) -> Result<(), GitHubError> {
        let doing = self.doing("create", name);
        check_name(name, &doing)?;
        let mut body = json!({ "name": name, "value": value });
        if let Some(visibility) = visibility {
            body["visibility"] = json!(visibility);
        }
        let create = Call::post(self.path.clone(), &body, &doing)?;
        let read = Call::get(self.path_of(name), &doing);
        create_once(
            self.transport,
            &create,
            &read,
            |found: &Variable| found.value == value && found.visibility == visibility,
            "it has another value",
        )
        .await?;
        Ok(())
    }

    async fn update(
        &self,
        name: &str,
        value: &str,
        visibility: Option<Visibility>,
    ) -> Result<(), GitHubError> {
        let doing = self.doing("change", name);
        check_name(name, &doing)?;
        let mut body = json!({ "name": name, "value": value });
        if let Some(visibility) = visibility {
            body["visibility"] = json!(visibility);
        }
        self.transport.send(&Call::patch(self.path_of(name), &body, &doing)?).await?;
        Ok(())
    }

    async fn delete(&self, name: &str) -> Result<(), GitHubError> {
        let doing = self.doing("delete", name);
        check_name(name, &doing)?;
        gone(self.transport, &Call::delete(self.path_of(name), &doing)).await
    }
}

impl Repository {
    /// All variables of the repository itself, without those of its organisation.
    ///
    /// # Errors
    ///
    /// Any [`GitHubError`]. The token needs `variables: read`.
    pub async fn variables(&self) -> Result<Vec<Variable>, GitHubError> {
        self.place().list().await
    }

    /// Makes a variable. A lost answer is resolved as for
    /// [`create_label`](Self::create_label).
    ///
    /// # Errors
    ///
    /// [`GitHubError::AlreadyExists`] if there is one. The token needs `variables: write`.
    pub async fn create_variable(&self, name: &str, value: &str) -> Result<(), GitHubError> {
        self.place().create(name, value, None).await
    }

    /// Gives a variable another value.
    ///
    /// # Errors
    ///
    /// [`GitHubError::NotFound`] if there is none. The token needs `variables: write`.
    pub async fn update_variable(&self, name: &str, value: &str) -> Result<(), GitHubError> {
        self.place().update(name, value, None).await
    }

    /// Deletes a variable.
    ///
    /// # Errors
    ///
    /// [`GitHubError::NotFound`] if there was none. The token needs `variables: write`.
    pub async fn delete_variable(&self, name: &str) -> Result<(), GitHubError> {
        self.place().delete(name).await
    }

    fn place(&self) -> Place<'_> {
        Place {
            transport: self.transport(),
            path: self.path(&["actions", "variables"]),
            of: self.name().to_string(),
        }
    }
}

impl Organisation {
    /// All variables of the organisation.
    ///
    /// # Errors
    ///
    /// Any [`GitHubError`]. The token needs `organization_actions_variables: read`.
    pub async fn variables(&self) -> Result<Vec<Variable>, GitHubError> {
        self.place().list().await
    }

    /// Makes a variable. A lost answer is resolved as for
    /// [`create_label`](Repository::create_label).
    ///
    /// # Errors
    ///
    /// [`GitHubError::AlreadyExists`] if there is one. The token needs
    /// `organization_actions_variables: write`.
    pub async fn create_variable(
        &self,
        name: &str,
        value: &str,
        visibility: Visibility,
    ) -> Result<(), GitHubError> {
        self.place().create(name, value, Some(visibility)).await
    }

    /// Gives a variable another value and, unless `None`, shows it to other repositories.
    ///
    /// # Errors
    ///
    /// [`GitHubError::NotFound`] if there is none. The token needs
    /// `organization_actions_variables: write`.
    pub async fn update_variable(
        &self,
        name: &str,
        value: &str,
        visibility: Option<Visibility>,
    ) -> Result<(), GitHubError> {
        self.place().update(name, value, visibility).await
    }

    /// Deletes a variable.
    ///
    /// # Errors
    ///
    /// [`GitHubError::NotFound`] if there was none. The token needs
    /// `organization_actions_variables: write`.
    pub async fn delete_variable(&self, name: &str) -> Result<(), GitHubError> {
        self.place().delete(name).await
    }

    fn place(&self) -> Place<'_> {
        Place {
            transport: self.transport(),
            path: self.path(&["actions", "variables"]),
            of: self.name().to_string(),
        }
    }
}

/// An empty name would be the address of the list. The rest is for GitHub to judge.
fn check_name(name: &str, doing: &str) -> Result<(), GitHubError> {
    if name.is_empty() {
        return Err(GitHubError::Invalid {
            doing: doing.to_owned(),
            status: None,
            message: "the name of a variable cannot be empty".to_owned(),
            fields: Vec::new(),
        });
    }
    Ok(())
}
