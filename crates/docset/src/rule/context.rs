//! What a rule gets to see.

use std::fmt;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::catalogue::{Catalogue, DocumentType, KeyConfig, Phase, Status};
use crate::config::RuleOptions;
use crate::diagnostic::{Applicability, Finding};
use crate::document::Document;
use crate::edit::Edit;
use crate::front_matter::FrontMatter;
use crate::nearest::nearest;
use crate::settings::Settings;
use crate::span::Span;
use crate::tree::{Facts, Files, Sources};
use crate::yaml::{Entry, Node};

/// One document and all that is known about documents in general.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DocumentContext<'a> {
    /// From the root, with `/`.
    pub(crate) path: &'a str,
    pub(crate) document: &'a Document<'a>,
    /// Whether the configuration calls it plain: no front matter wanted.
    pub(crate) plain: bool,
    /// The top-level keys of the front matter, each with what the catalogue says of it:
    /// looked up once for all rules. Empty if there is nothing to look at.
    pub(crate) keys: &'a [Key<'a>],
    /// The catalogue's type, if front matter names one.
    pub(crate) kind: Option<&'a DocumentType>,
    pub(crate) settings: &'a Settings,
    pub(crate) files: &'a Files,
    /// The rule that runs.
    pub(crate) rule: usize,
}

/// The name of a key with those of the mappings around it: `approvals.status`. Put
/// together only where it is shown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KeyPath<'a> {
    parent: Option<&'a Self>,
    name: &'a str,
}

impl<'a> KeyPath<'a> {
    /// A top-level key.
    pub(crate) const fn top(name: &'a str) -> Self {
        Self { parent: None, name }
    }

    /// A key inside this one.
    pub(crate) const fn inner(&'a self, name: &'a str) -> Self {
        Self { parent: Some(self), name }
    }
}

impl fmt::Display for KeyPath<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            write!(formatter, "{parent}.")?;
        }
        formatter.write_str(self.name)
    }
}

/// A top-level key of front matter.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Key<'a> {
    /// The key and its value.
    pub(crate) entry: Entry<'a, 'a>,
    /// Its name; `None` if it is no text.
    pub(crate) name: Option<&'a str>,
    /// What the catalogue says of it.
    pub(crate) config: Option<&'a KeyConfig>,
}

impl<'a> Key<'a> {
    /// The top-level keys of `front_matter`.
    pub(crate) fn all(front_matter: &'a FrontMatter<'a>, catalogue: &'a Catalogue) -> Vec<Self> {
        let entries = front_matter.root().into_iter().flat_map(Node::entries);
        entries
            .map(|entry| {
                let name = entry.key.as_str();
                Key { entry, name, config: name.and_then(|name| catalogue.keys.get(name)) }
            })
            .collect()
    }
}

impl<'a> DocumentContext<'a> {
    pub(crate) fn text(&self) -> &'a str {
        self.document.text
    }

    pub(crate) fn catalogue(&self) -> &'a Catalogue {
        &self.settings.catalogue
    }

    /// The front matter, unless the document is to have none.
    pub(crate) fn front_matter(&self) -> Option<&'a FrontMatter<'a>> {
        (!self.plain).then_some(&self.document.front_matter)
    }

    /// The mapping of the front matter, if there is one to look at.
    pub(crate) fn root(&self) -> Option<Node<'a, 'a>> {
        self.front_matter()?.root()
    }

    /// The status of the document, if it has one that the catalogue knows.
    pub(crate) fn status(&self) -> Option<&'a Status> {
        let name = self.front_matter()?.text("status")?;
        match self.kind {
            Some(kind) => kind.status(name),
            None => self.catalogue().status(name),
        }
    }

    pub(crate) fn phase(&self) -> Option<Phase> {
        self.status().map(|status| status.phase)
    }

    /// Where to point when something is missing from the front matter: its closing
    /// fence, behind which nothing can be missing.
    pub(crate) fn end_of_front_matter(&self) -> Span {
        match self.document.front_matter.block() {
            Some(block) => block.close,
            None => Span::at(0),
        }
    }

    pub(crate) fn options(&self) -> &'a RuleOptions {
        self.settings.options(self.rule)
    }

    pub(crate) fn patterns(&self) -> &'a [regex::Regex] {
        self.settings.patterns(self.rule)
    }
}

/// The part of a scalar between its quotes, for an edit that keeps them; the whole
/// scalar if it has none. The line end that a block scalar (`|`, `>`) has for its
/// last character is not part of it: the next key begins behind it.
pub(crate) fn inside_quotes(text: &str, node: Node<'_, '_>) -> Span {
    let span = node.span();
    let raw = span.text(text).unwrap_or_default();
    let quoted = raw.len() >= 2
        && ((raw.starts_with('"') && raw.ends_with('"'))
            || (raw.starts_with('\'') && raw.ends_with('\'')));
    if quoted {
        Span::new(span.start + 1, span.end - 1)
    } else {
        Span::new(span.start, span.start + raw.trim_end().len())
    }
}

/// The one of `known` that `name` is when case is ignored and blanks and
/// underscores are hyphens: `In Review` is `in-review`.
fn respelled<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let canonical = |text: &str| text.trim().to_lowercase().replace([' ', '_'], "-");
    let name = canonical(name);
    known.into_iter().find(|known| canonical(known) == name)
}

/// Completes a finding about a name that is none of `known`: how to write it, what it
/// probably means, or what there is.
pub(crate) fn mend<'k>(
    finding: Finding,
    text: &str,
    node: Node<'_, '_>,
    known: impl IntoIterator<Item = &'k str> + Clone,
    otherwise: impl FnOnce() -> String,
) -> Finding {
    let name = node.as_str().unwrap_or_default();
    let fix = |finding: Finding, applicability, title: String, meant: &str| {
        let edit = Edit::replace(inside_quotes(text, node), meant);
        finding.fix(applicability, title, vec![edit])
    };
    if let Some(meant) = respelled(name, known.clone()) {
        let title = format!("write it as `{meant}`");
        return fix(finding.help(&title), Applicability::Safe, title, meant);
    }
    match nearest(name, known) {
        Some(meant) => {
            let finding = finding.help(format!("did you mean `{meant}`?"));
            fix(finding, Applicability::Unsafe, format!("write `{meant}`"), meant)
        }
        None => finding.help(otherwise()),
    }
}

/// All documents.
#[derive(Debug)]
pub(crate) struct TreeContext<'a> {
    /// Sorted by path.
    pub(crate) documents: &'a [Facts],
    /// Documents (as places in `documents`) by id.
    pub(crate) by_id: FxHashMap<&'a str, Vec<usize>>,
    pub(crate) files: &'a Files,
    pub(crate) sources: &'a Sources,
}

impl<'a> TreeContext<'a> {
    pub(crate) fn new(documents: &'a [Facts], files: &'a Files, sources: &'a Sources) -> Self {
        let mut by_id: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
        for (at, facts) in documents.iter().enumerate() {
            if let Some(id) = &facts.id {
                by_id.entry(&id.value).or_default().push(at);
            }
        }
        Self { documents, by_id, files, sources }
    }

    /// The documents about which findings are wanted, with their places.
    pub(crate) fn reported(&self) -> impl Iterator<Item = (usize, &'a Facts)> {
        self.documents.iter().enumerate().filter(|(_, facts)| facts.reported)
    }

    /// The document at that path.
    pub(crate) fn by_path(&self, path: &str) -> Option<&'a Facts> {
        let at = self.documents.binary_search_by(|facts| (*facts.path).cmp(path)).ok()?;
        self.documents.get(at)
    }

    /// The only document with that id; `None` if there is none or more than one.
    pub(crate) fn by_id(&self, id: &str) -> Option<&'a Facts> {
        match self.by_id.get(id).map(Vec::as_slice) {
            Some([at]) => self.documents.get(*at),
            _ => None,
        }
    }
}

/// Findings of a rule that looks at the tree, each with the place of its document.
#[derive(Debug, Default)]
pub(crate) struct TreeFindings(pub(crate) Vec<(Arc<str>, Finding)>);

impl TreeFindings {
    pub(crate) fn report(&mut self, facts: &Facts, finding: Finding) {
        self.0.push((Arc::clone(&facts.path), finding));
    }
}
