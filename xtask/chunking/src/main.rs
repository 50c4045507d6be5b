//! `countersign-chunking FOLDER CHARACTERS ROUNDS`: cuts all documents below a folder with
//! `countersign-kb` and with `text-splitter`, and prints what that cost.
//!
//! Everything is read before; the time is that of the thread on its processor, so that
//! other programs on the machine count for little. The two take turns. Printed are, one
//! line each: the documents and their bytes; the quickest and the median time of the
//! default settings, of sizes by characters, and of the peer with the same sizes, in
//! microseconds, each with the number of chunks.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use countersign_kb::chunk::{Characters, Estimate, Settings, chunk};
use nix::time::{ClockId, clock_gettime};
use text_splitter::MarkdownSplitter;

/// How often the peer runs: it takes a minute where the other takes a second.
const ROUNDS_OF_PEER: usize = 3;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, characters, rounds] = &arguments[..] else {
        bail!("usage: countersign-chunking FOLDER CHARACTERS ROUNDS");
    };
    let characters: usize = characters.parse().context("CHARACTERS")?;
    let rounds: usize = rounds.parse().context("ROUNDS")?;
    let texts = read(Path::new(folder))?;
    println!("{} {}", texts.len(), texts.iter().map(String::len).sum::<usize>());

    let by_characters = Settings::new(characters, 0, 6)?;
    let splitter = MarkdownSplitter::new(characters);
    let mut times = [const { Vec::new() }; 3];
    let mut chunks = [0; 3];
    for round in 0..rounds {
        let mut measure = |place: usize, work: &dyn Fn(&str) -> usize| -> Result<()> {
            let start = processor_time()?;
            chunks[place] = texts.iter().map(|text| work(text)).sum();
            times[place].push(processor_time()?.saturating_sub(start));
            Ok(())
        };
        measure(0, &|text| chunk(text, 0, Settings::default(), &Estimate).chunks.len())?;
        measure(1, &|text| chunk(text, 0, by_characters, &Characters).chunks.len())?;
        if round < ROUNDS_OF_PEER {
            // Each chunk is looked at, since the peer makes them only when asked.
            measure(2, &|text| splitter.chunk_indices(text).map(std::hint::black_box).count())?;
        }
    }
    for (name, (mut times, chunks)) in
        ["default", "characters", "text-splitter"].into_iter().zip(times.into_iter().zip(chunks))
    {
        times.sort();
        let (quickest, median) = (times[0].as_micros(), times[times.len() / 2].as_micros());
        println!("{name} {quickest} {median} {chunks}");
    }
    Ok(())
}

/// The time that this thread has had a processor.
fn processor_time() -> Result<Duration> {
    Ok(Duration::from(clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID)?))
}

fn read(folder: &Path) -> Result<Vec<String>> {
    let mut folders = vec![folder.to_owned()];
    let mut paths: Vec<PathBuf> = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else if entry.path().extension().is_some_and(|extension| extension == "md") {
                paths.push(entry.path());
            }
        }
    }
    paths.sort();
    let read = |path: &PathBuf| {
        let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
        Ok(body(&text).to_owned())
    };
    paths.iter().map(read).collect()
}

/// The text without front matter, which neither is to cut.
fn body(text: &str) -> &str {
    let rest = text.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n"));
    rest.map_or(text, |(_, body)| body)
}
