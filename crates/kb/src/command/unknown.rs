//! Names in filters that nothing has.

use std::collections::BTreeSet;

use countersign_markup::nearest::nearest;
use countersign_markup::shown::{escape, excerpt};
use countersign_report::terminal::{Fault, say};

use super::index::{checker, rules};
use super::root::Repository;
use crate::search::Filters;
use crate::store::Store;

/// Says on standard error which types, statuses and stages of `filters` nobody knows, and what
/// was meant perhaps. That is no error: documents may say anything.
pub(super) async fn say_unknown(
    filters: &Filters,
    repository: &Repository,
    store: &dyn Store,
) -> Result<(), Fault> {
    if filters.kinds.is_empty() && filters.statuses.is_empty() && filters.stages.is_empty() {
        return Ok(());
    }
    let rules = rules(repository, &checker(repository)?)?;
    let types = rules.catalogue.types.values();
    let mut kinds: BTreeSet<String> = types.clone().map(|kind| kind.name.to_string()).collect();
    if !filters.kinds.is_empty() {
        let indexed = store.statistics().await?.kinds;
        kinds.extend(indexed.into_iter().map(|(kind, _)| kind).filter(|kind| !kind.is_empty()));
    }
    let statuses: BTreeSet<String> = types
        .clone()
        .flat_map(|kind| &kind.statuses)
        .map(|status| status.name.to_string())
        .collect();
    let mut stages: BTreeSet<String> =
        types.map(|kind| kind.stage.to_string()).filter(|stage| stage != "any").collect();
    stages.extend(rules.process.definition().in_order().map(|(name, _)| name.to_owned()));
    let known = [
        ("no document has the type", &filters.kinds, &kinds),
        ("the configuration has no status", &filters.statuses, &statuses),
        ("the process has no stage", &filters.stages, &stages),
    ];
    for (what, given, known) in known {
        for name in given.iter().filter(|name| !known.contains(*name)) {
            say(&note(what, name, known));
        }
    }
    Ok(())
}

fn note(what: &str, name: &str, known: &BTreeSet<String>) -> String {
    let meant = match nearest(name, known.iter().map(String::as_str)) {
        Some(meant) => format!("did you mean `{}`?", escape(meant)),
        None => {
            let all: Vec<&str> = known.iter().map(String::as_str).collect();
            format!("known are {}", list(&all))
        }
    };
    format!("note: {what} `{}`; {meant}\n", excerpt(name))
}

/// The names in one line, not more than fit a few.
fn list(names: &[&str]) -> String {
    const MOST: usize = 60;
    let shown: Vec<_> = names.iter().take(MOST).map(|name| escape(name)).collect();
    let rest = names.len().saturating_sub(MOST);
    match rest {
        0 => shown.join(", "),
        _ => format!("{} and {rest} more", shown.join(", ")),
    }
}
