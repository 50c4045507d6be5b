//! From a choice to an embedder, or to a reranker.

use super::{Choice, Embedder, LoadError, Reranker};

/// The model that embeds if none is named: 118 million parameters, 100 languages, Russian
/// and English among them, 384 numbers a vector.
pub const DEFAULT_MODEL: &str = "intfloat/multilingual-e5-small";

/// The model that reranks if none is named: 568 million parameters (2.3 GB), made from a model
/// of 100 languages, Russian and English among them.
///
/// BAAI's `bge-reranker-v2-m3` under the Apache License 2.0, in the ONNX format. fastembed
/// knows one other multilingual reranker, `jinaai/jina-reranker-v2-base-multilingual`, which is
/// half as large and may not be used commercially (CC BY-NC 4.0); who may, names it.
/// The others were made for English, and English and Chinese.
pub const DEFAULT_RERANKER: &str = "rozgo/bge-reranker-v2-m3";

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

/// Loads the reranker that `choice` asks for, and has it score two passages as a trial; the
/// same places, limits and errors as for [`load`].
///
/// # Errors
///
/// [`LoadError`], which says what there is to do.
pub fn load_reranker(
    choice: &Choice,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Box<dyn Reranker>, LoadError> {
    implementation::load_reranker(choice, progress)
}

/// The names of all models that can be had by name, in alphabetical order. None if the
/// program was built without models.
pub fn known_models() -> impl Iterator<Item = &'static str> {
    implementation::known_models()
}

/// The names of all rerankers that can be had by name, in alphabetical order. None if the
/// program was built without models.
pub fn known_rerankers() -> impl Iterator<Item = &'static str> {
    implementation::known_rerankers()
}

#[cfg(feature = "onnx")]
mod implementation {
    use super::{Choice, Embedder, LoadError, Progress, Reranker};
    use crate::embed::Purpose;
    use crate::embed::bi_encoder::BiEncoder;
    use crate::embed::conventions::Conventions;
    use crate::embed::cross_encoder::CrossEncoder;
    use crate::embed::files::Files;
    use crate::embed::{catalogue, hub, runtime};

    pub(super) fn load(
        choice: &Choice,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<Box<dyn Embedder>, LoadError> {
        let name = choice.name();
        let (files, conventions) = if let Some(folder) = &choice.model_dir {
            let files = Files::of_folder(&name, folder)?;
            let conventions = Conventions::of_folder(&name, folder)?;
            runtime::start(choice)?;
            (files, conventions)
        } else {
            let known = catalogue::embedders().find(&name)?;
            runtime::start(choice)?;
            let files = hub::fetch(choice, &known.published, progress)?;
            let mut conventions = Conventions::of_name(&known.published.repository);
            conventions.pooling = known.pooling();
            conventions.output.clone_from(&known.info.output_key);
            (files, conventions)
        };
        progress(Progress::Building);
        Ok(Box::new(BiEncoder::new(choice, files, conventions)?))
    }

    pub(super) fn load_reranker(
        choice: &Choice,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<Box<dyn Reranker>, LoadError> {
        let name = choice.name_for(Purpose::Reranking);
        let files = if let Some(folder) = &choice.model_dir {
            let files = Files::of_folder(&name, folder)?;
            runtime::start(choice)?;
            files
        } else {
            let known = catalogue::rerankers().find(&name)?;
            runtime::start(choice)?;
            hub::fetch(choice, &known.published, progress)?
        };
        progress(Progress::Building);
        Ok(Box::new(CrossEncoder::new(choice, files)?))
    }

    pub(super) fn known_models() -> impl Iterator<Item = &'static str> {
        catalogue::embedders().names()
    }

    pub(super) fn known_rerankers() -> impl Iterator<Item = &'static str> {
        catalogue::rerankers().names()
    }
}

#[cfg(not(feature = "onnx"))]
mod implementation {
    use super::{Choice, Embedder, LoadError, Progress, Reranker};

    pub(super) fn load(
        _: &Choice,
        _: &mut dyn FnMut(Progress<'_>),
    ) -> Result<Box<dyn Embedder>, LoadError> {
        Err(LoadError::NotBuilt)
    }

    pub(super) fn load_reranker(
        _: &Choice,
        _: &mut dyn FnMut(Progress<'_>),
    ) -> Result<Box<dyn Reranker>, LoadError> {
        Err(LoadError::NotBuilt)
    }

    pub(super) fn known_models() -> impl Iterator<Item = &'static str> {
        std::iter::empty()
    }

    pub(super) fn known_rerankers() -> impl Iterator<Item = &'static str> {
        std::iter::empty()
    }
}
