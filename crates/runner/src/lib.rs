//! A program as a step of a workflow: what the runner of GitHub Actions tells it, and what
//! it says to the runner.
//!
//! * [`arguments`] turns the inputs of an action, which come as variables, into arguments
//!   of the program, by a table that stands beside its commands. An empty input is not given.
//! * [`Step`] collects outputs and a summary, and writes them to the runner's files when
//!   the work is done. It thins out annotations, of which GitHub shows ten of each kind.
//! * [`Event`] is what the event of the workflow says about numbers and revisions.
//!
//! A program that has the global option `--step` needs two things: the table, and a
//! [`Step`] in the commands that have something to put out. With the feature `cli`, `Program`
//! is the `main` of such a program, and what its commands have in common with those of others is
//! here to be flattened into them; without it, this crate knows nothing of clap.
//!
//! Formats: <https://docs.github.com/actions/reference/workflow-commands-for-github-actions>.

mod annotation;
mod contract;
mod error;
mod event;
mod input;
mod mask;
mod output;
#[cfg(feature = "cli")]
mod program;
mod step;
mod summary;
mod variables;

pub use annotation::{Annotations, MOST_ANNOTATIONS};
pub use error::StepError;
pub use event::{Event, LARGEST_EVENT};
pub use input::{Command, Input, Takes, Usual, arguments, is_step};
pub use mask::mask;
pub use output::{LARGEST_OUTPUTS, Outputs};
#[cfg(feature = "cli")]
pub use program::{
    CompletionsArguments, OutputFormat, PrintArguments, Program, ProgramArguments, RootArguments,
    named_root, repository_root,
};
pub use step::{Step, fault};
pub use summary::{LARGEST_SUMMARY, Sign, Summary};
pub use variables::Variables;
