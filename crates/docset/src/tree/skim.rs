//! The facts of a document that is not checked itself, from its head alone.

use std::fs::File;
use std::io::Read as _;
use std::sync::Arc;

use super::{Facts, Found, LARGEST_DOCUMENT};
use crate::catalogue::Catalogue;
use crate::front_matter::{self, FrontMatter};

/// Enough for the front matter of nearly every document, and one page of memory.
const HEAD: u64 = 4096;

/// Reads the front matter of the document `found`, and of the rest no more than
/// it must. A document that cannot be read or has no front matter has nothing to
/// say about others: whoever checks it reports why.
pub(crate) fn skim(
    found: &Found,
    path: Arc<str>,
    catalogue: &Catalogue,
    buffer: &mut Vec<u8>,
) -> Option<Facts> {
    head(found, buffer)?;
    // A character may be cut in two where the reading stopped; front matter that
    // is closed before lies in the good part.
    let text = match simdutf8::compat::from_utf8(buffer) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&buffer[..error.valid_up_to()]).ok()?,
    };
    let front_matter = FrontMatter::parse(text);
    front_matter.root()?;
    Some(Facts::new(path, false, &front_matter, catalogue))
}

/// Reads the head of the document `found`, with all of its front matter, into `buffer`.
/// `None` if it cannot be read.
pub(crate) fn head<'b>(found: &Found, buffer: &'b mut Vec<u8>) -> Option<&'b [u8]> {
    // Opening a pipe would wait for somebody to write to it.
    if !found.is_regular && !found.full.metadata().ok()?.is_file() {
        return None;
    }
    let mut file = File::open(&found.full).ok()?;
    buffer.clear();
    file.by_ref().take(HEAD).read_to_end(buffer).ok()?;
    if !is_closed(buffer) && buffer.len() as u64 == HEAD {
        file.take(LARGEST_DOCUMENT).read_to_end(buffer).ok()?;
    }
    Some(buffer)
}

/// Whether the text certainly has no front matter or all of it.
fn is_closed(bytes: &[u8]) -> bool {
    let valid = match simdutf8::compat::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default(),
    };
    match front_matter::find(valid) {
        front_matter::Found::Missing => true,
        front_matter::Found::Unclosed(_) => false,
        // The closing fence may be longer than what was read of it.
        front_matter::Found::Closed(block) => block.close.end < valid.len(),
    }
}
