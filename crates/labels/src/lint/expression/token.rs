//! From text to tokens, and from a text with `${{ … }}` in it to the expressions.

use countersign_markup::shown::excerpt;
use countersign_markup::span::Span;

use super::{ExpressionError, Operator};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Text(String),
    /// A number, or a word that stands for a value.
    Constant,
    /// A name, in lower case.
    Name(String),
    Operator(Operator),
    Not,
    Dot,
    Comma,
    Star,
    Open,
    Close,
    OpenBracket,
    CloseBracket,
}

/// The longest expression, in characters: `MaxLength` in `ExpressionConstants` of
/// <https://github.com/actions/runner>.
const LONGEST: usize = 21_000;

/// The spans of the expressions in `text`, without `${{` and `}}`. One that is never closed
/// reaches to the end of the text, and is an error.
pub(in crate::lint) fn embedded(text: &str) -> Vec<Result<Span, ExpressionError>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find("${{")) {
        let start = from + at + 3;
        match close(text, start) {
            Some(end) => {
                found.push(Ok(Span::new(start, end)));
                from = end + 2;
            }
            None => {
                let span = Span::new(start - 3, start);
                let message = "`${{` is never closed by `}}`".to_owned();
                found.push(Err(ExpressionError { message, span }));
                break;
            }
        }
    }
    found
}

/// Where the `}}` stands that is in no text.
fn close(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut quoted = false;
    let mut at = start;
    while at < bytes.len() {
        match bytes[at] {
            b'\'' => quoted = !quoted,
            b'}' if !quoted && bytes.get(at + 1) == Some(&b'}') => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

/// The tokens of the expression at `span` of `text`, each with its place in `text`.
pub(super) fn tokens(text: &str, span: Span) -> Result<Vec<(Token, Span)>, ExpressionError> {
    let source = span.text(text).unwrap_or_default();
    if source.chars().count() > LONGEST {
        let message = format!("an expression has at most {LONGEST} characters");
        return Err(ExpressionError { message, span });
    }
    let mut tokens = Vec::new();
    let mut rest = source;
    loop {
        let trimmed = rest.trim_start();
        let at = span.start + (source.len() - trimmed.len());
        let Some(first) = trimmed.chars().next() else { return Ok(tokens) };
        let (token, length) = match first {
            '\'' => quoted(trimmed).ok_or_else(|| ExpressionError {
                message: "the text is never closed by `'`".to_owned(),
                span: Span::new(at, span.end),
            })?,
            'a'..='z' | 'A'..='Z' | '_' => name(trimmed),
            '0'..='9' | '+' | '-' => number(trimmed, at)?,
            // `.5` is a number, `a.b` a property.
            '.' if follows_value(&tokens) || !is_digit(trimmed.as_bytes().get(1)) => {
                (Token::Dot, 1)
            }
            '.' => number(trimmed, at)?,
            _ => symbol(trimmed, at)?,
        };
        tokens.push((token, Span::new(at, at + length)));
        rest = &trimmed[length..];
    }
}

fn is_digit(byte: Option<&u8>) -> bool {
    byte.is_some_and(u8::is_ascii_digit)
}

fn follows_value(tokens: &[(Token, Span)]) -> bool {
    matches!(
        tokens.last(),
        Some((Token::Name(_) | Token::Close | Token::CloseBracket | Token::Star, _))
    )
}

/// A text: `''` in it stands for one quote.
fn quoted(source: &str) -> Option<(Token, usize)> {
    let mut value = String::new();
    let mut chars = source.char_indices().skip(1).peekable();
    while let Some((at, char)) = chars.next() {
        if char != '\'' {
            value.push(char);
        } else if chars.next_if(|(_, next)| *next == '\'').is_some() {
            value.push('\'');
        } else {
            return Some((Token::Text(value), at + 1));
        }
    }
    None
}

fn name(source: &str) -> (Token, usize) {
    let part = |char: char| char.is_ascii_alphanumeric() || matches!(char, '_' | '-');
    let length = source.find(|char| !part(char)).unwrap_or(source.len());
    let token = match &source[..length] {
        "null" | "true" | "false" | "NaN" | "Infinity" => Token::Constant,
        name => Token::Name(name.to_ascii_lowercase()),
    };
    (token, length)
}

fn number(source: &str, at: usize) -> Result<(Token, usize), ExpressionError> {
    let part = |char: char| char.is_ascii_alphanumeric() || matches!(char, '.' | '+' | '-');
    let length = source.find(|char| !part(char)).unwrap_or(source.len());
    let text = &source[..length];
    let radix = |prefix, radix| {
        text.strip_prefix(prefix).is_some_and(|digits| u64::from_str_radix(digits, radix).is_ok())
    };
    let decimal = || {
        text.parse::<f64>().is_ok() && text.bytes().any(|byte| byte.is_ascii_digit())
            || matches!(text, "-Infinity" | "+Infinity")
    };
    if radix("0x", 16) || radix("0o", 8) || decimal() {
        return Ok((Token::Constant, length));
    }
    let message = format!("`{}` is no number", excerpt(text));
    Err(ExpressionError { message, span: Span::new(at, at + length) })
}

fn symbol(source: &str, at: usize) -> Result<(Token, usize), ExpressionError> {
    let two = match source.get(..2) {
        Some("||") => Some(Operator::Or),
        Some("&&") => Some(Operator::And),
        Some("==") => Some(Operator::Equal),
        Some("!=") => Some(Operator::NotEqual),
        Some("<=" | ">=") => Some(Operator::Order),
        _ => None,
    };
    if let Some(operator) = two {
        return Ok((Token::Operator(operator), 2));
    }
    let first = source.chars().next().unwrap_or_default();
    let token = match first {
        '<' | '>' => Token::Operator(Operator::Order),
        '!' => Token::Not,
        ',' => Token::Comma,
        '*' => Token::Star,
        '(' => Token::Open,
        ')' => Token::Close,
        '[' => Token::OpenBracket,
        ']' => Token::CloseBracket,
        _ => {
            let help = match first {
                '"' => "; texts stand between single quotes",
                '=' => "; equality is `==`",
                '&' => "; both is `&&`",
                '|' => "; either is `||`",
                _ => "",
            };
            let message = format!("`{}` means nothing here{help}", excerpt(&first.to_string()));
            return Err(ExpressionError { message, span: Span::new(at, at + first.len_utf8()) });
        }
    };
    Ok((token, 1))
}
