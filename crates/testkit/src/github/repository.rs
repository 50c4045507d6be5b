//! Setting a repository up and looking at it, past the API: nothing here causes an event.

use super::grant::Role;
use super::server::Shared;
use super::state::{
    AccountKind, Comment, Issue, Label, PullRequest, Repository, Variable, Visibility,
};

/// A repository of the fake.
///
/// Names that do not exist are ignored by setters and show as empty in getters: a test sees it
/// in what it looks at next.
#[derive(Debug, Clone)]
pub struct RepositoryHandle {
    shared: Shared,
    full_name: String,
}

impl RepositoryHandle {
    pub(crate) fn new(shared: Shared, full_name: &str) -> Self {
        Self { shared, full_name: full_name.to_owned() }
    }

    /// `owner/name`.
    #[must_use]
    pub fn full_name(&self) -> &str {
        &self.full_name
    }

    fn change<T: Default>(&self, change: impl FnOnce(&mut Repository) -> T) -> T {
        let mut service = self.shared.lock();
        let key = self.full_name.to_lowercase();
        service.state.repositories.get_mut(&key).map(change).unwrap_or_default()
    }

    fn look<T: Default>(&self, look: impl FnOnce(&Repository) -> T) -> T {
        let service = self.shared.lock();
        service.state.repository(&self.full_name).map(look).unwrap_or_default()
    }

    /// Makes a label, or gives an existing one this colour and description.
    pub fn label(&self, name: &str, color: &str, description: Option<&str>) -> &Self {
        let id = self.shared.lock().state.next_id();
        self.change(|repository| {
            let existing = repository.label(name).map(|label| label.id);
            let label = Label {
                id: existing.unwrap_or(id),
                name: name.to_owned(),
                color: color.to_lowercase(),
                description: description.map(ToOwned::to_owned),
            };
            repository.add_label(label);
        });
        self
    }

    /// Opens an issue and gives its number. Labels that do not exist are made.
    pub fn issue(&self, title: &str, labels: &[&str]) -> u64 {
        self.open(title, labels, None)
    }

    /// Opens a pull request from a branch into the default branch and gives its number. Branch
    /// and labels that do not exist are made.
    pub fn pull_request(&self, title: &str, labels: &[&str], head: &str) -> u64 {
        self.branch(head);
        let base = self.look(|repository| repository.default_branch.clone());
        let pull = PullRequest { head: head.to_owned(), base, draft: false, merged: false };
        self.open(title, labels, Some(pull))
    }

    fn open(&self, title: &str, labels: &[&str], pull_request: Option<PullRequest>) -> u64 {
        for name in labels {
            if self.look(|repository| repository.label(name).is_none()) {
                self.label(name, super::api::label::DEFAULT_COLOR, None);
            }
        }
        let (id, at, author) = {
            let mut service = self.shared.lock();
            service.state.account("octocat", AccountKind::User);
            (service.state.next_id(), service.state.tick(), "octocat".to_owned())
        };
        self.change(|repository| {
            let ids = labels.iter().filter_map(|name| repository.label(name)).map(|it| it.id);
            let labels = ids.collect();
            repository.last_number += 1;
            let number = repository.last_number;
            let issue = Issue {
                number,
                id,
                title: title.to_owned(),
                body: None,
                open: true,
                state_reason: None,
                author: Some(author),
                labels,
                assignees: Vec::new(),
                comments: Vec::new(),
                pull_request,
                closed_by: None,
                reactions: Vec::new(),
                created_at: at,
                updated_at: at,
                closed_at: None,
            };
            repository.issues.insert(number, issue);
            number
        })
    }

    /// Sets the text of an issue.
    pub fn body(&self, number: u64, body: &str) -> &Self {
        self.change(|repository| {
            if let Some(issue) = repository.issues.get_mut(&number) {
                issue.body = Some(body.to_owned());
            }
        });
        self
    }

    /// Says who wrote an issue.
    pub fn author(&self, number: u64, login: &str) -> &Self {
        self.shared.lock().state.account(login, AccountKind::User);
        self.change(|repository| {
            if let Some(issue) = repository.issues.get_mut(&number) {
                issue.author = Some(login.to_owned());
            }
        });
        self
    }

    /// Closes an issue or a pull request as completed.
    pub fn close(&self, number: u64) -> &Self {
        let at = self.shared.lock().state.tick();
        self.change(|repository| {
            if let Some(issue) = repository.issues.get_mut(&number) {
                issue.open = false;
                issue.state_reason = Some("completed".to_owned());
                issue.closed_at = Some(at);
                issue.updated_at = at;
            }
        });
        self
    }

    /// Deletes an issue; asked for, it is 410 from then on.
    pub fn delete_issue(&self, number: u64) -> &Self {
        self.change(|repository| {
            if repository.issues.remove(&number).is_some() {
                repository.deleted.insert(number);
            }
        });
        self
    }

    /// Writes a comment and gives its id.
    pub fn comment(&self, number: u64, author: &str, body: &str) -> u64 {
        let (id, at) = {
            let mut service = self.shared.lock();
            service.state.account(author, AccountKind::User);
            (service.state.next_id(), service.state.tick())
        };
        self.change(|repository| {
            if let Some(issue) = repository.issues.get_mut(&number) {
                issue.comments.push(Comment {
                    id,
                    author: Some(author.to_owned()),
                    body: body.to_owned(),
                    reactions: Vec::new(),
                    created_at: at,
                    updated_at: at,
                });
            }
        });
        id
    }

    /// Gives a person a role.
    pub fn collaborator(&self, login: &str, role: Role) -> &Self {
        self.shared.lock().state.account(login, AccountKind::User);
        self.change(|repository| {
            repository.collaborators.insert(login.to_lowercase(), role);
        });
        self
    }

    /// Sets an Actions variable.
    pub fn variable(&self, name: &str, value: &str) -> &Self {
        let at = self.shared.lock().state.tick();
        self.change(|repository| {
            let variable = Variable {
                name: name.to_uppercase(),
                value: value.to_owned(),
                visibility: Visibility::All,
                created_at: at,
                updated_at: at,
            };
            repository.variables.insert(name.to_uppercase(), variable);
        });
        self
    }

    /// Makes a branch from the default branch, unless it exists.
    pub fn branch(&self, name: &str) -> &Self {
        self.change(|repository| {
            let from = repository.default_branch.clone();
            repository.commits.branch(name, &from);
        });
        self
    }

    /// Commits a file to the default branch.
    pub fn file(&self, path: &str, content: &str) -> &Self {
        let branch = self.look(|repository| repository.default_branch.clone());
        self.file_on(&branch, path, content)
    }

    /// Commits a file to a branch.
    pub fn file_on(&self, branch: &str, path: &str, content: &str) -> &Self {
        let at = self.shared.lock().state.tick();
        self.change(|repository| {
            if let Some(commit) = repository.commits.find(branch) {
                let mut tree = commit.tree.clone();
                tree.insert(path.to_owned(), content.as_bytes().into());
                let message = format!("Write {path}");
                repository.commits.commit(branch, tree, &message, "octocat", at);
            }
        });
        self
    }

    /// Hides the repository from those without a role.
    pub fn private(&self) -> &Self {
        self.change(|repository| repository.private = true);
        self
    }

    /// Makes the repository take no changes.
    pub fn archive(&self) -> &Self {
        self.change(|repository| repository.archived = true);
        self
    }

    /// All labels, by name.
    #[must_use]
    pub fn labels(&self) -> Vec<Label> {
        self.look(|repository| repository.labels.values().cloned().collect())
    }

    /// Names of the labels of an issue, in the order in which they were added.
    #[must_use]
    pub fn labels_of(&self, number: u64) -> Vec<String> {
        self.look(|repository| {
            repository.labels_of(number).into_iter().map(ToOwned::to_owned).collect()
        })
    }

    /// Bodies of the comments of an issue, oldest first.
    #[must_use]
    pub fn comments_of(&self, number: u64) -> Vec<String> {
        self.look(|repository| {
            let issue = repository.issues.get(&number);
            issue.map(|issue| issue.comments.iter().map(|it| it.body.clone()).collect())
        })
        .unwrap_or_default()
    }

    /// Names and values of all variables, by name.
    #[must_use]
    pub fn variables(&self) -> Vec<(String, String)> {
        self.look(|repository| {
            repository.variables.values().map(|it| (it.name.clone(), it.value.clone())).collect()
        })
    }

    /// The content of a file on a branch.
    #[must_use]
    pub fn read(&self, branch: &str, path: &str) -> Option<String> {
        self.look(|repository| {
            let commit = repository.commits.find(branch)?;
            commit.tree.get(path).map(|bytes| String::from_utf8_lossy(bytes).into_owned())
        })
    }
}
