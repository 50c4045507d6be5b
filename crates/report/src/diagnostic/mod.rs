//! Findings as data. How they look is the business of [`crate::Format`].

mod severity;

use std::sync::Arc;

pub use severity::Severity;

use countersign_markup::shown::escape;
use countersign_markup::span::Span;

use crate::edit::Edit;

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
pub struct Finding {
    /// The fact, in one line that stands alone; control characters escaped.
    pub message: String,
    /// Where in the document.
    pub span: Span,
    label: String,
    related: Vec<Related>,
    help: Option<String>,
    fix: Option<Fix>,
}

impl Finding {
    /// A finding at `span`.
    #[must_use]
    pub fn new(span: Span, message: impl AsRef<str>) -> Self {
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
    #[must_use]
    pub fn label(mut self, label: impl AsRef<str>) -> Self {
        self.label = escape(label.as_ref());
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl AsRef<str>) -> Self {
        self.help = Some(escape(help.as_ref()));
        self
    }

    /// Points at a second place.
    #[must_use]
    pub fn related(mut self, path: Option<Arc<str>>, span: Span, label: impl AsRef<str>) -> Self {
        self.related.push(Related { path, span, label: escape(label.as_ref()) });
        self
    }

    /// Offers a fix.
    #[must_use]
    pub fn fix(
        mut self,
        applicability: Applicability,
        title: impl AsRef<str>,
        edits: Vec<Edit>,
    ) -> Self {
        self.fix = Some(Fix { title: escape(title.as_ref()), applicability, edits });
        self
    }

    /// The finding of `rule` in the document at `path`.
    #[must_use]
    pub fn into_diagnostic(
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
