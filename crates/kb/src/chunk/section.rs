//! Headings and what they are below.

use countersign_markup::markdown::{Heading, plain_text};

/// A heading that lies in no other block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// 1 to 6.
    pub level: u8,
    /// The heading without markup, cut to 160 characters.
    pub title: String,
    /// The heading that it is below, by its place in the list of all; a level may be
    /// skipped in between.
    pub parent: Option<usize>,
    /// Where the line of the heading starts: its first byte in the whole text.
    pub start: usize,
}

/// Headings go into every passage below them, so that they must not be long.
const MAX_TITLE: usize = 160;

/// So much of a heading as written is looked at for its title, in bytes.
const MAX_WRITTEN: usize = 4_096;

/// The headings of a body, one after the other.
#[derive(Debug, Default)]
pub(super) struct Sections {
    pub(super) all: Vec<Section>,
    /// The last heading and those that it is below, the outermost first.
    open: Vec<usize>,
}

impl Sections {
    /// Adds the next heading, whose line starts at `start`.
    pub(super) fn add(&mut self, text: &str, heading: &Heading, start: usize) {
        let all = &self.all;
        let above = |section: &usize| all[*section].level < heading.level;
        let depth = self.open.iter().take_while(|section| above(section)).count();
        self.open.truncate(depth);
        let written = heading.text.text(text).unwrap_or_default();
        let title = title(cut(written, MAX_WRITTEN));
        let parent = self.open.last().copied();
        self.open.push(self.all.len());
        self.all.push(Section { level: heading.level, title, parent, start });
    }
}

fn title(written: &str) -> String {
    let mut title = plain_text(written);
    if let Some((end, _)) = title.char_indices().nth(MAX_TITLE) {
        title.truncate(end);
    }
    title
}

/// At most `bytes` bytes from the beginning of `text`.
fn cut(text: &str, bytes: usize) -> &str {
    let mut end = text.len().min(bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
