//! The tree of a parsed YAML document.

use std::borrow::Cow;

use crate::span::Span;

/// Index of a node inside its [`Yaml`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NodeId(pub(super) u32);

/// One parsed YAML document: an arena of nodes, so that aliases share their target.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Yaml<'s> {
    pub(super) nodes: Vec<RawNode<'s>>,
    pub(super) root: Option<NodeId>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RawNode<'s> {
    pub(super) span: Span,
    pub(super) kind: RawKind<'s>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum RawKind<'s> {
    /// `quoted` tells `"1"` from `1`.
    Scalar {
        value: Cow<'s, str>,
        quoted: bool,
    },
    Sequence {
        items: Vec<NodeId>,
        flow: bool,
    },
    Mapping {
        entries: Vec<(NodeId, NodeId)>,
        flow: bool,
    },
    Alias(NodeId),
}

impl<'s> Yaml<'s> {
    /// The document's only value, or `None` if it holds nothing but comments.
    #[must_use]
    #[inline]
    pub fn root(&self) -> Option<Node<'_, 's>> {
        self.root.map(|id| self.node(id))
    }

    /// The number of nodes as written, keys included; an alias is one node.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether the document holds no value.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Whether any value is written as an alias (`*name`).
    #[must_use]
    pub fn has_alias(&self) -> bool {
        self.alias().is_some()
    }

    /// Where the first alias (`*name`) stands, if there is one.
    #[must_use]
    pub fn alias(&self) -> Option<Span> {
        self.nodes.iter().find(|node| matches!(node.kind, RawKind::Alias(_))).map(|node| node.span)
    }

    pub(super) fn node(&self, id: NodeId) -> Node<'_, 's> {
        Node { yaml: self, id }
    }

    fn raw(&self, id: NodeId) -> &RawNode<'s> {
        &self.nodes[id.0 as usize]
    }
}

/// A value of a [`Yaml`] document: a cheap handle.
#[derive(Clone, Copy, Debug)]
pub struct Node<'y, 's> {
    yaml: &'y Yaml<'s>,
    id: NodeId,
}

/// What a [`Node`] is, aliases followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// Nothing, `~` or `null`.
    Null,
    /// Any other scalar.
    Scalar,
    /// A list.
    Sequence,
    /// A list of key and value pairs.
    Mapping,
}

impl NodeKind {
    /// The word for the kind in messages: `a list`, …
    #[must_use]
    pub const fn describe(self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Scalar => "a single value",
            Self::Sequence => "a list",
            Self::Mapping => "a mapping",
        }
    }
}

/// One key with its value.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'y, 's> {
    /// The key as written.
    pub key: Node<'y, 's>,
    /// Its value.
    pub value: Node<'y, 's>,
}

impl Entry<'_, '_> {
    /// From the first byte of the key to the last byte of the value.
    #[must_use]
    #[inline]
    pub fn span(&self) -> Span {
        let key = self.key.span();
        Span::new(key.start, self.value.span().end.max(key.end))
    }
}

impl<'y, 's> Node<'y, 's> {
    /// Where the node stands in the source; an alias spans its own `*name`.
    #[must_use]
    #[inline]
    pub fn span(self) -> Span {
        self.yaml.raw(self.id).span
    }

    fn target(self) -> &'y RawKind<'s> {
        let mut kind = &self.yaml.raw(self.id).kind;
        // An alias never points at an alias that points back: the parser
        // refuses an alias to a node that is still open.
        while let RawKind::Alias(id) = kind {
            kind = &self.yaml.raw(*id).kind;
        }
        kind
    }

    /// What the node is.
    #[must_use]
    #[inline]
    pub fn kind(self) -> NodeKind {
        match self.target() {
            RawKind::Scalar { value, quoted: false }
                if matches!(&**value, "" | "~" | "null" | "Null" | "NULL") =>
            {
                NodeKind::Null
            }
            RawKind::Scalar { .. } => NodeKind::Scalar,
            RawKind::Sequence { .. } => NodeKind::Sequence,
            RawKind::Mapping { .. } => NodeKind::Mapping,
            RawKind::Alias(_) => NodeKind::Null,
        }
    }

    /// Whether the node is nothing, `~` or `null`.
    #[must_use]
    #[inline]
    pub fn is_null(self) -> bool {
        self.kind() == NodeKind::Null
    }

    /// Whether nothing is said: null, the empty string, or an empty collection.
    #[must_use]
    pub fn is_blank(self) -> bool {
        match self.target() {
            RawKind::Scalar { value, .. } => self.is_null() || value.trim().is_empty(),
            RawKind::Sequence { items, .. } => items.is_empty(),
            RawKind::Mapping { entries, .. } => entries.is_empty(),
            RawKind::Alias(_) => true,
        }
    }

    /// The text of a scalar that is not null.
    #[must_use]
    #[inline]
    pub fn as_str(self) -> Option<&'y str> {
        match self.target() {
            RawKind::Scalar { value, .. } if !self.is_null() => Some(value),
            _ => None,
        }
    }

    /// Whether the node is a quoted scalar.
    #[must_use]
    pub fn is_quoted(self) -> bool {
        matches!(self.target(), RawKind::Scalar { quoted: true, .. })
    }

    /// Whether the node is a collection in flow notation (`[a, b]`, `{a: 1}`).
    #[must_use]
    pub fn is_flow(self) -> bool {
        matches!(
            self.target(),
            RawKind::Sequence { flow: true, .. } | RawKind::Mapping { flow: true, .. }
        )
    }

    /// Whether the node is written as an alias (`*name`).
    #[must_use]
    pub fn is_alias(self) -> bool {
        matches!(self.yaml.raw(self.id).kind, RawKind::Alias(_))
    }

    /// The value of an unquoted decimal integer.
    #[must_use]
    pub fn as_integer(self) -> Option<i64> {
        let text = self.as_str().filter(|_| !self.is_quoted())?;
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        let decimal = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        decimal.then(|| text.parse().ok()).flatten()
    }

    /// The value of an unquoted `true` or `false`.
    #[must_use]
    pub fn as_bool(self) -> Option<bool> {
        match self.as_str().filter(|_| !self.is_quoted())? {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    /// The items of a list; empty for anything else.
    #[inline]
    pub fn items(self) -> impl ExactSizeIterator<Item = Node<'y, 's>> {
        let items: &'y [NodeId] = match self.target() {
            RawKind::Sequence { items, .. } => items,
            _ => &[],
        };
        items.iter().map(move |id| self.yaml.node(*id))
    }

    /// The entries of a mapping, in order, duplicates included; empty for anything else.
    #[inline]
    pub fn entries(self) -> impl ExactSizeIterator<Item = Entry<'y, 's>> {
        let entries: &'y [(NodeId, NodeId)] = match self.target() {
            RawKind::Mapping { entries, .. } => entries,
            _ => &[],
        };
        entries.iter().map(move |(key, value)| Entry {
            key: self.yaml.node(*key),
            value: self.yaml.node(*value),
        })
    }

    /// The first entry whose key is `key`.
    #[must_use]
    #[inline]
    pub fn entry(self, key: &str) -> Option<Entry<'y, 's>> {
        self.entries().find(|entry| entry.key.as_str() == Some(key))
    }

    /// The value of the first entry whose key is `key`.
    #[must_use]
    #[inline]
    pub fn get(self, key: &str) -> Option<Node<'y, 's>> {
        self.entry(key).map(|entry| entry.value)
    }

    /// The node itself if it is a scalar, else the items of the list: the way to
    /// read a key that takes one value or several.
    pub fn one_or_many(self) -> impl Iterator<Item = Node<'y, 's>> {
        let one = (self.kind() == NodeKind::Scalar).then_some(self);
        one.into_iter().chain(self.items())
    }
}
