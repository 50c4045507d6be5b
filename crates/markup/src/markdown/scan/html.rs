//! HTML: which lines start a block of it, and where a tag ends.

use super::lines::{blank_rest, skip_blanks, skip_while};

/// Elements whose tags start a block wherever they stand at the beginning of a
/// line, by the CommonMark specification.
const BLOCK_ELEMENTS: [&str; 62] = [
    "address",
    "article",
    "aside",
    "base",
    "basefont",
    "blockquote",
    "body",
    "caption",
    "center",
    "col",
    "colgroup",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "frame",
    "frameset",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "iframe",
    "legend",
    "li",
    "link",
    "main",
    "menu",
    "menuitem",
    "nav",
    "noframes",
    "ol",
    "optgroup",
    "option",
    "p",
    "param",
    "search",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "title",
    "tr",
    "track",
    "ul",
];

/// Elements whose content is not Markdown, and their end tags.
const RAW_ELEMENTS: [(&str, &str); 4] = [
    ("pre", "</pre>"),
    ("style", "</style>"),
    ("script", "</script>"),
    ("textarea", "</textarea>"),
];

/// What stands at some `<`.
pub(super) enum Tag {
    /// A tag, up to this offset.
    Ends(usize),
    /// No tag.
    Absent,
    /// It depends on the next line.
    Unfinished,
}

/// The text that ends the block which the `<` at `at` starts, if that is a block
/// that ends at some text: a raw element, a comment, a declaration and the like.
pub(super) fn block_end_mark(bytes: &[u8], at: usize) -> Option<&'static str> {
    let rest = &bytes[at + 1..];
    for (name, end) in RAW_ELEMENTS {
        let named =
            rest.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()));
        if named && matches!(rest.get(name.len()), None | Some(0x09..=0x0d | b' ' | b'>')) {
            return Some(end);
        }
    }
    match rest {
        [b'!', b'-', b'-', ..] => Some("-->"),
        [b'?', ..] => Some("?>"),
        [b'!', letter, ..] if letter.is_ascii_alphabetic() => Some(">"),
        _ if rest.starts_with(b"![CDATA[") => Some("]]>"),
        _ => None,
    }
}

/// Whether the `<` at `at` starts the tag of a block element, complete or not.
pub(super) fn starts_block_tag(bytes: &[u8], at: usize) -> bool {
    let name_start = at + 1 + usize::from(bytes.get(at + 1) == Some(&b'/'));
    let name_end = skip_while(bytes, name_start, |byte| byte.is_ascii_alphanumeric());
    let name = &bytes[name_start..name_end];
    let ends = match bytes.get(name_end) {
        None | Some(b' ' | b'\t' | b'\r' | b'\n' | b'>') => true,
        Some(b'/') => bytes.get(name_end + 1) == Some(&b'>'),
        _ => false,
    };
    ends && BLOCK_ELEMENTS.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(name))
}

/// Whether the line from the `<` at `at` on is nothing but one tag.
pub(super) fn is_tag_line(bytes: &[u8], at: usize) -> bool {
    matches!(tag(bytes, at), Tag::Ends(end) if blank_rest(bytes, end).is_some())
}

/// The tag that the `<` at `at` starts.
pub(super) fn tag(bytes: &[u8], at: usize) -> Tag {
    let closing = bytes.get(at + 1) == Some(&b'/');
    let name = at + 1 + usize::from(closing);
    if !bytes.get(name).is_some_and(u8::is_ascii_alphabetic) {
        return Tag::Absent;
    }
    let letters_end = skip_while(bytes, name, |byte| byte.is_ascii_alphabetic());
    let mut at =
        skip_while(bytes, letters_end, |byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if !closing {
        loop {
            let before = at;
            at = skip_blanks(bytes, at);
            match bytes.get(at) {
                None | Some(b'\n' | b'\r') => return Tag::Unfinished,
                Some(b'/' | b'>') => break,
                Some(_) if before == at => return Tag::Absent,
                Some(_) => match attribute(bytes, at) {
                    Tag::Ends(end) => at = end,
                    other => return other,
                },
            }
        }
    }
    at = skip_blanks(bytes, at);
    if !closing && bytes.get(at) == Some(&b'/') {
        at += 1;
    }
    if bytes.get(at) == Some(&b'>') { Tag::Ends(at + 1) } else { Tag::Absent }
}

/// The attribute that starts at `at`.
fn attribute(bytes: &[u8], at: usize) -> Tag {
    let starts_name = |byte: &u8| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b':');
    if !bytes.get(at).is_some_and(starts_name) {
        return Tag::Absent;
    }
    let in_name =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b':' | b'-');
    let name_end = skip_while(bytes, at, in_name);
    let equals = skip_blanks(bytes, name_end);
    match bytes.get(equals) {
        Some(b'=') => {}
        None | Some(b'\n' | b'\r') => return Tag::Unfinished,
        // The blanks belong to the next attribute.
        Some(_) => return Tag::Ends(name_end),
    }
    let value = skip_blanks(bytes, equals + 1);
    match bytes.get(value) {
        None | Some(b'\n' | b'\r') => Tag::Unfinished,
        Some(b'=' | b'>' | b'<' | b'`') => Tag::Absent,
        Some(quote @ (b'"' | b'\'')) => {
            let end = skip_while(bytes, value + 1, |byte| byte != *quote && byte != b'\n');
            if bytes.get(end) == Some(quote) { Tag::Ends(end + 1) } else { Tag::Unfinished }
        }
        Some(_) => Tag::Ends(skip_while(bytes, value, |byte| {
            !matches!(byte, b'\'' | b'"' | b' ' | b'=' | b'>' | b'<' | b'`' | b'\n' | b'\r')
        })),
    }
}
