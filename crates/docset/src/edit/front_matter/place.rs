//! Where a new key or item goes.

use super::scalar;
use crate::edit::Edit;
use crate::front_matter::FrontMatter;
use crate::span::Span;
use crate::yaml::{Entry, Node};

/// The order in which keys are usually written: a new one goes behind the last of
/// those before it. A key that is not named here goes to the end.
const ORDER: [&str; 18] = [
    "doc_id",
    "type",
    "title",
    "status",
    "owner_role",
    "version",
    "created_at",
    "updated_at",
    "related_issues",
    "related_prs",
    "related_docsets",
    "related_adrs",
    "related_alerts",
    "related_slo_docs",
    "related_services",
    "supersedes",
    "superseded_by",
    "approvals",
];

/// A mapping that gets a new key or a new value.
#[derive(Clone, Copy)]
pub(super) struct Parent<'t, 'y> {
    text: &'t str,
    node: Node<'y, 't>,
    /// The YAML between the fences.
    yaml: Span,
    /// What one level of indentation looks like.
    unit: &'t str,
    top: bool,
}

impl<'t, 'y> Parent<'t, 'y> {
    /// The whole front matter.
    pub(super) fn top(
        text: &'t str,
        front_matter: &'y FrontMatter<'t>,
        root: Node<'y, 't>,
    ) -> Self {
        let yaml = front_matter.block().map_or(Span::at(0), |block| block.yaml);
        Self { text, node: root, yaml, unit: unit(text, root), top: true }
    }

    pub(super) const fn node(self) -> Node<'y, 't> {
        self.node
    }

    /// The mapping that is the value of `entry`.
    pub(super) fn inside(self, entry: Entry<'y, 't>) -> Self {
        Self { node: entry.value, top: false, ..self }
    }

    /// Inserts the keys of `route`, each inside the one before it, the last with
    /// `value`.
    pub(super) fn insert_route(self, route: &[&str], value: &str) -> Option<Edit> {
        if self.node.is_flow() {
            let inserted = flow(route, value);
            let edit = match self.node.entries().last() {
                Some(last) => Edit::insert(last.span().end, format!(", {inserted}")),
                None => Edit::insert(self.node.span().start + 1, inserted),
            };
            return Some(edit);
        }
        let neighbour = self.neighbour(route.first()?)?;
        let indent = indentation(self.text, neighbour.key.span().start)?;
        let at = line_after(self.text, neighbour.span().end).min(self.yaml.end);
        Some(Edit::insert(at, self.block(indent, route, value)))
    }

    /// Gives `entry`, which holds nothing, the value, behind the keys of `route`.
    pub(super) fn fill(self, entry: Entry<'y, 't>, route: &[&str], value: &str) -> Option<Edit> {
        let span = entry.value.span();
        if !span.is_empty() {
            // `~` or `null`.
            let value = if route.is_empty() { value.to_owned() } else { braced(route, value) };
            return Some(Edit::replace(span, value));
        }
        let behind_colon = self.text[..span.start].ends_with(':');
        if route.is_empty() || self.node.is_flow() {
            let value = if route.is_empty() { value.to_owned() } else { braced(route, value) };
            let colon = if behind_colon { " " } else { ": " };
            return Some(Edit::insert(span.start, format!("{colon}{value}")));
        }
        if !behind_colon {
            return None;
        }
        let indent = indentation(self.text, entry.key.span().start)?;
        let at = line_after(self.text, span.end).min(self.yaml.end);
        Some(Edit::insert(at, self.block(&format!("{indent}{}", self.unit), route, value)))
    }

    /// Removes `entry`, one of this mapping.
    pub(super) fn remove(self, entry: Entry<'y, 't>) -> Option<Edit> {
        let span = entry.span();
        if !self.node.is_flow() {
            // Its lines, as far as they hold nothing else.
            let indent = indentation(self.text, entry.key.span().start)?;
            let start = entry.key.span().start - indent.len();
            let end = line_after(self.text, span.end).min(self.yaml.end);
            return Some(Edit::delete(Span::new(start, end.max(start))));
        }
        // With the comma in front of it, or behind it if it is the first.
        let start = entry.key.span().start;
        let before = self.node.entries().take_while(|other| other.key.span().start < start).last();
        let after = self.node.entries().find(|other| other.key.span().start > start);
        Some(Edit::delete(match (before, after) {
            (Some(before), _) => Span::new(before.span().end, span.end),
            (None, Some(after)) => Span::new(start, after.key.span().start),
            (None, None) => span,
        }))
    }

    /// The entry that a new key goes behind.
    fn neighbour(self, key: &str) -> Option<Entry<'y, 't>> {
        let rank = |key: &str| ORDER.iter().position(|known| *known == key);
        let before = rank(key).filter(|_| self.top).and_then(|own| {
            let is_before = |entry: &Entry<'_, '_>| {
                entry.key.as_str().and_then(rank).is_some_and(|other| other < own)
            };
            self.node.entries().filter(is_before).last()
        });
        before.or_else(|| self.node.entries().last())
    }

    /// The lines of the keys of `route`.
    fn block(self, indent: &str, route: &[&str], value: &str) -> String {
        let line_end = line_end(self.text, self.yaml.start);
        let mut lines = String::new();
        let mut indent = indent.to_owned();
        for (depth, key) in route.iter().enumerate() {
            let last = depth + 1 == route.len();
            let value = if last { format!(" {value}") } else { String::new() };
            let key = scalar::fresh(key);
            lines.push_str(&format!("{indent}{key}:{value}{line_end}"));
            indent.push_str(self.unit);
        }
        lines
    }
}

/// Adds `item` to the end of a list.
pub(super) fn append(text: &str, list: Node<'_, '_>, item: &str) -> Option<Edit> {
    let span = list.span();
    let Some(last) = list.items().last() else {
        return Some(Edit::insert(span.start + 1, scalar::fresh(item)));
    };
    let written = last.span().text(text).unwrap_or_default();
    let item = scalar::in_the_dress_of(written, item);
    if list.is_flow() {
        return Some(Edit::insert(last.span().end, format!(", {item}")));
    }
    let indent = indentation(text, span.start)?;
    let blanks = text[span.start + 1..].bytes().take_while(|byte| *byte == b' ').count();
    let gap = " ".repeat(blanks.max(1));
    let at = line_after(text, span.end.max(last.span().end));
    Some(Edit::insert(at, format!("{indent}-{gap}{item}{}", line_end(text, span.start))))
}

/// `a: {b: value}`.
fn flow(route: &[&str], value: &str) -> String {
    match route.split_first() {
        None => value.to_owned(),
        Some((key, [])) => format!("{}: {value}", scalar::fresh(key)),
        Some((key, rest)) => format!("{}: {}", scalar::fresh(key), braced(rest, value)),
    }
}

/// `{a: {b: value}}`.
fn braced(route: &[&str], value: &str) -> String {
    format!("{{{}}}", flow(route, value))
}

/// What one level of indentation looks like: as in the first mapping or list that
/// stands deeper than its key, else two blanks.
fn unit<'t>(text: &'t str, root: Node<'_, '_>) -> &'t str {
    let nested = root.entries().find_map(|entry| {
        if entry.value.is_flow() {
            return None;
        }
        let outer = indentation(text, entry.key.span().start)?;
        let first = entry.value.entries().next()?;
        indentation(text, first.key.span().start)?.strip_prefix(outer)
    });
    nested.filter(|unit| !unit.is_empty()).unwrap_or("  ")
}

/// The blanks between the start of the line and `offset`; `None` if there is more.
fn indentation(text: &str, offset: usize) -> Option<&str> {
    let start = text[..offset].rfind('\n').map_or(0, |at| at + 1);
    let indent = &text[start..offset];
    indent.bytes().all(|byte| byte == b' ').then_some(indent)
}

/// The start of the line behind the one that `offset` is in.
fn line_after(text: &str, offset: usize) -> usize {
    if offset > 0 && text.as_bytes()[offset - 1] == b'\n' {
        return offset;
    }
    text[offset..].find('\n').map_or(text.len(), |at| offset + at + 1)
}

/// How the line in front of `offset` ends, which is the start of a line or in one.
fn line_end(text: &str, offset: usize) -> &'static str {
    match text[..offset].rfind('\n') {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}
