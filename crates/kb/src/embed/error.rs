//! Why there is no model to embed or to rerank with.

use std::io;
use std::path::{Path, PathBuf};

use super::Purpose;

/// Why a model cannot be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The program was built without the feature `embed`.
    #[error("this program was built without models")]
    NotBuilt,
    /// No library of ONNX Runtime was found, or none of those found can be used.
    #[error("ONNX Runtime was not found{}", tried_in_words(tried))]
    NoRuntime {
        /// What was found and why it is of no use.
        tried: Vec<(PathBuf, String)>,
    },
    /// The library that `ORT_DYLIB_PATH` names cannot be used.
    #[error("`{}` cannot be used as ONNX Runtime: {reason}", path.display())]
    Runtime {
        /// The library.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// No model of this name is known.
    #[error("there is no {} `{name}`{}", kind(*purpose), nearest.as_ref().map(|nearest| format!("; did you mean `{nearest}`?")).unwrap_or_default())]
    Unknown {
        /// What the model was to be for.
        purpose: Purpose,
        /// The name, fit to be shown.
        name: String,
        /// The nearest known name.
        nearest: Option<String>,
    },
    /// The model was never downloaded, and nothing may be downloaded.
    #[error("the model `{model}` is not in `{}`, and downloads are switched off", cache.display())]
    NoModel {
        /// The model.
        model: String,
        /// Where it was looked for.
        cache: PathBuf,
    },
    /// The folder lacks a file that every model has.
    #[error("`{}` holds no model: there is no {file} in it", folder.display())]
    NoFile {
        /// The folder.
        folder: PathBuf,
        /// The file that is looked for.
        file: &'static str,
    },
    /// The hub does not answer, or not in time.
    #[error("cannot download the model `{model}` from {endpoint}: {reason}")]
    Unreachable {
        /// The model.
        model: String,
        /// The address of the hub.
        endpoint: String,
        /// What happened.
        reason: String,
    },
    /// The hub answers, but does not give the model.
    #[error("{endpoint} does not give `{file}` of the model `{model}`: {reason}")]
    Refused {
        /// The model.
        model: String,
        /// The address of the hub.
        endpoint: String,
        /// The file that was asked for.
        file: String,
        /// What the hub said.
        reason: String,
    },
    /// A file of the model is not what it should be.
    #[error("`{}` cannot be used: {reason}", path.display())]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The system cannot read or write a file.
    #[error("cannot use `{}`", path.display())]
    Disk {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

impl LoadError {
    /// Whether there just is no model or runtime on this machine, and nobody asked for what
    /// is not there: work can go on without it. All other errors are somebody's
    /// mistake, or damage, which must not go unnoticed.
    #[must_use]
    pub const fn is_absence(&self) -> bool {
        matches!(
            self,
            Self::NotBuilt
                | Self::NoRuntime { .. }
                | Self::NoModel { .. }
                | Self::Unreachable { .. }
        )
    }

    /// The ways out for who wants to embed, one a line, the best one first.
    #[must_use]
    pub fn help(&self) -> Vec<String> {
        self.help_for(Purpose::Embedding)
    }

    /// The ways out for who wants a model for this, one a line, the best one first.
    #[must_use]
    pub fn help_for(&self, purpose: Purpose) -> Vec<String> {
        let without = match purpose {
            Purpose::Embedding => "or go on without vectors: `--no-embeddings`",
            Purpose::Reranking => "or leave the hits in their order: `--no-rerank`",
        };
        let mut ways = self.ways_to(purpose);
        ways.push(without.to_owned());
        ways
    }

    /// The ways to a model for this, one a line, the best one first.
    pub(crate) fn ways_to(&self, purpose: Purpose) -> Vec<String> {
        let option = match purpose {
            Purpose::Embedding => "--model-dir",
            Purpose::Reranking => "--rerank-dir",
        };
        let runtime = "install ONNX Runtime 1.24 or later (`pip install onnxruntime` will do), or \
                       set ORT_DYLIB_PATH to its library"
            .to_owned();
        let folder = format!("give a folder with a model in the ONNX format by `{option}`");
        match self {
            Self::NotBuilt => vec!["build it with the feature `embed`".to_owned()],
            Self::NoRuntime { .. } | Self::Runtime { .. } => vec![runtime],
            Self::Unknown { .. } => {
                let names: Vec<&str> = match purpose {
                    Purpose::Embedding => super::known_models().collect(),
                    Purpose::Reranking => super::known_rerankers().collect(),
                };
                let kind = kind(purpose);
                vec![format!("the {kind}s that have names are {}", names.join(", ")), folder]
            }
            Self::NoModel { .. } => {
                vec!["unset HF_HUB_OFFLINE to have the model downloaded".to_owned(), folder]
            }
            Self::NoFile { .. } => vec![
                "a model is `model.onnx` (or `onnx/model.onnx`) and `tokenizer.json`, with \
                 `config.json` and `tokenizer_config.json` if there are any"
                    .to_owned(),
            ],
            Self::Unreachable { .. } => {
                vec!["try again, or set HF_ENDPOINT to a mirror".to_owned(), folder]
            }
            Self::Refused { .. } => {
                vec!["set HF_TOKEN if the model asks for one".to_owned(), folder]
            }
            Self::Corrupt { path, .. } if is_downloaded(path) => vec![format!(
                "remove the file to have it downloaded again, or give another folder by `{option}`"
            )],
            Self::Corrupt { .. } => vec![format!(
                "export the model anew, copy it again, or give another folder by `{option}`"
            )],
            Self::Disk { .. } => vec![folder],
        }
    }
}

/// What a model is called by what it is for.
const fn kind(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Embedding => "model",
        Purpose::Reranking => "reranker",
    }
}

/// Whether a file is in the cache of Hugging Face, which keeps every model in a folder of its own
/// (<https://huggingface.co/docs/huggingface_hub/guides/manage-cache>).
fn is_downloaded(path: &Path) -> bool {
    path.iter().any(|part| part.to_str().is_some_and(|part| part.starts_with("models--")))
}

fn tried_in_words(tried: &[(PathBuf, String)]) -> String {
    let mut words = String::new();
    for (path, reason) in tried {
        let before = if words.is_empty() { ": " } else { "; " };
        words.push_str(&format!("{before}`{}` cannot be used: {reason}", path.display()));
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_downloaded_is_downloaded_again() {
        let help = |path: &str| {
            LoadError::Corrupt { path: path.into(), reason: String::new() }.help().join("\n")
        };
        let cached = help("cache/hub/models--intfloat--multilingual-e5-small/blobs/0a1b");
        assert!(cached.contains("to have it downloaded again"), "{cached}");
        let own = help("models/ours/model.onnx");
        assert!(!own.contains("download") && own.contains("export the model anew"), "{own}");
    }
}
