//! The generated part of a docset in Markdown form.
//!
//! Such a docset is a document like any other: people write in it, and an owner may
//! approve it. So only what stands between two marks is generated, and only where
//! somebody put them. It holds no digests: the docset file has those, and a page that
//! changed with every edit of another document could not be approved.

use std::fmt::Write as _;

use super::contents::Contents;
use super::required::name;
use super::{DocsetError, renew::url};
use crate::document::Date;
use crate::edit::front_matter::Editor;
use crate::front_matter::FrontMatter;
use crate::record::{Record, Subject};
use crate::span::LineIndex;
use crate::view::{PageError, Part, markdown, markdown_link};

const MARKER: &str = "sync";

/// Why the page has no place for the generated part, if it has none.
pub(super) fn no_place(text: &str) -> Option<String> {
    let part = Part { marker: MARKER, generated: "" };
    Some(match part.fault(text)? {
        PageError::NoMarkers { begin, end } => format!(
            "it has no place for its documents: add the lines `{begin}` and `{end}`, or leave them \
             out and write the page by hand"
        ),
        other => other.to_string(),
    })
}

/// The repository of the subject.
#[derive(Clone, Copy)]
pub(super) struct Repo<'a> {
    /// `owner/name`.
    pub(super) name: &'a str,
    /// Whether the caller says so. Otherwise what somebody wrote on the page stays.
    pub(super) by_caller: bool,
}

/// The page at `path` with its generated part renewed, and `issue:` or `pr:` filled in
/// where the repository is known. `None` if it has no place for the part.
pub(super) fn renew(
    contents: &Contents<'_>,
    repo: Option<Repo<'_>>,
    path: &str,
    text: &str,
    today: Date,
) -> Result<Option<String>, DocsetError> {
    let generated = generated(contents, path);
    let part = Part { marker: MARKER, generated: &generated };
    let Ok(renewed) = part.renew(text, today) else { return Ok(None) };
    let Some(repo) = repo else { return Ok(Some(renewed)) };
    let (key, place, number) = match contents.subject {
        Subject::Issue(number) => ("issue", "issues", number),
        Subject::PullRequest(number) => ("pr", "pull", number),
    };
    let mut editor = Editor::new(renewed);
    for (name, value) in [("repo", repo.name), ("url", &*url(repo.name, place, number))] {
        if !repo.by_caller && is_filled(editor.text(), key, name) {
            continue;
        }
        if let Err(error) = editor.set(&[key, name], value) {
            let line = LineIndex::new(editor.text()).position(editor.text(), error.span.start).line;
            return Err(DocsetError::Malformed { line, message: error.to_string() });
        }
    }
    Ok(Some(editor.into_text()))
}

fn is_filled(text: &str, key: &str, name: &str) -> bool {
    let front_matter = FrontMatter::parse(text);
    let value = front_matter.get(key).and_then(|node| node.get(name));
    let value = value.and_then(|node| node.as_str()).unwrap_or_default().trim();
    !value.is_empty() && !crate::rule::is_placeholder(value)
}

/// The tables; the page itself is not in them.
fn generated(contents: &Contents<'_>, path: &str) -> String {
    let Contents { profile, stage, documents, .. } = contents;
    let is_pull_request = matches!(contents.subject, Subject::PullRequest(_));
    let mut text = format!("Profile {}, stage {}.\n\n", markdown(profile), markdown(stage));
    let others: Vec<&&Record> = documents.iter().filter(|one| &*one.path != path).collect();
    if others.is_empty() {
        text.push_str("No document belongs to it yet.\n");
    } else {
        text.push_str("| Document | Title | Type | Status | Approval |");
        text.push_str(if is_pull_request { " Changed |\n" } else { "\n" });
        text.push_str("| --- | --- | --- | --- | --- |");
        text.push_str(if is_pull_request { " --- |\n" } else { "\n" });
        for document in others {
            let cells = [
                markdown_link(path, &document.path, &document.id),
                markdown(&document.title),
                markdown(&document.kind),
                markdown(&document.status),
                document.standing().name().to_owned(),
            ];
            let mut row: String = cells.iter().map(|cell| cell_text(cell)).collect();
            if is_pull_request {
                row.push_str(
                    cell_text(match contents.changed.contains(&*document.path) {
                        true => "yes",
                        false => "",
                    })
                    .as_str(),
                );
            }
            let _ = writeln!(text, "|{row}");
        }
    }
    if !contents.required.is_empty() {
        text.push_str("\n| Required | Stage | State | Documents |\n| --- | --- | --- | --- |\n");
        for need in &contents.required {
            let names: Vec<String> = need.documents.iter().map(|name| markdown(name)).collect();
            let cells = [
                markdown(&need.kind),
                markdown(&need.stage),
                need.state.as_str().to_owned(),
                names.join(", "),
            ];
            let row: String = cells.iter().map(|cell| cell_text(cell)).collect();
            let _ = writeln!(text, "|{row}");
        }
    }
    for (word, numbers) in
        [("Issues", &contents.issues), ("Pull requests", &contents.pull_requests)]
    {
        if !numbers.is_empty() {
            let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
            let _ = write!(text, "\n{word}: {}.\n", numbers.join(", "));
        }
    }
    if !contents.decisions.is_empty() {
        let decisions = contents.decisions.iter().map(|document| {
            let link = markdown_link(path, &document.path, name(document));
            format!("{link} ({})", markdown(&document.status))
        });
        let _ = write!(text, "\nDecisions: {}.\n", decisions.collect::<Vec<_>>().join(", "));
    }
    text
}

/// A cell of a table, as the other views write it.
fn cell_text(cell: &str) -> String {
    if cell.is_empty() { " |".to_owned() } else { format!(" {cell} |") }
}
