//! What the rest of the tree needs to know of one document, once its text is gone.

use std::sync::Arc;

use crate::catalogue::{Catalogue, Phase};
use crate::front_matter::FrontMatter;
use crate::markdown::{Outline, certainly_has_slug};
use crate::span::Span;
use crate::yaml::Node;

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Located {
    pub(crate) value: Box<str>,
    pub(crate) span: Span,
}

/// A key that names another document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reference {
    pub(crate) key: Box<str>,
    pub(crate) to: Located,
}

/// A link to a heading of another document.
#[derive(Clone, Debug)]
pub(crate) struct AnchoredLink {
    pub(crate) target: Box<str>,
    pub(crate) anchor: Box<str>,
    pub(crate) span: Span,
}

/// What the rest of the tree needs to know of one document.
#[derive(Clone, Debug)]
pub(crate) struct Facts {
    pub(crate) path: Arc<str>,
    /// Whether findings about the document are wanted, or it is only here because
    /// others may speak of it.
    pub(crate) reported: bool,
    pub(crate) id: Option<Located>,
    pub(crate) phase: Option<Phase>,
    /// In source order; those of `supersedes` and `superseded_by` included.
    pub(crate) references: Vec<Reference>,
    pub(crate) anchored_links: Vec<AnchoredLink>,
    /// The text of each heading as written, one per line. It spares reading a document
    /// again only because another one links to one of its sections.
    headings: Box<str>,
}

impl Facts {
    pub(crate) fn new(
        path: Arc<str>,
        reported: bool,
        front_matter: &FrontMatter<'_>,
        catalogue: &Catalogue,
    ) -> Self {
        let mut facts = Self { reported, ..Self::plain(path) };
        let Some(root) = front_matter.root() else { return facts };
        facts.id = root.get("doc_id").and_then(located);
        let kind = front_matter.text("type").and_then(|name| catalogue.types.get(name));
        facts.phase = front_matter.text("status").and_then(|name| {
            let status = kind.and_then(|kind| kind.status(name));
            status.or_else(|| catalogue.status(name)).map(|status| status.phase)
        });
        for entry in root.entries() {
            let Some(key) = entry.key.as_str().filter(|key| is_reference(catalogue, key)) else {
                continue;
            };
            for to in entry.value.one_or_many().filter_map(located) {
                facts.references.push(Reference { key: key.into(), to });
            }
        }
        facts
    }

    /// The documents that this one says it replaces.
    pub(crate) fn supersedes(&self) -> impl Iterator<Item = &Located> {
        self.named_by("supersedes")
    }

    /// The documents that this one says replace it.
    pub(crate) fn superseded_by(&self) -> impl Iterator<Item = &Located> {
        self.named_by("superseded_by")
    }

    fn named_by(&self, key: &str) -> impl Iterator<Item = &Located> {
        let of_key = move |reference: &&Reference| &*reference.key == key;
        self.references.iter().filter(of_key).map(|reference| &reference.to)
    }

    /// A document that is to have no front matter: its links and headings are all that
    /// others can need of it.
    pub(crate) fn plain(path: Arc<str>) -> Self {
        Self {
            path,
            reported: true,
            id: None,
            phase: None,
            references: Vec::new(),
            anchored_links: Vec::new(),
            headings: Box::default(),
        }
    }

    /// Adds what the body says.
    pub(crate) fn with_body(
        mut self,
        text: &str,
        outline: &Outline<'_>,
        anchored_links: Vec<AnchoredLink>,
    ) -> Self {
        let texts = outline.headings.iter().filter_map(|heading| heading.text.text(text));
        let length = outline.headings.iter().map(|heading| heading.text.len() + 1).sum();
        let mut headings = String::with_capacity(length);
        for text in texts.filter(|text| !text.contains('\n')) {
            headings.push_str(text);
            headings.push('\n');
        }
        self.headings = headings.into();
        self.anchored_links = anchored_links;
        self
    }

    /// Whether a heading certainly has the anchor; see [`certainly_has_slug`].
    pub(crate) fn has_heading(&self, anchor: &str) -> bool {
        /// With more text, trying each heading for every link would be slow.
        const MOST: usize = 8 << 10;
        self.headings.len() <= MOST
            && self.headings.lines().any(|heading| certainly_has_slug(heading, anchor))
    }
}

fn is_reference(catalogue: &Catalogue, key: &str) -> bool {
    use crate::catalogue::KeyKind::{Reference, References};
    catalogue.keys.get(key).is_some_and(|key| matches!(key.kind, Reference | References))
}

fn located(node: Node<'_, '_>) -> Option<Located> {
    let value = node.as_str()?.trim();
    (!value.is_empty()).then(|| Located { value: value.into(), span: node.span() })
}
