//! What commands that speak to GitHub share: the runtime, the client, the repositories, and how
//! a run is stopped.

mod progress;

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use countersign_github::{Event, GitHub, GitHubError, OrganisationName, RepositoryName};
use countersign_report::terminal::Fault;
use tokio::task::LocalSet;

pub(super) use self::progress::Progress;

/// Runs `work` to its end on this thread. One thread is enough: it waits for GitHub.
pub(super) fn block_on<T>(work: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    LocalSet::new().block_on(&runtime, work)
}

/// The client that the environment describes; waits are shown.
pub(super) fn client(progress: &Arc<Progress>) -> Result<GitHub, GitHubError> {
    let shown = Arc::clone(progress);
    GitHub::builder()
        .environment(|name| std::env::var(name).ok())?
        .observer(move |event| {
            if let Event::Waiting { .. } = event {
                shown.say(&event.to_string());
            }
        })
        .build()
}

/// The repositories that are named, and those of the organisations that can be changed, each
/// once.
pub(super) async fn repositories(
    github: &GitHub,
    named: &[RepositoryName],
    organisations: &[OrganisationName],
    progress: &Progress,
) -> Result<Vec<RepositoryName>, Fault> {
    let mut names = named.to_vec();
    for organisation in organisations {
        for info in github.organisation(organisation).repositories().await? {
            if info.archived || info.disabled {
                progress.say(&format!("{}: skipped, it is archived or switched off", info.name));
            } else {
                names.push(info.name);
            }
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    names.retain(|name| seen.insert(name.to_string().to_lowercase()));
    if names.is_empty() {
        return Err("no repository is named; say which, as `owner/name`, or --organisation".into());
    }
    Ok(names)
}

/// Whether the run is to end: set by the first Ctrl-C, so that the request in flight is
/// answered; the second one ends the process.
pub(super) fn stop_flag(progress: &Arc<Progress>) -> Arc<AtomicBool> {
    let flag = Arc::new(AtomicBool::new(false));
    let (set, shown) = (Arc::clone(&flag), Arc::clone(progress));
    tokio::task::spawn_local(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            set.store(true, Ordering::Relaxed);
            shown.say("stopping after the change that is under way; Ctrl-C again ends at once");
            if tokio::signal::ctrl_c().await.is_ok() {
                // The code of shells for a program that was interrupted.
                std::process::exit(130);
            }
        }
    });
    flag
}
