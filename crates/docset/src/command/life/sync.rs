//! `docset sync`.

use std::io::{self, Write as _};

use super::docset_files::{self, Change, changes, present};
use super::generated::Source;
use super::sync_all;
use super::today::day_of_build;
use super::views::{
    PageArguments, SyncArguments, SyncIssueArguments, SyncPrArguments, SyncSubject,
};
use crate::command::{CLEAN, Console, FINDINGS, Fault, diff};
use crate::diagnostic::escape;
use crate::docset::{Changed, Identity, Order, Process, Sources, renew};
use crate::edit::{RewriteError, write_all};
use crate::record::{Records, Subject};
use crate::tree;
use crate::view::is_about;
use countersign_report::terminal::{say, stopped};
use countersign_runner::Step;

pub(super) fn run(
    arguments: &SyncArguments,
    step: Option<&mut Step>,
    out: &mut Console,
) -> Result<u8, Fault> {
    match &arguments.subject {
        SyncSubject::Issue(arguments) => issue(arguments, out),
        SyncSubject::Pr(arguments) => pull_request(arguments, out),
        SyncSubject::All(arguments) => sync_all::run(arguments, step, out),
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
    let source = Source::open(&page.root)?;
    let order = Order {
        subject: Subject::PullRequest(arguments.number),
        identity: Identity { repo: arguments.place.repo.clone(), ..Identity::default() },
        changed: changed(&source, arguments.changed_since.as_deref())?,
        today: day_of_build()?,
    };
    sync(&order, page, out)
}

/// What a pull request changes, if somebody says since when.
pub(super) fn changed(source: &Source, since: Option<&str>) -> Result<Changed, Fault> {
    Ok(match since {
        Some(since) => Changed::Paths(source.checker.changed_since(since, tree::Deleted::LeftOut)?),
        None => Changed::AsListed,
    })
}

/// Brings the files of one docset up to date, alone in the repository: of two runs at
/// once, and of a run and an approval, the second reads what the first wrote.
fn sync(order: &Order, page: &PageArguments, out: &mut Console) -> Result<u8, Fault> {
    let source = Source::open(&page.root)?;
    let _lock = if page.check { None } else { Some(source.lock()?) };
    let changes = settle(&source, page.check, || docset(&source, order))?;
    show(&changes, page.check, out)
}

/// The files of one docset as they are and as they are to be.
pub(super) fn docset(source: &Source, order: &Order) -> Result<Vec<Change>, Fault> {
    let records = source.records()?;
    let present = present(&source.checker, &records, order.subject, &order.changed)?;
    let process = Process::load(source.checker.root())?;
    let catalogue = source.checker.catalogue();
    let renewed =
        renew(Sources { records: &records, catalogue, process: &process }, order, &present)?;
    docset_files::notes(&renewed);
    note_empty(order, &records);
    Ok(changes(&present, renewed))
}

/// An editor may save a file while it is brought up to date; after so many times
/// something else is wrong.
const ATTEMPTS: usize = 5;

/// Writes the changes that `plan` makes, all or none, unless this is a `check`. Planned anew
/// if a file changed meanwhile.
pub(super) fn settle(
    source: &Source,
    check: bool,
    plan: impl Fn() -> Result<Vec<Change>, Fault>,
) -> Result<Vec<Change>, Fault> {
    for _ in 0..ATTEMPTS {
        let changes = plan()?;
        if check {
            return Ok(changes);
        }
        let root = source.checker.root();
        let mut rewrites = Vec::new();
        for change in changes.iter().filter(|change| change.is_change()) {
            rewrites.push(change.rewrite(root)?);
        }
        match write_all(&rewrites) {
            Ok(()) => return Ok(changes),
            Err(RewriteError::Changed { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err("the files of the docset are being changed by something else; try again".into())
}

/// Says what was written, or, for a check, what is stale, and how.
pub(super) fn show(changes: &[Change], check: bool, out: &mut Console) -> Result<u8, Fault> {
    if check {
        return complain(changes, out);
    }
    stopped(out, |out| {
        for change in changes {
            let shown = escape(&change.path);
            match change.is_change() {
                true => writeln!(out, "wrote `{shown}`")?,
                false => writeln!(out, "`{shown}` is up to date")?,
            }
        }
        Ok(CLEAN)
    })
}

/// A number that no document names may be a slip of the pen.
fn note_empty(order: &Order, records: &Records) {
    let nobody = !records.by_path.values().any(|record| is_about(record, order.subject));
    match (order.subject, &order.changed) {
        (Subject::Issue(number), _) if nobody => {
            say(&format!("note: no document names issue {number} in `related_issues`\n"));
        }
        (Subject::PullRequest(number), Changed::AsListed) if nobody => say(&format!(
            "note: no document names pull request {number} in `related_prs`; `--changed-since` \
             adds what its branch changes\n"
        )),
        _ => {}
    }
}

/// Says which files are stale, and how.
fn complain(changes: &[Change], out: &mut Console) -> Result<u8, Fault> {
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
