//! A document with a generated part: everything around the part belongs to people.

use crate::document::Date;
use crate::edit::Edit;
use crate::front_matter::FrontMatter;
use crate::generated;
use crate::span::Span;

/// What a new page is made of. Of a page that is there already, only the generated
/// part and `updated_at` are changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The word in the markers around the generated part.
    pub marker: &'static str,
    /// `doc_id` of a new page.
    pub id: String,
    /// `type` of a new page.
    pub kind: &'static str,
    /// `title` of a new page.
    pub title: String,
    /// The summary of a new page.
    pub summary: String,
    /// What a new page says behind the generated part.
    pub notes: String,
    /// The generated part.
    pub generated: String,
}

/// A page that cannot be renewed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PageError {
    /// The page has no place for the generated part.
    #[error(
        "there is a file without the lines `{begin}` and `{end}`: add both where the generated \
         part is to stand, or name another file"
    )]
    NoMarkers {
        /// The line in front of the generated part.
        begin: String,
        /// The line behind it.
        end: String,
    },
    /// One of the two lines stands there more than once, as after a merge: nobody can tell
    /// what between them was written by hand.
    #[error(
        "the line `{mark}` stands there {count} times: leave one `{begin}`, and one `{end}` below it"
    )]
    RepeatedMarker {
        /// The line.
        mark: String,
        /// How often.
        count: usize,
        /// The line in front of the generated part.
        begin: String,
        /// The line behind it.
        end: String,
    },
}

/// The generated part of a page, between two marks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part<'a> {
    /// The word in the marks.
    pub(crate) marker: &'a str,
    /// What stands between them.
    pub(crate) generated: &'a str,
}

impl Part<'_> {
    /// The line in front of the part.
    pub(crate) fn begin(self) -> String {
        format!("{}{}: do not edit up to the end mark -->", generated::BEGIN, self.marker)
    }

    /// The line behind it.
    pub(crate) fn end(self) -> String {
        format!("{}{} -->", generated::END, self.marker)
    }

    /// Why `text` has no place for the part, if it has none.
    pub(crate) fn fault(self, text: &str) -> Option<PageError> {
        self.place(text).err()
    }

    fn place(self, text: &str) -> Result<Span, PageError> {
        let (begin, end) = (self.begin(), self.end());
        let (begins, ends) = (marks(text, &begin), marks(text, &end));
        let (start, stop) = match (&*begins, &*ends) {
            ([start], [stop]) if start < stop => (start + begin.len(), *stop),
            ([], _) | (_, []) | ([_], [_]) => return Err(PageError::NoMarkers { begin, end }),
            _ => {
                let more = if begins.len() > 1 { (&begin, &begins) } else { (&end, &ends) };
                let (mark, count) = (more.0.clone(), more.1.len());
                return Err(PageError::RepeatedMarker { mark, count, begin, end });
            }
        };
        Ok(Span::new(start, stop))
    }

    /// `text` with the part renewed on the day `today`. If it has not changed, nothing
    /// has.
    pub(crate) fn renew(self, text: &str, today: Date) -> Result<String, PageError> {
        let part = self.place(text)?;
        let wanted = format!("\n\n{}\n", self.generated);
        // A page checked out with the other line end is the same page.
        let crlf = text.contains("\r\n");
        let wanted = if crlf { wanted.replace('\n', "\r\n") } else { wanted };
        if part.text(text) == Some(&wanted) {
            return Ok(text.to_owned());
        }
        let mut edits = vec![Edit::replace(part, wanted)];
        let front_matter = FrontMatter::parse(text);
        if let Some(node) = front_matter.get("updated_at")
            && node.as_str().is_some()
        {
            let span = crate::rule::inside_quotes(text, node);
            edits.push(Edit::replace(span, today.to_string()));
        }
        Ok(crate::edit::apply(text, &edits))
    }
}

/// Where the lines are that hold `mark` and nothing else. A mark in a sentence is none.
fn marks(text: &str, mark: &str) -> Vec<usize> {
    let is_line = |at: &usize| {
        let (before, behind) = (&text[..*at], &text[at + mark.len()..]);
        let rest = behind.split('\n').next().unwrap_or_default();
        (before.is_empty() || before.ends_with('\n')) && rest.trim().is_empty()
    };
    text.match_indices(mark).map(|(at, _)| at).filter(is_line).collect()
}

impl Page {
    /// The text of the page on the day `today`: `present` with the generated part
    /// renewed, or a new page. If the part has not changed, nothing has.
    ///
    /// # Errors
    ///
    /// [`PageError`] if `present` has no place for the generated part, or more than one.
    pub fn render(&self, present: Option<&str>, today: Date) -> Result<String, PageError> {
        match present {
            Some(text) => self.part().renew(text, today),
            None => Ok(self.create(today)),
        }
    }

    fn part(&self) -> Part<'_> {
        Part { marker: self.marker, generated: &self.generated }
    }

    fn create(&self, today: Date) -> String {
        let Self { id, kind, title, summary, notes, generated, .. } = self;
        let (begin, end) = (self.part().begin(), self.part().end());
        format!(
            "---\ndoc_id: {id}\ntype: {kind}\ntitle: {title}\nstatus: approved\nowner_role: KM\n\
             created_at: {today}\nupdated_at: {today}\n---\n\n# {title}\n\n## TL;DR\n\n{summary}\n\n\
             {begin}\n\n{generated}\n{end}\n{notes}"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_outside_of_the_one_part_is_never_lost() {
        let today = Date::parse("2026-02-03").unwrap();
        let part = Part { marker: "map", generated: "new" };
        let (begin, end) = (part.begin(), part.end());
        let old = format!("{begin}\n\nold\n{end}\n");
        let new = format!("{begin}\n\nnew\n{end}\n");
        // A mark in a sentence is none.
        let around = format!("Between `{begin}` and\n `{end}`.\n");
        for (text, wanted) in [
            (format!("{around}{old}{around}"), format!("{around}{new}{around}")),
            (old.replace("-->\n", "-->  \n"), new.replace("map -->\n", "map -->  \n")),
            (old.replace('\n', "\r\n"), new.replace('\n', "\r\n")),
        ] {
            assert_eq!(part.renew(&text, today).as_deref(), Ok(&*wanted));
        }
        for text in [
            format!("{old}Mine.\n{old}"),
            format!("{begin}\nMine.\n{old}"),
            format!("{old}Mine.\n{end}\n"),
        ] {
            let error = part.renew(&text, today).unwrap_err();
            assert!(matches!(error, PageError::RepeatedMarker { count: 2, .. }), "{text}: {error}");
        }
        for text in [format!("{end}\n{begin}\n"), begin.clone(), end.clone(), around] {
            let error = part.renew(&text, today).unwrap_err();
            assert!(matches!(error, PageError::NoMarkers { .. }), "{text}: {error}");
        }
    }
}
