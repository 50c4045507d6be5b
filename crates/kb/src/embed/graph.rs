//! A graph in the ONNX format, ready to compute: batches of tokens go in, tensors come out.

use std::num::NonZeroUsize;

use ort::environment::Environment;
use ort::session::builder::{GraphOptimizationLevel, SessionBuilder};
use ort::session::{Session, SessionOutputs};
use ort::value::{Outlet, Tensor};

use super::files::{Files, corrupt};
use super::sequence::{Padding, Sequence};
use super::{Choice, LoadError, runtime};

/// A graph in ONNX Runtime.
pub(super) struct Graph {
    session: Session,
    inputs: Vec<Input>,
    padding: Padding,
}

/// What a graph is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Input {
    /// The numbers of the tokens.
    Ids,
    /// 1 for a token, 0 for padding.
    Mask,
    /// Which of two texts a token is of, as the tokenizer says.
    Types,
}

impl Input {
    const ALL: [(&str, Self); 3] =
        [("input_ids", Self::Ids), ("attention_mask", Self::Mask), ("token_type_ids", Self::Types)];

    /// The numbers for a batch, one sequence after the other, each `length` long.
    fn numbers(self, batch: &[&Sequence], length: usize, padding: Padding) -> Vec<i64> {
        let mut numbers = Vec::with_capacity(batch.len() * length);
        for (at, sequence) in batch.iter().enumerate() {
            let fill = match self {
                Self::Ids => padding.id,
                Self::Types => padding.kind,
                Self::Mask => 0,
            };
            match self {
                Self::Ids => numbers.extend(sequence.ids.iter().map(|id| i64::from(*id))),
                Self::Types => numbers.extend(sequence.types.iter().map(|kind| i64::from(*kind))),
                Self::Mask => numbers.extend(sequence.ids.iter().map(|_| 1_i64)),
            }
            numbers.resize((at + 1) * length, i64::from(fill));
        }
        numbers
    }
}

impl Graph {
    /// Builds the graph that these bytes are, with the weights beside its file; so many
    /// threads compute, with the options that fastembed has.
    pub(super) fn build(
        choice: &Choice,
        files: &Files,
        bytes: &[u8],
        padding: Padding,
        threads: NonZeroUsize,
    ) -> Result<Self, LoadError> {
        let unusable = |reason: String| corrupt(&files.graph, &reason);
        let session = session(choice, files, bytes, threads)?;
        let inputs = inputs(&session).map_err(unusable)?;
        Ok(Self { session, inputs, padding })
    }

    /// What its outputs are called, in their order.
    pub(super) fn outputs(&self) -> impl Iterator<Item = &str> {
        self.session.outputs().iter().map(Outlet::name)
    }

    /// Computes one batch, every sequence padded to the longest.
    pub(super) fn run(&mut self, batch: &[&Sequence]) -> Result<SessionOutputs<'_>, String> {
        let length = longest(batch);
        let mut values = Vec::with_capacity(self.inputs.len());
        for (name, input) in Input::ALL {
            if self.inputs.contains(&input) {
                let numbers = input.numbers(batch, length, self.padding);
                let tensor = Tensor::from_array(([batch.len(), length], numbers)).map_err(said)?;
                values.push((name, tensor));
            }
        }
        self.session.run(values).map_err(said)
    }
}

/// How many tokens the longest sequence of a batch has.
fn longest(batch: &[&Sequence]) -> usize {
    batch.iter().map(|sequence| sequence.ids.len()).max().unwrap_or_default()
}

/// Weights beside a graph are mapped into memory if it is read by its path. From memory, they
/// would be there three times while the model is built.
fn session(
    choice: &Choice,
    files: &Files,
    bytes: &[u8],
    threads: NonZeroUsize,
) -> Result<Session, LoadError> {
    let environment = runtime::start(choice)?;
    let unusable = |reason: String| corrupt(&files.graph, &reason);
    let builder = || builder(&environment, threads).map_err(unusable);
    if files.weights.is_empty() {
        // A graph that hides where its weights are would have them read from the working folder,
        // unless there is a list of files, even one with nothing to be found.
        let mut builder = builder()?
            .with_external_initializer_file_in_memory("", [0].into())
            .map_err(|error| unusable(said(error)))?;
        return builder.commit_from_memory(bytes).map_err(|error| unusable(said(error)));
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
    builder.commit_from_memory(bytes).map_err(|error| unusable(said(error)))
}

fn builder(environment: &Environment, threads: NonZeroUsize) -> Result<SessionBuilder, String> {
    Session::builder(environment)
        .map_err(said)?
        .with_optimization_level(GraphOptimizationLevel::Level3)
        .map_err(said)?
        .with_intra_threads(threads.get())
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
                "it asks for `{}`, and a model is given input_ids, attention_mask and \
                 token_type_ids",
                input.name()
            )),
        })
        .collect()
}

/// What ONNX Runtime says.
pub(super) fn said(error: impl std::fmt::Display) -> String {
    error.to_string()
}
