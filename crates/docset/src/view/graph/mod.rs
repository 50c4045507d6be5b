//! The graph: documents, issues, pull requests, and what ties them together.

mod dot;
mod json;
mod mermaid;

use std::collections::{BTreeMap, BTreeSet};

pub use dot::dot;
pub use json::json;
pub use mermaid::mermaid;

use super::relations::subjects;
use crate::record::{Record, Records, Subject};
use crate::tree::{parent, resolve};

/// What one end of an edge is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Node<'r> {
    /// A document, by path.
    Document(&'r str),
    /// An issue or a pull request.
    Subject(Subject),
}

/// Why two nodes belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tie<'r> {
    /// The document names the issue or pull request.
    About,
    /// The first document takes the place of the second.
    Supersedes,
    /// The first document names the second under this key.
    References(&'r str),
}

impl<'r> Tie<'r> {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'r str {
        match self {
            Self::About => "about",
            Self::Supersedes => "supersedes",
            Self::References(key) => key,
        }
    }
}

/// Documents, issues and pull requests, and the edges between them; sorted, each
/// once.
#[derive(Clone, Debug, Default)]
pub struct Graph<'r> {
    /// Documents by path.
    pub documents: BTreeMap<&'r str, &'r Record>,
    /// Issues, then pull requests.
    pub subjects: BTreeSet<Subject>,
    /// From, to, why.
    pub edges: BTreeSet<(Node<'r>, Node<'r>, Tie<'r>)>,
}

impl<'r> Graph<'r> {
    /// The graph of all documents. A name that stands for no document, or for more
    /// than one, makes no edge.
    #[must_use]
    pub fn new(records: &'r Records) -> Self {
        let mut by_id: BTreeMap<&str, Option<&Record>> = BTreeMap::new();
        for record in records.by_path.values().filter(|record| !record.id.is_empty()) {
            by_id.entry(&record.id).and_modify(|known| *known = None).or_insert(Some(record));
        }
        let named = |from: &Record, name: &str| -> Option<&'r str> {
            if let Some(record) = by_id.get(name) {
                return record.map(|record| &*record.path);
            }
            let path = name.split('#').next().unwrap_or_default();
            let places = [resolve("", path), resolve(parent(&from.path), path)];
            let mut found =
                places.iter().flatten().filter_map(|path| records.by_path.get(path.as_str()));
            found.next().map(|record| &*record.path)
        };
        let mut graph = Self::default();
        for record in records.by_path.values() {
            let from = Node::Document(&record.path);
            graph.documents.insert(&record.path, record);
            for subject in subjects(record) {
                graph.subjects.insert(subject);
                graph.edges.insert((from, Node::Subject(subject), Tie::About));
            }
            for name in &record.supersedes {
                if let Some(to) = named(record, name) {
                    graph.edges.insert((from, Node::Document(to), Tie::Supersedes));
                }
            }
            for name in &record.superseded_by {
                if let Some(by) = named(record, name) {
                    graph.edges.insert((Node::Document(by), from, Tie::Supersedes));
                }
            }
            for reference in &record.references {
                if let Some(to) = named(record, &reference.to) {
                    let tie = Tie::References(&reference.key);
                    graph.edges.insert((from, Node::Document(to), tie));
                }
            }
        }
        graph
    }

    /// A short name for every node: `d1`, `issue12`, `pr5`.
    fn names(&self) -> BTreeMap<Node<'r>, String> {
        let documents = self.documents.keys().enumerate();
        let documents = documents.map(|(at, path)| (Node::Document(path), format!("d{}", at + 1)));
        let subjects = self.subjects.iter().map(|subject| {
            let name = match subject {
                Subject::Issue(number) => format!("issue{number}"),
                Subject::PullRequest(number) => format!("pr{number}"),
            };
            (Node::Subject(*subject), name)
        });
        documents.chain(subjects).collect()
    }

    /// Name and label of every node, in order.
    pub(super) fn nodes(&self) -> impl Iterator<Item = (String, String, Node<'r>)> {
        let labels = move |node: &Node<'r>| match node {
            Node::Subject(Subject::Issue(number)) => format!("Issue {number}"),
            Node::Subject(Subject::PullRequest(number)) => format!("PR {number}"),
            Node::Document(path) => {
                let Some(record) = self.documents.get(path) else { return (*path).to_owned() };
                let name = if record.id.is_empty() { path } else { &*record.id };
                super::one_line(&format!("{name} {}", record.title))
            }
        };
        self.names().into_iter().map(move |(node, name)| (name, labels(&node), node))
    }
}
