//! From the bytes of a file to what a store keeps of it.

use std::borrow::Cow;
use std::sync::Arc;

use countersign_docset::catalogue::Catalogue;
use countersign_docset::docset::{Docset, DocsetError, Process};
use countersign_docset::front_matter::FrontMatter;
use countersign_docset::record::{Record, Subject};
use countersign_markup::span::{LineIndex, Span};
use sha2::{Digest as _, Sha256};

use super::problem::Problem;
use super::recipe::{phase, stages};
use super::source::{hex, is_docset_file};
use super::{Recipe, links};
use crate::chunk::{Chunked, Settings, Tokens, chunk};
use crate::store::{ChunkRow, ChunkWrite, DocumentRow, DocumentWrite};
use crate::terms;

/// What documents are read by.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Types and statuses.
    pub catalogue: Catalogue,
    /// Stages.
    pub process: Process,
    /// Sizes of chunks.
    pub settings: Settings,
}

/// A document ready to be kept.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// What a store keeps.
    pub write: DocumentWrite,
    /// The passage of each chunk, in order, if they were asked for.
    pub passages: Vec<String>,
}

/// The longest path, in bytes: what an index of PostgreSQL holds, and no more than people type.
const LONGEST_PATH: usize = 1_024;
/// So much of a title is kept, in characters: it is a line in every answer, and counts for every
/// chunk.
const LONGEST_TITLE: usize = 300;
/// So much of an id, a type or a status is kept, in characters.
const LONGEST_NAME: usize = 200;

/// Whether the passages of chunks are wanted: for being embedded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passages {
    /// They are.
    Wanted,
    /// They are not.
    LeftOut,
}

/// Reads the file at `path` (from the root, with `/`) with these bytes.
///
/// # Errors
///
/// If it is not UTF-8, or has front matter that cannot be read: nobody can tell then whether
/// the document counts.
pub fn prepare(
    path: &Arc<str>,
    bytes: &[u8],
    commit: &str,
    rules: &Rules,
    recipe: &Recipe,
    tokens: &dyn Tokens,
    passages: Passages,
) -> Result<Prepared, Problem> {
    let text = utf8(path, bytes)?;
    short_enough(path)?;
    let mut row = DocumentRow {
        path: path.to_string(),
        hash: hex(&Sha256::digest(bytes)),
        commit: commit.to_owned(),
        ..DocumentRow::default()
    };
    let recipe = recipe.to_string();
    if is_docset_file(path) {
        let docset = docset(path, text)?;
        row.kind = match docset.subject {
            Some(Subject::PullRequest(_)) => "docset-pr".to_owned(),
            _ => "docset-issue".to_owned(),
        };
        row.stages.extend(docset.stage.as_deref().map(name));
        let links = links::of_docset(&docset, path);
        let write = DocumentWrite { document: row, recipe, chunks: Vec::new(), links };
        return Ok(Prepared { write, passages: Vec::new() });
    }
    let front_matter = FrontMatter::parse(text);
    readable(path, text, &front_matter)?;
    let record = Record::of(Arc::clone(path), text, &front_matter, &rules.catalogue);
    let links = links::of_document(&record, &front_matter);
    let chunked = chunk(text, front_matter.body_start(text), rules.settings, tokens);
    row.doc_id = name(&record.id);
    row.title = match record.title.is_empty() {
        false => kept(start_of(&record.title, LONGEST_TITLE)),
        true => chunked.sections.first().map(|section| kept(&section.title)).unwrap_or_default(),
    };
    row.kind = name(&record.kind);
    row.status = name(&record.status);
    row.phase = phase(record.phase).to_owned();
    row.owner_role = name(&record.owner_role);
    row.version = name(front_matter.text("version").unwrap_or_default().trim());
    row.updated_at = name(&record.updated_at);
    let stages = stages(&rules.process, &rules.catalogue, &record.kind);
    row.stages = stages.into_iter().map(str::to_owned).collect();
    let chunks = chunks(text, &chunked, &row.title);
    let passages = match passages {
        Passages::Wanted => chunked.chunks.iter().map(|chunk| chunked.passage(chunk)).collect(),
        Passages::LeftOut => Vec::new(),
    };
    Ok(Prepared { write: DocumentWrite { document: row, recipe, chunks, links }, passages })
}

/// Whether the file at `path` with these bytes can be read: what [`prepare`] would say.
///
/// # Errors
///
/// As there.
pub fn check(path: &str, bytes: &[u8]) -> Result<(), Problem> {
    let text = utf8(path, bytes)?;
    short_enough(path)?;
    match is_docset_file(path) {
        true => docset(path, text).map(drop),
        false => readable(path, text, &FrontMatter::parse(text)),
    }
}

fn utf8<'b>(path: &str, bytes: &'b [u8]) -> Result<&'b str, Problem> {
    std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        let line = 1 + bytes[..at].iter().filter(|byte| **byte == b'\n').count();
        let byte = bytes.get(at).copied().unwrap_or_default();
        let message = format!("the text is not UTF-8: byte {at} is 0x{byte:02X}");
        Problem { path: path.to_owned(), line: Some(line), message }
    })
}

/// Refuses a path that no index can hold.
fn short_enough(path: &str) -> Result<(), Problem> {
    match path.len() {
        ..=LONGEST_PATH => Ok(()),
        bytes => {
            let message = format!("its path has {bytes} bytes; it may have {LONGEST_PATH}");
            Err(Problem::of_file(path, message))
        }
    }
}

fn docset(path: &str, text: &str) -> Result<Docset, Problem> {
    Docset::read(text).map_err(|error| match error {
        DocsetError::Malformed { line, message } => {
            Problem { path: path.to_owned(), line: Some(line), message }
        }
        other => Problem::of_file(path, other.to_string()),
    })
}

/// Refuses front matter that cannot be read. A document without any is one all the same.
fn readable(path: &str, text: &str, front_matter: &FrontMatter<'_>) -> Result<(), Problem> {
    let problem = |span: Span, message: String| Problem {
        path: path.to_owned(),
        line: Some(LineIndex::new(text).position(text, span.start).line),
        message,
    };
    match front_matter {
        FrontMatter::Unclosed { open } => {
            Err(problem(*open, "the front matter has no end: no line `---` follows".to_owned()))
        }
        FrontMatter::Present { yaml: Err(error), .. } => {
            Err(problem(error.span, format!("the front matter cannot be read: {error}")))
        }
        FrontMatter::Missing | FrontMatter::Present { yaml: Ok(_), .. } => Ok(()),
    }
}

fn chunks(source: &str, chunked: &Chunked<'_>, title: &str) -> Vec<ChunkWrite> {
    let mut heading_terms = (None, String::new());
    let chunks = chunked.chunks.iter().enumerate().map(|(ordinal, chunk)| {
        let path = chunked.heading_path(chunk);
        // Chunks of one section follow each other and share their headings.
        if heading_terms.0 != Some(chunk.section) {
            let mut text = title.to_owned();
            for heading in path.iter().filter(|heading| **heading != title) {
                text.push('\n');
                text.push_str(heading);
            }
            heading_terms = (Some(chunk.section), terms::of_text(&text));
        }
        let mut lead = String::new();
        for span in [chunk.lead, chunk.overlap].into_iter().flatten() {
            lead.push_str(source.get(span.range()).unwrap_or_default());
        }
        let text = chunked.text(chunk);
        ChunkWrite {
            row: ChunkRow {
                ordinal: u32::try_from(ordinal).unwrap_or(u32::MAX),
                hash: chunk.hash,
                heading_path: path.iter().map(|heading| kept(heading)).collect(),
                lead: kept(&lead),
                text: kept(text),
                start: chunk.span.start as u64,
                end: chunk.span.end as u64,
                first_line: u32::try_from(chunk.first_line).unwrap_or(u32::MAX),
                last_line: u32::try_from(chunk.last_line).unwrap_or(u32::MAX),
                kind: chunk.kind.as_str().to_owned(),
                // A fence may say anything.
                language: kept(chunk.language.as_str()).chars().take(64).collect(),
                tokens: u32::try_from(chunk.tokens).unwrap_or(u32::MAX),
            },
            heading_terms: heading_terms.1.clone(),
            body_terms: terms::of_text(text),
        }
    });
    chunks.collect()
}

/// An id, a type, a status: what is kept of it.
fn name(text: &str) -> String {
    kept(start_of(text, LONGEST_NAME))
}

/// At most so many characters from the beginning of `text`.
fn start_of(text: &str, characters: usize) -> &str {
    text.char_indices().nth(characters).map_or(text, |(end, _)| &text[..end])
}

/// The text with U+FFFD for every NUL, as Markdown has it
/// (<https://spec.commonmark.org/0.31.2/#insecure-characters>): PostgreSQL keeps none.
fn kept(text: &str) -> String {
    match memchr::memchr(0, text.as_bytes()) {
        None => Cow::Borrowed(text),
        Some(_) => Cow::Owned(text.replace('\0', "\u{fffd}")),
    }
    .into_owned()
}
