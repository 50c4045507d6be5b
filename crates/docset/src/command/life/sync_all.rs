//! `docset sync all`: everything that is generated, in one run.

use std::io::Write as _;
use std::path::Path;

use super::commit::Commit;
use super::docset_files::Change;
use super::generated::{Source, Target};
use super::sync::{changed, docset, settle, show};
use super::today::day_of_build;
use super::views::{SyncAllArguments, SyncPart};
use super::{index, map};
use crate::command::{Console, Fault};
use crate::diagnostic::escape;
use crate::docset::{Changed, Identity, Order};
use crate::output::count;
use crate::record::Subject;
use crate::view::{INDEX, ISSUE_MAP};
use countersign_report::annotation;
use countersign_report::terminal::stopped;
use countersign_runner::{Sign, Step};

/// Runs `docset sync all`.
pub(super) fn run(
    arguments: &SyncAllArguments,
    step: Option<&mut Step>,
    out: &mut Console,
) -> Result<u8, Fault> {
    let page = &arguments.place.page;
    let source = Source::open(&page.root)?;
    let parts = parts(arguments)?;
    let commit = match arguments.commit {
        true => Some(Commit::open(source.checker.root(), step.is_some(), arguments.push)?),
        false => None,
    };
    let _lock = if page.check { None } else { Some(source.lock()?) };
    // The map shows what docset files say, so each part is written before the next is planned.
    if let Some(commit) = &commit {
        let mut planned = Vec::new();
        for part in &parts {
            planned.extend(plan(*part, &source, arguments)?);
        }
        commit.refuse_what_is_not_ours(&paths(&planned))?;
    }
    let mut changes = Vec::new();
    for part in &parts {
        changes.extend(settle(&source, page.check, || plan(*part, &source, arguments))?);
    }
    let code = show(&changes, page.check, out)?;
    let made = commit.map(|commit| commit.make(&paths(&changes))).transpose()?.flatten();
    if let Some(made) = &made {
        let pushed = if arguments.push { " and pushed it" } else { "" };
        stopped(out, |out| writeln!(out, "made the commit {made}{pushed}"))?;
    }
    if let Some(step) = step {
        tell(step, &changes, page.check, made.as_deref(), source.checker.root(), out)?;
    }
    Ok(code)
}

/// The parts that are asked for, in an order in which each finds what it builds on.
fn parts(arguments: &SyncAllArguments) -> Result<Vec<SyncPart>, Fault> {
    let (issue, pr) = (arguments.issue.is_some(), arguments.pr.is_some());
    let Some(asked) = &arguments.what else {
        let all = [(SyncPart::Issue, issue), (SyncPart::Pr, pr)];
        let numbered = all.into_iter().filter(|(_, given)| *given).map(|(part, _)| part);
        return Ok(numbered.chain([SyncPart::Map, SyncPart::Index]).collect());
    };
    for (part, given, name, option) in
        [(SyncPart::Issue, issue, "issue", "--issue N"), (SyncPart::Pr, pr, "pr", "--pr N")]
    {
        if asked.0.contains(&part) && !given {
            return Err(format!("`{name}` needs a number: give `{option}`").into());
        }
    }
    Ok(asked.0.iter().copied().collect())
}

fn plan(
    part: SyncPart,
    source: &Source,
    arguments: &SyncAllArguments,
) -> Result<Vec<Change>, Fault> {
    let order = |subject, changed| {
        let identity = Identity { repo: arguments.place.repo.clone(), ..Identity::default() };
        Ok::<_, Fault>(Order { subject, identity, changed, today: day_of_build()? })
    };
    match (part, arguments.issue, arguments.pr) {
        (SyncPart::Issue, Some(number), _) => {
            docset(source, &order(Subject::Issue(number), Changed::AsListed)?)
        }
        (SyncPart::Pr, _, Some(number)) => {
            let changed = changed(source, arguments.changed_since.as_deref())?;
            docset(source, &order(Subject::PullRequest(number), changed)?)
        }
        (SyncPart::Map, ..) => {
            let target = source.target(None, ISSUE_MAP)?;
            let text = map::text(source, &target)?;
            Ok(vec![change(target, text)])
        }
        (SyncPart::Index, ..) => {
            let target = source.target(None, INDEX)?;
            let text = index::text(source, &target, "")?;
            Ok(vec![change(target, text)])
        }
        (SyncPart::Issue | SyncPart::Pr, ..) => Ok(Vec::new()),
    }
}

fn change(target: Target, after: String) -> Change {
    Change { path: target.path, before: target.present, after }
}

fn paths(changes: &[Change]) -> Vec<String> {
    changes.iter().map(|change| change.path.clone()).collect()
}

/// Tells the runner what changed, or is stale.
fn tell(
    step: &mut Step,
    changes: &[Change],
    check: bool,
    commit: Option<&str>,
    root: &Path,
    out: &mut Console,
) -> Result<(), Fault> {
    let changed: Vec<&str> =
        changes.iter().filter(|it| it.is_change()).map(|it| it.path.as_str()).collect();
    let files = count(changed.len(), "file");
    let (sign, headline) = match (changed.len(), check) {
        (0, _) => (Sign::Good, "Docsets are up to date".to_owned()),
        (_, false) => (Sign::Good, format!("Brought {files} up to date")),
        (1, true) => (Sign::Bad, "1 generated file is stale".to_owned()),
        (_, true) => (Sign::Bad, format!("{} generated files are stale", changed.len())),
    };
    step.summary.heading(sign, &headline);
    let state = |change: &Change| match (change.is_change(), check, &change.before) {
        (false, ..) => "up to date",
        (true, true, Some(_)) => "stale",
        (true, true, None) => "not there",
        (true, false, Some(_)) => "brought up to date",
        (true, false, None) => "created",
    };
    let rows = changes.iter().map(|it| vec![escape(&it.path), state(it).to_owned()]);
    step.summary.table(&["File", "State"], rows);
    if check && !changed.is_empty() {
        step.summary.paragraph(
            "What to do: run `docset sync all` with the same numbers, or this action with \
             `mode: commit`, and commit the result.",
        );
        let mut commands = String::new();
        for path in &changed {
            let message = "it is not what the documents say: run `docset sync all` and commit it";
            commands.push_str(&annotation("error", "docset sync", Some((path, 1)), message));
            commands.push('\n');
        }
        out.write_all(step.annotations(&commands, root).as_bytes())?;
    }
    if let Some(commit) = commit {
        step.summary.paragraph(&format!("Commit `{commit}`."));
    }
    step.output("changed", !changed.is_empty())?;
    step.list("paths", &changed)?;
    step.output("commit", commit.unwrap_or_default())?;
    Ok(())
}
