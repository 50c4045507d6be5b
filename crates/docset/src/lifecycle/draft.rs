//! One document on its way to a new text.

use std::sync::Arc;

use crate::catalogue::{Catalogue, DocumentType, Status};
use crate::diagnostic::excerpt;
use crate::edit::front_matter::{Editor, FrontMatterEditError};
use crate::front_matter::FrontMatter;
use crate::nearest::nearest;
use crate::record::{Record, Records};
use crate::span::{LineIndex, Position, Span};

use super::transition::{self, StepError};

/// A document, as it is and as it will be.
#[derive(Clone, Debug)]
pub struct Draft {
    /// From the root, with `/`.
    pub path: Arc<str>,
    /// `doc_id`.
    pub id: String,
    /// The text as it is.
    pub before: String,
    /// The text as it will be.
    pub after: String,
}

/// Why a document stays as it is, and where that is to be seen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    /// The document.
    pub path: Arc<str>,
    /// The place in it.
    pub position: Position,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

/// An id that stands for no document, or for more than one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Unknown {
    /// What is wrong, and what was probably meant.
    pub message: String,
}

/// The document with the id (or at the path) `name`.
///
/// # Errors
///
/// [`Unknown`] naming the nearest id if there is none, and both paths if there are two.
pub fn find<'r>(records: &'r Records, name: &'r str) -> Result<&'r Record, Unknown> {
    let error = |message: String| Unknown { message };
    if let Some(record) = records.by_path.get(name) {
        return Ok(record);
    }
    let mut found = records.by_id(name);
    match (found.next(), found.next()) {
        (Some(record), None) => Ok(record),
        (Some(one), Some(other)) => Err(error(format!(
            "the id `{}` stands for two documents, `{}` and `{}`; name one by its path",
            excerpt(name),
            excerpt(&one.path),
            excerpt(&other.path)
        ))),
        _ => {
            let ids = records.by_path.values().map(|record| &*record.id);
            let help = match nearest(name, ids.filter(|id| !id.is_empty())) {
                Some(near) => format!("did you mean `{}`?", excerpt(near)),
                None => format!("looked at {} documents", records.by_path.len()),
            };
            Err(error(format!("there is no document `{}`; {help}", excerpt(name))))
        }
    }
}

impl Draft {
    /// The document with this text.
    #[must_use]
    pub fn new(path: Arc<str>, text: String) -> Self {
        let id = FrontMatter::parse(&text).text("doc_id").unwrap_or_default().trim().to_owned();
        Self { path, id, after: text.clone(), before: text }
    }

    /// Whether the text will be another one.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        self.before != self.after
    }

    /// Its type, and the status that it has now.
    pub(super) fn status<'c>(
        &self,
        catalogue: &'c Catalogue,
    ) -> Result<(&'c DocumentType, &'c Status), Refusal> {
        let front_matter = FrontMatter::parse(&self.after);
        let type_of = front_matter.text("type").unwrap_or_default();
        let Some(kind) = catalogue.types.get(type_of) else {
            let known = catalogue.types.keys().map(String::as_str);
            let help = match nearest(type_of, known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`docset types` lists the types".to_owned(),
            };
            let message = format!("there is no document type `{}`", excerpt(type_of));
            return Err(self.refusal_at_key("type", &message, help));
        };
        let name = front_matter.text("status").unwrap_or_default();
        match transition::known(kind, name) {
            Ok(status) => Ok((kind, status)),
            Err(error) => Err(self.illegal(&error)),
        }
    }

    /// Sets the keys.
    pub(super) fn set(&mut self, values: &[(&[&str], &str)]) -> Result<(), Refusal> {
        let mut editor = Editor::new(self.after.as_str());
        for (route, value) in values {
            if let Err(error) = editor.set(route, value) {
                return Err(self.uneditable(editor.text(), &error));
            }
        }
        self.after = editor.into_text();
        Ok(())
    }

    /// Adds to the list of a key.
    pub(super) fn add(&mut self, key: &str, item: &str) -> Result<(), Refusal> {
        let mut editor = Editor::new(self.after.as_str());
        if let Err(error) = editor.add(key, item) {
            return Err(self.uneditable(editor.text(), &error));
        }
        self.after = editor.into_text();
        Ok(())
    }

    /// Removes the keys, as far as they are there.
    pub(super) fn remove(&mut self, routes: &[&[&str]]) -> Result<(), Refusal> {
        let mut editor = Editor::new(self.after.as_str());
        for route in routes {
            if let Err(error) = editor.remove(route) {
                return Err(self.uneditable(editor.text(), &error));
            }
        }
        self.after = editor.into_text();
        Ok(())
    }

    fn uneditable(&self, text: &str, error: &FrontMatterEditError) -> Refusal {
        let help = "write front matter as one key per line, each once and without aliases";
        self.refusal(text, error.span, &error.to_string(), help.to_owned())
    }

    /// That a step is illegal, shown at the status.
    pub(super) fn illegal(&self, error: &StepError) -> Refusal {
        self.refusal_at_key("status", &error.to_string(), error.help())
    }

    /// A refusal shown at the value of a top-level key, or at the first line.
    pub(super) fn refusal_at_key(&self, key: &str, message: &str, help: String) -> Refusal {
        let front_matter = FrontMatter::parse(&self.before);
        let span = front_matter.get(key).map_or(Span::at(0), |node| node.span());
        self.refusal(&self.before, span, message, help)
    }

    fn refusal(&self, text: &str, span: Span, message: &str, help: String) -> Refusal {
        let position = LineIndex::new(text).position(text, span.start);
        let name = if self.id.is_empty() { String::new() } else { format!("{}: ", self.id) };
        let message = format!("{}{message}", excerpt(&name));
        Refusal { path: Arc::clone(&self.path), position, message, help }
    }
}
