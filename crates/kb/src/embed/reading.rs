//! How a model reads texts: its tokenizer, and how much of a text it takes.

use std::path::Path;

use serde_json::Value;
use tokenizers::tokenizer::PostProcessor as _;
use tokenizers::{PaddingParams, Tokenizer, TruncationParams};

use super::LoadError;
use super::files::{Files, corrupt, read_json, read_small};
use crate::chunk::tokenizer;

/// More than this is not read even by models that could: the cost grows with the square of
/// the length, and what is embedded here are chunks. fastembed's limit too.
const MOST_TOKENS: usize = 512;

/// Less than this leaves no room for words between the tokens that a model puts around a
/// text.
const FEWEST_TOKENS: usize = 8;

/// What a model reads at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Texts {
    /// A text.
    Single,
    /// Two texts, as one.
    Pair,
}

/// How a model reads.
pub(super) struct Reading {
    /// As the file has it.
    pub(super) tokenizer: Tokenizer,
    /// The same, cutting texts to what the model reads, and padding those of a batch to the
    /// longest. Of two texts, the longer one is cut first, and no text to less than half.
    pub(super) cutting: Tokenizer,
    /// How many tokens the model reads, with those that it puts around texts.
    pub(super) max_tokens: usize,
}

impl Reading {
    /// Reads the tokenizer, and what the other files say of it.
    pub(super) fn new(files: &Files, texts: Texts) -> Result<Self, LoadError> {
        let unusable = |reason: &str| corrupt(&files.tokenizer, reason);
        let tokenizer = tokenizer::read(&read_small(&files.tokenizer)?).map_err(|reason| {
            unusable(&format!("it is no tokenizer of the Hugging Face format: {reason}"))
        })?;
        let configs = files.configs.iter().map(|path| Ok((path.as_path(), read_json(path)?)));
        let configs: Vec<(&Path, Value)> = configs.collect::<Result<_, LoadError>>()?;
        let max_tokens = max_tokens(&configs)?;
        let around = tokenizer.get_post_processor().map_or(0, |processor| match texts {
            Texts::Single => processor.added_tokens(false),
            // The library looks at what is around one text in any case.
            Texts::Pair => processor.added_tokens(true).max(processor.added_tokens(false)),
        });
        // Where nothing is left for words, the library computes a length below zero.
        if around >= max_tokens {
            return Err(unusable(&format!(
                "it puts {around} tokens around a text, and the model reads {max_tokens}"
            )));
        }
        let cutting = cut_and_pad(&tokenizer, &configs, max_tokens)
            .map_err(|error| unusable(&error.to_string()))?;
        Ok(Self { tokenizer, cutting, max_tokens })
    }
}

/// How much a model reads, as the strictest of its files says.
fn max_tokens(configs: &[(&Path, Value)]) -> Result<usize, LoadError> {
    let mut most = MOST_TOKENS;
    for (path, config) in configs {
        // Some files have 10^30 for "no limit", which is no integer.
        for key in ["model_max_length", "max_seq_length", "max_position_embeddings"] {
            let Some(stated) = config[key].as_f64() else { continue };
            // The RoBERTa family numbers its positions from behind that of padding.
            let roberta = config["model_type"].as_str().is_some_and(|kind| {
                ["roberta", "xlm-roberta", "camembert", "mpnet"].contains(&kind)
            });
            let offset = if roberta && key == "max_position_embeddings" { 2.0 } else { 0.0 };
            let stated = stated - offset;
            if stated < 8.0 {
                let reason = format!("`{key}` is {}; {FEWEST_TOKENS} is the least", config[key]);
                return Err(corrupt(path, &reason));
            }
            if stated < 512.0 {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "it is between 8 and 512"
                )]
                let stated = stated as usize;
                most = most.min(stated);
            }
        }
    }
    Ok(most)
}

/// The tokenizer as fastembed has it: it cuts texts to what the model reads, and pads those
/// of a batch to the longest.
fn cut_and_pad(
    tokenizer: &Tokenizer,
    configs: &[(&Path, Value)],
    max_length: usize,
) -> tokenizers::Result<Tokenizer> {
    let mut tokenizer = tokenizer.clone();
    let stated = configs.iter().find_map(|(_, config)| {
        let token = &config["pad_token"];
        token.as_str().or_else(|| token["content"].as_str())
    });
    let id = configs.iter().find_map(|(_, config)| config["pad_token_id"].as_u64());
    let former = tokenizer.get_padding().cloned().unwrap_or_default();
    let pad_token = stated.map_or(former.pad_token, str::to_owned);
    let id = id.and_then(|id| u32::try_from(id).ok());
    let pad_id = id.or_else(|| tokenizer.token_to_id(&pad_token)).unwrap_or(former.pad_id);
    tokenizer.with_padding(Some(PaddingParams { pad_token, pad_id, ..PaddingParams::default() }));
    tokenizer
        .with_truncation(Some(TruncationParams { max_length, ..TruncationParams::default() }))?;
    Ok(tokenizer)
}
