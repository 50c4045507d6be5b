//! What somebody may do in a repository:
//! <https://docs.github.com/en/rest/collaborators/collaborators#get-repository-permissions-for-a-user>.

use std::fmt;

use serde::Deserialize;

use crate::error::{GitHubError, Outcome};
use crate::repository::Repository;
use crate::transport::Call;

/// A level of permission, the least first:
/// <https://docs.github.com/en/organizations/managing-user-access-to-your-organizations-repositories/managing-repository-roles/repository-roles-for-an-organization>.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// Nothing. In a public repository everybody has [`Permission::Read`].
    None,
    /// May read and comment.
    Read,
    /// May set labels and close issues, without writing code.
    Triage,
    /// May write code.
    Write,
    /// May change settings that are not dangerous.
    Maintain,
    /// May do everything.
    Admin,
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "none",
            Self::Read => "read",
            Self::Triage => "triage",
            Self::Write => "write",
            Self::Maintain => "maintain",
            Self::Admin => "admin",
        })
    }
}

#[derive(Debug, Deserialize)]
struct Wire {
    /// `admin`, `write`, `read` or `none`: maintain counts as write, triage as read.
    permission: String,
    /// The exact role, or the name of one that the organisation made up.
    #[serde(default)]
    role_name: String,
}

impl Wire {
    /// `None` for a level this client does not know.
    fn level(&self) -> Option<Permission> {
        let base = match self.permission.as_str() {
            "admin" => Permission::Admin,
            "maintain" => Permission::Maintain,
            "write" | "push" => Permission::Write,
            "triage" => Permission::Triage,
            "read" | "pull" => Permission::Read,
            "none" => Permission::None,
            _ => return None,
        };
        // A role that an organisation has made can have any name but those of GitHub's. Its
        // name is still believed only where it refines what `permission` says.
        Some(match (base, self.role_name.as_str()) {
            (Permission::Write, "maintain") => Permission::Maintain,
            (Permission::Read, "triage") => Permission::Triage,
            _ => base,
        })
    }
}

impl Repository {
    /// What somebody may do here. A role that an organisation has made counts as the level it
    /// is built on, as GitHub reports it.
    ///
    /// # Errors
    ///
    /// [`GitHubError::NotFound`] if there is nobody of that login. The token needs
    /// `metadata: read` and must itself be allowed to write to the repository, or GitHub
    /// answers 403.
    pub async fn permission_of(&self, login: &str) -> Result<Permission, GitHubError> {
        let doing = self.doing("read the permission of", login);
        if login.is_empty() {
            return Err(GitHubError::Invalid {
                doing,
                status: None,
                message: "a login cannot be empty".to_owned(),
                fields: Vec::new(),
            });
        }
        let call = Call::get(self.path(&["collaborators", login, "permission"]), &doing);
        let wire: Wire = self.transport().read(&call).await?;
        wire.level().ok_or_else(|| GitHubError::Protocol {
            outcome: Outcome::NothingDone,
            doing,
            what: format!("unknown permission `{}`", crate::shown::shown(&wire.permission, 60)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(permission: &str, role: &str) -> Option<Permission> {
        Wire { permission: permission.into(), role_name: role.into() }.level()
    }

    #[test]
    fn the_role_refines_the_level_and_never_lifts_it() {
        assert_eq!(level("write", "maintain"), Some(Permission::Maintain));
        assert_eq!(level("read", "triage"), Some(Permission::Triage));
        assert_eq!(level("read", "admin"), Some(Permission::Read));
        assert_eq!(level("write", "security-engineer"), Some(Permission::Write));
        assert_eq!(level("none", ""), Some(Permission::None));
        assert_eq!(level("root", ""), None);
        assert!(Permission::Triage < Permission::Write && Permission::None < Permission::Read);
    }
}
