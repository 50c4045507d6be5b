//! Templates: what a document of each type begins as.
//!
//! A template is a document with `{{ … }}` where a value goes and `<…>` where the
//! writer has to say something; `left-over-placeholder` finds the latter until it is
//! replaced. Those of the default types are compiled in; an adopter's own, in
//! `docs/templates/`, win.

mod built_in;
mod escape;
mod find;
mod render;

use std::io;
use std::path::PathBuf;

pub use built_in::{LANGUAGES, built_in};
pub use find::{FOLDER, Template, find};
pub use render::render;

use crate::document::Date;

/// What a template is filled in with.
#[derive(Clone, Copy, Debug)]
pub struct Values<'a> {
    /// `{{ id }}`.
    pub id: &'a str,
    /// `{{ type }}`.
    pub kind: &'a str,
    /// `{{ title }}`.
    pub title: &'a str,
    /// `{{ status }}`: the first one of the lifecycle.
    pub status: &'a str,
    /// `{{ owner_role }}`: the usual owner of the type.
    pub owner_role: &'a str,
    /// `{{ today }}`.
    pub today: Date,
    /// `{{ issues }}`.
    pub issues: &'a [u64],
    /// `{{ prs }}`.
    pub pull_requests: &'a [u64],
}

/// A template that cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TemplateError {
    /// There is none.
    #[error(
        "there is no template for the type `{kind}` in the language `{language}`; write `{path}`"
    )]
    Missing {
        /// The type.
        kind: String,
        /// The language asked for.
        language: String,
        /// Where it can be put.
        path: String,
    },
    /// It is there and cannot be read.
    #[error("cannot read the template `{}`", path.display())]
    Read {
        /// From the root.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It cannot be filled in.
    #[error("{path}:{line}: {message}")]
    Syntax {
        /// From the root, or a name.
        path: String,
        /// Line, 1-based.
        line: usize,
        /// What is wrong.
        message: String,
    },
}
