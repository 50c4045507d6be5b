//! From a choice to an embedder.

use super::{Choice, Embedder, LoadError};

/// The model that embeds if none is named: 118 million parameters, 100 languages, Russian
/// and English among them, 384 numbers a vector.
pub const DEFAULT_MODEL: &str = "intfloat/multilingual-e5-small";

/// What happens while a model is loaded, for who waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Progress<'a> {
    /// A file is being downloaded.
    Download {
        /// Its name.
        file: &'a str,
        /// How many bytes are here.
        done: u64,
        /// How many bytes it has.
        total: u64,
    },
    /// Another program is downloading the same file.
    Waiting {
        /// Its name.
        file: &'a str,
    },
    /// All files are here and the model is being built.
    Building,
}

/// Loads the model that `choice` asks for, and has it embed one text as a trial.
///
/// A model with a name is downloaded if it is not in the cache; `progress` hears of it. A hub
/// that is silent for longer than the choice has patience ends the attempt.
///
/// # Errors
///
/// [`LoadError`], which says what there is to do.
pub fn load(
    choice: &Choice,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Box<dyn Embedder>, LoadError> {
    implementation::load(choice, progress)
}

/// The names of all models that can be had by name, in alphabetical order. None if the
/// program was built without embeddings.
pub fn known_models() -> impl Iterator<Item = &'static str> {
    implementation::known_models()
}

#[cfg(feature = "onnx")]
mod implementation {
    use super::{Choice, Embedder, LoadError, Progress};
    use crate::embed::catalogue::Known;
    use crate::embed::files::Files;
    use crate::embed::onnx::OnnxEmbedder;
    use crate::embed::{catalogue, hub, runtime};

    pub(super) fn load(
        choice: &Choice,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<Box<dyn Embedder>, LoadError> {
        let name = choice.name();
        let files = if let Some(folder) = &choice.model_dir {
            let files = Files::of_folder(&name, folder)?;
            runtime::start(choice)?;
            files
        } else {
            let known = Known::find(&name)?;
            runtime::start(choice)?;
            hub::fetch(choice, known, progress)?
        };
        progress(Progress::Building);
        Ok(Box::new(OnnxEmbedder::new(choice, &files)?))
    }

    pub(super) fn known_models() -> impl Iterator<Item = &'static str> {
        catalogue::names()
    }
}

#[cfg(not(feature = "onnx"))]
mod implementation {
    use super::{Choice, Embedder, LoadError, Progress};

    pub(super) fn load(
        _: &Choice,
        _: &mut dyn FnMut(Progress<'_>),
    ) -> Result<Box<dyn Embedder>, LoadError> {
        Err(LoadError::NotBuilt)
    }

    pub(super) fn known_models() -> impl Iterator<Item = &'static str> {
        std::iter::empty()
    }
}
