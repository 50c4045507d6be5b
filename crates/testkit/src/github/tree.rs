//! Files and commits: as much of git as the contents API and pull requests show.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use sha1::{Digest, Sha1};

use super::clock::Time;

/// Paths with slashes and what the files hold.
pub(crate) type Tree = BTreeMap<String, Arc<[u8]>>;

/// The commits and branches of a repository.
#[derive(Debug)]
pub(crate) struct Commits {
    commits: BTreeMap<String, Commit>,
    /// Name of the branch and its latest commit.
    branches: BTreeMap<String, String>,
}

#[derive(Debug, Clone)]
pub(crate) struct Commit {
    pub(crate) sha: String,
    pub(crate) parent: Option<String>,
    pub(crate) tree: Tree,
    pub(crate) message: String,
    pub(crate) author: String,
    pub(crate) at: Time,
}

/// What happened to a file between two commits.
pub(crate) struct Change<'a> {
    pub(crate) path: &'a str,
    pub(crate) before: Option<&'a [u8]>,
    pub(crate) after: Option<&'a [u8]>,
}

impl Commits {
    /// A repository with one empty commit.
    pub(crate) fn new(branch: &str, at: Time) -> Self {
        let mut new = Self { commits: BTreeMap::new(), branches: BTreeMap::new() };
        new.commit(branch, Tree::new(), "Initial commit", "ghost", at);
        new
    }

    /// The latest commit of a branch, or the commit with this id.
    pub(crate) fn find(&self, reference: &str) -> Option<&Commit> {
        let reference = reference.strip_prefix("refs/heads/").unwrap_or(reference);
        let sha = self.branches.get(reference).map_or(reference, String::as_str);
        self.commits.get(sha)
    }

    pub(crate) fn has_branch(&self, name: &str) -> bool {
        self.branches.contains_key(name)
    }

    /// Makes a branch where another one is, unless it exists.
    pub(crate) fn branch(&mut self, name: &str, from: &str) {
        if let Some(sha) = self.branches.get(from).cloned() {
            self.branches.entry(name.to_owned()).or_insert(sha);
        }
    }

    /// Puts a new state of the files on top of a branch and gives the commit's id.
    pub(crate) fn commit(
        &mut self,
        branch: &str,
        tree: Tree,
        message: &str,
        author: &str,
        at: Time,
    ) -> String {
        let parent = self.branches.get(branch).cloned();
        let mut hash = Sha1::new();
        for part in [branch, parent.as_deref().unwrap_or(""), message, author, &at.to_string()] {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        for (path, bytes) in &tree {
            hash.update(path.as_bytes());
            hash.update(blob_id(bytes).as_bytes());
        }
        let sha = hex(&hash.finalize());
        let commit = Commit {
            sha: sha.clone(),
            parent,
            tree,
            message: message.to_owned(),
            author: author.to_owned(),
            at,
        };
        self.commits.insert(sha.clone(), commit);
        self.branches.insert(branch.to_owned(), sha.clone());
        sha
    }

    /// What `head` changes since it left `base`, by path.
    pub(crate) fn changes(&self, base: &str, head: &str) -> Vec<Change<'_>> {
        let (Some(base), Some(head)) = (self.find(base), self.find(head)) else {
            return Vec::new();
        };
        let of_base: BTreeSet<&str> = self.ancestors(base).map(|it| it.sha.as_str()).collect();
        let Some(fork) = self.ancestors(head).find(|it| of_base.contains(it.sha.as_str())) else {
            return Vec::new();
        };
        let paths: BTreeSet<&String> = fork.tree.keys().chain(head.tree.keys()).collect();
        let change = |path: &'_ String| {
            let before = fork.tree.get(path).map(AsRef::as_ref);
            let after = head.tree.get(path).map(AsRef::as_ref);
            (before != after).then_some((before, after))
        };
        paths
            .into_iter()
            .filter_map(|path| change(path).map(|(before, after)| Change { path, before, after }))
            .collect()
    }

    /// How many commits `head` has that `base` has not.
    pub(crate) fn ahead(&self, base: &str, head: &str) -> usize {
        let (Some(base), Some(head)) = (self.find(base), self.find(head)) else { return 0 };
        let of_base: BTreeSet<&str> = self.ancestors(base).map(|it| it.sha.as_str()).collect();
        self.ancestors(head).take_while(|it| !of_base.contains(it.sha.as_str())).count()
    }

    /// A commit and those before it, latest first.
    fn ancestors<'a>(&'a self, from: &'a Commit) -> impl Iterator<Item = &'a Commit> {
        std::iter::successors(Some(from), |commit| self.commits.get(commit.parent.as_ref()?))
    }
}

/// The id that git gives to a file's content.
pub(crate) fn blob_id(bytes: &[u8]) -> String {
    let mut hash = Sha1::new();
    hash.update(format!("blob {}\0", bytes.len()).as_bytes());
    hash.update(bytes);
    hex(&hash.finalize())
}

/// Hexadecimal digits in lower case.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_the_id_that_git_gives_it() {
        // `printf 'hello\n' | git hash-object --stdin`
        assert_eq!(blob_id(b"hello\n"), "ce013625030ba8dba906f756967f9e9ca394464a");
    }
}
