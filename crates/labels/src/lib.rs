//! The labels of a governed repository: one catalogue, variables, sync without loss.
//!
//! On GitHub a label can start an agent, hold a piece of work up or say which model is used.
//! This crate knows every such label: what it means, who may set it, what it starts, what its
//! colour is, and which repository variable holds its name, so that no workflow spells a label
//! out.
//!
//! ```
//! use countersign_labels::{Catalogue, Class};
//!
//! let catalogue = Catalogue::default();
//! let found = catalogue.classify("run:intake:revise");
//! assert_eq!(found.class, Some(Class::Trigger));
//! assert!(found.revise);
//! let label = found.label.ok_or("not in the catalogue")?;
//! assert_eq!(label.variable, "RUN_INTAKE_REVISE_LABEL");
//! # Ok::<(), &str>(())
//! ```
//!
//! * [`catalogue`] is the data: the default, and what `labels:` of `countersign.yaml` changes.
//! * [`classify`] says what a name found on an issue means.
//! * [`page`] documents all labels in Markdown.
//! * [`plan`] says what must change on GitHub, in which order.
//! * [`drift`] compares the variables on GitHub with the catalogue.
//! * [`guard`] decides from an [`event`] whether a label may stay.
//! * [`lint`] finds labels in workflows: spelt out, misspelt, not listened to.
//! * [`color`] draws a label as GitHub does and measures whether it can be read.
//!
//! All of it is made of pure functions; only `sync` (feature `cli`) speaks to GitHub. Names of labels come from strangers: they are bounded
//! and escaped where they are shown.
//!
//! # Features
//!
//! * `cli` (default): the `labels` program, and with it the network.
//! * `schema`: derives the JSON Schema of the section `labels:` from its types.

pub mod catalogue;
pub mod classify;
pub mod color;
#[cfg(feature = "cli")]
pub mod command;
pub mod config;
pub mod drift;
pub mod event;
pub mod guard;
pub mod lint;
pub mod name;
pub mod page;
pub mod plan;
#[cfg(feature = "cli")]
pub mod sync;
pub mod variable;

pub use catalogue::{Catalogue, Class, Label, Language};
pub use classify::Classification;
pub use config::LabelsConfig;
