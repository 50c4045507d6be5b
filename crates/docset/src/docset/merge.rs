//! Bringing the generated sections of a docset file up to date, and nothing else.

mod comments;
#[cfg(test)]
mod tests;

use comments::Comments;

use super::DocsetError;
use crate::edit::{Edit, apply};
use crate::front_matter::bom_len;
use crate::span::{LineIndex, Span};
use crate::yaml::{self, Budget, Entry, Node, NodeKind, Yaml, scalar};

/// A generated section: a key of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Section {
    /// One value.
    Scalar(&'static str, String),
    /// Named values; those that are not said are left as they are.
    Identity(&'static str, Vec<(&'static str, String)>),
    /// One line for each item.
    List(&'static str, Vec<Item>),
}

/// A line of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Item {
    /// What comments hold on to when the line changes.
    pub(super) name: String,
    /// The line, without its dash.
    pub(super) text: String,
}

impl Section {
    const fn key(&self) -> &'static str {
        match self {
            Self::Scalar(key, _) | Self::Identity(key, _) | Self::List(key, _) => key,
        }
    }

    /// The section in a file that does not have it yet.
    pub(super) fn render(&self) -> String {
        match self {
            Self::Scalar(key, value) => format!("{key}: {value}\n"),
            Self::Identity(key, values) => {
                let lines = values.iter().map(|(name, value)| format!("  {name}: {value}\n"));
                format!("{key}:\n{}", lines.collect::<String>())
            }
            Self::List(key, items) => format!("{key}:{}\n", list(items, &Comments::default())),
        }
    }
}

/// Parses a docset file.
pub(super) fn parse(text: &str) -> Result<Yaml<'_>, DocsetError> {
    let start = bom_len(text);
    yaml::parse(&text[start..], start, Budget::CONFIGURATION)
        .map_err(|error| malformed(text, error.span, &error.to_string()))
}

fn malformed(text: &str, span: Span, message: &str) -> DocsetError {
    let line = LineIndex::new(text).position(text, span.start.min(text.len())).line;
    DocsetError::Malformed { line, message: message.to_owned() }
}

/// `text` with the sections renewed. Every byte outside of them stays; inside of a
/// list comments stay with their line, and those of lines that are gone stay at its
/// end.
pub(super) fn merge(text: &str, sections: &[Section]) -> Result<String, DocsetError> {
    let merged = once(text, sections)?;
    // What people write into YAML has no end of forms. A result that would be changed
    // again was not understood, and must not be written.
    if once(&merged, sections)? == merged {
        return Ok(merged);
    }
    let message = "the file is written in a way that cannot be edited: write plain YAML lines";
    Err(malformed(text, Span::at(0), message))
}

fn once(text: &str, sections: &[Section]) -> Result<String, DocsetError> {
    let yaml = parse(text)?;
    let mut edits = Vec::new();
    let mut missing = String::new();
    if let Some(root) = yaml.root().filter(|root| !root.is_null()) {
        if root.kind() != NodeKind::Mapping || root.is_flow() || yaml.has_alias() {
            let message = "expected `key: value` lines, without aliases";
            return Err(malformed(text, root.span(), message));
        }
        for section in sections {
            let mut entries =
                root.entries().filter(|entry| entry.key.as_str() == Some(section.key()));
            let Some(entry) = entries.next() else {
                missing.push_str(&section.render());
                continue;
            };
            if let Some(second) = entries.next() {
                let message = format!("the key `{}` appears twice", section.key());
                return Err(malformed(text, second.key.span(), &message));
            }
            match section {
                Section::Scalar(_, value) => edits.extend(set(text, entry, value)),
                Section::Identity(_, values) => edits.extend(identity(text, entry, values)?),
                Section::List(_, items) => edits.extend(set_list(text, entry, items)),
            }
        }
    } else {
        missing.extend(sections.iter().map(Section::render));
    }
    if !missing.is_empty() {
        let ended = text.is_empty() || text.ends_with('\n');
        let start = if ended { "" } else { "\n" };
        edits.push(Edit::insert(text.len(), format!("{start}{missing}")));
    }
    if text.contains("\r\n") {
        for edit in &mut edits {
            edit.text = edit.text.replace('\n', "\r\n");
        }
    }
    Ok(apply(text, &edits))
}

/// Gives a key another value; `None` if it has it already.
fn set(text: &str, entry: Entry<'_, '_>, value: &str) -> Option<Edit> {
    let node = entry.value;
    // Both are compared as what a reader makes of them.
    let wanted = yaml::parse(value, 0, Budget::FRONT_MATTER).ok()?;
    let same = wanted.root().and_then(|root| root.as_str()) == node.as_str();
    match node.kind() {
        NodeKind::Scalar if same => None,
        NodeKind::Scalar => Some(Edit::replace(trimmed(text, node.span()), value)),
        NodeKind::Null if node.span().is_empty() => {
            Some(Edit::insert(node.span().start, format!(" {value}")))
        }
        _ => Some(Edit::replace(behind_key(text, entry), format!(" {value}"))),
    }
}

fn identity(
    text: &str,
    entry: Entry<'_, '_>,
    values: &[(&'static str, String)],
) -> Result<Vec<Edit>, DocsetError> {
    let node = entry.value;
    let Some(first) = node.entries().next() else {
        let message = format!("expected `number: …` below `{}`", entry.key.as_str().unwrap_or(""));
        return Err(malformed(text, entry.key.span(), &message));
    };
    // What is new goes behind the number.
    let number = node.entry("number").unwrap_or(first);
    let key = first.key.span().start;
    let column = key - text[..key].rfind('\n').map_or(0, |at| at + 1);
    let mut edits = Vec::new();
    let mut added = String::new();
    for (name, value) in values {
        match node.entry(name) {
            Some(entry) => edits.extend(set(text, entry, value)),
            None if node.is_flow() => added.push_str(&format!(", {name}: {value}")),
            None => added.push_str(&format!("\n{}{name}: {value}", " ".repeat(column))),
        }
    }
    if !added.is_empty() {
        let behind = match node.is_flow() {
            true => number.span().end,
            false => behind_key(text, number).end,
        };
        edits.push(Edit::insert(behind, added));
    }
    Ok(edits)
}

fn set_list(text: &str, entry: Entry<'_, '_>, items: &[Item]) -> Option<Edit> {
    let span = behind_key(text, entry);
    if entry.value.is_null() && items.is_empty() {
        return None;
    }
    let comments = Comments::of(text, entry.value, span, items);
    let new = list(items, &comments);
    let old = span.text(text).unwrap_or_default();
    (old.replace("\r\n", "\n") != new).then(|| Edit::replace(span, new))
}

/// What stands behind the colon of a list.
fn list(items: &[Item], comments: &Comments) -> String {
    let mut text = String::new();
    if items.is_empty() {
        text.push_str(" []");
    }
    if let Some(comment) = &comments.head {
        text.push_str(&format!(" {comment}"));
    }
    for item in items {
        for comment in comments.leading.get(&item.name).into_iter().flatten() {
            text.push_str(&format!("\n  {comment}"));
        }
        text.push_str(&format!("\n  - {}", item.text));
        if let Some(comment) = comments.trailing.get(&item.name) {
            text.push_str(&format!(" {comment}"));
        }
    }
    for comment in &comments.orphans {
        text.push_str(&format!("\n  {comment}"));
    }
    text
}

/// From behind the colon of the key to the end of the last line of its value.
fn behind_key(text: &str, entry: Entry<'_, '_>) -> Span {
    let key = entry.key.span().end;
    let start = text[key..].find(':').map_or(key, |at| key + at + 1);
    let last = trimmed(text, Span::new(start, entry.value.span().end.max(start))).end.max(start);
    let end = text[last..].find('\n').map_or(text.len(), |at| last + at);
    let end = if text[..end].ends_with('\r') { end - 1 } else { end };
    Span::new(start, end.max(start))
}

/// The span without the line end that a block scalar has for its last character.
fn trimmed(text: &str, span: Span) -> Span {
    let len = span.text(text).map_or(span.len(), |text| text.trim_end().len());
    Span::new(span.start, span.start + len)
}

/// What comments of an item hold on to.
fn name<'y>(item: Node<'y, '_>) -> Option<&'y str> {
    let named = item.get("path").or_else(|| item.get("type")).unwrap_or(item);
    named.as_str()
}

/// A line of named values.
pub(super) fn line(values: &[(&str, String)]) -> String {
    let values: Vec<String> =
        values.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    format!("{{{}}}", values.join(", "))
}

/// A text in a line of named values.
pub(super) fn value(text: &str) -> String {
    scalar(text)
}
