//! Docset files: what belongs to one issue or pull request, how far it has come, and
//! what is missing.
//!
//! A docset file is generated from the front matter of the documents and kept next to
//! them, `docs/_docset/issues/issue-12.yaml`. Profile, stage and address are said once
//! and kept; `notes`, comments and keys of other people stay as they are.

mod contents;
mod merge;
mod page;
mod process;
mod read;
mod renew;
mod required;

pub use contents::{Changed, Identity, Sources, issues_of};
pub use process::{DEFAULT_PROFILE, Process};
pub use read::{Docset, Listed};
pub use renew::{Order, Present, RenewError, Renewed, path_of, renew};
pub use required::{Required, State, required, state};

/// The folder of docset files of issues.
pub const ISSUES: &str = "docs/_docset/issues";
/// The folder of docset files of pull requests.
pub const PULL_REQUESTS: &str = "docs/_docset/prs";

/// Where the docset file of an issue stands.
#[must_use]
pub fn issue_path(number: u64) -> String {
    format!("{ISSUES}/issue-{number}.yaml")
}

/// Where the docset file of a pull request stands.
#[must_use]
pub fn pr_path(number: u64) -> String {
    format!("{PULL_REQUESTS}/pr-{number}.yaml")
}

/// A docset that cannot be read or brought up to date.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DocsetError {
    /// The file is no YAML that can be edited.
    #[error("line {line}: {message}")]
    Malformed {
        /// Counted from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// The file is about something else than its name says.
    #[error("it is the docset of {found}, not of {wanted}")]
    OtherSubject {
        /// What the file says.
        found: String,
        /// What was asked for.
        wanted: String,
    },
    /// The file was written by a later version.
    #[error("it has version `{0}`; this program knows version 1")]
    UnknownVersion(String),
    /// The process cannot be used for it.
    #[error("{0}")]
    Process(String),
    /// There is no such profile.
    #[error("there is no profile `{name}`; {help}")]
    UnknownProfile {
        /// The name.
        name: String,
        /// What to do.
        help: String,
    },
    /// The issue has not come as far as a stage that it is to go back to.
    #[error("issue {issue} is in the stage `{present}`, and `{wanted}` comes after it")]
    NotReached {
        /// The issue.
        issue: u64,
        /// The stage that it is in.
        present: String,
        /// The stage that was asked for.
        wanted: String,
        /// The stages that it can go back to.
        legal: Vec<String>,
    },
    /// The profile has no such stage.
    #[error("the profile `{profile}` has no stage `{name}`; {help}")]
    UnknownStage {
        /// The name.
        name: String,
        /// The profile.
        profile: String,
        /// What to do.
        help: String,
    },
}
