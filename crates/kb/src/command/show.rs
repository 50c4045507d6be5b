//! `kb show`.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;

use countersign_markup::shown::{escape, excerpt, is_unprintable};
use countersign_report::terminal::{CLEAN, Console, Fault, harmless};
use serde_json::json;

use super::cli::{Format, Global, ShowArguments};
use super::json;
use super::root::{Missing, Repository, here};
use crate::search::{Filters, Hit, Request, Standing};
use crate::store::{ChunkId, ChunkRow, DocumentRow, Store};
use crate::terms;

pub(super) async fn run(
    arguments: &ShowArguments,
    global: &Global,
    out: &mut Console,
) -> Result<u8, Fault> {
    let repository = Repository::find(global)?;
    let store = repository.store(global, Missing::Left).await?;
    let what = &arguments.what;
    let (document, chunks) = match what.trim_start_matches('#').parse::<i64>() {
        Ok(id) => {
            let found = store.chunk(ChunkId(id)).await?;
            let (chunk, document) = found.ok_or_else(|| {
                format!("there is no chunk {id}; it may have changed since: search again")
            })?;
            (document, vec![(ChunkId(id), chunk)])
        }
        Err(_) => {
            let path = path_of(what, &repository)?;
            match store.document(&path).await? {
                Some(found) => found,
                None => by_id(what, &*store).await?,
            }
        }
    };
    match global.format {
        Format::Json => {
            let chunks: Vec<_> =
                chunks.iter().map(|(id, chunk)| json::chunk(Some(*id), chunk)).collect();
            let mut answer = json::document(&document);
            answer["chunks"] = json!(chunks);
            writeln!(out, "{answer}")?;
        }
        Format::Human => human(&document, &chunks, out)?,
    }
    Ok(CLEAN)
}

/// The document with this id, as searches print it.
async fn by_id(
    id: &str,
    store: &dyn Store,
) -> Result<(DocumentRow, Vec<(ChunkId, ChunkRow)>), Fault> {
    let filters = Filters { standing: Standing::Any, ..Filters::default() };
    let terms = terms::of_query(id);
    // Documents that are called so come before those that speak of them.
    let request = Request { terms, filters, limit: 100, candidates: 100, ..Request::default() };
    let hits = match request.terms.is_empty() {
        true => Vec::new(),
        false => store.search(&request).await?,
    };
    let is_called = |hit: &Hit| hit.document.doc_id.to_lowercase() == id.to_lowercase();
    let paths: BTreeSet<String> =
        hits.into_iter().filter(is_called).map(|hit| hit.document.path).collect();
    let mut paths = paths.into_iter();
    let found = match (paths.next(), paths.next()) {
        (Some(path), None) => store.document(&path).await?,
        (Some(path), Some(other)) => {
            return Err(format!(
                "several documents are called `{}`: name the path, `{}` or `{}`",
                excerpt(id),
                escape(&path),
                escape(&other)
            )
            .into());
        }
        (None, _) => None,
    };
    found.ok_or_else(|| {
        format!(
            "`{}` is neither the number of a chunk nor the path or the id of an indexed document",
            excerpt(id)
        )
        .into()
    })
}

/// A path from the root, whichever way it was given.
pub(super) fn path_of(given: &str, repository: &Repository) -> Result<String, Fault> {
    let checker = super::index::checker(repository)?;
    let here = here()?;
    let base = if here.starts_with(&repository.root) { here } else { repository.root.clone() };
    let from_here = checker.from_root(given, &base);
    // What exists here is meant; else it is a path from the root, as searches print it.
    Ok(match from_here {
        Some(path) if Path::new(given).is_absolute() || repository.root.join(&path).exists() => {
            path
        }
        _ => given.trim_start_matches("./").to_owned(),
    })
}

fn human(
    document: &DocumentRow,
    chunks: &[(ChunkId, ChunkRow)],
    out: &mut Console,
) -> Result<(), Fault> {
    let mut text = String::new();
    let about = [
        ("title", &document.title),
        ("id", &document.doc_id),
        ("type", &document.kind),
        ("status", &document.status),
        ("updated", &document.updated_at),
        ("commit", &document.commit),
    ];
    for (name, value) in about.into_iter().filter(|(_, value)| !value.is_empty()) {
        text.push_str(&format!("{name}: {}\n", escape(value)));
    }
    for (id, chunk) in chunks {
        let place = format!("{}:{}-{}", escape(&document.path), chunk.first_line, chunk.last_line);
        text.push_str(&format!("\n{}  #{}\n", out.bold(&place), id.0));
        if !chunk.heading_path.is_empty() {
            text.push_str(&format!("{}\n", escape(&chunk.heading_path.join(" > "))));
        }
        text.push('\n');
        for part in [&chunk.lead, &chunk.text] {
            text.push_str(&lines(part));
        }
    }
    harmless(out, &text)?;
    Ok(())
}

/// The text with its lines, and without what moves the cursor of a terminal.
fn lines(text: &str) -> String {
    let text = text.trim_matches(['\n', '\r', '\u{feff}']);
    if text.trim().is_empty() {
        return String::new();
    }
    let mut shown = String::with_capacity(text.len() + 1);
    for char in text.chars() {
        match char {
            '\n' | '\t' => shown.push(char),
            '\r' => {}
            _ if is_unprintable(char) => shown.extend(char.escape_unicode()),
            _ => shown.push(char),
        }
    }
    shown.push('\n');
    shown
}
