//! Findings as data. How they look is the business of [`crate::output`].

mod severity;

use std::sync::Arc;

pub use severity::Severity;

use crate::edit::Edit;
use crate::span::Span;

/// A finding in one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The document: from the root, with `/` between folders.
    pub path: Arc<str>,
    /// Id of the rule.
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// The fact, in one line that stands alone; control characters escaped.
    pub message: String,
    /// Where in the document.
    pub span: Span,
    /// What the marked text is; may be empty.
    pub label: String,
    /// Other places that belong to it, in this document or in another.
    pub related: Vec<Related>,
    /// What to do about it.
    pub help: Option<String>,
    /// Edits that do it.
    pub fix: Option<Fix>,
}

/// A second place that a finding speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// The document; `None` for the finding's own.
    pub path: Option<Arc<str>>,
    /// Where in the document.
    pub span: Span,
    /// What the place is.
    pub label: String,
}

/// Whether a fix can be applied without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applicability {
    /// The document means the same afterwards.
    Safe,
    /// The fix is a guess; somebody must look at it.
    Unsafe,
}

/// Edits that remove a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What the edits do, as an order: `write it as …`.
    pub title: String,
    /// Whether they can be applied unread.
    pub applicability: Applicability,
    /// The edits, none overlapping another.
    pub edits: Vec<Edit>,
}

/// A finding on its way from a rule to a [`Diagnostic`]: the rule says what and
/// where, the engine adds who and how bad.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    pub(crate) message: String,
    pub(crate) span: Span,
    label: String,
    related: Vec<Related>,
    help: Option<String>,
    fix: Option<Fix>,
}

impl Finding {
    /// A finding at `span`.
    pub(crate) fn new(span: Span, message: impl AsRef<str>) -> Self {
        Self {
            message: escape(message.as_ref()),
            span,
            label: String::new(),
            related: Vec::new(),
            help: None,
            fix: None,
        }
    }

    /// Says what the marked text is.
    pub(crate) fn label(mut self, label: impl AsRef<str>) -> Self {
        self.label = escape(label.as_ref());
        self
    }

    /// Says what to do.
    pub(crate) fn help(mut self, help: impl AsRef<str>) -> Self {
        self.help = Some(escape(help.as_ref()));
        self
    }

    /// Points at a second place.
    pub(crate) fn related(
        mut self,
        path: Option<Arc<str>>,
        span: Span,
        label: impl AsRef<str>,
    ) -> Self {
        self.related.push(Related { path, span, label: escape(label.as_ref()) });
        self
    }

    /// Offers a fix.
    pub(crate) fn fix(
        mut self,
        applicability: Applicability,
        title: impl AsRef<str>,
        edits: Vec<Edit>,
    ) -> Self {
        self.fix = Some(Fix { title: escape(title.as_ref()), applicability, edits });
        self
    }

    pub(crate) fn into_diagnostic(
        self,
        path: Arc<str>,
        rule: &'static str,
        severity: Severity,
    ) -> Diagnostic {
        Diagnostic {
            path,
            rule,
            severity,
            message: self.message,
            span: self.span,
            label: self.label,
            related: self.related,
            help: self.help,
            fix: self.fix,
        }
    }
}

/// Sorts findings the way every output shows them: by path, place, rule, message.
pub fn sort(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by(|a, b| {
        (&a.path, a.span, a.rule, &a.message).cmp(&(&b.path, b.span, b.rule, &b.message))
    });
}

/// Makes text from a document fit to be shown: control characters, line ends and
/// the invisible characters that reorder text become `\u{…}`.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            _ if is_unprintable(char) => shown.extend(char.escape_unicode()),
            _ => shown.push(char),
        }
    }
    shown
}

/// Text from a document as part of a message: escaped, and cut to a length that
/// leaves the message readable.
pub(crate) fn excerpt(text: &str) -> String {
    const LONGEST: usize = 120;
    let mut chars = text.chars();
    let head: String = chars.by_ref().take(LONGEST).collect();
    let cut = if chars.next().is_some() { "…" } else { "" };
    format!("{}{cut}", escape(&head))
}

/// Control characters, line ends that are none to most programs, the Unicode controls
/// that make text read otherwise than it is stored (<https://trojansource.codes>), and
/// the invisible tag characters, which only machines read.
pub(crate) fn is_unprintable(char: char) -> bool {
    char.is_control()
        || matches!(char,
            '\u{61c}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
            | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_is_shown_escaped() {
        assert_eq!(escape("a\u{1b}[31mb\n\u{202e}"), "a\\u{1b}[31mb\\n\\u{202e}");
        assert_eq!(excerpt(&"я".repeat(200)), format!("{}…", "я".repeat(120)));
    }
}
