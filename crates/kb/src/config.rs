//! The section `kb:` of `countersign.yaml`.

use std::path::Path;

use countersign_config::{ConfigError, ConfigFile, Located};
use serde::Deserialize;

use crate::chunk::{Settings, SettingsError};

/// The knowledge base: where it is, how documents are cut, which models embed them and
/// rerank hits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct KbConfig {
    /// The database: `sqlite:PATH`, from the root of the repository, or
    /// `postgres://USER@HOST/NAME`. Passwords do not belong here: `DATABASE_URL` has
    /// them. Default: `sqlite:.countersign/kb.db`.
    pub db: Option<String>,
    /// How documents are cut into chunks.
    pub chunks: ChunkConfig,
    /// The embedding model, by name. Default: `intfloat/multilingual-e5-small`.
    pub model: Option<String>,
    /// A folder with a model (ONNX and tokenizer), from the root of the repository, instead
    /// of a download; it gets the name of `model`, if there is one, else of the folder.
    /// Default: none.
    pub model_dir: Option<String>,
    /// The model that reranks the best hits of every search, by name. Default: none, and
    /// searches are reranked where `kb search --rerank` asks for it.
    pub rerank: Option<String>,
    /// A folder with a reranker (ONNX and tokenizer), from the root of the repository, instead
    /// of a download; it gets the name of `rerank`, if there is one, else of the folder.
    /// Default: none.
    pub rerank_dir: Option<String>,
    /// Folders and globs that hold the documents. Default: those of `docs:`.
    pub include: Option<Vec<String>>,
    /// Globs of files that are not indexed, besides those of `docs:`. Default: none.
    pub exclude: Vec<String>,
}

/// How documents are cut into chunks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ChunkConfig {
    /// The largest size of a chunk, in tokens of the model. Default: 384.
    pub max_tokens: usize,
    /// How much of the text before a chunk is embedded with it, in tokens. Default: 0.
    pub overlap_tokens: usize,
    /// No chunk crosses a heading of this level, 1 to 6, or above. Default: 3.
    pub heading_level: u8,
}

impl Default for ChunkConfig {
    fn default() -> Self {
        let settings = Settings::default();
        Self {
            max_tokens: settings.max_tokens(),
            overlap_tokens: settings.overlap_tokens(),
            heading_level: settings.heading_level(),
        }
    }
}

impl ChunkConfig {
    /// The settings of the chunker.
    ///
    /// # Errors
    ///
    /// If they make no sense together.
    pub fn settings(self) -> Result<Settings, SettingsError> {
        Settings::new(self.max_tokens, self.overlap_tokens, self.heading_level)
    }
}

impl KbConfig {
    /// Reads the section of the repository at `root`; the defaults if it has none.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] for the first thing that is wrong with it.
    pub fn load(root: &Path) -> Result<Self, ConfigError> {
        ConfigFile::load(root)?.section("kb", validate)
    }

    /// Reads the section from the text of a `countersign.yaml`; `path` is for messages.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Invalid`] for the first thing that is wrong with it.
    pub fn parse(path: &str, text: &str) -> Result<Self, ConfigError> {
        ConfigFile::new(path, text).section("kb", validate)
    }
}

fn validate(config: &KbConfig, located: &Located<'_>) -> Result<(), ConfigError> {
    for (key, given, what) in [
        ("model", &config.model, "the name of a model"),
        ("model_dir", &config.model_dir, "the path of a folder"),
        ("rerank", &config.rerank, "the name of a reranker"),
        ("rerank_dir", &config.rerank_dir, "the path of a folder"),
    ] {
        // Joined to the root, an empty path would be the root.
        if given.as_ref().is_some_and(|given| given.trim().is_empty()) {
            let help = format!("give {what}, or take the key out");
            return Err(located.error(&["kb", key], false, &format!("`{key}` is empty"), &help));
        }
    }
    if let Err(error) = config.chunks.settings() {
        let key = match error {
            SettingsError::MaxTokens(_) => "max_tokens",
            SettingsError::Overlap { .. } => "overlap_tokens",
            SettingsError::HeadingLevel(_) => "heading_level",
        };
        return Err(located.error(&["kb", "chunks", key], false, &error.to_string(), ""));
    }
    #[cfg(feature = "store")]
    for (key, globs) in [("include", config.include.as_ref()), ("exclude", Some(&config.exclude))] {
        for (at, glob) in globs.into_iter().flatten().enumerate() {
            if glob.trim().is_empty() {
                let help = "name a folder or a glob (`.` is the root), or take the entry out";
                let entry = ["kb", key, &at.to_string()];
                return Err(located.error(&entry, false, "an empty entry is no path", help));
            }
            if let Err(error) = globset::Glob::new(glob) {
                let message = format!("`{glob}` is no glob");
                let help = error.kind().to_string();
                return Err(located.error(&["kb", key, &at.to_string()], false, &message, &help));
            }
        }
    }
    #[cfg(feature = "store")]
    if let Some(Err(error)) = config.db.as_ref().map(|db| db.parse::<crate::store::Location>()) {
        let help = error.help().unwrap_or_default();
        return Err(located.error(&["kb", "db"], false, &error.to_string(), help));
    }
    Ok(())
}

/// The JSON Schema (draft 7) of the section `kb:`, derived from its types.
#[cfg(feature = "schema")]
#[must_use]
pub fn section_schema() -> serde_json::Value {
    let settings = schemars::generate::SchemaSettings::draft07();
    settings.into_generator().into_root_schema_for::<KbConfig>().to_value()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        match KbConfig::parse("countersign.yaml", text).unwrap_err() {
            ConfigError::Invalid { line, column, message, help, .. } => {
                format!("{line}:{column}: {message} ({help})")
            }
            other => other.to_string(),
        }
    }

    #[test]
    fn nothing_has_to_be_configured() {
        let config = KbConfig::parse("countersign.yaml", "docs: {include: [a]}\n").unwrap();
        assert_eq!(config, KbConfig::default());
        assert_eq!(config.chunks.settings().unwrap(), Settings::default());
    }

    #[test]
    fn every_fault_names_its_line_and_what_to_do() {
        insta::assert_snapshot!(error("kb:\n  chunk: {}\n"), @"2:3: unknown key `chunk` (did you mean `chunks`?)");
        insta::assert_snapshot!(error("kb:\n  chunks:\n    max_tokens: 0\n"), @"3:17: 0 tokens are no size of a chunk: it is from 1 to 131072 ()");
        insta::assert_snapshot!(error("kb: {chunks: {overlap_tokens: 300}}\n"), @"1:31: an overlap of 300 tokens is more than half of a chunk of 384 tokens ()");
        insta::assert_snapshot!(error("kb:\n  rerank_dir: \"\"\n"), @"2:15: `rerank_dir` is empty (give the path of a folder, or take the key out)");
        insta::assert_snapshot!(error("kb:\n  model_dir: ' '\n"), @"2:14: `model_dir` is empty (give the path of a folder, or take the key out)");
        insta::assert_snapshot!(error("kb: {model: ''}\n"), @"1:13: `model` is empty (give the name of a model, or take the key out)");
        insta::assert_snapshot!(error("kb: {rerank: ''}\n"), @"1:14: `rerank` is empty (give the name of a reranker, or take the key out)");
        #[cfg(feature = "store")]
        insta::assert_snapshot!(error("kb: {include: [docs, '']}\n"), @"1:22: an empty entry is no path (name a folder or a glob (`.` is the root), or take the entry out)");
        #[cfg(feature = "store")]
        insta::assert_snapshot!(error("kb: {exclude: ['']}\n"), @"1:16: an empty entry is no path (name a folder or a glob (`.` is the root), or take the entry out)");
        #[cfg(feature = "store")]
        insta::assert_snapshot!(error("kb: {db: 'sqlite:'}\n"), @"1:10: `sqlite:` is no database: the path of the file is missing (give `sqlite:PATH` for a file, or `postgres://USER@HOST/NAME` for a server)");
        #[cfg(feature = "store")]
        insta::assert_snapshot!(error("kb: {exclude: ['a[']}\n"), @"1:16: `a[` is no glob (unclosed character class; missing ']')");
        #[cfg(feature = "store")]
        insta::assert_snapshot!(error("kb: {db: kb.db}\n"), @"1:10: `kb.db` is no database: it begins neither with `sqlite:` nor with `postgres:` (give `sqlite:PATH` for a file, or `postgres://USER@HOST/NAME` for a server)");
    }
}
