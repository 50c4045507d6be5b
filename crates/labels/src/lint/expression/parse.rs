//! From tokens to an [`Expression`].

use countersign_markup::span::Span;

use super::token::{Token, tokens};
use super::{Expression, ExpressionError, Kind, Operator};

/// The deepest nesting: `MaxDepth` in `ExpressionConstants` of
/// <https://github.com/actions/runner>.
const DEEPEST: usize = 50;

/// The most operators in a row. Each nests what is before it deeper by one, and everything
/// here walks expressions by recursion.
const LONGEST_CHAIN: usize = 1000;

/// Parses the expression at `span` of `text`; spans in the result count from the start of
/// `text`. `None` if there is nothing but blanks.
///
/// # Errors
///
/// [`ExpressionError`] for the first thing that is wrong.
pub(in crate::lint) fn parse(
    text: &str,
    span: Span,
) -> Result<Option<Expression>, ExpressionError> {
    let tokens = tokens(text, span)?;
    if tokens.is_empty() {
        return Ok(None);
    }
    let mut parser = Parser { tokens: tokens.into_iter().peekable(), end: span.end, depth: 0 };
    let expression = parser.operand(0)?;
    match parser.tokens.next() {
        None => Ok(Some(expression)),
        Some((_, span)) => {
            Err(ExpressionError { message: "the expression ends before this".to_owned(), span })
        }
    }
}

struct Parser {
    tokens: std::iter::Peekable<std::vec::IntoIter<(Token, Span)>>,
    end: usize,
    depth: usize,
}

/// How tightly an operator binds: more is tighter.
const fn strength(operator: Operator) -> u8 {
    match operator {
        Operator::Or => 1,
        Operator::And => 2,
        Operator::Equal | Operator::NotEqual => 3,
        Operator::Order => 4,
    }
}

impl Parser {
    /// An operand, and the operators behind it that bind more tightly than `limit`.
    fn operand(&mut self, limit: u8) -> Result<Expression, ExpressionError> {
        self.deeper()?;
        let mut left = self.unary()?;
        let mut chain = 0;
        while let Some((Token::Operator(operator), _)) = self.tokens.peek() {
            let operator = *operator;
            if strength(operator) <= limit {
                break;
            }
            self.tokens.next();
            chain += 1;
            if chain > LONGEST_CHAIN {
                let message = format!("more than {LONGEST_CHAIN} operators in a row");
                return Err(ExpressionError { message, span: left.span });
            }
            let right = self.operand(strength(operator))?;
            let span = Span::new(left.span.start, right.span.end);
            left =
                Expression { span, kind: Kind::Binary(operator, Box::new(left), Box::new(right)) };
        }
        self.depth -= 1;
        Ok(left)
    }

    fn deeper(&mut self) -> Result<(), ExpressionError> {
        self.depth += 1;
        if self.depth <= DEEPEST {
            return Ok(());
        }
        let span = self.tokens.peek().map_or(Span::at(self.end), |(_, span)| *span);
        Err(ExpressionError { message: format!("nested deeper than {DEEPEST} levels"), span })
    }

    fn unary(&mut self) -> Result<Expression, ExpressionError> {
        let Some((_, not)) = self.tokens.next_if(|(token, _)| *token == Token::Not) else {
            return self.postfix();
        };
        self.deeper()?;
        let of = self.unary()?;
        self.depth -= 1;
        let span = Span::new(not.start, of.span.end);
        Ok(Expression { span, kind: Kind::Not(Box::new(of)) })
    }

    /// A value and the properties behind it.
    fn postfix(&mut self) -> Result<Expression, ExpressionError> {
        let mut value = self.value()?;
        // Each step nests the value deeper by one.
        let mut steps = 0;
        loop {
            let next = self.tokens.next_if(|(it, _)| matches!(it, Token::Dot | Token::OpenBracket));
            let Some((token, _)) = next else { return Ok(value) };
            steps += 1;
            if steps > DEEPEST {
                let message = format!("more than {DEEPEST} properties in a row");
                return Err(ExpressionError { message, span: value.span });
            }
            value = if token == Token::Dot { self.property(value)? } else { self.index(value)? };
        }
    }

    fn property(&mut self, of: Expression) -> Result<Expression, ExpressionError> {
        match self.tokens.next() {
            Some((Token::Name(name), span)) => {
                let span = Span::new(of.span.start, span.end);
                Ok(Expression { span, kind: Kind::Property(Box::new(of), name) })
            }
            Some((Token::Star, span)) => {
                let span = Span::new(of.span.start, span.end);
                Ok(Expression { span, kind: Kind::Property(Box::new(of), "*".to_owned()) })
            }
            // `a.true` is a property like any other, whose name no rule asks for.
            Some((Token::Constant, span)) => {
                let span = Span::new(of.span.start, span.end);
                Ok(Expression { span, kind: Kind::Property(Box::new(of), String::new()) })
            }
            other => Err(self.expected("the name of a property, or `*`,", other.as_ref())),
        }
    }

    fn index(&mut self, of: Expression) -> Result<Expression, ExpressionError> {
        if self.tokens.next_if(|(token, _)| *token == Token::Star).is_some() {
            let end = self.closed(&Token::CloseBracket, "`]`")?;
            let span = Span::new(of.span.start, end);
            return Ok(Expression { span, kind: Kind::Property(Box::new(of), "*".to_owned()) });
        }
        let index = self.operand(0)?;
        let span = Span::new(of.span.start, self.closed(&Token::CloseBracket, "`]`")?);
        let kind = match index.kind {
            Kind::Text(name) => Kind::Property(Box::new(of), name.to_ascii_lowercase()),
            _ => Kind::Index(Box::new(of), Box::new(index)),
        };
        Ok(Expression { span, kind })
    }

    fn value(&mut self) -> Result<Expression, ExpressionError> {
        match self.tokens.next() {
            Some((Token::Text(text), span)) => Ok(Expression { span, kind: Kind::Text(text) }),
            Some((Token::Constant, span)) => Ok(Expression { span, kind: Kind::Constant }),
            Some((Token::Name(name), span)) => {
                if self.tokens.next_if(|(token, _)| *token == Token::Open).is_none() {
                    return Ok(Expression { span, kind: Kind::Name(name) });
                }
                let (arguments, end) = self.arguments()?;
                let span = Span::new(span.start, end);
                Ok(Expression { span, kind: Kind::Call(name, arguments) })
            }
            Some((Token::Open, span)) => {
                let inner = self.operand(0)?;
                let span = Span::new(span.start, self.closed(&Token::Close, "`)`")?);
                Ok(Expression { span, ..inner })
            }
            other => Err(self.expected("a value", other.as_ref())),
        }
    }

    /// The arguments of a call, behind its `(`, and where its `)` ends.
    fn arguments(&mut self) -> Result<(Vec<Expression>, usize), ExpressionError> {
        let mut arguments = Vec::new();
        if let Some((_, span)) = self.tokens.next_if(|(token, _)| *token == Token::Close) {
            return Ok((arguments, span.end));
        }
        loop {
            arguments.push(self.operand(0)?);
            match self.tokens.next() {
                Some((Token::Comma, _)) => {}
                Some((Token::Close, span)) => return Ok((arguments, span.end)),
                other => return Err(self.expected("`,` or `)`", other.as_ref())),
            }
        }
    }

    fn closed(&mut self, by: &Token, what: &str) -> Result<usize, ExpressionError> {
        match self.tokens.next() {
            Some((token, span)) if token == *by => Ok(span.end),
            other => Err(self.expected(what, other.as_ref())),
        }
    }

    fn expected(&self, what: &str, found: Option<&(Token, Span)>) -> ExpressionError {
        let (message, span) = match found {
            Some((_, span)) => (format!("{what} is expected here"), *span),
            None => (format!("the expression ends where {what} is expected"), Span::at(self.end)),
        };
        ExpressionError { message, span }
    }
}
