//! Who a token stands for and what it may do.

use std::collections::{BTreeMap, BTreeSet};

/// How much a permission of a token allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    /// Look.
    Read,
    /// Look and change.
    Write,
}

impl Access {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

/// What a person may do in a repository, from nothing to everything.
///
/// <https://docs.github.com/organizations/managing-user-access-to-your-organizations-repositories/managing-repository-roles/repository-roles-for-an-organization>
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// No access.
    None,
    /// See and discuss.
    Read,
    /// Manage issues and pull requests without writing code.
    Triage,
    /// Push, and manage labels.
    Write,
    /// Manage the repository, without what is dangerous.
    Maintain,
    /// Everything.
    Admin,
}

impl Role {
    /// `role_name` of a reply.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Read => "read",
            Self::Triage => "triage",
            Self::Write => "write",
            Self::Maintain => "maintain",
            Self::Admin => "admin",
        }
    }

    /// `permission` of a reply, which knows neither triage nor maintain.
    pub(crate) const fn legacy_name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Read | Self::Triage => "read",
            Self::Write | Self::Maintain => "write",
            Self::Admin => "admin",
        }
    }
}

/// Who acts through a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Actor {
    /// A person with a classic personal access token: their role in a repository decides.
    Person { login: String },
    /// The same with a fine-grained token: role and permissions both decide.
    FineGrained { login: String },
    /// A person who administers whatever they look at.
    Owner { login: String },
    /// An installation of a GitHub App.
    Installation { slug: String, app_id: u64 },
    /// `GITHUB_TOKEN` of a workflow run.
    Workflow,
}

/// What a token may do: an actor, permissions and repositories.
#[derive(Debug, Clone)]
pub struct Grant {
    pub(crate) actor: Actor,
    permissions: BTreeMap<String, Access>,
    /// In lower case; `None` for every repository.
    repositories: Option<BTreeSet<String>>,
}

impl Grant {
    fn of(actor: Actor) -> Self {
        Self { actor, permissions: BTreeMap::new(), repositories: None }
    }

    /// A classic personal token of somebody who administers every repository and organisation.
    #[must_use]
    pub fn owner(login: &str) -> Self {
        Self::of(Actor::Owner { login: login.to_owned() })
    }

    /// A classic personal token. What it may do is decided by the role of `login` in each
    /// repository: see [`RepositoryHandle::collaborator`](crate::RepositoryHandle::collaborator).
    #[must_use]
    pub fn user(login: &str) -> Self {
        Self::of(Actor::Person { login: login.to_owned() })
    }

    /// A fine-grained personal token: it needs the permission as well as the role.
    #[must_use]
    pub fn fine_grained(login: &str) -> Self {
        Self::of(Actor::FineGrained { login: login.to_owned() })
    }

    /// A token of an app's installation. Its login is `slug[bot]`.
    #[must_use]
    pub fn installation(slug: &str, app_id: u64) -> Self {
        Self::of(Actor::Installation { slug: slug.to_owned(), app_id })
    }

    /// `GITHUB_TOKEN` of a workflow run in `repository`. What it causes starts no workflow, and
    /// it has no access to Actions variables, whatever is allowed here.
    #[must_use]
    pub fn workflow(repository: &str) -> Self {
        Self::of(Actor::Workflow).only(&[repository])
    }

    /// Adds a permission by its name in the API: `issues`, `pull_requests`, `contents`,
    /// `actions`, `actions_variables`, `organization_actions_variables`.
    ///
    /// `metadata` is always readable. Classic personal tokens do not look at permissions.
    #[must_use]
    pub fn allow(mut self, permission: &str, access: Access) -> Self {
        self.permissions.insert(permission.to_owned(), access);
        self
    }

    /// Limits the token to these repositories (`owner/name`).
    #[must_use]
    pub fn only(mut self, repositories: &[&str]) -> Self {
        self.repositories = Some(repositories.iter().map(|name| name.to_lowercase()).collect());
        self
    }

    /// The login shown as the author of what the token does.
    #[must_use]
    pub fn login(&self) -> String {
        match &self.actor {
            Actor::Person { login } | Actor::FineGrained { login } | Actor::Owner { login } => {
                login.clone()
            }
            Actor::Installation { slug, .. } => format!("{slug}[bot]"),
            Actor::Workflow => "github-actions[bot]".to_owned(),
        }
    }

    /// Whether what the token causes starts workflows.
    ///
    /// <https://docs.github.com/actions/concepts/security/github_token>
    #[must_use]
    pub fn starts_workflows(&self) -> bool {
        self.actor != Actor::Workflow
    }

    pub(crate) fn is_bot(&self) -> bool {
        matches!(self.actor, Actor::Installation { .. } | Actor::Workflow)
    }

    /// Whether permissions decide; for the others it is the person's role alone.
    pub(crate) fn has_permissions(&self) -> bool {
        !matches!(self.actor, Actor::Person { .. } | Actor::Owner { .. })
    }

    pub(crate) fn covers(&self, repository: &str) -> bool {
        self.repositories.as_ref().is_none_or(|only| only.contains(&repository.to_lowercase()))
    }

    /// The access under a permission, if any.
    pub(crate) fn access(&self, permission: &str) -> Option<Access> {
        if permission == "metadata" {
            return Some(Access::Read);
        }
        // The workflow syntax has no such permission to give.
        if self.actor == Actor::Workflow && permission.ends_with("actions_variables") {
            return None;
        }
        self.permissions.get(permission).copied()
    }
}
