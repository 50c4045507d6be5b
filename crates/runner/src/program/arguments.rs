//! Arguments that programs and their commands have in common: each is written here once, with
//! its help and its default, and flattened into the commands that take it.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use countersign_config::find_root;
use countersign_report::terminal::{Color, Fault};

/// What every program takes.
#[derive(Clone, Copy, Debug, Args)]
pub struct ProgramArguments {
    /// When to use colours; `auto` respects NO_COLOR and CLICOLOR_FORCE
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub color: Color,

    /// Run as a step of a workflow: inputs come as INPUT_*, results go to the runner as
    /// annotations, outputs and a summary
    #[arg(long, global = true)]
    pub step: bool,
}

/// What every command takes that works on a repository.
#[derive(Clone, Debug, Args)]
pub struct RootArguments {
    /// Root of the repository. Default: the nearest folder upwards that holds
    /// countersign.yaml or .git
    #[arg(long, value_name = "DIR")]
    pub root: Option<PathBuf>,
}

impl RootArguments {
    /// The root that these mean, as [`repository_root`] tells it.
    ///
    /// # Errors
    ///
    /// As for [`repository_root`].
    pub fn find(&self) -> Result<PathBuf, Fault> {
        repository_root(self.root.as_deref())
    }
}

/// The root that was named, or the nearest one upwards of the working directory; the working
/// directory itself where there is none: the defaults hold everywhere.
///
/// # Errors
///
/// If what was named is no folder, or the working directory is gone.
pub fn repository_root(named: Option<&Path>) -> Result<PathBuf, Fault> {
    if let Some(named) = named {
        return named_root(named).map(Path::to_owned);
    }
    let here =
        std::env::current_dir().map_err(|error| format!("cannot tell where this is: {error}"))?;
    Ok(find_root(&here).unwrap_or(here))
}

/// The root that was named, if it can be one.
///
/// # Errors
///
/// If it is no folder.
pub fn named_root(named: &Path) -> Result<&Path, Fault> {
    match named.is_dir() {
        true => Ok(named),
        false => {
            let shown = named.display();
            Err(format!("`{shown}` is no folder; name the root of a repository").into())
        }
    }
}

/// What every command takes that prints a result; `F` are the ways it knows, with `human` among
/// them.
#[derive(Clone, Copy, Debug, Args)]
pub struct PrintArguments<F: ValueEnum + Clone + Send + Sync + 'static> {
    /// How to print the result
    #[arg(long, value_enum, default_value = "human", value_name = "FORMAT")]
    pub format: F,
}

/// The ways to print a result that most commands know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OutputFormat {
    /// Text, for people
    Human,
    /// JSON, for programs
    Json,
}
