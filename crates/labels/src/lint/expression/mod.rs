//! Expressions of GitHub Actions, `github.event.label.name == vars.RUN_PRD_LABEL`.
//!
//! The language is that of
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/expressions>, with
//! GitHub's own limits (21,000 characters, nesting of 50). Names of contexts, properties and
//! functions are taken without regard to case, as GitHub takes them.
//!
//! Left out: evaluation. What a workflow would do is for GitHub to say.

mod parse;
mod token;

use countersign_markup::span::Span;

pub(super) use parse::parse;
pub(super) use token::embedded;

/// Why a text is no expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ExpressionError {
    /// The fact, in one line.
    pub(super) message: String,
    /// Where, in bytes of the text that holds the expression.
    pub(super) span: Span,
}

/// An expression; spans count from the start of the text that it was parsed from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Expression {
    pub(super) span: Span,
    pub(super) kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `null`, `true`, a number: nothing that a label could be called.
    Constant,
    /// A text, quotes taken off.
    Text(String),
    /// A context, in lower case.
    Name(String),
    /// A property by name, in lower case: `a.b`, `a['b']`, or `*` for `a.*`.
    Property(Box<Expression>, String),
    /// A property by anything else: `a[0]`.
    Index(Box<Expression>, Box<Expression>),
    /// A call; the name in lower case.
    Call(String, Vec<Expression>),
    /// `!a`.
    Not(Box<Expression>),
    /// Two operands.
    Binary(Operator, Box<Expression>, Box<Expression>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Or,
    And,
    Equal,
    NotEqual,
    /// `<`, `<=`, `>`, `>=`.
    Order,
}

impl Expression {
    /// The parts of `a.b.c`, the context first; `[0]` counts as `*`. `None` for anything
    /// but a context and its properties.
    pub(super) fn path(&self) -> Option<Vec<&str>> {
        match &self.kind {
            Kind::Name(name) => Some(vec![name]),
            Kind::Property(of, name) => {
                let mut path = of.path()?;
                path.push(name);
                Some(path)
            }
            Kind::Index(of, _) => {
                let mut path = of.path()?;
                path.push("*");
                Some(path)
            }
            _ => None,
        }
    }

    /// The name of a variable of the context `vars`, in lower case.
    pub(super) fn variable(&self) -> Option<&str> {
        match self.path()?.as_slice() {
            ["vars", name] if *name != "*" => Some(name),
            _ => None,
        }
    }

    /// Calls `look` with the expression and all in it, the outer before the inner.
    pub(super) fn each<'e>(&'e self, look: &mut impl FnMut(&'e Self)) {
        look(self);
        match &self.kind {
            Kind::Constant | Kind::Text(_) | Kind::Name(_) => {}
            Kind::Property(of, _) | Kind::Not(of) => of.each(look),
            Kind::Index(left, right) | Kind::Binary(_, left, right) => {
                left.each(look);
                right.each(look);
            }
            Kind::Call(_, arguments) => arguments.iter().for_each(|it| it.each(look)),
        }
    }
}

#[cfg(test)]
mod tests;
