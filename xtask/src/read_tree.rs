//! `cargo xtask read-tree`: finds the documents of a folder as docset does and
//! reads each of them once. No check can be quicker than that.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use anyhow::{Result, ensure};
use ignore::WalkBuilder;

/// What to read.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The folder
    folder: PathBuf,
    /// Threads that read
    #[arg(long, default_value_t = 2)]
    threads: usize,
}

/// How many files a thread takes at once.
const FEW: usize = 16;

/// Reads the files and prints, on one line: files, bytes, microseconds of the reading
/// alone.
///
/// # Errors
///
/// If a file cannot be read.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let paths = find(arguments)?;
    let start = Instant::now();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut bytes = 0;
        loop {
            let from = next.fetch_add(FEW, Ordering::Relaxed);
            let Some(some) = paths.get(from..).filter(|some| !some.is_empty()) else { break };
            for path in &some[..some.len().min(FEW)] {
                bytes += std::hint::black_box(std::fs::read(path)?).len();
            }
        }
        Ok::<_, std::io::Error>(bytes)
    };
    let parts: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (1..arguments.threads).map(|_| scope.spawn(work)).collect();
        let mut parts = vec![work()];
        parts.extend(threads.into_iter().filter_map(|thread| thread.join().ok()));
        parts
    });
    let time = start.elapsed();
    ensure!(parts.len() == arguments.threads.max(1), "a thread died");
    let bytes: usize = parts.into_iter().sum::<Result<_, _>>()?;
    println!("{} {bytes} {}", paths.len(), time.as_micros());
    Ok(ExitCode::SUCCESS)
}

fn find(arguments: &Arguments) -> Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in WalkBuilder::new(&arguments.folder).require_git(false).build() {
        let entry = entry?;
        let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
        if is_file && entry.path().extension().is_some_and(|extension| extension == "md") {
            paths.push(entry.into_path());
        }
    }
    paths.sort();
    Ok(paths)
}
