//! What GitHub would hold.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;

use super::clock::Time;
use super::event::Event;
use super::grant::{Actor, Grant, Role};
use super::tree::Commits;

/// Everything the fake knows. Tests look at it through
/// [`FakeGitHub::state`](crate::FakeGitHub::state).
#[derive(Debug)]
pub struct State {
    /// Under `owner/name` in lower case.
    pub repositories: BTreeMap<String, Repository>,
    /// Under the login in lower case. An account comes into being when it is first mentioned.
    pub accounts: BTreeMap<String, Account>,
    /// What has happened, oldest first.
    pub events: Vec<Event>,
    pub(crate) tokens: BTreeMap<String, Grant>,
    pub(crate) now: Time,
    /// By id: what it depends on, and the drawing.
    drawings: BTreeMap<u64, (String, Arc<Value>)>,
    last_id: u64,
}

/// A person, an organisation or an app's bot.
#[derive(Debug, Clone)]
pub struct Account {
    /// As written, without change of case.
    pub login: String,
    /// The number that GitHub identifies it by, also after a change of login.
    pub id: u64,
    /// What kind of account it is.
    pub kind: AccountKind,
    /// Actions variables of an organisation, under the name in upper case.
    pub variables: BTreeMap<String, Variable>,
}

/// What kind of account it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountKind {
    /// A person.
    User,
    /// An organisation.
    Organization,
    /// What an app or a workflow acts as.
    Bot,
}

impl AccountKind {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Organization => "Organization",
            Self::Bot => "Bot",
        }
    }
}

/// A repository.
#[derive(Debug)]
pub struct Repository {
    /// GitHub's number for it.
    pub id: u64,
    /// The login of its owner.
    pub owner: String,
    /// The name without the owner.
    pub name: String,
    /// Whether it is hidden from those without a role.
    pub private: bool,
    /// Whether it takes no changes.
    pub archived: bool,
    /// Under the name in lower case.
    pub labels: BTreeMap<String, Label>,
    /// Issues and pull requests, which share one sequence of numbers.
    pub issues: BTreeMap<u64, Issue>,
    /// Numbers of issues that were deleted.
    pub deleted: BTreeSet<u64>,
    /// Actions variables, under the name in upper case.
    pub variables: BTreeMap<String, Variable>,
    /// Roles, under the login in lower case.
    pub collaborators: BTreeMap<String, Role>,
    /// The branch that documents are read from by default.
    pub default_branch: String,
    pub(crate) commits: Commits,
    pub(crate) last_number: u64,
    pub(crate) created_at: Time,
}

/// A label of a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// GitHub's number for it, which survives a rename.
    pub id: u64,
    /// As written; unique without regard to case.
    pub name: String,
    /// Six hexadecimal digits in lower case.
    pub color: String,
    /// At most 100 characters.
    pub description: Option<String>,
}

/// An issue or a pull request.
#[derive(Debug)]
pub struct Issue {
    /// Unique within the repository, shared with pull requests.
    pub number: u64,
    /// GitHub's number for it.
    pub id: u64,
    /// One line.
    pub title: String,
    /// Markdown.
    pub body: Option<String>,
    /// Whether it is open; a closed one may have a reason.
    pub open: bool,
    /// `completed`, `not_planned`, `duplicate` or `reopened`.
    pub state_reason: Option<String>,
    /// `None` if the account was deleted.
    pub author: Option<String>,
    /// Ids of labels, in the order in which they were added.
    pub labels: Vec<u64>,
    /// Logins.
    pub assignees: Vec<String>,
    /// Oldest first.
    pub comments: Vec<Comment>,
    /// What makes it a pull request.
    pub pull_request: Option<PullRequest>,
    /// Who closed it.
    pub closed_by: Option<String>,
    pub(crate) reactions: Vec<Reaction>,
    pub(crate) created_at: Time,
    pub(crate) updated_at: Time,
    pub(crate) closed_at: Option<Time>,
}

/// What a pull request has beyond an issue.
#[derive(Debug, Clone)]
pub struct PullRequest {
    /// Branch with the change.
    pub head: String,
    /// Branch that it goes into.
    pub base: String,
    /// Whether it is not ready for review.
    pub draft: bool,
    /// Whether it was merged.
    pub merged: bool,
}

/// A comment on an issue or a pull request.
#[derive(Debug, Clone)]
pub struct Comment {
    /// GitHub's number for it, unique among all comments.
    pub id: u64,
    /// `None` if the account was deleted.
    pub author: Option<String>,
    /// Markdown.
    pub body: String,
    pub(crate) reactions: Vec<Reaction>,
    pub(crate) created_at: Time,
    pub(crate) updated_at: Time,
}

#[derive(Debug, Clone)]
pub(crate) struct Reaction {
    pub(crate) id: u64,
    pub(crate) author: String,
    pub(crate) content: String,
    pub(crate) created_at: Time,
}

/// A variable of GitHub Actions.
#[derive(Debug, Clone)]
pub struct Variable {
    /// In upper case.
    pub name: String,
    /// At most 48 KiB.
    pub value: String,
    /// Which repositories see it; only organisations choose.
    pub visibility: Visibility,
    pub(crate) created_at: Time,
    pub(crate) updated_at: Time,
}

/// Which repositories of an organisation see a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Visibility {
    /// Every repository.
    All,
    /// Private and internal ones.
    Private,
    /// Those with these ids.
    Selected(Vec<u64>),
}

impl State {
    pub(crate) fn new() -> Self {
        let mut state = Self {
            repositories: BTreeMap::new(),
            accounts: BTreeMap::new(),
            events: Vec::new(),
            tokens: BTreeMap::new(),
            now: Time::beginning(),
            drawings: BTreeMap::new(),
            last_id: 1000,
        };
        state.account("github-actions[bot]", AccountKind::Bot);
        state
    }

    /// Looks a repository up by `owner/name`, without regard to case.
    #[must_use]
    pub fn repository(&self, name: &str) -> Option<&Repository> {
        self.repositories.get(&name.to_lowercase())
    }

    pub(crate) fn next_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    /// Lets a second pass, and gives the new time.
    pub(crate) fn tick(&mut self) -> Time {
        self.now = self.now.next();
        self.now
    }

    /// The drawing of something with this id, made anew when what it depends on has changed.
    pub(crate) fn drawn(
        &mut self,
        id: u64,
        depends_on: &str,
        draw: impl FnOnce(&Self) -> Value,
    ) -> Arc<Value> {
        if let Some((known, drawing)) = self.drawings.get(&id)
            && known == depends_on
        {
            return Arc::clone(drawing);
        }
        let drawing = Arc::new(draw(self));
        self.drawings.insert(id, (depends_on.to_owned(), Arc::clone(&drawing)));
        drawing
    }

    /// Makes sure that the account exists; an existing one keeps its kind.
    pub(crate) fn account(&mut self, login: &str, kind: AccountKind) {
        if !self.accounts.contains_key(&login.to_lowercase()) {
            let id = self.next_id();
            let account = Account { login: login.to_owned(), id, kind, variables: BTreeMap::new() };
            self.accounts.insert(login.to_lowercase(), account);
        }
    }

    /// Makes sure that the repository exists, owned by an organisation unless the owner is
    /// known to be something else.
    pub(crate) fn ensure_repository(&mut self, full_name: &str) {
        let key = full_name.to_lowercase();
        if !self.repositories.contains_key(&key) {
            let (owner, name) = full_name.split_once('/').unwrap_or(("acme", full_name));
            self.account(owner, AccountKind::Organization);
            let created_at = self.tick();
            let repository = Repository {
                id: self.next_id(),
                owner: owner.to_owned(),
                name: name.to_owned(),
                private: false,
                archived: false,
                labels: BTreeMap::new(),
                issues: BTreeMap::new(),
                deleted: BTreeSet::new(),
                variables: BTreeMap::new(),
                collaborators: BTreeMap::new(),
                default_branch: "main".to_owned(),
                commits: Commits::new("main", created_at),
                last_number: 0,
                created_at,
            };
            self.repositories.insert(key, repository);
        }
    }

    /// What the holder of a token may do in a repository as a person.
    pub(crate) fn role(&self, grant: &Grant, repository: &Repository) -> Role {
        match &grant.actor {
            Actor::Owner { .. } => Role::Admin,
            // Permissions decide, and were looked at already.
            Actor::Installation { .. } | Actor::Workflow => {
                if grant.covers(&repository.full_name()) { Role::Admin } else { Role::Read }
            }
            Actor::Person { login } | Actor::FineGrained { login } => repository.role_of(login),
        }
    }
}

impl Repository {
    /// `owner/name`.
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{}/{}", self.owner, self.name)
    }

    /// Finds a label by its name, without regard to case.
    #[must_use]
    pub fn label(&self, name: &str) -> Option<&Label> {
        self.labels.get(&name.to_lowercase())
    }

    /// Everything that a drawing of the repository depends on.
    pub(crate) fn shown(&self) -> String {
        let open = self.issues.values().filter(|issue| issue.open).count();
        let pushed = self.pushed_at();
        format!("{open} {pushed} {} {} {}", self.private, self.archived, self.default_branch)
    }

    pub(crate) fn pushed_at(&self) -> Time {
        self.commits.find(&self.default_branch).map_or(self.created_at, |commit| commit.at)
    }

    pub(crate) fn add_label(&mut self, label: Label) {
        self.labels.insert(label.name.to_lowercase(), label);
    }

    /// Puts a label in place of the one with the same id, which may have another name.
    pub(crate) fn put_label(&mut self, label: Label) {
        self.labels.retain(|_, other| other.id != label.id);
        self.add_label(label);
    }

    /// Names of the labels of an issue, in the order in which they were added.
    #[must_use]
    pub fn labels_of(&self, number: u64) -> Vec<&str> {
        let Some(issue) = self.issues.get(&number) else { return Vec::new() };
        self.labels_with(&issue.labels).map(|label| label.name.as_str()).collect()
    }

    pub(crate) fn labels_with(&self, ids: &[u64]) -> impl Iterator<Item = &Label> {
        ids.iter().filter_map(|id| self.labels.values().find(|label| label.id == *id))
    }

    /// The role of a person: the owner's is admin, a public repository can be read by all.
    #[must_use]
    pub fn role_of(&self, login: &str) -> Role {
        if login.eq_ignore_ascii_case(&self.owner) {
            return Role::Admin;
        }
        let least = if self.private { Role::None } else { Role::Read };
        self.collaborators.get(&login.to_lowercase()).copied().unwrap_or(least).max(least)
    }
}
