//! Checks Markdown documents with typed front matter: ids, lifecycle, approvals,
//! links, structure.
//!
//! A repository keeps its briefs, requirements, decisions and runbooks as Markdown
//! files. Each begins with a YAML block that says what it is, how far it has come
//! and who approved it. This crate reads such trees and says what is wrong with
//! them, with the precision of a compiler: what, where, and what to do.
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! # let root = folder.path();
//! # countersign_docset::edit::write_atomically(&root.join("docs/a.md"), b"# No front matter\n")?;
//! use countersign_docset::{Checker, Request};
//!
//! let checker = Checker::open(root)?; // reads countersign.yaml, if there is one
//! let report = checker.check(&Request::default())?;
//! for found in &report.diagnostics {
//!     println!("{}: {}[{}] {}", found.path, found.severity, found.rule, found.message);
//! }
//! assert_eq!(report.diagnostics[0].rule, "missing-front-matter");
//! # Ok(())
//! # }
//! ```
//!
//! Below that, each step can be used alone: [`front_matter`] and [`yaml`] give
//! spans for every key and value, [`markdown`] the headings, links and code of a
//! body, [`document`] both at once, [`catalogue`] the document types, [`edit`] fixes
//! that leave every other byte as it was, [`output`] the findings for people and
//! programs. With the feature `lifecycle`, `template` and `new` are the way back, from
//! a type and a title to a document, `init` prepares a repository, `github` its side on GitHub, `record` is what each
//! document says of itself, `lifecycle` holds the steps from draft to approved and
//! beyond, `view` and `docset` the pages and files made of all records.
//!
//! The crate does no network input or output. It runs `git` only when a
//! [`Request`] asks what changed since a revision, and for the ids on other branches
//! (`new::ids_on_branches`). All text of documents is taken for hostile: sizes are
//! bounded, and what is shown is escaped.
//!
//! # Features
//!
//! * `cli` (default): the `docset` program and [`output::Format::Human`].
//! * `lifecycle` (default): the life of a document, from templates over approvals to
//!   indexes and maps.
//! * `schema`: derives the JSON Schema of the configuration from its types.

pub mod adopt;
pub mod baseline;
pub mod catalogue;
mod check;
#[cfg(feature = "cli")]
pub mod command;
pub mod config;
#[cfg(feature = "lifecycle")]
pub mod docset;
pub mod document;
pub mod edit;
mod generated;
#[cfg(feature = "lifecycle")]
pub mod github;
#[cfg(feature = "lifecycle")]
pub mod init;
#[cfg(feature = "lifecycle")]
pub mod lifecycle;
#[cfg(feature = "lifecycle")]
pub mod new;
#[cfg(feature = "lifecycle")]
pub mod record;
pub mod rule;
mod settings;
#[cfg(feature = "lifecycle")]
pub mod template;
pub mod tree;
#[cfg(feature = "lifecycle")]
pub mod view;

/// Findings as data.
pub mod diagnostic {
    pub use countersign_markup::shown::escape;
    pub(crate) use countersign_markup::shown::{excerpt, is_unprintable};
    pub(crate) use countersign_report::Finding;
    pub use countersign_report::{Applicability, Diagnostic, Fix, Related, Severity, sort};
}

/// Findings for readers: people, editors, GitHub, code scanning.
pub mod output {
    #[cfg(any(feature = "cli", feature = "lifecycle"))]
    pub(crate) use countersign_report::count;
    pub use countersign_report::{Format, Output, RuleDescriptor, Styling, Summary, Tool};
}

pub(crate) use countersign_markup::nearest;
pub use countersign_markup::{front_matter, markdown, span, yaml};

pub use check::{CheckError, Checker, Report, Request};
