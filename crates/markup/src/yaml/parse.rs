//! From text to a [`Yaml`] tree.

use std::borrow::Cow;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, StructureStyle};
use rustc_hash::FxHashMap;

use super::extent;
use super::node::{NodeId, RawKind, RawNode, Yaml};
use super::simple::parse_simple;
use crate::span::Span;

/// Limits that keep a hostile document from costing more than a plain error.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// Most nodes, keys included, each alias counted as a copy of its target.
    pub nodes: u64,
    /// Deepest nesting of lists and mappings, each alias counted as a copy of its
    /// target, so that a reader may recurse over the tree.
    pub depth: usize,
}

impl Budget {
    /// For front matter: far above any real document (the 41 templates of the
    /// field have at most 60 nodes), far below what a machine would notice.
    pub const FRONT_MATTER: Self = Self { nodes: 10_000, depth: 32 };

    /// For `countersign.yaml` and the catalogue.
    pub const CONFIGURATION: Self = Self { nodes: 200_000, depth: 32 };
}

/// Why a text is not YAML that we accept, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
pub struct YamlError {
    /// What is wrong.
    pub kind: YamlErrorKind,
    /// Where, in bytes from the start of the whole source.
    pub span: Span,
}

/// The ways in which a text can be refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum YamlErrorKind {
    /// The YAML parser refused the text.
    #[error("{0}")]
    Syntax(String),
    /// More nodes than the budget allows once aliases are counted as copies.
    #[error("more than {limit} values, aliases counted as copies")]
    TooManyNodes {
        /// The budget.
        limit: u64,
    },
    /// Nested deeper than the budget allows.
    #[error("nested deeper than {limit} levels")]
    TooDeep {
        /// The budget.
        limit: usize,
    },
    /// A tag such as `!!python/object`, which nothing here gives a meaning to.
    #[error("the tag `{0}` has no meaning here")]
    Tag(String),
    /// An alias inside the very value that it stands for.
    #[error("an alias inside the value that it stands for")]
    SelfReference,
    /// More than one YAML document (a `---` line inside).
    #[error("more than one YAML document")]
    SecondDocument,
}

/// Parses `text`, which stands `offset` bytes into its source: all spans count
/// from the start of the source.
///
/// # Errors
///
/// [`YamlError`] for the first thing that is wrong.
pub fn parse(text: &str, offset: usize, budget: Budget) -> Result<Yaml<'_>, YamlError> {
    match parse_simple(text, offset, budget) {
        Some(yaml) => Ok(yaml),
        None => parse_reference(text, offset, budget),
    }
}

/// Parses `text` as [`parse`] does, always with the full YAML parser.
///
/// # Errors
///
/// [`YamlError`] for the first thing that is wrong.
#[doc(hidden)]
pub fn parse_reference(text: &str, offset: usize, budget: Budget) -> Result<Yaml<'_>, YamlError> {
    let options = granit_parser::options! {
        emit_comments: false,
        flow_nesting_limit: budget.depth.saturating_add(1),
        block_nesting_limit: budget.depth.saturating_add(1),
        // A long key is refused as unknown, not as a mystery of the grammar.
        simple_key_max_lookahead: 4096,
    };
    let mut builder = Builder::new(text, offset, budget);
    for event in Parser::new_from_str_with_options(text, options) {
        let (event, span) = event.map_err(|error| builder.syntax_error(&error))?;
        let start = span.start.byte_offset().unwrap_or(0);
        let end = span.end.byte_offset().unwrap_or(start).max(start);
        builder.event(event, Span::new(start, end))?;
    }
    Ok(builder.yaml)
}

/// Builds the tree from events. Spans count from the start of `text` until a node
/// or an error is made of them.
struct Builder<'s> {
    yaml: Yaml<'s>,
    text: &'s str,
    offset: usize,
    budget: Budget,
    open: Vec<Open>,
    /// Anchor id of the parser to node. `None` while the node is still open.
    anchors: FxHashMap<usize, Option<Anchored>>,
    /// Nodes so far, aliases counted as copies.
    size: u64,
    documents: usize,
}

/// A list or mapping whose end has not been seen.
struct Open {
    id: NodeId,
    anchor: usize,
    /// The mapping key that waits for its value.
    key: Option<NodeId>,
    /// `Builder::size` when the collection began.
    size_before: u64,
    /// Levels of lists and mappings inside this one so far, aliases followed.
    height: usize,
}

/// What an alias stands for, and what copying it would cost.
#[derive(Clone, Copy)]
struct Anchored {
    id: NodeId,
    size: u64,
    /// Levels of lists and mappings: 0 for a scalar.
    height: usize,
}

impl<'s> Builder<'s> {
    fn new(text: &'s str, offset: usize, budget: Budget) -> Self {
        Self {
            yaml: Yaml::default(),
            text,
            offset,
            budget,
            open: Vec::new(),
            anchors: FxHashMap::default(),
            size: 0,
            documents: 0,
        }
    }

    fn error(&self, kind: YamlErrorKind, span: Span) -> YamlError {
        YamlError { kind, span: span.shifted(self.offset) }
    }

    fn syntax_error(&self, error: &ScanError) -> YamlError {
        let at = error.marker().byte_offset().unwrap_or(0).min(self.text.len());
        let kind = match error.kind() {
            // The scanner runs ahead of the events, so that it can meet its limit
            // before `start` meets the same one.
            ErrorKind::RecursionLimitExceeded => {
                YamlErrorKind::TooDeep { limit: self.budget.depth }
            }
            _ => YamlErrorKind::Syntax(error.info()),
        };
        self.error(kind, Span::at(at))
    }

    fn event(&mut self, event: Event<'s>, span: Span) -> Result<(), YamlError> {
        if let Some(tag) = event.tag() {
            return Err(self.error(YamlErrorKind::Tag(tag.original()), span));
        }
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    return Err(self.error(YamlErrorKind::SecondDocument, span));
                }
            }
            Event::Scalar(value, style, anchor, _) => {
                let quoted = style != ScalarStyle::Plain;
                // The parser writes `~` for a value that is not there.
                let nothing = !quoted && span.is_empty();
                let value = if nothing { Cow::Borrowed("") } else { value };
                let span = self.scalar_span(style, nothing, span);
                let id = self.add(span, RawKind::Scalar { value, quoted }, 1)?;
                self.anchor(anchor, Some(Anchored { id, size: 1, height: 0 }));
            }
            Event::SequenceStart(style, anchor, _) => {
                let flow = style == StructureStyle::Flow;
                let span = match self.open.last() {
                    // Only a mapping lets the dashes stand at its own indentation.
                    Some(open) if !flow && !self.is_sequence(open.id) => {
                        extent::of_block_sequence(self.text, self.node_before(), span)
                    }
                    _ => span,
                };
                self.start(span, RawKind::Sequence { items: Vec::new(), flow }, anchor)?;
            }
            Event::MappingStart(style, anchor, _) => {
                let flow = style == StructureStyle::Flow;
                self.start(span, RawKind::Mapping { entries: Vec::new(), flow }, anchor)?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.finish(span),
            Event::Alias(anchor) => match self.anchors.get(&anchor) {
                Some(Some(target)) => self.alias(*target, span)?,
                _ => return Err(self.error(YamlErrorKind::SelfReference, span)),
            },
            _ => {}
        }
        Ok(())
    }

    fn scalar_span(&self, style: ScalarStyle, nothing: bool, span: Span) -> Span {
        match style {
            ScalarStyle::Literal | ScalarStyle::Folded => {
                extent::of_block_scalar(self.text, self.node_before(), span)
            }
            ScalarStyle::Plain if nothing => match self.open.last() {
                Some(Open { key: Some(key), .. }) if !self.raw_span(*key).is_empty() => {
                    extent::of_nothing_in_entry(self.text, self.node_before(), span)
                }
                Some(open) if self.is_sequence(open.id) => {
                    extent::of_nothing_in_sequence(self.text, self.node_before(), span)
                }
                _ => span,
            },
            _ => span,
        }
    }

    /// The end of the key or value before the node that comes next, or the start
    /// of the collection that it is the first of.
    fn node_before(&self) -> usize {
        let Some(open) = self.open.last() else {
            return 0;
        };
        let before = open.key.or_else(|| self.last_child(open.id));
        before.map_or_else(|| self.raw_span(open.id).start, |id| self.raw_span(id).end)
    }

    fn last_child(&self, id: NodeId) -> Option<NodeId> {
        match &self.yaml.nodes[id.0 as usize].kind {
            RawKind::Sequence { items, .. } => items.last().copied(),
            RawKind::Mapping { entries, .. } => entries.last().map(|(_, value)| *value),
            RawKind::Scalar { .. } | RawKind::Alias(_) => None,
        }
    }

    fn is_sequence(&self, id: NodeId) -> bool {
        matches!(self.yaml.nodes[id.0 as usize].kind, RawKind::Sequence { .. })
    }

    /// The span of a node, counted from the start of the text.
    fn raw_span(&self, id: NodeId) -> Span {
        let span = self.yaml.nodes[id.0 as usize].span;
        Span::new(span.start - self.offset, span.end - self.offset)
    }

    /// Remembers what an anchor stands for; the parser's id 0 is no anchor.
    fn anchor(&mut self, anchor: usize, target: Option<Anchored>) {
        if anchor != 0 {
            self.anchors.insert(anchor, target);
        }
    }

    fn alias(&mut self, target: Anchored, span: Span) -> Result<(), YamlError> {
        self.add(span, RawKind::Alias(target.id), target.size)?;
        if self.open.len() + target.height > self.budget.depth {
            let limit = self.budget.depth;
            return Err(self.error(YamlErrorKind::TooDeep { limit }, span));
        }
        if let Some(open) = self.open.last_mut() {
            open.height = open.height.max(target.height);
        }
        Ok(())
    }

    /// Adds a node of `size` to the arena and to the collection that is open.
    fn add(&mut self, span: Span, kind: RawKind<'s>, size: u64) -> Result<NodeId, YamlError> {
        self.size = self.size.saturating_add(size);
        let id = u32::try_from(self.yaml.nodes.len()).ok();
        let Some(id) = id.filter(|_| self.size <= self.budget.nodes).map(NodeId) else {
            let limit = self.budget.nodes;
            return Err(self.error(YamlErrorKind::TooManyNodes { limit }, span));
        };
        self.yaml.nodes.push(RawNode { span: span.shifted(self.offset), kind });
        match self.open.last_mut() {
            None => self.yaml.root = Some(id),
            Some(open) => match &mut self.yaml.nodes[open.id.0 as usize].kind {
                RawKind::Sequence { items, .. } => items.push(id),
                RawKind::Mapping { entries, .. } => match open.key.take() {
                    None => open.key = Some(id),
                    Some(key) => entries.push((key, id)),
                },
                RawKind::Scalar { .. } | RawKind::Alias(_) => {}
            },
        }
        Ok(id)
    }

    fn start(&mut self, span: Span, kind: RawKind<'s>, anchor: usize) -> Result<(), YamlError> {
        let size_before = self.size;
        let id = self.add(span, kind, 1)?;
        if self.open.len() >= self.budget.depth {
            let limit = self.budget.depth;
            return Err(self.error(YamlErrorKind::TooDeep { limit }, span));
        }
        self.anchor(anchor, None);
        self.open.push(Open { id, anchor, key: None, size_before, height: 0 });
        Ok(())
    }

    fn finish(&mut self, span: Span) {
        let Some(open) = self.open.pop() else { return };
        let height = open.height + 1;
        let size = self.size - open.size_before;
        self.anchor(open.anchor, Some(Anchored { id: open.id, size, height }));
        if let Some(parent) = self.open.last_mut() {
            parent.height = parent.height.max(height);
        }
        let last = self.last_child(open.id).map(|id| self.yaml.nodes[id.0 as usize].span.end);
        let node = &mut self.yaml.nodes[open.id.0 as usize];
        let flow = matches!(
            node.kind,
            RawKind::Sequence { flow: true, .. } | RawKind::Mapping { flow: true, .. }
        );
        // A block collection ends, for the parser, where the next token begins,
        // lines later; for a reader it ends with its last value.
        node.span.end = if flow { span.end + self.offset } else { last.unwrap_or(node.span.start) };
    }
}
