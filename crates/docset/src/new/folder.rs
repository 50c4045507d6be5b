//! The folder that a new document goes into.

use std::collections::BTreeMap;

use crate::catalogue::DocumentType;
use crate::record::Records;

/// Where documents are when the configuration does not say.
const DOCUMENTS: &str = "docs";

/// Where most documents of the type are, of the first by name if several folders
/// have as many; else the folder that is usual for it below `documents`.
pub(super) fn folder(kind: &DocumentType, records: &Records, documents: &str) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for record in records.by_path.values().filter(|record| record.kind == kind.name) {
        let folder = record.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        *counts.entry(folder).or_default() += 1;
    }
    let most = counts.values().max();
    let fullest = counts.iter().find(|(_, count)| Some(*count) == most);
    match fullest {
        Some((folder, _)) => (*folder).to_owned(),
        None => join(documents, usual(kind)),
    }
}

/// The folder of a stage.
pub(super) fn of_stage(stage: &str, documents: &str) -> String {
    join(documents, stage)
}

/// The first folder that the configuration includes, if it is one.
pub(super) fn documents(include: &[String]) -> &str {
    let is_folder = |path: &&String| {
        !path.contains(['*', '?', '[', '{']) && !path.ends_with(".md") && !path.starts_with('/')
    };
    let first = include.iter().find(is_folder).map_or(DOCUMENTS, String::as_str);
    first.trim_start_matches("./").trim_end_matches('/')
}

fn usual(kind: &DocumentType) -> &str {
    match (kind.name.as_str(), kind.stage.as_str()) {
        ("docset-issue", _) => "_docset/issues",
        ("docset-pr", _) => "_docset/prs",
        ("index" | "issue-map", _) => "_index",
        ("decision", _) => "decisions",
        (name, "any" | "") => name,
        (_, stage) => stage,
    }
}

fn join(documents: &str, folder: &str) -> String {
    if documents.is_empty() { folder.to_owned() } else { format!("{documents}/{folder}") }
}
