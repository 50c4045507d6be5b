//! `kb doctor`.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use countersign_markup::shown::escape;
use countersign_report::count;
use countersign_report::terminal::{CLEAN, Console, FINDINGS, Fault, harmless};
use serde_json::json;

use super::cli::{Format, Global, ModelArguments};
use super::model::Unusable;
use super::progress::Bar;
use super::root::{Missing, Repository};
use super::{index as command, stats};
use crate::index::{self, Job, Selection, Summary};
use crate::store::{Ailment, Store};

pub(super) async fn run(
    arguments: &ModelArguments,
    global: &Global,
    out: &mut Console,
) -> Result<u8, Fault> {
    let repository = Repository::find(global)?;
    let store: Arc<dyn Store> = repository.store(global, Missing::Left).await?.into();
    let statistics = store.statistics().await?;
    let mut ailments = store.examine().await?;
    ailments.extend(model(&*store, arguments, &repository).await?);
    ailments.extend(tokio::task::block_in_place(|| super::rerank::examine(&repository)));
    ailments.extend(documents(&store, &repository).await?);
    match global.format {
        Format::Json => {
            let ailments: Vec<_> = ailments
                .iter()
                .map(|ailment| {
                    json!({
                        "code": ailment.code,
                        "severe": ailment.severe,
                        "message": ailment.message,
                        "help": ailment.help,
                    })
                })
                .collect();
            let mut answer = stats::as_json(store.name(), &statistics);
            answer["ailments"] = json!(ailments);
            writeln!(out, "{answer}")?;
        }
        Format::Human => {
            let versions: Vec<String> = statistics
                .versions
                .iter()
                .map(|(name, version)| format!("{name} {version}"))
                .collect();
            let mut text = format!("{}: {}\n", escape(store.name()), escape(&versions.join(", ")));
            for Ailment { code, severe, message, help } in &ailments {
                let severity = if *severe { "error" } else { "warning" };
                let head = out.bold(&format!("{severity}[{code}]"));
                text.push_str(&format!("{head}: {}\n  help: {}\n", escape(message), escape(help)));
            }
            if ailments.is_empty() {
                text.push_str("nothing is wrong\n");
            }
            harmless(out, &text)?;
        }
    }
    Ok(if ailments.is_empty() { CLEAN } else { FINDINGS })
}

/// Whether the model of the index can be had here, and is the same one.
async fn model(
    store: &dyn Store,
    arguments: &ModelArguments,
    repository: &Repository,
) -> Result<Option<Ailment>, Fault> {
    let Some(active) = store.models().await?.into_iter().find(|model| model.active) else {
        return Ok(None);
    };
    let loaded =
        tokio::task::block_in_place(|| super::model::of_index(&active, arguments, repository));
    let name = &active.description.name;
    Ok(loaded.err().map(Unusable::from).map(|Unusable { reason, ways_out }| Ailment {
        code: "model-unavailable",
        severe: false,
        message: format!("`{name}`, which the index is embedded with, cannot be used: {reason}"),
        help: ways_out.first().cloned().unwrap_or_else(|| "see `kb index --help`".to_owned())
            + "; until then, searches are by words alone",
    }))
}

/// Whether the index says what the documents of the work tree say.
async fn documents(store: &Arc<dyn Store>, repository: &Repository) -> Result<Vec<Ailment>, Fault> {
    let checker = command::checker(repository)?;
    let job = Job {
        rules: Arc::new(command::rules(repository, &checker)?),
        checker: Arc::new(checker),
        selection: Selection::default(),
        model: None,
        dry_run: true,
        patience: Duration::ZERO,
        stop: Arc::new(AtomicBool::new(false)),
        observer: Arc::new(Bar::default()),
    };
    let Summary { added, changed, removed, problems, .. } =
        match index::run(Arc::clone(store), job).await {
            Ok(summary) => summary,
            // A database can be looked at where there are no documents.
            Err(index::IndexError::Nothing { .. }) => return Ok(Vec::new()),
            Err(error) => return Err(error.into()),
        };
    let mut ailments = Vec::new();
    if added.len() + changed.len() + removed.len() > 0 {
        ailments.push(Ailment {
            code: "stale-documents",
            severe: false,
            message: format!(
                "{} not indexed, {} changed since, {} gone",
                count(added.len(), "document"),
                changed.len(),
                removed.len()
            ),
            help: "run `kb index`".to_owned(),
        });
    }
    if !problems.is_empty() {
        ailments.push(Ailment {
            code: "unreadable-documents",
            severe: false,
            message: format!("{} cannot be read", count(problems.len(), "document")),
            help: "`kb index --dry-run` names them with what is wrong".to_owned(),
        });
    }
    Ok(ailments)
}
