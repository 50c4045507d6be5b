//! `kb index`.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use countersign_docset::Checker;
use countersign_docset::config::DocsConfig;
use countersign_docset::docset::Process;
use countersign_markup::shown::escape;
use countersign_report::terminal::{CLEAN, Console, FINDINGS, Fault, harmless, say};
use countersign_report::{annotation, count};
use countersign_runner::{Sign, Step};
use serde_json::json;

use super::INTERRUPTED;
use super::cli::{Format, Global, IndexArguments};
use super::model::{Wanted, say_without};
use super::progress::Bar;
use super::root::{Missing, Repository, here};
use crate::index::{self, Commit, Job, ModelSource, Move, Rules, Selection, Summary};
use crate::store::{Store, StoreError};

pub(super) async fn run(
    arguments: &IndexArguments,
    global: &Global,
    step: Option<&mut Step>,
    out: &mut Console,
) -> Result<u8, Fault> {
    let repository = Repository::find(global)?;
    if step.is_some() {
        repository.mask(global, out)?;
    }
    let checker = checker(&repository)?;
    let selection = selection(arguments, &checker)?;
    let missing = if arguments.dry_run { Missing::Left } else { Missing::Made };
    let store: Arc<dyn Store> = repository.store(global, missing).await?.into();
    let active = match store.models().await {
        Ok(models) => models.into_iter().find(|model| model.active),
        // An older schema is brought up to date by the run, and everything else told by it.
        Err(StoreError::Empty { .. } | StoreError::TooOld { .. }) => None,
        Err(error) => return Err(error.into()),
    };
    let model = match arguments.no_embeddings {
        true => None,
        false => {
            let wanted = Wanted::new(arguments, &repository, active.as_ref())?;
            Some(Box::new(wanted) as Box<dyn ModelSource>)
        }
    };
    let (stop, bar) = (Arc::new(AtomicBool::new(false)), Arc::new(Bar::default()));
    let job = Job {
        rules: Arc::new(rules(&repository, &checker)?),
        checker: Arc::new(checker),
        selection,
        model,
        dry_run: arguments.dry_run,
        patience: Duration::from_secs(arguments.wait),
        stop: Arc::clone(&stop),
        observer: Arc::clone(&bar) as Arc<dyn index::Observer>,
    };
    let signals = Signals::new().map_err(|error| format!("cannot catch signals: {error}"))?;
    let signals = tokio::spawn(obey(signals, stop));
    let result = index::run(store, job).await;
    signals.abort();
    bar.finish();
    let summary = result?;
    match global.format {
        Format::Json => writeln!(out, "{}", json(&summary, arguments.dry_run))?,
        Format::Human => human(&summary, arguments.dry_run, out)?,
    }
    if let Some(step) = step {
        tell(step, &summary, &repository, out)?;
    }
    if summary.interrupted {
        say("interrupted: what was written stays, and the next `kb index` goes on from there\n");
        return Ok(INTERRUPTED);
    }
    Ok(if summary.problems.is_empty() { CLEAN } else { FINDINGS })
}

/// Tells the runner what was indexed.
fn tell(
    step: &mut Step,
    summary: &Summary,
    repository: &Repository,
    out: &mut Console,
) -> Result<(), Fault> {
    let sign = match (summary.problems.is_empty(), summary.without_model.is_empty()) {
        (false, _) => Sign::Bad,
        (true, false) => Sign::Warning,
        (true, true) => Sign::Good,
    };
    step.summary.heading(sign, "kb index");
    step.summary.list([
        format!("{} added", count(summary.added.len(), "document")),
        format!("{} moved", summary.moved.len()),
        format!("{} changed", summary.changed.len()),
        format!("{} unchanged", summary.unchanged),
        format!("{} removed", summary.removed.len()),
    ]);
    if !summary.without_model.is_empty() {
        step.summary.paragraph(&format!(
            "There are no embeddings, so that search is by words alone: {}",
            summary.without_model
        ));
    }
    let row = |problem: &index::Problem| vec![problem.path.clone(), problem.message.clone()];
    step.summary.table(&["Document that was not indexed", "Why"], summary.problems.iter().map(row));
    let mut commands = String::new();
    for problem in &summary.problems {
        let place = Some((problem.path.as_str(), problem.line.unwrap_or(1)));
        commands.push_str(&annotation("error", "kb index", place, &escape(&problem.message)));
        commands.push('\n');
    }
    out.write_all(step.annotations(&commands, &repository.root).as_bytes())?;
    step.output("added", summary.added.len())?;
    step.output("moved", summary.moved.len())?;
    step.output("changed", summary.changed.len())?;
    step.output("unchanged", summary.unchanged)?;
    step.output("removed", summary.removed.len())?;
    Ok(())
}

/// What finds and reads documents: as `docs:` says, unless `kb:` says otherwise.
pub(super) fn checker(repository: &Repository) -> Result<Checker, Fault> {
    let mut docs = DocsConfig::load(&repository.root)?;
    if let Some(include) = &repository.config.include {
        docs.include.clone_from(include);
    }
    docs.exclude.extend(repository.config.exclude.iter().cloned());
    Ok(Checker::with_config(&repository.root, docs)?)
}

/// What documents are read by.
pub(super) fn rules(repository: &Repository, checker: &Checker) -> Result<Rules, Fault> {
    Ok(Rules {
        catalogue: checker.catalogue().clone(),
        process: Process::load(&repository.root)?,
        settings: repository.config.chunks.settings()?,
    })
}

fn selection(arguments: &IndexArguments, checker: &Checker) -> Result<Selection, Fault> {
    let commit = arguments.commit.as_deref();
    let commit = commit.map(|commit| Commit::find(checker.root(), commit)).transpose()?;
    Ok(Selection {
        paths: arguments.paths.clone(),
        base: here()?,
        changed_since: arguments.changed_since.clone(),
        commit,
    })
}

/// Ends the run after the batch at hand when somebody asks for it, and at once when they ask
/// again.
async fn obey(mut signals: Signals, stop: Arc<AtomicBool>) {
    loop {
        signals.next().await;
        if stop.swap(true, Ordering::Relaxed) {
            // Every write is whole or has not happened, so that nothing is torn.
            std::process::exit(i32::from(INTERRUPTED));
        }
        say("stopping after the documents at hand; again to stop at once\n");
    }
}

/// What asks a program to stop. It is caught from when the value is made.
#[cfg(unix)]
struct Signals([tokio::signal::unix::Signal; 2]);

#[cfg(unix)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self([signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?]))
    }

    async fn next(&mut self) {
        let [interrupt, terminate] = &mut self.0;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    }
}

/// What asks a program to stop.
#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        drop(tokio::signal::ctrl_c().await);
    }
}

fn human(summary: &Summary, dry_run: bool, out: &mut Console) -> Result<(), Fault> {
    let mut text = String::new();
    if dry_run {
        for (sign, paths) in
            [('+', &summary.added), ('~', &summary.changed), ('-', &summary.removed)]
        {
            for path in paths {
                text.push_str(&format!("{sign} {}\n", escape(path)));
            }
        }
        for Move { from, to, .. } in &summary.moved {
            text.push_str(&format!("> {} -> {}\n", escape(from), escape(to)));
        }
    }
    for problem in &summary.problems {
        text.push_str(&format!("{} {problem}\n", out.bold("error:")));
    }
    let would = if dry_run { "would be: " } else { "" };
    text.push_str(&format!(
        "{would}{} added, {}{} changed, {} unchanged, {} removed",
        summary.added.len(),
        if summary.moved.is_empty() {
            String::new()
        } else {
            format!("{} moved, ", summary.moved.len())
        },
        summary.changed.len(),
        summary.unchanged,
        summary.removed.len(),
    ));
    if !dry_run {
        let chunks = summary.chunks;
        text.push_str(&format!(
            "; {} added, {} kept, {} removed",
            count(usize::try_from(chunks.chunks_added).unwrap_or(usize::MAX), "chunk"),
            chunks.chunks_kept,
            chunks.chunks_removed,
        ));
        if summary.embedded + summary.vectors_kept > 0 {
            text.push_str(&format!(
                "; {} made, {} kept",
                count(usize::try_from(summary.embedded).unwrap_or(usize::MAX), "embedding"),
                summary.vectors_kept,
            ));
        }
    }
    text.push('\n');
    harmless(out, &text)?;
    if !summary.without_model.is_empty() {
        let so = "no embeddings, so that search is by words alone";
        say_without(&summary.without_model, so, &summary.ways_out);
    }
    Ok(())
}

fn json(summary: &Summary, dry_run: bool) -> serde_json::Value {
    let problems: Vec<_> = summary
        .problems
        .iter()
        .map(|problem| {
            json!({"path": problem.path, "line": problem.line, "message": problem.message})
        })
        .collect();
    let moved: Vec<_> =
        summary.moved.iter().map(|one| json!({"from": one.from, "to": &*one.to})).collect();
    json!({
        "dry_run": dry_run,
        "added": summary.added,
        "moved": moved,
        "changed": summary.changed,
        "unchanged": summary.unchanged,
        "removed": summary.removed,
        "chunks": {
            "added": summary.chunks.chunks_added,
            "kept": summary.chunks.chunks_kept,
            "removed": summary.chunks.chunks_removed,
        },
        "embeddings": {"made": summary.embedded, "kept": summary.vectors_kept},
        "model": summary.model,
        "without_model": (!summary.without_model.is_empty()).then_some(&summary.without_model),
        "problems": problems,
        "interrupted": summary.interrupted,
    })
}
