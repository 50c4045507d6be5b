//! What a `<` inside a paragraph starts: an autolink, a tag, a comment, or nothing.

use memchr::memmem;

use super::html::{Tag, tag};
use super::lines::{next_line, skip_while};

/// What stands at some `<`, up to the offset.
pub(super) enum Angle {
    /// `<https://…>` or `<name@example.org>`.
    Autolink(usize),
    /// A tag or a comment; nothing in it is Markdown.
    Html(usize),
    /// The `<` is text.
    Text,
    /// Something that goes on in the next line, or is too rare to be known here.
    Unsure,
}

/// Reads what starts at the `<` at `at`.
pub(super) fn angle(bytes: &[u8], at: usize) -> Angle {
    match bytes.get(at + 1) {
        Some(b'!') => return comment(bytes, at),
        Some(b'?') => return Angle::Unsure,
        _ => {}
    }
    if let Some(end) = uri(bytes, at + 1).or_else(|| email(bytes, at + 1)) {
        return Angle::Autolink(end);
    }
    match tag(bytes, at) {
        Tag::Ends(end) => Angle::Html(end),
        Tag::Absent => Angle::Text,
        Tag::Unfinished => Angle::Unsure,
    }
}

/// A comment that ends on its line. `<!-->` is a whole one.
fn comment(bytes: &[u8], at: usize) -> Angle {
    let line = &bytes[at..next_line(bytes, at)];
    if line.starts_with(b"<!--")
        && let Some(found) = memmem::find(&line[2..], b"-->")
    {
        return Angle::Html(at + 2 + found + 3);
    }
    // An address may start with `!` too.
    Angle::Unsure
}

/// The offset after the `>` of an autolink with a scheme.
fn uri(bytes: &[u8], at: usize) -> Option<usize> {
    bytes.get(at).filter(|byte| byte.is_ascii_alphabetic())?;
    let in_scheme = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'+');
    let colon = skip_while(bytes, at, in_scheme);
    if bytes.get(colon) != Some(&b':') || !(2..=32).contains(&(colon - at)) {
        return None;
    }
    let end = skip_while(bytes, colon, |byte| byte > b' ' && byte != b'<' && byte != b'>');
    (bytes.get(end) == Some(&b'>')).then_some(end + 1)
}

/// The offset after the `>` of an autolink that is an e-mail address.
fn email(bytes: &[u8], at: usize) -> Option<usize> {
    let sign = skip_while(bytes, at, |byte| {
        byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&byte)
    });
    if sign == at || bytes.get(sign) != Some(&b'@') {
        return None;
    }
    let mut label = sign + 1;
    loop {
        let end = skip_while(bytes, label, |byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let name = &bytes[label..end];
        if name.is_empty() || name.len() > 63 || name.starts_with(b"-") || name.ends_with(b"-") {
            return None;
        }
        match bytes.get(end) {
            Some(b'.') => label = end + 1,
            Some(b'>') => return Some(end + 1),
            _ => return None,
        }
    }
}
