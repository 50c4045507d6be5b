//! How a model wants to be used: what is put in front of texts, and how the vectors of a
//! text's tokens become the vector of the text.

use std::path::Path;

use fastembed::{OutputKey, Pooling};
use serde_json::Value;

use super::LoadError;
use super::Role;
use super::files::{corrupt, read_json, read_json_if_there};

/// How a model wants to be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Conventions {
    pub(super) pooling: Pooling,
    /// What is put in front of a question.
    pub(super) query: String,
    /// What is put in front of a part of a document.
    pub(super) passage: String,
    /// The output to take, if it matters.
    pub(super) output: Option<OutputKey>,
}

/// What models with names like this want in front of texts: questions, then passages. The
/// first that fits counts. Sources: the models' cards on the hub.
const PREFIXES: [(&str, &str, &str); 10] = [
    // These take an instruction in front of questions, which is the user's to say.
    ("e5-mistral", "", ""),
    ("e5-large-instruct", "", ""),
    // <https://huggingface.co/intfloat/multilingual-e5-small#faq>
    ("e5-", "query: ", "passage: "),
    // <https://huggingface.co/BAAI/bge-small-en-v1.5#usage>, <https://huggingface.co/BAAI/bge-small-zh-v1.5>
    ("bge-m3", "", ""),
    ("-zh-v1.5", "为这个句子生成表示以用于检索相关文章：", ""),
    // Also <https://huggingface.co/mixedbread-ai/mxbai-embed-large-v1> and
    // <https://huggingface.co/Snowflake/snowflake-arctic-embed-m>
    ("bge-", SEARCH, ""),
    ("mxbai-embed", SEARCH, ""),
    ("snowflake-arctic-embed", SEARCH, ""),
    // <https://huggingface.co/nomic-ai/nomic-embed-text-v1.5#task-instruction-prefixes>, also
    // <https://huggingface.co/lightonai/modernbert-embed-large>
    ("nomic-embed-text", "search_query: ", "search_document: "),
    ("modernbert-embed", "search_query: ", "search_document: "),
];

/// The instruction that several families were trained with.
const SEARCH: &str = "Represent this sentence for searching relevant passages: ";

/// <https://huggingface.co/google/embeddinggemma-300m#prompt-instructions>
const GEMMA: (&str, &str, &str) =
    ("embeddinggemma", "task: search result | query: ", "title: none | text: ");

/// Families that take the vector of the first token. All others take the mean.
const FIRST_TOKEN: [&str; 4] = ["bge-", "mxbai-embed", "snowflake-arctic-embed", "gte-"];

impl Conventions {
    /// Those of the models with a name like this.
    pub(super) fn of_name(name: &str) -> Self {
        let name = name.to_lowercase();
        let fitting = |(part, _, _): &&(&str, &str, &str)| name.contains(part);
        let prefixes = PREFIXES.iter().chain([&GEMMA]).find(fitting);
        let (_, query, passage) = *prefixes.unwrap_or(&("", "", ""));
        let first = FIRST_TOKEN.iter().any(|part| name.contains(part));
        Self {
            pooling: if first { Pooling::Cls } else { Pooling::Mean },
            query: query.to_owned(),
            passage: passage.to_owned(),
            output: None,
        }
    }

    /// Those that the files of Sentence Transformers in a folder state; those of the name,
    /// or of the name that the model had when it was made, for what they leave open.
    pub(super) fn of_folder(name: &str, folder: &Path) -> Result<Self, LoadError> {
        let config = read_json_if_there(&folder.join("config.json"))?.unwrap_or_default();
        let former = config["_name_or_path"].as_str().unwrap_or_default();
        let mut conventions = Self::of_name(&format!("{name} {former}"));

        // <https://sbert.net/docs/sentence_transformer/usage/custom_models.html>
        let path = folder.join("modules.json");
        let modules = read_json_if_there(&path)?.unwrap_or_default();
        let mut pooling = "1_Pooling".to_owned();
        for module in modules.as_array().into_iter().flatten() {
            let kind = module["type"].as_str().unwrap_or_default();
            match kind.rsplit('.').next().unwrap_or_default() {
                // Vectors are normalised in any case.
                "Transformer" | "Normalize" => {}
                "Pooling" => {
                    pooling = module["path"].as_str().unwrap_or_default().to_owned();
                    if !is_plain(&pooling) {
                        let reason = format!("`{pooling}` is no folder beside it");
                        return Err(corrupt(&path, &reason));
                    }
                }
                // What follows pooling is in a graph only if it was exported as a whole.
                _ => conventions.output = Some(OutputKey::ByName("sentence_embedding")),
            }
        }
        let path = folder.join(pooling).join("config.json");
        if path.exists() {
            conventions.pooling = pooling_of(&path, &read_json(&path)?)?;
        }

        let path = folder.join("config_sentence_transformers.json");
        let prompts = read_json_if_there(&path)?.unwrap_or_default();
        let prompts = &prompts["prompts"];
        let prompt = |names: &[&str]| names.iter().find_map(|name| prompts[*name].as_str());
        let query = prompt(&["query", "retrieval.query"]);
        let passage = prompt(&["passage", "document", "retrieval.passage"]);
        // Empty prompts are written for all models; those of the name say more.
        if [query, passage].into_iter().flatten().any(|prompt| !prompt.is_empty()) {
            conventions.query = query.unwrap_or_default().to_owned();
            conventions.passage = passage.unwrap_or_default().to_owned();
        }
        for prefix in [&conventions.query, &conventions.passage] {
            if prefix.len() > LONGEST_PREFIX {
                let reason = format!("a prompt has {} bytes", prefix.len());
                return Err(corrupt(&path, &reason));
            }
        }
        Ok(conventions)
    }

    /// What is put in front of a text.
    pub(super) fn prefix(&self, role: Role) -> &str {
        match role {
            Role::Passage => &self.passage,
            Role::Query => &self.query,
        }
    }
}

/// In bytes. A longer one would leave little of what a model reads to the text.
const LONGEST_PREFIX: usize = 1000;

/// Whether a path leads to a folder beside the file that names it.
fn is_plain(path: &str) -> bool {
    let mut parts = Path::new(path).components();
    matches!((parts.next(), parts.next()), (Some(std::path::Component::Normal(_)), None))
}

/// The pooling that a `1_Pooling/config.json` asks for: either one name, or a switch for
/// each kind.
fn pooling_of(path: &Path, config: &Value) -> Result<Pooling, LoadError> {
    const SWITCH: &str = "pooling_mode_";
    let named = config["pooling_mode"].as_str().map(str::to_owned);
    let switched = || {
        let switches = config.as_object()?.iter();
        let mut on = switches
            .filter(|(key, value)| key.starts_with(SWITCH) && value.as_bool() == Some(true));
        let (key, _) = on.next()?;
        // Vectors of several kinds are put one behind the other.
        on.next().is_none().then(|| key[SWITCH.len()..].to_owned())
    };
    match named.or_else(switched).as_deref() {
        Some("cls" | "cls_token") => Ok(Pooling::Cls),
        Some("mean" | "mean_tokens") => Ok(Pooling::Mean),
        Some(other) => Err(corrupt(
            path,
            &format!("it asks for pooling by `{other}`; mean and cls can be had"),
        )),
        None => Err(corrupt(path, "it does not ask for one kind of pooling")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embed::catalogue;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::io::Write::write_all(&mut std::fs::File::create(path).unwrap(), text.as_bytes())
                .unwrap();
        }
        folder
    }

    fn of(name: &str, files: &[(&str, &str)]) -> Result<Conventions, String> {
        let folder = folder(files);
        Conventions::of_folder(name, folder.path()).map_err(|error| error.to_string())
    }

    #[test]
    fn e5_is_told_questions_from_passages() {
        let e5 = Conventions::of_name("intfloat/multilingual-e5-small");
        assert_eq!((e5.prefix(Role::Query), e5.prefix(Role::Passage)), ("query: ", "passage: "));
        assert_eq!(e5.pooling, Pooling::Mean);
        let former = r#"{"_name_or_path": "intfloat/e5-base-v2"}"#;
        assert_eq!(of("ours", &[("config.json", former)]).unwrap(), e5);
        let none = Conventions::of_name("Qdrant/all-MiniLM-L6-v2-onnx");
        assert_eq!((none.prefix(Role::Query), none.prefix(Role::Passage)), ("", ""));
    }

    #[test]
    fn pooling_by_name_agrees_with_the_catalogue() {
        let models = catalogue::embedders();
        for name in models.names() {
            let known = models.find(name).unwrap();
            let code = &known.published.repository;
            assert_eq!(Conventions::of_name(code).pooling, known.pooling(), "{code}");
        }
    }

    #[test]
    fn the_files_of_sentence_transformers_count_more_than_the_name() {
        let pooling = r#"{"word_embedding_dimension": 8, "pooling_mode_cls_token": true,
                          "pooling_mode_mean_tokens": false}"#;
        let modules = r#"[{"idx": 0, "path": "", "type": "sentence_transformers.models.Transformer"},
                          {"idx": 1, "path": "1_P", "type": "sentence_transformers.models.Pooling"}]"#;
        let prompts = r#"{"prompts": {"query": "find: ", "document": ""}}"#;
        let found = of(
            "intfloat/e5-base",
            &[
                ("modules.json", modules),
                ("1_P/config.json", pooling),
                ("config_sentence_transformers.json", prompts),
            ],
        );
        let found = found.unwrap();
        assert_eq!(found.pooling, Pooling::Cls);
        assert_eq!((found.query.as_str(), found.passage.as_str()), ("find: ", ""));
        let empty = r#"{"prompts": {"query": "", "document": ""}}"#;
        let e5 = of("intfloat/e5-base", &[("config_sentence_transformers.json", empty)]);
        assert_eq!(e5.unwrap().query, "query: ");
    }

    #[test]
    fn what_cannot_be_done_is_an_error_that_names_the_file() {
        let last = r#"{"pooling_mode": "lasttoken"}"#;
        let error = of("a", &[("1_Pooling/config.json", last)]).unwrap_err();
        assert!(error.ends_with(
            "1_Pooling/config.json` cannot be used: it asks for pooling by `lasttoken`; mean and \
             cls can be had"
        ), "{error}");
        let both = r#"{"pooling_mode_cls_token": true, "pooling_mode_mean_tokens": true}"#;
        assert!(of("a", &[("1_Pooling/config.json", both)]).is_err());
        let out = r#"[{"path": "../up", "type": "sentence_transformers.models.Pooling"}]"#;
        let error = of("a", &[("modules.json", out)]).unwrap_err();
        assert!(error.ends_with("`../up` is no folder beside it"), "{error}");
        let error = of("a", &[("modules.json", "[")]).unwrap_err();
        assert!(error.contains("modules.json` cannot be used: it is not JSON: "), "{error}");
        let long = format!(r#"{{"prompts": {{"query": "{}"}}}}"#, "x".repeat(2000));
        assert!(of("a", &[("config_sentence_transformers.json", &long)]).is_err());
    }

    #[test]
    fn a_layer_behind_pooling_must_be_in_the_graph() {
        let modules = r#"[{"path": "2_Dense", "type": "sentence_transformers.models.Dense"}]"#;
        let found = of("a", &[("modules.json", modules)]).unwrap();
        assert_eq!(found.output, Some(OutputKey::ByName("sentence_embedding")));
    }
}
