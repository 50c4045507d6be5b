//! The process of a governed repository as data: who does what, when, with what, and who
//! must say yes.
//!
//! [`Process`] is the definition with every name resolved. The default is compiled in
//! (`process.yaml`); `process:` of `countersign.yaml` changes it: mappings are merged key
//! by key, as deep as they go; a list or a single value replaces the one it stands for;
//! `~` takes an entry away.
//!
//! ```
//! use countersign_process::Process;
//!
//! let process = Process::parse("countersign.yaml", "process:\n  owners: [octavia]\n")?;
//! assert_eq!(process.stages_of("quick-fix")?[1], "plan");
//! assert_eq!(process.stages["plan"].produces.required, ["delivery-plan", "definition-of-done", "roadmap"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! This crate says what the process *is*. It decides nothing, knows no document types, and
//! opens no file but `countersign.yaml`.

mod access;
mod audit;
mod config;
mod defect;
mod load;
mod operation;
mod owner;
mod place;
mod profile;
mod role;
mod rule;
mod stage;
mod time;

use std::collections::BTreeMap;

pub use access::{Access, Database, Metrics, Read, RunMode, Secrets, Write};
pub use audit::{AuditRule, Severity};
pub use config::{
    AuditConfig, Entries, NeedsConfig, OneOrMany, OperationConfig, ProcessConfig, ProducesConfig,
    ReviseConfig, RoleConfig, RuleConfig, StageConfig, StartConfig, TitleConfig,
};
pub use load::{DEFAULT, DEFAULT_PATH};
pub use operation::{Effect, Operation};
pub use owner::{Account, Delegation, DelegationConfig};
pub use place::Place;
pub use profile::UnknownName;
pub use role::Role;
pub use rule::{
    Approval, ApprovalConfig, Condition, DecideConfig, Given, Plain, Range, Rule, Ruling, Value,
    Who,
};
use serde::Serialize;
pub use stage::{Needs, Produces, Product, Quantity, Stage, Step, Trigger};
pub use time::{Instant, TimeError};

/// The JSON Schema (draft 7) of the section `process:`, derived from its types.
#[cfg(feature = "schema")]
#[must_use]
pub fn section_schema() -> serde_json::Value {
    let settings = schemars::generate::SchemaSettings::draft07();
    settings.into_generator().into_root_schema_for::<ProcessConfig>().to_value()
}

/// A text in the languages of the project.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Title {
    /// English.
    pub en: String,
    /// Russian.
    pub ru: String,
}

/// The process of one repository, every name resolved and every default filled in.
///
/// What is serialised is canonical: the same definition gives the same bytes, wherever
/// and in whatever order it was written.
#[derive(Clone, Debug, Serialize)]
pub struct Process {
    /// Who the product belongs to. Empty until somebody is named.
    pub owners: Vec<Account>,
    /// What owners have handed to others.
    pub delegations: Vec<Delegation>,
    /// Globs of files, by the name that stages use.
    pub paths: BTreeMap<String, Vec<String>>,
    /// What stages need and give besides documents.
    pub things: BTreeMap<String, Title>,
    /// Roles by name.
    pub roles: BTreeMap<String, Role>,
    /// Stages by name; [`Process::in_order`] has them in their order.
    pub stages: BTreeMap<String, Stage>,
    /// The profile of an issue that says nothing else.
    pub default_profile: String,
    /// The stages of each profile, in order.
    pub profiles: BTreeMap<String, Vec<String>>,
    /// What can be asked for, by name.
    pub operations: BTreeMap<String, Operation>,
    /// Rules by id.
    pub rules: BTreeMap<String, Rule>,
    /// What audits look for, by id.
    pub audit: BTreeMap<String, AuditRule>,
    /// Where profiles are written.
    #[serde(skip)]
    pub(crate) profile_places: BTreeMap<String, Place>,
}
