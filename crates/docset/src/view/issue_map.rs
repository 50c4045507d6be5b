//! The map of issues: one line per issue and pull request, with its documents.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Page, Relations, markdown_link};
use crate::catalogue::{Catalogue, DocumentType};
use crate::docset::Docset;
use crate::record::{Record, Records, Standing, Subject};

/// Where the map stands unless somebody says otherwise.
pub const ISSUE_MAP: &str = "docs/_index/issue_map.md";

/// The columns between the subject and its status.
const COLUMNS: [&str; 8] =
    ["DocSet", "PRD", "Design", "ADRs", "Tests", "Release notes", "Postdeploy", "Other"];

/// The map as the page at `path`. `docsets` are the docset files that there are, by
/// path.
#[must_use]
pub fn issue_map(
    records: &Records,
    docsets: &BTreeMap<String, Docset>,
    catalogue: &Catalogue,
    path: &str,
) -> Page {
    Page {
        marker: "map",
        id: super::index::free_id(records, "MAP", path),
        kind: "issue-map",
        title: "Issue map".to_owned(),
        summary: "Every issue and pull request that documents name in `related_issues` and \
                  `related_prs`, with\nthese documents. `docset map` writes the table; nobody \
                  edits it by hand."
            .to_owned(),
        notes: "\n## Rules\n\n\
                - The source is the front matter of the documents: to change a line, change a \
                document.\n\
                - An approval counts as long as the document is what was approved.\n\
                - Superseded, rejected and retired documents are listed and not counted.\n"
            .to_owned(),
        generated: table(records, docsets, catalogue, path),
    }
}

fn table(
    records: &Records,
    docsets: &BTreeMap<String, Docset>,
    catalogue: &Catalogue,
    path: &str,
) -> String {
    let relations = Relations::new(records);
    if relations.by_subject.is_empty() {
        return "## Matrix\n\nNo document names an issue or a pull request.\n".to_owned();
    }
    let mut text = format!("## Matrix\n\n| Issue/PR | {} | Status |\n", COLUMNS.join(" | "));
    text.push_str(&format!("|{}\n", " --- |".repeat(COLUMNS.len() + 2)));
    for (subject, documents) in &relations.by_subject {
        let mut cells: [Vec<String>; COLUMNS.len()] = std::array::from_fn(|_| Vec::new());
        let (name, file) = match subject {
            Subject::Issue(number) => {
                (format!("Issue {number}"), crate::docset::issue_path(*number))
            }
            Subject::PullRequest(number) => {
                (format!("PR {number}"), crate::docset::pr_path(*number))
            }
        };
        let docset = docsets.get(&file);
        let name = match docset.and_then(|docset| docset.url.as_deref()).filter(|url| is_plain(url))
        {
            Some(url) => format!("[{name}]({url})"),
            None => name,
        };
        if docset.is_some() {
            cells[0].push(markdown_link(path, &file, ""));
        }
        for document in documents {
            let kind = catalogue.types.get(&document.kind);
            let column = column(&document.kind, kind);
            cells[column].push(markdown_link(path, &document.path, &document.id));
        }
        let cells: Vec<String> = cells.iter().map(|links| links.join(", ")).collect();
        let status = status(documents);
        let mut line = format!("| {name}");
        for cell in cells.iter().chain([&status]) {
            // An empty cell has one blank, not two.
            let _ = if cell.is_empty() { write!(line, " |") } else { write!(line, " | {cell}") };
        }
        text.push_str(&line);
        text.push_str(" |\n");
    }
    text
}

/// Whether the address can stand in a link as it is.
fn is_plain(url: &str) -> bool {
    let plain = |char: char| char.is_ascii_alphanumeric() || "-._~:/?#@!$&+,;=%".contains(char);
    (url.starts_with("https://") || url.starts_with("http://")) && url.chars().all(plain)
}

fn column(name: &str, kind: Option<&DocumentType>) -> usize {
    let stage = kind.map(|kind| &*kind.stage);
    match (name, stage) {
        ("docset-issue" | "docset-pr", _) => 0,
        ("prd", _) => 1,
        ("adr", _) => 3,
        (_, Some("arch" | "design")) => 2,
        (_, Some("qa")) => 4,
        ("release-notes", _) => 5,
        (_, Some("postdeploy")) => 6,
        _ => 7,
    }
}

/// How many of the documents that somebody has to approve are approved.
fn status(documents: &[&Record]) -> String {
    let standings: Vec<Standing> = documents.iter().map(|document| document.standing()).collect();
    let of = |wanted| standings.iter().filter(|standing| **standing == wanted).count();
    let all = standings.len() - of(Standing::Over) - of(Standing::NotNeeded);
    if all == 0 {
        return "nothing to approve".to_owned();
    }
    let mut text = format!("{} of {all} approved", of(Standing::Approved));
    for standing in [Standing::Stale, Standing::Forged, Standing::Unbound] {
        let number = of(standing);
        if number > 0 {
            let _ = write!(text, ", {number} {}", standing.name());
        }
    }
    text
}
