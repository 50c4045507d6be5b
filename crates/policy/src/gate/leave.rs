//! Whether a stage may end.

use countersign_config::CONFIG_FILE;
use countersign_process::{Process, Stage};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use super::condition::{Look as _, fails, group, holds};
use super::facts::{Facts, Rules};
use super::{Gate, Verdict, artifact, shown, trajectory};
use crate::Reason;

/// Whether the stage may end for the issue of `facts`.
#[must_use]
pub fn leave(facts: &Facts, rules: Rules<'_>, name: &str) -> Verdict {
    let (profile, condition) = trajectory::profile(facts, rules);
    let mut conditions = vec![condition];
    match rules.process.stages.get(name) {
        None => {
            let message = format!("there is no stage `{}`", shown(name));
            conditions.push(fails("known-stage", message));
        }
        Some(stage) => {
            conditions.extend(artifact::produced(facts, rules, name, stage));
            conditions.extend(artifact::listed_documents_exist(facts));
            conditions.push(permitted(facts, rules.process, name, stage));
        }
    }
    Verdict::of(Gate::Leave, facts, Some(name), false, &profile, conditions, None)
}

/// That only those files changed that the stage may change.
fn permitted(facts: &Facts, process: &Process, name: &str, stage: &Stage) -> Reason {
    const RULE: &str = "permitted-paths";
    let may: Vec<&str> = stage.may_change.iter().map(String::as_str).collect();
    let may = may.join(", ");
    let Some(changed) = &facts.changed else {
        return fails(RULE, "nobody knows which files changed")
            .saw_nothing("changed files")
            .saw("may change", may)
            .remedy("compare with a revision: `--changed-since origin/main`");
    };
    if changed.contains(CONFIG_FILE) {
        let message = format!(
            "the change rewrites `{CONFIG_FILE}`, which says what `{name}` may change: it cannot \
             vouch for itself"
        );
        return fails(RULE, message)
            .in_file(CONFIG_FILE)
            .saw("may change, by its own account", may)
            .remedy(format!("let an owner change `{CONFIG_FILE}` in a pull request of its own"));
    }
    let allowed = globs(process, stage);
    let outside: Vec<&str> =
        changed.iter().map(String::as_str).filter(|path| !allowed.is_match(path)).collect();
    let number = artifact::count(changed.len(), "file");
    if outside.is_empty() {
        return holds(RULE, format!("{number} changed, all of them permitted"))
            .saw("may change", may);
    }
    let parts = outside.iter().take(MOST).map(|path| {
        let path = shown(path);
        fails(RULE, format!("`{path}` is not for `{name}` to change"))
            .in_file(path)
            .remedy("take the change out, or make it in a stage that may")
    });
    let message =
        format!("{number} changed, {} of them outside of what `{name}` may change", outside.len());
    group(RULE, message, parts.collect()).saw("may change", may)
}

/// The most files that are listed; who changed more has read enough.
const MOST: usize = 20;

/// The files that a stage may change. A glob that does not compile allows nothing: the
/// definition of the process was refused for it before.
fn globs(process: &Process, stage: &Stage) -> GlobSet {
    let mut set = GlobSetBuilder::new();
    for glob in process.permitted_paths(stage) {
        if let Ok(glob) = GlobBuilder::new(glob).literal_separator(true).build() {
            set.add(glob);
        }
    }
    set.build().unwrap_or_else(|_| GlobSet::empty())
}
