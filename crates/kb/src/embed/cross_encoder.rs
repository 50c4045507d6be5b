//! Reranking with a cross-encoder in the ONNX format.
//!
//! The catalogue is fastembed's; the graph is run here. fastembed's `TextRerank` takes the
//! first column of an output without looking at its shape, so that a graph of another kind
//! ends the program; and it pads all texts of a call to the longest.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::thread;

use ort::environment::Environment;
use ort::session::Session;
use ort::session::builder::{GraphOptimizationLevel, SessionBuilder};
use ort::value::Tensor;
use tokenizers::Tokenizer;

use super::batches::{self, Limits};
use super::files::{Files, corrupt, depends_on_company, excerpt_long};
use super::reading::{Reading, Texts};
use super::{Choice, LoadError, RerankError, Reranker, runtime};

/// A model that reads query and passage as one text, and gives one number for both.
pub(super) struct CrossEncoder {
    name: String,
    /// Its graph, for messages.
    path: PathBuf,
    session: Session,
    inputs: Vec<Input>,
    /// The output with the scores.
    output: String,
    /// Cuts, and does not pad.
    tokenizer: Tokenizer,
    padding: Padding,
    limits: Limits,
}

/// What a graph is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Input {
    /// The numbers of the tokens.
    Ids,
    /// 1 for a token, 0 for padding.
    Mask,
    /// 0 for what is of the query, 1 for what is of the passage, as the tokenizer says.
    Types,
}

impl Input {
    const ALL: [(&str, Self); 3] =
        [("input_ids", Self::Ids), ("attention_mask", Self::Mask), ("token_type_ids", Self::Types)];
}

/// What stands behind the tokens of a pair that is shorter than another one.
#[derive(Clone, Copy, Debug)]
struct Padding {
    id: u32,
    kind: u32,
}

/// Query and passage as tokens, with what was put around them.
#[derive(Debug)]
struct Pair {
    ids: Vec<u32>,
    types: Vec<u32>,
}

/// The output that exporters call the score by.
const LOGITS: &str = "logits";

/// So many pairs are tokenized at once: what a tokenizer says of a text is much longer than
/// what is kept of it.
const TOKENIZED_AT_ONCE: usize = 64;

/// What is scored as a trial: pairs of two lengths, so that a graph that mixes them up is
/// found out.
const TRIAL: (&str, [&str; 2]) = ("kb", ["kb", "the kb of a team"]);

impl CrossEncoder {
    /// Reads the files, builds the model, and has it score two passages.
    pub(super) fn new(choice: &Choice, files: &Files) -> Result<Self, LoadError> {
        let Reading { cutting: mut tokenizer, .. } = Reading::new(files, Texts::Pair)?;
        let padding = tokenizer.get_padding();
        let padding = Padding {
            id: padding.map_or(0, |padding| padding.pad_id),
            kind: padding.map_or(0, |padding| padding.pad_type_id),
        };
        tokenizer.with_padding(None);

        let graph = files.read_graph()?;
        let limits = Limits::new(choice.batch_tokens, depends_on_company(&graph));
        let unusable = |reason: String| corrupt(&files.graph, &reason);
        let session = build(choice, files, &graph)?;
        let inputs = inputs(&session).map_err(unusable)?;
        let output = output(&session).map_err(unusable)?;
        let (name, path) = (files.name.clone(), files.graph.clone());
        let mut model = Self { name, path, session, inputs, output, tokenizer, padding, limits };
        let (query, passages) = TRIAL;
        model.scores(query, &passages).map_err(unusable)?;
        Ok(model)
    }

    /// Scores all passages.
    fn scores(&mut self, query: &str, passages: &[&str]) -> Result<Vec<f32>, String> {
        let mut pairs = Vec::with_capacity(passages.len());
        for some in passages.chunks(TOKENIZED_AT_ONCE) {
            let texts: Vec<(&str, &str)> = some.iter().map(|passage| (query, *passage)).collect();
            let encodings = self.tokenizer.encode_batch_fast(texts, true).map_err(said)?;
            pairs.extend(encodings.iter().map(|encoding| {
                let (ids, types) = (encoding.get_ids().to_vec(), encoding.get_type_ids().to_vec());
                if ids.is_empty() {
                    // Nothing that the vocabulary knows; something has to be computed with.
                    return Pair { ids: vec![self.padding.id], types: vec![self.padding.kind] };
                }
                Pair { ids, types }
            }));
        }
        let lengths: Vec<usize> = pairs.iter().map(|pair| pair.ids.len()).collect();
        let mut scores = vec![0.0; pairs.len()];
        for batch in batches::plan(&lengths, self.limits) {
            let some: Vec<&Pair> = batch.iter().map(|&index| &pairs[index]).collect();
            let found = self.run(&some)?;
            for (index, score) in batch.into_iter().zip(found) {
                scores[index] = score;
            }
        }
        Ok(scores)
    }

    /// A finite score for each pair of a batch.
    fn run(&mut self, pairs: &[&Pair]) -> Result<Vec<f32>, String> {
        let length = pairs.iter().map(|pair| pair.ids.len()).max().unwrap_or_default();
        let mut values = Vec::with_capacity(self.inputs.len());
        for (name, input) in Input::ALL {
            if self.inputs.contains(&input) {
                let numbers = numbers(pairs, length, input, self.padding);
                let tensor = Tensor::from_array(([pairs.len(), length], numbers)).map_err(said)?;
                values.push((name, tensor));
            }
        }
        let outputs = self.session.run(values).map_err(said)?;
        let output = outputs.get(&self.output).ok_or("it gave no scores")?;
        let (shape, scores) = output.try_extract_tensor::<f32>().map_err(said)?;
        let count = i64::try_from(pairs.len()).unwrap_or(i64::MAX);
        if ![&[count][..], &[count, 1]].contains(&&**shape) || scores.len() != pairs.len() {
            return Err(format!(
                "it gave numbers in the shape {:?} for {count} pairs of query and passage; a \
                 reranker gives one for each",
                &**shape
            ));
        }
        match scores.iter().find(|score| !score.is_finite()) {
            Some(score) => Err(format!("it gave the score {score}")),
            None => Ok(scores.to_vec()),
        }
    }
}

impl Reranker for CrossEncoder {
    fn name(&self) -> &str {
        &self.name
    }

    fn score(&mut self, query: &str, passages: &[&str]) -> Result<Vec<f32>, RerankError> {
        self.scores(query, passages).map_err(|reason| RerankError::Run {
            model: self.name.clone(),
            reason: format!("`{}`: {}", self.path.display(), excerpt_long(&reason)),
        })
    }
}

/// What a library says.
fn said(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// Builds a model, with the options that fastembed has.
///
/// Weights beside a graph are mapped into memory if it is read by its path. From memory, they
/// would be there three times while the model is built: for the default, 7 GB.
fn build(choice: &Choice, files: &Files, graph: &[u8]) -> Result<Session, LoadError> {
    let environment = runtime::start(choice)?;
    let unusable = |reason: String| corrupt(&files.graph, &reason);
    let builder = || builder(&environment, choice.threads).map_err(unusable);
    if files.weights.is_empty() {
        let session = builder()?.commit_from_memory(graph);
        return session.map_err(|error| unusable(said(error)));
    }
    files.check_weights()?;
    if let Ok(session) = builder()?.commit_from_file(&files.graph) {
        return Ok(session);
    }
    // The files of a cache are links, which ONNX Runtime 1.24.1 does not follow
    // (<https://github.com/microsoft/onnxruntime/issues/27353>).
    let mut builder = builder()?;
    for (name, bytes) in files.read_weights()? {
        builder = builder
            .with_external_initializer_file_in_memory(name, bytes.into())
            .map_err(|error| unusable(said(error)))?;
    }
    builder.commit_from_memory(graph).map_err(|error| unusable(said(error)))
}

fn builder(
    environment: &Environment,
    threads: Option<NonZeroUsize>,
) -> Result<SessionBuilder, String> {
    let processors = || thread::available_parallelism().map_or(1, NonZeroUsize::get);
    Session::builder(environment)
        .map_err(said)?
        .with_optimization_level(GraphOptimizationLevel::Level3)
        .map_err(said)?
        .with_intra_threads(threads.map_or_else(processors, NonZeroUsize::get))
        .map_err(said)
}

/// What the graph is to be given.
fn inputs(session: &Session) -> Result<Vec<Input>, String> {
    let known = |name: &str| Input::ALL.into_iter().find(|(known, _)| *known == name);
    session
        .inputs()
        .iter()
        .map(|input| match known(input.name()) {
            Some((_, input)) => Ok(input),
            None => Err(format!(
                "it asks for `{}`, and a reranker is given input_ids, attention_mask and \
                 token_type_ids",
                input.name()
            )),
        })
        .collect()
}

/// The output that holds the scores.
fn output(session: &Session) -> Result<String, String> {
    let names: Vec<&str> = session.outputs().iter().map(ort::value::Outlet::name).collect();
    match names.as_slice() {
        several if several.contains(&LOGITS) => Ok(LOGITS.to_owned()),
        [only] => Ok((*only).to_owned()),
        several => {
            Err(format!("it has {} outputs, and none of them is called `{LOGITS}`", several.len()))
        }
    }
}

/// What a graph is given for an input, one pair after the other, each `length` long.
fn numbers(pairs: &[&Pair], length: usize, input: Input, padding: Padding) -> Vec<i64> {
    let mut numbers = Vec::with_capacity(pairs.len() * length);
    for (at, pair) in pairs.iter().enumerate() {
        let fill = match input {
            Input::Ids => padding.id,
            Input::Types => padding.kind,
            Input::Mask => 0,
        };
        match input {
            Input::Ids => numbers.extend(pair.ids.iter().map(|id| i64::from(*id))),
            Input::Types => numbers.extend(pair.types.iter().map(|kind| i64::from(*kind))),
            Input::Mask => numbers.extend(pair.ids.iter().map(|_| 1_i64)),
        }
        numbers.resize((at + 1) * length, i64::from(fill));
    }
    numbers
}
