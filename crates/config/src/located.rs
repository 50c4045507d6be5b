//! From a value of the configuration back to its line.

use countersign_markup::shown::escape;
use countersign_markup::span::{LineIndex, Position, Span};
use countersign_markup::yaml::{Node, NodeKind};

use crate::ConfigError;

/// A parsed file and the way back from a value to its line.
#[derive(Clone, Copy, Debug)]
pub struct Located<'a> {
    pub(crate) path: &'a str,
    pub(crate) text: &'a str,
    pub(crate) root: Option<Node<'a, 'a>>,
}

impl Located<'_> {
    /// Where the value that `route` leads to stands, or the key if `at_key`: line and
    /// column, 1-based, the column in characters.
    #[must_use]
    pub fn position(&self, route: &[&str], at_key: bool) -> Position {
        let span = self.span(route, at_key);
        LineIndex::new(self.text).position(self.text, span.start)
    }

    /// As [`Located::position`] for many values at once, which costs one look at the text
    /// for all of them.
    #[must_use]
    pub fn positions<'r>(
        &self,
        routes: impl IntoIterator<Item = [&'r str; 3]>,
        at_key: bool,
    ) -> Vec<Position> {
        let index = LineIndex::new(self.text);
        let positions = routes.into_iter().map(|route| {
            let span = self.span(&route, at_key);
            index.position(self.text, span.start)
        });
        positions.collect()
    }

    fn span(&self, route: &[&str], at_key: bool) -> Span {
        let mut span = Span::at(0);
        let mut node = self.root;
        for key in route {
            let step = node.and_then(|node| match node.kind() {
                NodeKind::Sequence => {
                    let item = key.parse().ok().and_then(|at| node.items().nth(at));
                    item.map(|item| (item.span(), item))
                }
                _ => node.entry(key).map(|entry| (entry.key.span(), entry.value)),
            });
            let Some((place, next)) = step else { break };
            span = place;
            node = Some(next);
        }
        if let Some(value) = node.filter(|node| !at_key && node.kind() == NodeKind::Scalar) {
            span = value.span();
        }
        span
    }

    /// The error for the value that `route` leads to, as far as it exists; for the
    /// key itself if `at_key`. The route begins with the section: `["docs", "include", "0"]`.
    #[must_use]
    pub fn error(&self, route: &[&str], at_key: bool, message: &str, help: &str) -> ConfigError {
        self.error_at(self.span(route, at_key), message, help)
    }

    pub(crate) fn error_at(&self, span: Span, message: &str, help: &str) -> ConfigError {
        let position = LineIndex::new(self.text).position(self.text, span.start);
        ConfigError::Invalid {
            path: self.path.to_owned(),
            line: position.line,
            column: position.column,
            message: escape(message),
            help: escape(help),
        }
    }
}
