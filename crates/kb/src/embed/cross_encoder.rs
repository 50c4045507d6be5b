//! Reranking with a cross-encoder in the ONNX format.
//!
//! The catalogue is fastembed's; the graph is run here. fastembed's `TextRerank` takes the
//! first column of an output without looking at its shape, so that a graph of another kind
//! ends the program; and it pads all texts of a call to the longest.

use std::path::PathBuf;

use tokenizers::Tokenizer;

use super::batches::{self, Limits};
use super::files::{Files, corrupt, depends_on_company, excerpt_long};
use super::graph::{Graph, said};
use super::reading::{Reading, Texts};
use super::sequence::{Padding, Sequence, sequences};
use super::{Choice, LoadError, RerankError, Reranker};

/// A model that reads query and passage as one text, and gives one number for both.
pub(super) struct CrossEncoder {
    name: String,
    /// Its graph, for messages.
    path: PathBuf,
    graph: Graph,
    /// The output with the scores.
    output: String,
    /// Cuts, and does not pad.
    tokenizer: Tokenizer,
    /// Stands for a pair of nothing that the vocabulary knows.
    nothing: Sequence,
    limits: Limits,
}

/// The output that exporters call the score by.
const LOGITS: &str = "logits";

/// What is scored as a trial: pairs of two lengths, so that a graph that mixes them up is
/// found out.
const TRIAL: (&str, [&str; 2]) = ("kb", ["kb", "the kb of a team"]);

impl CrossEncoder {
    /// Reads the files, builds the model, and has it score two passages.
    pub(super) fn new(choice: &Choice, mut files: Files) -> Result<Self, LoadError> {
        let Reading { cutting: mut tokenizer, .. } = Reading::new(&files, Texts::Pair)?;
        let padding = Padding::taken_from(&mut tokenizer);

        let graph = files.read_graph()?;
        files.add_weights_of(&graph)?;
        let limits = Limits::new(choice.batch_tokens, depends_on_company(&graph));
        let unusable = |reason: String| corrupt(&files.graph, &reason);
        let graph = Graph::build(choice, &files, &graph, padding, choice.threads())?;
        let output = output(&graph.outputs().collect::<Vec<_>>()).map_err(unusable)?;
        let nothing = Sequence::of(padding);
        let (name, path) = (files.name.clone(), files.graph.clone());
        let mut model = Self { name, path, graph, output, tokenizer, nothing, limits };
        let (query, passages) = TRIAL;
        model.scores(query, &passages).map_err(unusable)?;
        Ok(model)
    }

    /// Scores all passages.
    fn scores(&mut self, query: &str, passages: &[&str]) -> Result<Vec<f32>, String> {
        let texts: Vec<(&str, &str)> = passages.iter().map(|passage| (query, *passage)).collect();
        let pairs = sequences(&self.tokenizer, &texts, &self.nothing).map_err(said)?;
        let lengths: Vec<usize> = pairs.iter().map(|pair| pair.ids.len()).collect();
        let mut scores = vec![0.0; pairs.len()];
        for batch in batches::plan(&lengths, self.limits) {
            let some: Vec<&Sequence> = batch.iter().map(|&index| &pairs[index]).collect();
            let found = self.run(&some)?;
            for (index, score) in batch.into_iter().zip(found) {
                scores[index] = score;
            }
        }
        Ok(scores)
    }

    /// A finite score for each pair of a batch.
    fn run(&mut self, pairs: &[&Sequence]) -> Result<Vec<f32>, String> {
        let outputs = self.graph.run(pairs)?;
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

/// The output that holds the scores.
fn output(names: &[&str]) -> Result<String, String> {
    match names {
        several if several.contains(&LOGITS) => Ok(LOGITS.to_owned()),
        [only] => Ok((*only).to_owned()),
        several => {
            Err(format!("it has {} outputs, and none of them is called `{LOGITS}`", several.len()))
        }
    }
}
