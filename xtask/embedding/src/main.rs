//! `countersign-embedding texts FOLDER COUNT` prints the chunks of the documents below a
//! folder, at most so many, as a JSON list. `countersign-embedding embed MODEL TEXTS THREADS
//! ROUNDS` embeds such a list with the model in a folder. It prints the vectors of the first
//! texts as JSON, and for each round the time that embedding all texts took, in
//! microseconds.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use countersign_kb::chunk::{Estimate, Settings, chunk};
use countersign_kb::embed::{Choice, Role, load};

/// How many vectors are printed.
const SHOWN: usize = 50;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match &words[..] {
        ["texts", folder, count] => texts(Path::new(folder), count.parse()?),
        ["embed", model, texts, threads, rounds] => embed(model, texts, threads, rounds),
        _ => bail!("usage: countersign-embedding (texts FOLDER COUNT | embed MODEL TEXTS THREADS ROUNDS)"),
    }
}

fn texts(folder: &Path, count: usize) -> Result<()> {
    let mut chunks = Vec::new();
    for path in documents(folder)? {
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let chunked = chunk(&text, 0, Settings::default(), &Estimate);
        chunks.extend(chunked.chunks.iter().map(|chunk| chunked.passage(chunk)));
    }
    // From all over the tree, and the same ones every time.
    let step = (chunks.len() / count).max(1);
    let chosen: Vec<String> = chunks.into_iter().step_by(step).take(count).collect();
    println!("{}", serde_json::to_string(&chosen)?);
    Ok(())
}

fn documents(folder: &Path) -> Result<Vec<PathBuf>> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn embed(model: &str, texts: &str, threads: &str, rounds: &str) -> Result<()> {
    let mut choice = Choice::from_environment();
    choice.model_dir = Some(model.into());
    choice.threads = Some(threads.parse()?);
    let mut model = load(&choice, &mut |_| {})?;
    let texts: Vec<String> = serde_json::from_str(&fs::read_to_string(texts)?)?;
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let first = model.embed(Role::Passage, &texts[..texts.len().min(SHOWN)])?;
    println!("{}", serde_json::to_string(&first)?);
    for _ in 0..rounds.parse()? {
        let start = Instant::now();
        let vectors = model.embed(Role::Passage, &texts)?;
        let time = start.elapsed();
        if vectors.len() != texts.len() {
            bail!("{} vectors of {} texts", vectors.len(), texts.len());
        }
        println!("{}", time.as_micros());
    }
    Ok(())
}
