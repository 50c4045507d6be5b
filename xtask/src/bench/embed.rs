//! Embedding chunks with a real model, beside fastembed for Python: the same model, library
//! of ONNX Runtime, texts and number of threads.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use super::figure::{Figure, Goal};
use super::measure::Times;
use super::tree::Tree;
use super::{Measured, builds, to_f64};
use crate::files;
use crate::process::Program;
use crate::tools;
use crate::workspace::Workspace;

const TEXTS: usize = 400;
const THREADS: &str = "2";
/// The programs take turns; each round is a process of its own.
const ROUNDS: usize = 7;
/// The largest difference of two numbers at one place of two vectors of a text.
const TOLERANCE: f64 = 1e-3;

/// Measures both.
pub(super) fn measure(workspace: &Workspace, quick: bool) -> Result<Measured> {
    let model = model(workspace)?;
    let program = builds::embedding(workspace)?;
    let peer = tools::embedding_peer(workspace)?;
    let texts = if quick { TEXTS / 10 } else { TEXTS };
    let tree = Tree::create(&workspace.target("bench/embed-tree"), 1000)?;
    let list = workspace.target("bench/embed-texts.json");
    let chosen = Program::new(&program, &tree.folder).args(["texts", "docs"]);
    let chosen = chosen.arg(texts.to_string()).capture()?.stdout_if_success()?;
    files::write(&list, &chosen)?;

    let library = Program::new(peer.program("python"), workspace.root())
        .args(["-c", "import glob, onnxruntime as it; print(*glob.glob(it.__path__[0] + '/capi/*onnxruntime.*'))"])
        .capture()?
        .stdout_if_success()?;
    let ours = || {
        let program =
            Program::new(&program, workspace.root()).env("ORT_DYLIB_PATH", library.trim());
        Run::of(program.arg("embed").arg(&model).arg(&list).args([THREADS, "1"]))
    };
    let script = workspace.root().join("xtask/embedding/peer.py");
    let theirs = |batch: &str| {
        let program = Program::new(peer.program("python"), workspace.root()).arg(&script);
        Run::of(program.arg(&model).arg(&list).args([THREADS, batch, "1"]))
    };
    let [mut own, mut single, mut batched] = [const { Vec::new() }; 3];
    for round in 0..if quick { 1 } else { ROUNDS } {
        // Who goes first has no advantage in the end.
        if round % 2 == 0 {
            own.push(ours()?);
        }
        single.push(theirs("1")?);
        // Its default.
        batched.push(theirs("256")?);
        if round % 2 == 1 {
            own.push(ours()?);
        }
    }
    let difference = difference(&own[0].first, &single[0].first)?;
    ensure!(difference <= TOLERANCE, "vectors differ by {difference}");
    // The machine is quicker and slower from minute to minute: what ran together is compared.
    let quicker = single.iter().zip(&batched).map(|(one, other)| one.time.min(other.time));
    let ratios = quicker.zip(&own).map(|(peer, own)| peer.as_secs_f64() / own.time.as_secs_f64());
    let ratio = median(ratios.collect()).context("there was no round")?;
    let speed = |name: &str, runs: &[Run]| {
        let mut times = Times::default();
        runs.iter().for_each(|run| times.add_time(run.time));
        to_f64(texts) / times.report(name).as_secs_f64()
    };
    let own = speed("countersign-kb", &own);
    let single = speed("fastembed, one text at a time", &single);
    let batched = speed("fastembed, 256 texts at a time", &batched);
    let figures = vec![
        Figure::new("Embedding, 2 threads", own, "texts/s", Goal::None),
        Figure::new("fastembed for Python, one text at a time", single, "texts/s", Goal::None),
        Figure::new("The same, 256 at a time, its default", batched, "texts/s", Goal::None),
        Figure::new(
            "Embedding, in times of the quicker of the two, median of the rounds",
            ratio,
            "×",
            Goal::AtLeast(1.0),
        ),
        Figure::new(
            "Largest difference of the vectors",
            difference * 1e6,
            "millionths",
            Goal::AtMost(1000.0),
        ),
    ];
    let subject = format!(
        "countersign-kb {}; fastembed 0.9.1 and ONNX Runtime 1.32.0; all-MiniLM-L6-v2 with weights of 8 \
         bits; {texts} chunks of {}; medians of {ROUNDS} runs in turn",
        env!("CARGO_PKG_VERSION"),
        tree.describe()
    );
    Ok(Measured { subject, figures })
}

/// The folder of the model, as the tests of `countersign-kb` look for it.
pub(super) fn model(workspace: &Workspace) -> Result<PathBuf> {
    let named = std::env::var_os("COUNTERSIGN_TEST_MODEL").map(PathBuf::from);
    let beside = || workspace.root().join("../shared/models/all-MiniLM-L6-v2-int8");
    let folder = named.unwrap_or_else(beside);
    ensure!(
        folder.join("model.onnx").exists(),
        "there is no model in `{}`: COUNTERSIGN_TEST_MODEL names all-MiniLM-L6-v2 in the ONNX format",
        folder.display()
    );
    Ok(folder)
}

/// What a program printed.
struct Run {
    /// The vectors of the first texts.
    first: Vec<Vec<f64>>,
    time: Duration,
}

impl Run {
    fn of(program: Program) -> Result<Self> {
        let printed = program.capture()?.stdout_if_success()?;
        let (first, time) = printed.split_once('\n').context("no times were printed")?;
        let first: serde_json::Value = serde_json::from_str(first)?;
        let numbers = |vector: &serde_json::Value| {
            let numbers = vector.as_array()?.iter().map(serde_json::Value::as_f64);
            numbers.collect::<Option<Vec<f64>>>()
        };
        let first = first.as_array().and_then(|first| first.iter().map(numbers).collect());
        let time = Duration::from_micros(time.trim().parse()?);
        Ok(Self { first: first.context("no vectors were printed")?, time })
    }
}

/// The ratio in the middle.
fn median(mut ratios: Vec<f64>) -> Option<f64> {
    ratios.sort_by(f64::total_cmp);
    println!("  ratios: {ratios:.2?}");
    ratios.get(ratios.len() / 2).copied()
}

/// The largest difference of numbers at one place.
fn difference(one: &[Vec<f64>], other: &[Vec<f64>]) -> Result<f64> {
    ensure!(!one.is_empty() && one.len() == other.len(), "other numbers of vectors");
    let mut largest: f64 = 0.0;
    for (one, other) in one.iter().zip(other) {
        ensure!(!one.is_empty() && one.len() == other.len(), "vectors of other lengths");
        for (one, other) in one.iter().zip(other) {
            largest = largest.max((one - other).abs());
        }
    }
    Ok(largest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ratio_in_the_middle_is_taken() {
        assert_eq!(median(vec![3.0, 0.5, 1.25]), Some(1.25));
        assert_eq!(median(Vec::new()), None);
    }

    #[test]
    fn vectors_are_compared_number_by_number() {
        let vectors = |number| vec![vec![0.5, 0.25], vec![number, 1.0]];
        assert_eq!(difference(&vectors(1.0), &vectors(0.75)).unwrap(), 0.25);
        assert!(difference(&vectors(1.0), &vectors(1.0)[..1]).is_err());
        assert!(difference(&[], &[]).is_err());
    }
}
