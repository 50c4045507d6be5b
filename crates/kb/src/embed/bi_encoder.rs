//! Embedding with a model in the ONNX format: texts one by one become vectors, a query and a
//! passage each its own (a bi-encoder).
//!
//! Which models there are, and which output becomes a vector and how, is fastembed's. Its
//! `TextEmbedding` reads every text with a tokenizer of its own, and runs one graph at a time.

use std::io::{self, Read as _};
use std::num::NonZeroUsize;
use std::thread;

use fastembed::{OutputKey, SingleBatchOutput};
use ndarray::Array2;
use sha2::{Digest as _, Sha256};
use tokenizers::Tokenizer;

use super::batches::{self, Limits};
use super::conventions::Conventions;
use super::copies::{self, Copies};
use super::files::{self, Files, corrupt, depends_on_company, excerpt_long};
use super::graph::{Graph, said};
use super::reading::{Reading, Texts};
use super::sequence::{Padding, Sequence, sequences};
use super::{Choice, Distance, EmbedError, Embedder, LoadError, ModelDescription, Role};
use crate::chunk::{ModelTokens, Tokens};

/// A model that runs in ONNX Runtime.
pub(super) struct BiEncoder {
    description: ModelDescription,
    choice: Choice,
    files: Files,
    conventions: Conventions,
    copies: Copies,
    tokens: ModelTokens,
    /// Cuts, and does not pad.
    tokenizer: Tokenizer,
    padding: Padding,
    /// Stands for a text of nothing that the vocabulary knows, which has no vector; none would
    /// be near it.
    full_stop: Sequence,
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

impl BiEncoder {
    /// Reads the files, builds the model, and has it embed one text.
    pub(super) fn new(
        choice: &Choice,
        mut files: Files,
        conventions: Conventions,
    ) -> Result<Self, LoadError> {
        let Reading { tokenizer, cutting: mut cutting_tokenizer, max_tokens } =
            Reading::new(&files, Texts::Single)?;
        let padding = Padding::taken_from(&mut cutting_tokenizer);
        let unusable = |error: tokenizers::Error| corrupt(&files.tokenizer, &error.to_string());
        let nothing = Sequence::of(padding);
        let full_stop = sequences(&cutting_tokenizer, &["."], &nothing).map_err(unusable)?;
        let full_stop = full_stop.into_iter().next().unwrap_or(nothing);
        let tokens = ModelTokens::new(tokenizer).map_err(unusable)?;

        let graph = files.read_graph()?;
        files.add_weights_of(&graph)?;
        let threads = copies::share(choice.threads(), files.size());
        let limits = Limits::new(choice.batch_tokens, depends_on_company(&graph));
        let (first, others) = threads.split_first().unwrap_or((&NonZeroUsize::MIN, &[]));
        let (digest, graph) = thread::scope(|scope| {
            // While one processor computes the digest, another builds the model.
            let digest = || digest(&files, &conventions, max_tokens);
            let elsewhere = thread::Builder::new().spawn_scoped(scope, digest);
            let graph = Graph::build(choice, &files, &graph, padding, *first);
            // Where no thread is to be had, this one does it.
            (elsewhere.map_or_else(|_| Ok(digest()), thread::ScopedJoinHandle::join), graph)
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
            choice: choice.clone(),
            files,
            conventions,
            copies: Copies::new(graph?, others),
            tokens,
            tokenizer: cutting_tokenizer,
            padding,
            full_stop,
            limits,
            cut: 0,
        };
        let vectors = embedder.vectors(&["kb".to_owned()]);
        let vectors = vectors.map_err(|reason| corrupt(&embedder.files.graph, &reason))?;
        embedder.description.dimensions = vectors.first().map_or(0, Vec::len);
        Ok(embedder)
    }

    /// The vectors of texts with their prefixes, normalised.
    fn vectors(&mut self, texts: &[String]) -> Result<Vec<Vec<f32>>, String> {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let sequences = sequences(&self.tokenizer, &texts, &self.full_stop).map_err(said)?;
        let lengths: Vec<usize> = sequences.iter().map(|sequence| sequence.ids.len()).collect();
        let limits = self.limits.shared_by(self.copies.most(), texts.len());
        let batches = batches::plan(&lengths, limits);

        let Self { choice, files, conventions, description, padding, .. } = self;
        let build = |threads| {
            let graph = files.read_graph().ok()?;
            let graph = Graph::build(choice, files, &graph, *padding, threads).ok()?;
            // What was put in the place of the files is another model.
            let digest = digest(files, conventions, description.max_tokens).ok()?;
            (digest == description.digest).then_some(graph)
        };
        let compute = |graph: &mut Graph, batch: &[usize]| {
            let batch: Vec<&Sequence> = batch.iter().map(|&index| &sequences[index]).collect();
            vectors(graph, &batch, conventions)
        };
        let found = self.copies.run(&batches, build, compute)?;
        let mut vectors = vec![Vec::new(); texts.len()];
        for (index, vector) in batches.concat().into_iter().zip(found.into_iter().flatten()) {
            vectors[index] = vector;
        }
        self.cut += sequences.iter().filter(|sequence| sequence.cut).count();
        Ok(vectors)
    }
}

impl Embedder for BiEncoder {
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
        let texts: Vec<String> = texts.iter().map(|text| format!("{prefix}{text}")).collect();
        let vectors =
            self.vectors(&texts).map_err(|reason| failed(&self.description.name, reason))?;
        let expected = self.description.dimensions;
        match vectors.iter().find(|vector| vector.len() != expected) {
            Some(vector) => Err(EmbedError::Dimensions {
                model: self.description.name.clone(),
                expected,
                found: vector.len(),
            }),
            None => Ok(vectors),
        }
    }

    fn cut(&self) -> usize {
        self.cut
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
        let mut file = files::open(path)?;
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

/// The vectors that a graph gives for a batch, normalised.
fn vectors(
    graph: &mut Graph,
    batch: &[&Sequence],
    conventions: &Conventions,
) -> Result<Vec<Vec<f32>>, String> {
    let outputs = graph.run(batch)?;
    let outputs = outputs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let length = batch.iter().map(|sequence| sequence.ids.len()).max().unwrap_or_default();
    let mask = Array2::from_shape_fn((batch.len(), length), |(text, token)| {
        i64::from(token < batch[text].ids.len())
    });
    let output = SingleBatchOutput { outputs, attention_mask_array: mask };
    let keys = conventions.output.as_ref().map_or(&OUTPUTS[..], std::slice::from_ref);
    let shape = output.select_output(&keys).map_err(said)?.shape().to_vec();
    // Pooling takes what has no tokens for granted to have one.
    let plausible = shape.len() >= 2
        && shape[0] == batch.len()
        && shape.iter().all(|length| *length > 0)
        && shape[shape.len() - 1] <= MOST_DIMENSIONS;
    if !plausible {
        return Err(format!("it gave numbers in the shape {shape:?} for {} texts", batch.len()));
    }
    let pooling = Some(conventions.pooling.clone());
    let pooled = output.select_and_pool_output(&keys, pooling).map_err(said)?;
    pooled.rows().into_iter().map(|row| normalised(row.to_vec())).collect()
}

/// The vector in the length 1.
fn normalised(mut vector: Vec<f32>) -> Result<Vec<f32>, String> {
    let length = vector.iter().map(|number| number * number).sum::<f32>().sqrt();
    if !length.is_finite() || length < f32::MIN_POSITIVE {
        return Err(format!("it gave a vector of the length {length}"));
    }
    for number in &mut vector {
        *number /= length;
    }
    Ok(vector)
}
