//! Which model embeds, and what happens where there is none.

use std::error::Error;
use std::fmt;
use std::path::Path;

use countersign_markup::shown::escape;
use countersign_report::causes;
use countersign_report::terminal::{Fault, say};

use super::cli::{IndexArguments, ModelArguments};
use super::progress::Downloads;
use super::root::{Repository, here};
use crate::embed::{Choice, Embedder, LoadError, Purpose, load};
use crate::index::{IndexError, Loaded, ModelSource};
use crate::store::ModelRow;

/// Who wants a model, and so what becomes of a run without it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    /// Whoever runs the program, by name: no model, no run. Only a hub that does not answer
    /// is nobody's fault.
    Outright,
    /// The configuration, which is the same on machines without any runtime.
    Configured,
    /// Nobody: it is the default, or what the index has.
    Nobody,
}

/// The model of a run, loaded when it is needed.
pub(super) struct Wanted {
    choice: Choice,
    name: Option<String>,
    asked: Asked,
}

impl Wanted {
    /// The model that `kb index` is to use; `active` is what the index has.
    pub(super) fn new(
        arguments: &IndexArguments,
        repository: &Repository,
        active: Option<&ModelRow>,
    ) -> Result<Self, Fault> {
        let config = &repository.config;
        let mut choice = Choice::from_environment();
        choice.model_dir = folder(&arguments.source, repository)?;
        // A name on the command line means that model, not the configured folder.
        if arguments.model.is_some() && arguments.source.model_dir.is_none() {
            choice.model_dir = None;
        }
        choice.model = arguments.model.clone().or_else(|| {
            arguments.source.model_dir.is_none().then(|| config.model.clone()).flatten()
        });
        let asked = match (&arguments.model, &arguments.source.model_dir) {
            (None, None) if choice.model.is_none() && choice.model_dir.is_none() => Asked::Nobody,
            (None, None) => Asked::Configured,
            _ => Asked::Outright,
        };
        if asked == Asked::Nobody {
            choice.model = active.map(|active| active.description.name.clone());
        }
        // What is in a folder may change; a name stands for one model.
        let name = choice.model_dir.is_none().then(|| choice.name());
        Ok(Self { choice, name, asked })
    }
}

impl ModelSource for Wanted {
    fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    fn load(&mut self) -> Result<Loaded, IndexError> {
        let mut downloads = Downloads::default();
        let error = match load(&self.choice, &mut |progress| downloads.tell(progress)) {
            Ok(embedder) => return Ok(Loaded::Model(embedder)),
            Err(error) => error,
        };
        let goes_on = match self.asked {
            Asked::Outright => matches!(error, LoadError::Unreachable { .. }),
            Asked::Configured => error.is_absence(),
            Asked::Nobody => error.is_absence() || matches!(error, LoadError::Unknown { .. }),
        };
        if goes_on {
            let Unusable { reason, ways_out } = Unusable::new(&error, self.asked, &self.choice);
            return Ok(Loaded::Without { reason, ways_out });
        }
        let help = error.help();
        let is_configured = self.asked == Asked::Configured;
        Err(IndexError::Model(Box::new(Unloadable::new(error, is_configured, help))))
    }
}

/// A model that cannot be had, and somebody's mistake or damage is the cause. It is shown as
/// the error that it holds.
#[derive(Debug)]
pub(super) struct Unloadable {
    error: LoadError,
    /// The ways out, one a line.
    pub(super) help: Vec<String>,
}

impl Unloadable {
    pub(super) fn new(error: LoadError, is_configured: bool, mut help: Vec<String>) -> Self {
        // The environment names the library, if anything does.
        if is_configured && !matches!(error, LoadError::Runtime { .. }) {
            help.insert(0, "countersign.yaml names it, under `kb:`".to_owned());
        }
        Self { error, help }
    }
}

impl fmt::Display for Unloadable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(formatter)
    }
}

impl Error for Unloadable {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.error.source()
    }
}

/// Why there is no model, and what to do about it.
pub(super) struct Unusable {
    /// In words.
    pub(super) reason: String,
    /// The best way first.
    pub(super) ways_out: Vec<String>,
}

impl Unusable {
    fn new(error: &LoadError, asked: Asked, choice: &Choice) -> Self {
        match error {
            // The index has it, so that there is one: in a folder that nobody named.
            LoadError::Unknown { .. } if asked == Asked::Nobody => Self {
                reason: format!("the index has the model `{}` from a folder", choice.name()),
                ways_out: vec![
                    "name the folder with `--model-dir`, or once for all as `kb: model_dir:` in \
                     countersign.yaml"
                        .to_owned(),
                ],
            },
            _ => Self { reason: causes(error).join(": "), ways_out: error.help() },
        }
    }
}

/// Why the model of the index cannot be used.
pub(super) enum Without {
    /// It is not to be had here, which is nobody's mistake: work goes on by words.
    Absent(Unusable),
    /// There is none that can be used in the folder that somebody named.
    Mistaken(Unloadable),
}

impl From<Fault> for Without {
    fn from(fault: Fault) -> Self {
        Self::Absent(Unusable { reason: fault.to_string(), ways_out: Vec::new() })
    }
}

impl From<Without> for Unusable {
    /// For who looks, and does not search.
    fn from(without: Without) -> Self {
        match without {
            Without::Absent(unusable) => unusable,
            Without::Mistaken(error) => {
                Self { reason: causes(&error).join(": "), ways_out: error.help }
            }
        }
    }
}

/// The folder that was given, from the working directory, or that the configuration names,
/// from the root.
fn folder(
    arguments: &ModelArguments,
    repository: &Repository,
) -> Result<Option<std::path::PathBuf>, Fault> {
    Ok(match (&arguments.model_dir, &repository.config.model_dir) {
        (Some(given), _) => Some(here()?.join(given)),
        (None, Some(configured)) => Some(repository.root.join(configured)),
        (None, None) => None,
    })
}

/// Loads the model that the vectors of the index are of; another one would compare what
/// cannot be compared.
///
/// # Errors
///
/// Why it cannot be had, and whether whoever named its folder has to mend that first.
pub(super) fn of_index(
    active: &ModelRow,
    arguments: &ModelArguments,
    repository: &Repository,
) -> Result<Box<dyn Embedder>, Without> {
    let wanted = &active.description;
    let mut choice = Choice::from_environment();
    choice.model = Some(wanted.name.clone());
    choice.model_dir = folder(arguments, repository)?;
    // The configured folder may be that of another model, which `kb index` is to switch to.
    let name_of =
        |folder: &Path| folder.file_name().map(|name| name.to_string_lossy().into_owned());
    if arguments.model_dir.is_none()
        && let Some(folder) = &choice.model_dir
        && repository.config.model.as_ref() != Some(&wanted.name)
        && name_of(folder).as_ref() != Some(&wanted.name)
    {
        choice.model_dir = None;
    }
    let mut downloads = Downloads::default();
    let embedder = load(&choice, &mut |progress| downloads.tell(progress)).map_err(|error| {
        if choice.model_dir.is_none() || error.is_absence() {
            return Without::Absent(Unusable::new(&error, Asked::Nobody, &choice));
        }
        let mut help = error.ways_to(Purpose::Embedding);
        help.push("or search by words alone: `--mode lexical`".to_owned());
        Without::Mistaken(Unloadable::new(error, arguments.model_dir.is_none(), help))
    })?;
    let found = embedder.model();
    if found.digest != wanted.digest {
        return Err(Without::Absent(Unusable {
            reason: format!("the index has vectors of another version of `{}`", wanted.name),
            ways_out: vec!["run `kb index` with this one to embed anew".to_owned()],
        }));
    }
    Ok(embedder)
}

/// Says on standard error that there is no model, what that means, and what to do.
pub(super) fn say_without(reason: &str, so: &str, ways_out: &[String]) {
    let mut text = format!("note: {so}: {}\n", escape(reason));
    for (at, way) in ways_out.iter().enumerate() {
        let head = if at == 0 { "  help: " } else { "        " };
        text.push_str(&format!("{head}{}\n", escape(way)));
    }
    say(&text);
}
