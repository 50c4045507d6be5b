//! Changes to the keys of front matter that leave every other byte as it was.
//!
//! [`set`], [`add`] and [`remove`] give the edits for one key; [`Editor`] makes several changes
//! one after the other. The text around a value stays: comments, the order of keys,
//! quotes where the new value can wear them, indentation, line ends, a byte order
//! mark, braces and brackets.
//!
//! Each edit is tried before it is given out: the new text is parsed, and if anything
//! but the wanted value reads differently, the edit is refused.

mod place;
mod same;
mod scalar;
#[cfg(test)]
mod tests;

use super::{Edit, apply};
use crate::front_matter::FrontMatter;
use crate::span::Span;
use crate::yaml::{Node, NodeKind};
use place::Parent;

/// Why a key cannot be changed, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
pub struct FrontMatterEditError {
    /// What stands in the way.
    pub kind: FrontMatterEditErrorKind,
    /// Where.
    pub span: Span,
}

/// What can stand in the way of a change.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FrontMatterEditErrorKind {
    /// There is no front matter, or nothing closes it.
    #[error("there is no front matter to change")]
    Missing,
    /// The front matter is no YAML, or no mapping.
    #[error("the front matter cannot be read: {0}")]
    Malformed(String),
    /// A value is an alias: changing its anchor would change it, too.
    #[error("the front matter holds an alias, so that changing one value may change another")]
    Alias,
    /// The key stands there twice.
    #[error("the key `{0}` appears twice")]
    DuplicateKey(String),
    /// The key should hold named values, and does not.
    #[error("`{0}` holds no named values")]
    NotAMapping(String),
    /// The key should hold one value, and holds a collection.
    #[error("`{0}` holds more than one value")]
    NotOneValue(String),
    /// The key should hold a list, and holds named values.
    #[error("`{0}` holds no list")]
    NotAList(String),
    /// The key is written in a way that cannot be changed without changing more.
    #[error("`{0}` is written in a way that cannot be changed safely")]
    Unsafe(String),
}

use FrontMatterEditErrorKind as Kind;

fn refuse(kind: Kind, span: Span) -> FrontMatterEditError {
    FrontMatterEditError { kind, span }
}

/// A text whose front matter is changed key by key.
#[derive(Clone, Debug)]
pub struct Editor {
    text: String,
}

impl Editor {
    /// Begins with `text`.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into() }
    }

    /// Gives the key that `route` leads to (`["approvals", "status"]`) the value.
    ///
    /// # Errors
    ///
    /// As for [`set`].
    pub fn set(&mut self, route: &[&str], value: &str) -> Result<&mut Self, FrontMatterEditError> {
        self.text = apply(&self.text, &set(&self.text, route, value)?);
        Ok(self)
    }

    /// Adds an item to the list of a top-level key.
    ///
    /// # Errors
    ///
    /// As for [`add`].
    pub fn add(&mut self, key: &str, item: &str) -> Result<&mut Self, FrontMatterEditError> {
        self.text = apply(&self.text, &add(&self.text, key, item)?);
        Ok(self)
    }

    /// Removes the key that `route` leads to.
    ///
    /// # Errors
    ///
    /// As for [`remove`].
    pub fn remove(&mut self, route: &[&str]) -> Result<&mut Self, FrontMatterEditError> {
        self.text = apply(&self.text, &remove(&self.text, route)?);
        Ok(self)
    }

    /// The text as it is now.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text, changed.
    #[must_use]
    pub fn into_text(self) -> String {
        self.text
    }
}

/// The edits that give the key that `route` leads to (`["approvals", "status"]`) the
/// one value `value`. What is missing on the way is inserted. No edit if the value is
/// there already.
///
/// # Errors
///
/// [`FrontMatterEditError`] when the text cannot be changed without changing more:
/// see [`FrontMatterEditErrorKind`].
pub fn set(text: &str, route: &[&str], value: &str) -> Result<Vec<Edit>, FrontMatterEditError> {
    let front_matter = readable(text)?;
    let root = front_matter.root().ok_or_else(|| no_mapping(&front_matter))?;
    let Some((last, parents)) = route.split_last() else { return Ok(Vec::new()) };
    let name = route.join(".");
    let fresh = scalar::fresh(value);
    let mut parent = Parent::top(text, &front_matter, root);
    for (depth, key) in parents.iter().enumerate() {
        let Some(entry) = unique(parent.node(), key)? else {
            let edit = parent.insert_route(&route[depth..], &fresh);
            return tried(text, &front_matter, route, &Wanted::One(value), edit);
        };
        if entry.value.is_null() {
            let edit = parent.fill(entry, &route[depth + 1..], &fresh);
            return tried(text, &front_matter, route, &Wanted::One(value), edit);
        }
        if entry.value.kind() != NodeKind::Mapping {
            let name = route[..=depth].join(".");
            return Err(refuse(Kind::NotAMapping(name), entry.value.span()));
        }
        parent = parent.inside(entry);
    }
    let edit = match unique(parent.node(), last)? {
        None => parent.insert_route(&[last], &fresh),
        Some(entry) => match entry.value.kind() {
            NodeKind::Scalar if entry.value.as_str() == Some(value) => return Ok(Vec::new()),
            NodeKind::Scalar => {
                let span = entry.value.span();
                let old = span.text(text).unwrap_or_default();
                Some(Edit::replace(span, scalar::in_the_dress_of(old, value)))
            }
            NodeKind::Null => parent.fill(entry, &[], &fresh),
            NodeKind::Sequence | NodeKind::Mapping => {
                return Err(refuse(Kind::NotOneValue(name), entry.value.span()));
            }
        },
    };
    tried(text, &front_matter, route, &Wanted::One(value), edit)
}

/// The edits that add `item` to the list of the top-level key `key`. A missing key is
/// inserted, one value becomes a list of two. No edit if the item is there already.
///
/// # Errors
///
/// As for [`set`].
pub fn add(text: &str, key: &str, item: &str) -> Result<Vec<Edit>, FrontMatterEditError> {
    let front_matter = readable(text)?;
    let root = front_matter.root().ok_or_else(|| no_mapping(&front_matter))?;
    let parent = Parent::top(text, &front_matter, root);
    let list = format!("[{}]", scalar::fresh(item));
    let entry = unique(root, key)?;
    let had: Vec<String> = entry.map(|entry| texts(entry.value)).unwrap_or_default();
    if had.iter().any(|had| had == item) {
        return Ok(Vec::new());
    }
    let wanted = Wanted::Many(had.into_iter().chain([item.to_owned()]).collect());
    let edit = match entry {
        None => parent.insert_route(&[key], &list),
        Some(entry) => match entry.value.kind() {
            NodeKind::Null => parent.fill(entry, &[], &list),
            NodeKind::Scalar if entry.value.is_blank() => {
                Some(Edit::replace(entry.value.span(), list))
            }
            NodeKind::Scalar => {
                let span = entry.value.span();
                let one = span.text(text).unwrap_or_default();
                let other = scalar::in_the_dress_of(one, item);
                Some(Edit::replace(span, format!("[{one}, {other}]")))
            }
            NodeKind::Sequence => place::append(text, entry.value, item),
            NodeKind::Mapping => {
                return Err(refuse(Kind::NotAList(key.to_owned()), entry.value.span()));
            }
        },
    };
    tried(text, &front_matter, &[key], &wanted, edit)
}

/// The edits that remove the key that `route` leads to, with its value and the rest of
/// its lines. No edit if it is not there.
///
/// # Errors
///
/// As for [`set`], and when nothing else would be left of the mapping that holds it.
pub fn remove(text: &str, route: &[&str]) -> Result<Vec<Edit>, FrontMatterEditError> {
    let front_matter = readable(text)?;
    let root = front_matter.root().ok_or_else(|| no_mapping(&front_matter))?;
    let Some((last, parents)) = route.split_last() else { return Ok(Vec::new()) };
    let mut parent = Parent::top(text, &front_matter, root);
    for key in parents {
        match unique(parent.node(), key)? {
            Some(entry) if entry.value.kind() == NodeKind::Mapping => parent = parent.inside(entry),
            _ => return Ok(Vec::new()),
        }
    }
    let Some(entry) = unique(parent.node(), last)? else { return Ok(Vec::new()) };
    tried(text, &front_matter, route, &Wanted::Nothing, parent.remove(entry))
}

/// What a key is to hold.
enum Wanted<'w> {
    Nothing,
    One(&'w str),
    Many(Vec<String>),
}

/// The front matter, if it can be changed at all.
fn readable(text: &str) -> Result<FrontMatter<'_>, FrontMatterEditError> {
    let front_matter = FrontMatter::parse(text);
    match &front_matter {
        FrontMatter::Missing => Err(refuse(Kind::Missing, Span::at(0))),
        FrontMatter::Unclosed { open } => Err(refuse(Kind::Missing, *open)),
        FrontMatter::Present { yaml: Err(error), .. } => {
            Err(refuse(Kind::Malformed(error.to_string()), error.span))
        }
        FrontMatter::Present { yaml: Ok(yaml), .. } => match yaml.alias() {
            Some(span) => Err(refuse(Kind::Alias, span)),
            None => Ok(front_matter),
        },
    }
    .and_then(|front_matter: FrontMatter<'_>| match front_matter.root().map(Node::kind) {
        Some(NodeKind::Mapping) => Ok(front_matter),
        _ => Err(no_mapping(&front_matter)),
    })
}

fn no_mapping(front_matter: &FrontMatter<'_>) -> FrontMatterEditError {
    let span = front_matter.block().map_or(Span::at(0), |block| block.open);
    refuse(Kind::Malformed("it is no list of `key: value` lines".to_owned()), span)
}

/// The entry of `key`, which must not stand there twice.
fn unique<'y, 's>(
    mapping: Node<'y, 's>,
    key: &str,
) -> Result<Option<crate::yaml::Entry<'y, 's>>, FrontMatterEditError> {
    let mut entries = mapping.entries().filter(|entry| entry.key.as_str() == Some(key));
    let first = entries.next();
    match entries.next() {
        Some(second) => Err(refuse(Kind::DuplicateKey(key.to_owned()), second.key.span())),
        None => Ok(first),
    }
}

/// The texts of one value or of a list; a blank one is none.
fn texts(node: Node<'_, '_>) -> Vec<String> {
    let blank = node.kind() == NodeKind::Scalar && node.is_blank();
    let nodes = node.one_or_many().filter(|_| !blank);
    nodes.map(|node| node.as_str().unwrap_or_default().to_owned()).collect()
}

/// Gives out `edit` if its text reads as the old one but for the wanted value.
fn tried(
    text: &str,
    before: &FrontMatter<'_>,
    route: &[&str],
    wanted: &Wanted<'_>,
    edit: Option<Edit>,
) -> Result<Vec<Edit>, FrontMatterEditError> {
    let span = before.block().map_or(Span::at(0), |block| block.open);
    let span = match before.root().and_then(|root| root.entry(route.first()?)) {
        Some(entry) => entry.key.span(),
        None => span,
    };
    let fault = || refuse(Kind::Unsafe(route.join(".")), span);
    let edits = vec![edit.ok_or_else(fault)?];
    let new = apply(text, &edits);
    let after = FrontMatter::parse(&new);
    let holds = after.root().is_some_and(|root| {
        let node = route.iter().try_fold(root, |node, key| node.get(key));
        match (wanted, node) {
            (Wanted::Nothing, node) => node.is_none(),
            (_, None) => false,
            (Wanted::One(value), Some(node)) => node.as_str() == Some(value),
            (Wanted::Many(items), Some(node)) => {
                node.kind() == NodeKind::Sequence && texts(node) == *items
            }
        }
    });
    let body = |text: &str, front_matter: &FrontMatter<'_>| {
        text.get(front_matter.body_start(text)..).map(str::to_owned)
    };
    let same_body = body(text, before) == body(&new, &after);
    let same_keys = same::but_for(before.root(), after.root(), route);
    if holds && same_body && same_keys { Ok(edits) } else { Err(fault()) }
}
