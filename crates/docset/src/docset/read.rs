//! Reading a docset, whichever form it has.

use super::required::{Required, State};
use super::{DocsetError, merge};
use crate::front_matter::FrontMatter;
use crate::record::Subject;
use crate::yaml::Node;

/// What a docset file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Docset {
    /// What it is the docset of.
    pub subject: Option<Subject>,
    /// `owner/name` of the repository.
    pub repo: Option<String>,
    /// The address of the issue or pull request.
    pub url: Option<String>,
    /// The profile of the issue.
    pub profile: Option<String>,
    /// The stage of the issue.
    pub stage: Option<String>,
    /// The documents that belong to it.
    pub documents: Vec<Listed>,
    /// What its stages need.
    pub required: Vec<Required>,
    /// Pull requests of the issue.
    pub pull_requests: Vec<u64>,
    /// Issues of the pull request.
    pub issues: Vec<u64>,
}

/// A document in a docset.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// `doc_id`; empty if there is none.
    pub id: String,
    /// From the root, with `/`.
    pub path: String,
    /// `type`.
    pub kind: String,
    /// `status`.
    pub status: String,
    /// The digest of its content, as written.
    pub digest: String,
    /// Whether the pull request changes it.
    pub changed: bool,
}

impl Docset {
    /// Reads a docset: YAML, or Markdown with the same keys in its front matter.
    ///
    /// # Errors
    ///
    /// [`DocsetError`] if the text is neither.
    pub fn read(text: &str) -> Result<Self, DocsetError> {
        let front_matter = FrontMatter::parse(text);
        if let Some(root) = front_matter.root() {
            return Ok(Self::from_node(root));
        }
        let yaml = merge::parse(text)?;
        Ok(yaml.root().map(Self::from_node).unwrap_or_default())
    }

    /// Reads a docset from a mapping that was parsed before.
    #[must_use]
    pub fn from_node(root: Node<'_, '_>) -> Self {
        let text = |node: Node<'_, '_>, key: &str| {
            let text = node.get(key).and_then(|node| node.as_str());
            text.map(|text| text.trim().to_owned())
        };
        let or_empty = |node: Node<'_, '_>, key: &str| text(node, key).unwrap_or_default();
        let numbers = |key: &str| {
            let nodes = root.get(key).into_iter().flat_map(|node| node.items());
            nodes.filter_map(number).collect()
        };
        let issue = root.get("issue");
        let identity = issue.or_else(|| root.get("pr"));
        let documents = root.get("documents").into_iter().flat_map(|node| node.items());
        let required = root.get("required").into_iter().flat_map(|node| node.items());
        Self {
            subject: identity.and_then(|node| number(node.get("number")?)).map(|number| {
                if issue.is_some() { Subject::Issue(number) } else { Subject::PullRequest(number) }
            }),
            repo: identity.and_then(|node| text(node, "repo")),
            url: identity.and_then(|node| text(node, "url")),
            profile: text(root, "profile"),
            stage: text(root, "stage"),
            documents: documents
                .map(|node| Listed {
                    id: or_empty(node, "id"),
                    path: or_empty(node, "path"),
                    kind: or_empty(node, "type"),
                    status: or_empty(node, "status"),
                    digest: or_empty(node, "digest"),
                    changed: node.get("changed").and_then(|node| node.as_bool()) == Some(true),
                })
                .collect(),
            required: required
                .map(|node| Required {
                    kind: or_empty(node, "type"),
                    stage: or_empty(node, "stage"),
                    state: or_empty(node, "state").parse().unwrap_or(State::Missing),
                    documents: node
                        .get("documents")
                        .into_iter()
                        .flat_map(|node| node.one_or_many())
                        .filter_map(|node| node.as_str())
                        .map(str::to_owned)
                        .collect(),
                })
                .collect(),
            pull_requests: numbers("pull_requests"),
            issues: numbers("issues"),
        }
    }
}

fn number(node: Node<'_, '_>) -> Option<u64> {
    u64::try_from(node.as_integer()?).ok().filter(|number| *number > 0)
}
