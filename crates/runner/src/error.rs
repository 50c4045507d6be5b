//! What keeps a step from its work.

use std::io;
use std::path::PathBuf;

use countersign_markup::shown::excerpt;

/// What keeps a step from its work.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StepError {
    /// There is no runner to speak to: whoever wrote the command meant something else.
    #[error(
        "`--step` is for the steps of a workflow, and `{variable}` is not set; leave `--step` out"
    )]
    NoRunner {
        /// The variable that a runner sets.
        variable: &'static str,
    },
    /// The command is no step of an action.
    #[error("`--step` goes with {}", .known.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", "))]
    NoStep {
        /// The commands that are.
        known: Vec<String>,
    },
    /// A variable is no text.
    #[error("the variable `{variable}` is not UTF-8")]
    NotUnicode {
        /// Its name.
        variable: String,
    },
    /// An input is missing that has no default.
    #[error("the input `{input}` is required")]
    Missing {
        /// Its name.
        input: &'static str,
    },
    /// An input has a value that it cannot have.
    #[error("the input `{input}` is `{}`; write {}", excerpt(.value), .expected)]
    Input {
        /// Its name.
        input: &'static str,
        /// What it is.
        value: String,
        /// What it may be.
        expected: String,
    },
    /// The event cannot be read.
    #[error("cannot read the event `{}`", path.display())]
    Event {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The event is none that GitHub sends.
    #[error("`{}` is no event of GitHub", path.display())]
    NoEvent {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// An output has a name that GitHub does not take, or has been given already: a fault of
    /// the program.
    #[error("`{}` cannot be the name of an output", excerpt(.0))]
    OutputName(String),
    /// An output is larger than GitHub takes.
    #[error("with the output `{name}` the outputs have {size} bytes; GitHub takes {most}")]
    OutputTooLarge {
        /// Its name.
        name: String,
        /// The size of all outputs, in bytes of UTF-16.
        size: usize,
        /// The most that fits.
        most: usize,
    },
    /// A list cannot be written as JSON.
    #[error("cannot write the output `{name}` as JSON")]
    Json {
        /// Its name.
        name: String,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// A file of the runner cannot be written to.
    #[error("cannot write to `{}`, which `{variable}` names", path.display())]
    Write {
        /// The variable.
        variable: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}
