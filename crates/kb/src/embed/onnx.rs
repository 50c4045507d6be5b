//! Embedding with a model in the ONNX format, by fastembed.

use std::fs::File;
use std::io::{self, Read as _};
use std::thread;

use fastembed::{
    EmbeddingOutput, InitOptionsUserDefined, OutputKey, Pooling, SingleBatchOutput, TextEmbedding,
    TokenizerFiles, UserDefinedEmbeddingModel,
};
use sha2::{Digest as _, Sha256};
use tokenizers::Tokenizer;

use super::batches::{self, Limits};
use super::conventions::Conventions;
use super::files::{Files, corrupt, depends_on_company, excerpt_long};
use super::reading::{Reading, Texts};
use super::{Choice, Distance, EmbedError, Embedder, LoadError, ModelDescription, Role, runtime};
use crate::chunk::{ModelTokens, Tokens};

/// A model that runs in ONNX Runtime.
pub(super) struct OnnxEmbedder {
    description: ModelDescription,
    conventions: Conventions,
    model: TextEmbedding,
    tokens: ModelTokens,
    limits: Limits,
    cut: usize,
}

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
    pub(super) fn new(
        choice: &Choice,
        files: &Files,
        conventions: Conventions,
    ) -> Result<Self, LoadError> {
        let Reading { tokenizer, cutting, max_tokens } = Reading::new(files, Texts::Single)?;
        let tokens = ModelTokens::new(tokenizer)
            .map_err(|error| corrupt(&files.tokenizer, &error.to_string()))?;

        let graph = files.read_graph()?;
        let limits = Limits::new(choice.batch_tokens, depends_on_company(&graph));
        let weights = files.read_weights()?;
        let (digest, model) = thread::scope(|scope| {
            // While one processor computes the digest, another builds the model.
            let digest = scope.spawn(|| digest(files, &conventions, max_tokens));
            let model = build(choice, files, &conventions, graph, weights, cutting);
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
            conventions,
            model: model?,
            tokens,
            limits,
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
    conventions: &Conventions,
    graph: Vec<u8>,
    weights: Vec<(String, Vec<u8>)>,
    tokenizer: Tokenizer,
) -> Result<TextEmbedding, LoadError> {
    let mut options = InitOptionsUserDefined::new().with_environment(runtime::start(choice)?);
    if let Some(threads) = choice.threads {
        options = options.with_intra_threads(threads.get());
    }
    let mut model =
        UserDefinedEmbeddingModel::new(graph, stand_in()).with_pooling(conventions.pooling.clone());
    for (name, bytes) in weights {
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
fn digest(
    files: &Files,
    conventions: &Conventions,
    max_tokens: usize,
) -> Result<String, LoadError> {
    let Conventions { pooling, query, passage, output } = conventions;
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
