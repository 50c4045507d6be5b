//! The index: all documents, by folder.

use std::collections::{BTreeMap, BTreeSet};

use super::link::{markdown, one_line};
use super::relations::subjects;
use super::{Page, markdown_link};
use crate::markdown::slug;
use crate::record::{Record, Records, Subject};
use crate::tree::parent;

/// Where the index stands unless somebody says otherwise.
pub const INDEX: &str = "docs/_index/index.md";

/// The index of the documents below `folder` (all, if it is empty) as the page at
/// `path`.
#[must_use]
pub fn index(records: &Records, folder: &str, path: &str) -> Page {
    let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let mut folders: BTreeMap<&str, Vec<&Record>> = BTreeMap::new();
    for record in records.by_path.values() {
        // The page itself is where the reader already is.
        if &*record.path != path && record.path.starts_with(&prefix) {
            folders.entry(parent(&record.path)).or_default().push(record);
        }
    }
    let title = match folder {
        "" => "Index of documents".to_owned(),
        _ => "Index of a folder".to_owned(),
    };
    let summary = match folder {
        "" => {
            "All documents by folder. `docset index` writes the lists; nobody edits them by hand."
                .to_owned()
        }
        _ => format!(
            "The documents below {}. `docset index` writes the lists; nobody edits them by hand.",
            markdown(folder)
        ),
    };
    Page {
        marker: "index",
        id: free_id(records, "IDX", path),
        kind: "index",
        title,
        summary,
        notes: String::new(),
        generated: sections(&folders, path),
    }
}

fn sections(folders: &BTreeMap<&str, Vec<&Record>>, path: &str) -> String {
    if folders.is_empty() {
        return "## Folders\n\nThere are no documents.\n".to_owned();
    }
    let mut text = String::from("## Folders\n\n");
    // A heading whose anchor is taken gets a number, as on GitHub.
    let mut taken: BTreeSet<String> = ["folders", "tldr"].map(str::to_owned).into();
    for folder in folders.keys() {
        let base = slug(&one_line(&shown(folder)));
        let mut anchors = (0_usize..).map(|repeat| match repeat {
            0 => base.clone(),
            _ => format!("{base}-{repeat}"),
        });
        let anchor = anchors.find(|anchor| taken.insert(anchor.clone())).unwrap_or_default();
        text.push_str(&format!("- [{}](#{anchor})\n", name(folder)));
    }
    for (folder, documents) in folders {
        let mut documents = documents.clone();
        documents.sort_by(|one, other| (&one.id, &one.path).cmp(&(&other.id, &other.path)));
        text.push_str(&format!("\n## {}\n\n", name(folder)));
        text.push_str(
            "| Id | Title | Type | Status | Issues | PRs |\n\
             | --- | --- | --- | --- | --- | --- |\n",
        );
        for document in documents {
            let link = markdown_link(path, &document.path, &document.id);
            let (mut issues, mut pull_requests) = (Vec::new(), Vec::new());
            for subject in subjects(document) {
                match subject {
                    Subject::Issue(number) => issues.push(number.to_string()),
                    Subject::PullRequest(number) => pull_requests.push(number.to_string()),
                }
            }
            let cells = [
                markdown(&document.title),
                markdown(&document.kind),
                markdown(&document.status),
                issues.join(", "),
                pull_requests.join(", "),
            ];
            text.push_str(&format!("| {link}"));
            for cell in &cells {
                // An empty cell has one blank, not two.
                text.push_str(if cell.is_empty() { " |" } else { " | " });
                text.push_str(cell);
            }
            text.push_str(" |\n");
        }
    }
    text
}

fn shown(folder: &str) -> String {
    if folder.is_empty() { "The root".to_owned() } else { folder.to_owned() }
}

fn name(folder: &str) -> String {
    markdown(&shown(folder))
}

/// The id that a new page at `path` gets: the first number that no other document
/// has.
pub(super) fn free_id(records: &Records, prefix: &str, path: &str) -> String {
    let taken = |id: &str| records.by_id(id).any(|record| &*record.path != path);
    let numbers = 1..=u32::MAX;
    let mut ids = numbers.map(|number| format!("{prefix}-{number:04}"));
    ids.find(|id| !taken(id)).unwrap_or_default()
}
