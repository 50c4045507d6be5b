//! `docset sync`.

use std::io::{self, Write as _};

use super::docset_files::{self, changes, present};
use super::generated::Source;
use super::today::day_of_build;
use super::views::{
    PageArguments, SyncArguments, SyncIssueArguments, SyncPrArguments, SyncSubject,
};
use crate::command::{CLEAN, Console, FINDINGS, Fault, diff};
use crate::diagnostic::escape;
use crate::docset::{Changed, Identity, Order, Process, Sources, renew};
use crate::edit::{RewriteError, write_all};
use crate::record::Subject;
use crate::tree;
use countersign_report::terminal::{say, stopped};

pub(super) fn run(arguments: &SyncArguments, out: &mut Console) -> Result<u8, Fault> {
    match &arguments.subject {
        SyncSubject::Issue(arguments) => issue(arguments, out),
        SyncSubject::Pr(arguments) => pull_request(arguments, out),
    }
}

fn issue(arguments: &SyncIssueArguments, out: &mut Console) -> Result<u8, Fault> {
    let order = Order {
        subject: Subject::Issue(arguments.number),
        identity: Identity {
            repo: arguments.place.repo.clone(),
            profile: arguments.profile.clone(),
            stage: arguments.stage.clone(),
        },
        changed: Changed::AsListed,
        today: day_of_build()?,
    };
    sync(&order, &arguments.place.page, out)
}

fn pull_request(arguments: &SyncPrArguments, out: &mut Console) -> Result<u8, Fault> {
    let page = &arguments.place.page;
    let changed = match &arguments.changed_since {
        Some(revision) => {
            let source = Source::open(page.root.as_deref())?;
            Changed::Paths(source.checker.changed_since(revision, tree::Deleted::LeftOut)?)
        }
        None => Changed::AsListed,
    };
    let order = Order {
        subject: Subject::PullRequest(arguments.number),
        identity: Identity { repo: arguments.place.repo.clone(), ..Identity::default() },
        changed,
        today: day_of_build()?,
    };
    sync(&order, page, out)
}

/// An editor may save a file while it is brought up to date; after so many times
/// something else is wrong.
const ATTEMPTS: usize = 5;

/// Brings the files of one docset up to date, alone in the repository: of two runs at
/// once, and of a run and an approval, the second reads what the first wrote.
fn sync(order: &Order, page: &PageArguments, out: &mut Console) -> Result<u8, Fault> {
    let source = Source::open(page.root.as_deref())?;
    let _lock = if page.check { None } else { Some(source.lock()?) };
    for _ in 0..ATTEMPTS {
        let records = source.records()?;
        let present = present(&source.checker, &records, order.subject, &order.changed)?;
        let process = Process::load(source.checker.root())?;
        let catalogue = source.checker.catalogue();
        let renewed =
            renew(Sources { records: &records, catalogue, process: &process }, order, &present)?;
        docset_files::notes(&renewed);
        let changes = changes(&present, renewed);
        if page.check {
            return check(&changes, out);
        }
        let root = source.checker.root();
        let mut rewrites = Vec::new();
        for change in changes.iter().filter(|change| change.is_change()) {
            rewrites.push(change.rewrite(root)?);
        }
        match write_all(&rewrites) {
            Ok(()) => {}
            Err(RewriteError::Changed { .. }) => continue,
            Err(error) => return Err(error.into()),
        }
        return stopped(out, |out| {
            for change in &changes {
                let shown = escape(&change.path);
                match change.is_change() {
                    true => writeln!(out, "wrote `{shown}`")?,
                    false => writeln!(out, "`{shown}` is up to date")?,
                }
            }
            Ok(CLEAN)
        });
    }
    Err("the files of the docset are being changed by something else; try again".into())
}

/// Says which files are stale, and how.
fn check(changes: &[docset_files::Change], out: &mut Console) -> Result<u8, Fault> {
    let mut complaints = String::new();
    stopped(out, |out| {
        for change in changes {
            let shown = escape(&change.path);
            if !change.is_change() {
                writeln!(out, "`{shown}` is up to date")?;
                continue;
            }
            let patch = diff::patch(&change.path, change.before.as_deref(), &change.after);
            write!(out, "{patch}")?;
            let state = if change.before.is_some() { "is stale" } else { "is not there" };
            complaints.push_str(&format!(
                "error: `{shown}` {state}; run the command without `--check`\n"
            ));
        }
        Ok::<(), io::Error>(())
    })?;
    out.flush()?;
    say(&complaints);
    Ok(if complaints.is_empty() { CLEAN } else { FINDINGS })
}
