//! What is linked with what.

use std::fmt;
use std::str::FromStr;

/// An issue, a pull request, a document, a service: an end of a link.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Entity {
    /// What it is.
    pub kind: EntityKind,
    /// A number for issues and pull requests, an id or a path for documents, a name for the
    /// others.
    pub key: String,
}

/// What an entity is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntityKind {
    /// An issue of the repository.
    Issue,
    /// A pull request of the repository.
    PullRequest,
    /// A document, by `doc_id`, or by path if it has none.
    Document,
    /// A docset, by id or path.
    Docset,
    /// A decision.
    Decision,
    /// A service of the product.
    Service,
    /// A release.
    Release,
}

/// A text that names no entity.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` names nothing that can be linked: {reason}")]
pub struct EntityError {
    /// The text, cut and escaped.
    pub given: String,
    /// What is wrong.
    pub reason: String,
}

/// A link, read as a sentence: `from` `relation` `to`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Link {
    /// From here …
    pub from: Entity,
    /// … `related`, `about`, `supersedes`, `part-of`, `implements`, `references`, or another
    /// word in kebab case …
    pub relation: String,
    /// … to there.
    pub to: Entity,
    /// Who says so.
    pub origin: Origin,
}

/// Who says that a link is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// The front matter of a document; it goes with the document.
    Document,
    /// A person or an agent; it stays until it is taken out.
    Made,
}

impl EntityKind {
    /// All, in order.
    pub const ALL: [Self; 7] = [
        Self::Issue,
        Self::PullRequest,
        Self::Document,
        Self::Docset,
        Self::Decision,
        Self::Service,
        Self::Release,
    ];

    /// `issue`, `pr`, `doc`, `docset`, `decision`, `service` or `release`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Issue => "issue",
            Self::PullRequest => "pr",
            Self::Document => "doc",
            Self::Docset => "docset",
            Self::Decision => "decision",
            Self::Service => "service",
            Self::Release => "release",
        }
    }
}

impl fmt::Display for Entity {
    /// `issue:42`, `doc:ADR-0013`, …
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.kind.as_str(), self.key)
    }
}

impl FromStr for Entity {
    type Err = EntityError;

    /// Reads `issue:42`, `pr:7`, `doc:ADR-0013`, `service:billing`.
    fn from_str(given: &str) -> Result<Self, EntityError> {
        let error = |reason: String| EntityError {
            given: given.chars().take(120).flat_map(char::escape_debug).collect(),
            reason,
        };
        let kinds = || EntityKind::ALL.map(EntityKind::as_str).join("`, `");
        let Some((kind, key)) = given.split_once(':') else {
            return Err(error(format!("write `KIND:KEY` with one of the kinds `{}`", kinds())));
        };
        let Some(kind) = EntityKind::ALL.into_iter().find(|known| known.as_str() == kind) else {
            return Err(error(format!("the kinds are `{}`", kinds())));
        };
        if key.is_empty() || key.len() > 512 || key.chars().any(char::is_control) {
            return Err(error("what follows the colon has 1 to 512 bytes on one line".to_owned()));
        }
        let numbered = matches!(kind, EntityKind::Issue | EntityKind::PullRequest);
        if numbered
            && !key.parse::<u32>().is_ok_and(|number| number > 0 && !key.starts_with(['0', '+']))
        {
            return Err(error("an issue or a pull request has a number from 1 on".to_owned()));
        }
        Ok(Self { kind, key: key.to_owned() })
    }
}
