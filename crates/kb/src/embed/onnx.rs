//! Embedding with a model in the ONNX format, by fastembed.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;
use std::thread;

use fastembed::{
    EmbeddingOutput, InitOptionsUserDefined, OutputKey, Pooling, SingleBatchOutput, TextEmbedding,
    TokenizerFiles, UserDefinedEmbeddingModel,
};
use memchr::memmem;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tokenizers::{PaddingParams, Tokenizer, TruncationParams};

use super::batches::{self, Limits};
use super::conventions::Conventions;
use super::files::{Files, Weights, corrupt, excerpt_long, read_json, read_small};
use super::{Choice, Distance, EmbedError, Embedder, LoadError, ModelDescription, Role, runtime};
use crate::chunk::{ModelTokens, Tokens, tokenizer};

/// A model that runs in ONNX Runtime.
pub(super) struct OnnxEmbedder {
    description: ModelDescription,
    conventions: Conventions,
    model: TextEmbedding,
    tokens: ModelTokens,
    limits: Limits,
    cut: usize,
}

/// More than this is not read even by models that could: the cost grows with the square of
/// the length, and what is embedded here are chunks. fastembed's limit too.
const MOST_TOKENS: usize = 512;

/// Less than this leaves no room for words between the tokens that a model puts around a
/// text.
const FEWEST_TOKENS: usize = 8;

/// The most numbers in a vector that is believed: no known model has more than 8192.
const MOST_DIMENSIONS: usize = 1 << 16;

/// The outputs that are looked for if the conventions name none, the first best.
/// fastembed's list, and then the first of all.
const OUTPUTS: [OutputKey; 5] = [
    OutputKey::OnlyOne,
    OutputKey::ByName("text_embeds"),
    OutputKey::ByName("last_hidden_state"),
    OutputKey::ByName("sentence_embedding"),
    OutputKey::ByName("token_embeddings"),
];

impl OnnxEmbedder {
    /// Reads the files, builds the model, and has it embed one text.
    pub(super) fn new(choice: &Choice, files: &Files) -> Result<Self, LoadError> {
        let tokenizer = tokenizer::read(&read_small(&files.tokenizer)?).map_err(|reason| {
            let reason = format!("it is no tokenizer of the Hugging Face format: {reason}");
            corrupt(&files.tokenizer, &reason)
        })?;
        let configs = files.configs.iter().map(|path| Ok((path.as_path(), read_json(path)?)));
        let configs: Vec<(&Path, Value)> = configs.collect::<Result<_, LoadError>>()?;
        let unusable = |error: tokenizers::Error| corrupt(&files.tokenizer, &error.to_string());
        let max_tokens = max_tokens(&configs)?;
        let cutting = cut_and_pad(&tokenizer, &configs, max_tokens).map_err(unusable)?;
        let tokens = ModelTokens::new(tokenizer).map_err(unusable)?;

        let weights = files.read_weights()?;
        // Its vectors depend on what else is in the batch: the range of the numbers is taken
        // over all of it. One text at a time, a text has one vector.
        let alone = memmem::find(&weights.graph, b"DynamicQuantizeLinear").is_some();
        let (digest, model) = thread::scope(|scope| {
            // While one processor computes the digest, another builds the model.
            let digest = scope.spawn(|| digest(files, max_tokens));
            let model = build(choice, files, weights, cutting);
            (digest.join(), model)
        });
        let digest =
            digest.map_err(|_| corrupt(&files.graph, "its digest cannot be computed"))??;
        let mut embedder = Self {
            description: ModelDescription {
                name: files.name.clone(),
                digest,
                dimensions: 0,
                max_tokens,
                distance: Distance::Cosine,
            },
            conventions: files.conventions.clone(),
            model: model?,
            tokens,
            limits: Limits {
                tokens: choice.batch_tokens.get(),
                texts: if alone { 1 } else { MOST_TEXTS },
            },
            cut: 0,
        };
        let vectors = embedder.run(&["kb".to_owned()]);
        let vectors = vectors.map_err(|reason| corrupt(&files.graph, &reason))?;
        embedder.description.dimensions = vectors.first().map_or(0, Vec::len);
        Ok(embedder)
    }

    /// The vectors of the texts of one batch, normalised.
    fn run(&mut self, texts: &[String]) -> Result<Vec<Vec<f32>>, String> {
        let output = self.model.transform(texts, Some(texts.len())).map_err(said)?;
        let key = self.conventions.output.as_ref().map(std::slice::from_ref);
        let outputs = key.unwrap_or(&OUTPUTS);
        let pooling = &self.conventions.pooling;
        vectors(&output, outputs, pooling, texts.len())
    }
}

/// Texts in one batch, at most: more save nothing.
const MOST_TEXTS: usize = 64;

impl Embedder for OnnxEmbedder {
    fn model(&self) -> &ModelDescription {
        &self.description
    }

    fn tokens(&self) -> &dyn Tokens {
        &self.tokens
    }

    fn embed(&mut self, role: Role, texts: &[&str]) -> Result<Vec<Vec<f32>>, EmbedError> {
        let failed = |name: &str, reason: String| EmbedError::Run {
            model: name.to_owned(),
            reason: excerpt_long(&reason),
        };
        let prefix = self.conventions.prefix(role);
        let mut prefixed: Vec<String> =
            texts.iter().map(|text| format!("{prefix}{text}")).collect();
        let inputs: Vec<&str> = prefixed.iter().map(String::as_str).collect();
        let encodings = self.tokens.tokenizer().encode_batch_fast(inputs, true);
        let encodings =
            encodings.map_err(|error| failed(&self.description.name, error.to_string()))?;
        let mut lengths = Vec::with_capacity(encodings.len());
        for (encoding, text) in encodings.iter().zip(&mut prefixed) {
            if encoding.is_empty() {
                // A text of nothing that the vocabulary knows has no vector, and none would
                // be near it. It gets that of a full stop.
                ".".clone_into(text);
            }
            self.cut += usize::from(encoding.len() > self.description.max_tokens);
            lengths.push(encoding.len().clamp(1, self.description.max_tokens));
        }
        drop(encodings);

        let expected = self.description.dimensions;
        let mut vectors: Vec<Vec<f32>> = vec![Vec::new(); texts.len()];
        for batch in batches::plan(&lengths, self.limits) {
            let texts: Vec<String> =
                batch.iter().map(|&index| std::mem::take(&mut prefixed[index])).collect();
            let found =
                self.run(&texts).map_err(|reason| failed(&self.description.name, reason))?;
            for (index, vector) in batch.into_iter().zip(found) {
                if vector.len() != expected {
                    let (model, found) = (self.description.name.clone(), vector.len());
                    return Err(EmbedError::Dimensions { model, expected, found });
                }
                vectors[index] = vector;
            }
        }
        Ok(vectors)
    }

    fn cut(&self) -> usize {
        self.cut
    }
}

/// What fastembed says, without the cause of the cause.
fn said(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// Builds the model.
fn build(
    choice: &Choice,
    files: &Files,
    weights: Weights,
    tokenizer: Tokenizer,
) -> Result<TextEmbedding, LoadError> {
    let mut options = InitOptionsUserDefined::new().with_environment(runtime::start(choice)?);
    if let Some(threads) = choice.threads {
        options = options.with_intra_threads(threads.get());
    }
    let mut model = UserDefinedEmbeddingModel::new(weights.graph, stand_in())
        .with_pooling(files.conventions.pooling.clone());
    for (name, bytes) in weights.beside {
        model = model.with_external_initializer(name, bytes);
    }
    let mut model = TextEmbedding::try_new_from_user_defined(model, options)
        .map_err(|error| corrupt(&files.graph, &said(error)))?;
    model.tokenizer = tokenizer;
    Ok(model)
}

/// A tokenizer to begin with, replaced at once: fastembed wants the bytes of one, and the
/// real one, which can take half a second to read, is read already.
fn stand_in() -> TokenizerFiles {
    TokenizerFiles {
        tokenizer_file: br#"{"version": "1.0", "truncation": null, "padding": null,
            "added_tokens": [], "normalizer": null, "pre_tokenizer": null, "post_processor": null,
            "decoder": null, "model": {"type": "WordLevel", "unk_token": "?", "vocab": {"?": 0}}}"#
            .to_vec(),
        config_file: b"{}".to_vec(),
        special_tokens_map_file: b"{}".to_vec(),
        tokenizer_config_file: br#"{"model_max_length": 8, "pad_token": "?"}"#.to_vec(),
    }
}

/// SHA-256 of all that a vector depends on: how the model is used, its tokenizer, the graph and
/// the weights beside it. The files are read a second time, from the memory of the system: what
/// was read before now belongs to the model.
fn digest(files: &Files, max_tokens: usize) -> Result<String, LoadError> {
    let Conventions { pooling, query, passage, output } = &files.conventions;
    let mut hasher = Sha256::new();
    hasher.update(format!("{pooling:?} {query:?} {passage:?} {output:?} {max_tokens}\n"));
    let mut buffer = vec![0; 1 << 20];
    let weights = files.weights.iter().map(|(_, path)| path);
    for path in [&files.tokenizer, &files.graph].into_iter().chain(weights) {
        let disk = |source| LoadError::Disk { path: path.clone(), source };
        let mut file = File::open(path).map_err(disk)?;
        loop {
            match file.read(&mut buffer) {
                Ok(0) => break,
                Ok(length) => hasher.update(&buffer[..length]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(disk(error)),
            }
        }
    }
    Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
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

/// The vectors in what the model gave for `count` texts, normalised.
fn vectors(
    output: &EmbeddingOutput,
    keys: &[OutputKey],
    pooling: &Pooling,
    count: usize,
) -> Result<Vec<Vec<f32>>, String> {
    let vectors = output.export_with_transformer(|batches: &[SingleBatchOutput]| {
        let mut vectors: Vec<Vec<f32>> = Vec::with_capacity(count);
        for batch in batches {
            let shape = batch.select_output(&keys)?.shape().to_vec();
            // Pooling takes what has no tokens for granted to have one.
            let plausible = shape.len() >= 2
                && shape[0] == count
                && shape.iter().all(|length| *length > 0)
                && shape[shape.len() - 1] <= MOST_DIMENSIONS;
            if !plausible {
                return Err(fastembed::Error::InvalidShape(format!(
                    "{shape:?}, for {count} texts"
                )));
            }
            let pooled = batch.select_and_pool_output(&keys, Some(pooling.clone()))?;
            vectors.extend(pooled.rows().into_iter().map(|row| row.to_vec()));
        }
        Ok(vectors)
    });
    let mut vectors = vectors.map_err(said)?;
    if vectors.len() != count {
        return Err(format!("it gave {} vectors for {count} texts", vectors.len()));
    }
    for vector in &mut vectors {
        let length = vector.iter().map(|number| number * number).sum::<f32>().sqrt();
        if !length.is_finite() || length < f32::MIN_POSITIVE {
            return Err(format!("it gave a vector of the length {length}"));
        }
        for number in vector {
            *number /= length;
        }
    }
    Ok(vectors)
}
