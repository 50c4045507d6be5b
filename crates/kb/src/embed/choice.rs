//! Which model is wanted, and where it may come from.

use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;

use super::LoadError;
#[cfg(feature = "onnx")]
use super::{catalogue, files::Files, hub, runtime};

/// What a model is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Turning texts into vectors.
    Embedding,
    /// Telling how well passages answer a query.
    Reranking,
}

/// Which model embeds or reranks, and where it and its runtime are looked for.
///
/// ```
/// use countersign_kb::embed::Choice;
///
/// let choice = Choice { offline: true, ..Choice::from_environment() };
/// assert_eq!(choice.name(), "intfloat/multilingual-e5-small");
/// ```
#[derive(Clone, Debug)]
pub struct Choice {
    /// The name of a model of [`known_models`](super::known_models) or of
    /// [`known_rerankers`](super::known_rerankers); with a [folder](Self::model_dir), the name
    /// that it gets. Default: the name of the folder, or [`DEFAULT_MODEL`](super::DEFAULT_MODEL)
    /// and [`DEFAULT_RERANKER`](super::DEFAULT_RERANKER).
    pub model: Option<String>,
    /// A folder with a model: nothing is downloaded.
    pub model_dir: Option<PathBuf>,
    /// Where downloaded models are kept, in the layout of Hugging Face, so that programs
    /// share them. From `HF_HUB_CACHE`, `HF_HOME`, else `~/.cache/huggingface/hub`.
    pub cache: PathBuf,
    /// Whether to take models from the cache only. From `HF_HUB_OFFLINE`.
    pub offline: bool,
    /// The address of the hub. From `HF_ENDPOINT`, else <https://huggingface.co>.
    pub endpoint: String,
    /// How long the hub may take to say how large a file is, and to send more of it.
    /// Default: 15 seconds.
    pub patience: Duration,
    /// What the hub asks for before it gives some models. From `HF_TOKEN`; without it, the
    /// file `token` beside the cache, where `hf auth login` puts it.
    pub token: Option<SecretString>,
    /// The library of ONNX Runtime, a file. From `ORT_DYLIB_PATH`; without it, the usual
    /// places are searched.
    pub runtime: Option<PathBuf>,
    /// How many threads compute. Default: as many as there are processors. Once there are
    /// many texts, copies of the model share the threads, as long as the weights of all have at
    /// most 1 GiB.
    pub threads: Option<NonZeroUsize>,
    /// How many tokens are computed at once, by all copies together and counted with padding.
    /// Default: 1024. More is slower on a processor, whose caches it does not fit in, and takes
    /// more memory.
    pub batch_tokens: NonZeroUsize,
}

impl Choice {
    /// The default model, and what the environment says of where things are.
    #[must_use]
    pub fn from_environment() -> Self {
        Self::from_variables(|name| std::env::var_os(name))
    }

    /// The default model, and what these variables say of where things are. An empty
    /// variable counts as none.
    #[must_use]
    pub fn from_variables(variable: impl Fn(&str) -> Option<OsString>) -> Self {
        let value = |name: &str| variable(name).filter(|value| !value.is_empty());
        let text = |name: &str| value(name).and_then(|value| value.into_string().ok());
        let path = |name: &str| value(name).map(PathBuf::from);
        // As in <https://huggingface.co/docs/huggingface_hub/package_reference/environment_variables>.
        let yes = ["1", "on", "yes", "true"];
        let cache = path("HF_HUB_CACHE").unwrap_or_else(|| {
            let home = path("HF_HOME").or_else(|| {
                let caches = path("XDG_CACHE_HOME").or_else(|| {
                    let home = path("HOME").or_else(|| path("USERPROFILE"));
                    Some(home?.join(".cache"))
                });
                Some(caches?.join("huggingface"))
            });
            home.unwrap_or_else(|| PathBuf::from(".countersign")).join("hub")
        });
        Self {
            model: None,
            model_dir: None,
            cache,
            offline: text("HF_HUB_OFFLINE")
                .is_some_and(|value| yes.contains(&value.to_lowercase().as_str())),
            endpoint: text("HF_ENDPOINT").map_or_else(
                || "https://huggingface.co".to_owned(),
                |endpoint| endpoint.trim_end_matches('/').to_owned(),
            ),
            patience: Duration::from_secs(15),
            token: text("HF_TOKEN").map(|token| SecretString::from(token.trim())),
            runtime: path("ORT_DYLIB_PATH"),
            threads: None,
            batch_tokens: Self::BATCH_TOKENS,
        }
    }

    const BATCH_TOKENS: NonZeroUsize = NonZeroUsize::new(1024).unwrap();

    /// How many threads are to compute.
    #[cfg(feature = "onnx")]
    pub(super) fn threads(&self) -> NonZeroUsize {
        self.threads
            .or_else(|| std::thread::available_parallelism().ok())
            .unwrap_or(NonZeroUsize::MIN)
    }

    /// What the model that embeds is called.
    #[must_use]
    pub fn name(&self) -> String {
        self.name_for(Purpose::Embedding)
    }

    /// What the model for this purpose is called.
    #[must_use]
    pub fn name_for(&self, purpose: Purpose) -> String {
        let of_folder = || {
            let folder = self.model_dir.as_ref()?;
            // `.` and `..` have a name only when they are looked up.
            let named = folder.canonicalize().unwrap_or_else(|_| folder.clone());
            Some(named.file_name()?.to_string_lossy().into_owned())
        };
        let default = match purpose {
            Purpose::Embedding => super::DEFAULT_MODEL,
            Purpose::Reranking => super::DEFAULT_RERANKER,
        };
        self.model.clone().or_else(of_folder).unwrap_or_else(|| default.to_owned())
    }

    /// Whether the model for this purpose is on this machine, and a runtime; `false` if
    /// loading it would download files first. Nothing is downloaded, and no model is loaded.
    ///
    /// # Errors
    ///
    /// [`LoadError`], as loading would end with it, as far as that can be told by the names
    /// and sizes of files.
    #[cfg(feature = "onnx")]
    pub fn is_here(&self, purpose: Purpose) -> Result<bool, LoadError> {
        let name = self.name_for(purpose);
        if let Some(folder) = &self.model_dir {
            Files::of_folder(&name, folder)?.check()?;
            runtime::start(self)?;
            return Ok(true);
        }
        let published = match purpose {
            Purpose::Embedding => &catalogue::embedders().find(&name)?.published,
            Purpose::Reranking => &catalogue::rerankers().find(&name)?.published,
        };
        runtime::start(self)?;
        hub::is_here(self, published)
    }

    /// That no model can be used.
    ///
    /// # Errors
    ///
    /// [`LoadError::NotBuilt`].
    #[cfg(not(feature = "onnx"))]
    pub const fn is_here(&self, _: Purpose) -> Result<bool, LoadError> {
        Err(LoadError::NotBuilt)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(variables: &[(&str, &str)]) -> Choice {
        Choice::from_variables(|name| {
            let (_, value) = variables.iter().find(|(known, _)| *known == name)?;
            Some(value.into())
        })
    }

    #[test]
    fn models_are_cached_where_other_programs_look_for_them() {
        let cache = |variables: &[(&str, &str)]| choice(variables).cache;
        let home = ("HOME", "/home/olga");
        assert_eq!(cache(&[home]), PathBuf::from("/home/olga/.cache/huggingface/hub"));
        assert_eq!(cache(&[home, ("XDG_CACHE_HOME", "/c")]), PathBuf::from("/c/huggingface/hub"));
        assert_eq!(cache(&[home, ("HF_HOME", "/hf")]), PathBuf::from("/hf/hub"));
        assert_eq!(cache(&[("HF_HOME", "/hf"), ("HF_HUB_CACHE", "/x")]), PathBuf::from("/x"));
        assert_eq!(cache(&[("HF_HOME", "")]), PathBuf::from(".countersign/hub"));
    }

    #[test]
    fn the_environment_says_how_the_hub_is_reached_and_secrets_are_not_shown() {
        let choice = choice(&[
            ("HF_ENDPOINT", "https://mirror.example/"),
            ("HF_TOKEN", "hf_secret\n"),
            ("HF_HUB_OFFLINE", "True"),
            ("ORT_DYLIB_PATH", "/lib/libonnxruntime.so"),
        ]);
        assert_eq!(choice.endpoint, "https://mirror.example");
        assert!(choice.offline);
        assert_eq!(choice.runtime, Some(PathBuf::from("/lib/libonnxruntime.so")));
        assert!(!format!("{choice:?}").contains("secret"));
    }

    #[test]
    fn a_folder_gives_its_model_a_name_unless_there_is_one() {
        let mut choice = choice(&[]);
        assert_eq!(choice.name(), super::super::DEFAULT_MODEL);
        assert_eq!(choice.name_for(Purpose::Reranking), super::super::DEFAULT_RERANKER);
        choice.model_dir = Some("models/ours/".into());
        assert_eq!(choice.name(), "ours");
        choice.model = Some("team/ours".to_owned());
        assert_eq!(choice.name(), "team/ours");
    }
}
