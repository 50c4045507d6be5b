//! The digest that binds an approval to what was approved.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest as _, Sha256};

use super::FrontMatter;
use crate::span::Span;
use crate::yaml::Node;

/// The keys that change without changing what was approved.
const NOT_APPROVED: [&str; 3] = ["status", "updated_at", "approvals"];

/// SHA-256 of the approved content, written `sha256:<64 hexadecimal digits>`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest([u8; 32]);

impl fmt::Display for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("sha256:")?;
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// A text that is no digest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no digest of the form `sha256:` and 64 hexadecimal digits")]
pub struct DigestError(String);

impl FromStr for Digest {
    type Err = DigestError;

    /// Reads `sha256:<64 hexadecimal digits>`; the prefix may be missing.
    fn from_str(text: &str) -> Result<Self, DigestError> {
        let error = || DigestError(text.chars().take(80).collect());
        let hex = text.strip_prefix("sha256:").unwrap_or(text).as_bytes();
        if hex.len() != 64 {
            return Err(error());
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(hex.chunks_exact(2)) {
            let digit = |at: usize| char::from(pair[at]).to_digit(16).ok_or_else(error);
            *byte = u8::try_from(digit(0)? * 16 + digit(1)?).map_err(|_| error())?;
        }
        Ok(Self(bytes))
    }
}

/// The digest of what an approval covers: the body, and the front matter without
/// the lines of `status`, `updated_at` and `approvals`.
///
/// It is taken over the text as written, so that nobody has to trust a parser to
/// see the same meaning twice. A byte order mark and the difference between `\n`
/// and `\r\n` do not count: git and editors change both without anybody reading.
#[must_use]
pub fn content_digest(text: &str, front_matter: &FrontMatter<'_>) -> Digest {
    let mut hasher = Sha256::new();
    let mut from = super::bom_len(text);
    for span in left_out(text, front_matter) {
        update(&mut hasher, &text[from..span.start]);
        from = span.end;
    }
    update(&mut hasher, &text[from..]);
    Digest(hasher.finalize().into())
}

fn update(hasher: &mut Sha256, text: &str) {
    let mut from = 0;
    for at in memchr::memmem::find_iter(text.as_bytes(), b"\r\n") {
        hasher.update(&text.as_bytes()[from..at]);
        from = at + 1;
    }
    hasher.update(&text.as_bytes()[from..]);
}

/// Whether the keys that do not count can be left out of the digest.
///
/// On a shared line (`{status: draft, title: T}`), or where an alias reads a value
/// that is left out, leaving a key out would let another value change unseen. Then
/// everything counts, the digest itself included, and no approval holds.
#[must_use]
pub fn digestible(front_matter: &FrontMatter<'_>) -> bool {
    !front_matter.root().is_some_and(Node::is_flow) && !front_matter.has_alias()
}

/// The whole lines of the keys that do not count, in order.
fn left_out(text: &str, front_matter: &FrontMatter<'_>) -> Vec<Span> {
    let (Some(root), Some(block)) = (front_matter.root(), front_matter.block()) else {
        return Vec::new();
    };
    if !digestible(front_matter) {
        return Vec::new();
    }
    let mut spans = Vec::new();
    for entry in root.entries() {
        if !entry.key.as_str().is_some_and(|key| NOT_APPROVED.contains(&key)) {
            continue;
        }
        let start = line_start(text, entry.key.span().start);
        let end = line_after(text, entry.span().end).min(block.yaml.end);
        spans.push(Span::new(start, end.max(start)));
    }
    spans
}

// A carriage return alone ends a line too, for YAML: what follows it is another key.
fn line_start(text: &str, offset: usize) -> usize {
    text[..offset].rfind(['\n', '\r']).map_or(0, |at| at + 1)
}

fn line_after(text: &str, offset: usize) -> usize {
    // A block scalar's span ends behind its last line end.
    if offset > 0 && matches!(text.as_bytes()[offset - 1], b'\n' | b'\r') {
        return offset;
    }
    let Some(at) = text[offset..].find(['\n', '\r']) else { return text.len() };
    let end = offset + at;
    end + if text[end..].starts_with("\r\n") { 2 } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(text: &str) -> Digest {
        content_digest(text, &FrontMatter::parse(text))
    }

    const DRAFT: &str = "---\ndoc_id: ADR-1\nstatus: in-review\nupdated_at: 2026-01-01\n---\n# T\n";

    #[test]
    fn an_approval_does_not_change_the_digest() {
        let approved = "---\ndoc_id: ADR-1\nstatus: approved # yes\nupdated_at: 2026-01-02\n\
                        approvals:\n  status: approved\n  required:\n    - Owner\n---\n# T\n";
        assert_eq!(digest(DRAFT), digest(approved));
        assert_eq!(digest(DRAFT), digest(&DRAFT.replace('\n', "\r\n")));
        assert_eq!(digest(DRAFT), digest(&format!("\u{feff}{DRAFT}")));
    }

    #[test]
    fn any_other_change_does() {
        assert_ne!(digest(DRAFT), digest(&DRAFT.replace("# T", "# U")));
        assert_ne!(digest(DRAFT), digest(&DRAFT.replace("ADR-1", "ADR-2")));
        assert_ne!(digest(DRAFT), digest(&DRAFT.replace("doc_id: ADR-1", "doc_id: ADR-1 # x")));
    }

    #[test]
    fn nothing_hides_on_the_line_of_a_key_that_does_not_count() {
        let flow = "---\n{doc_id: ADR-1, status: draft}\n---\n";
        assert_ne!(digest(flow), digest(&flow.replace("ADR-1", "ADR-2")));
        // To YAML a carriage return alone ends a line.
        let lone = "---\nstatus: draft\rtitle: T\rupdated_at: 2026-01-01\n---\n";
        assert_ne!(digest(lone), digest(&lone.replace("title: T", "title: U")));
        assert_eq!(digest(lone), digest(&lone.replace("draft", "approved")));
        let alias = "---\nstatus: &a draft\ntitle: *a\n---\n";
        assert_ne!(digest(alias), digest(&alias.replace("draft", "approved")));
    }

    #[test]
    fn is_read_as_it_is_written() {
        let written = digest(DRAFT).to_string();
        assert_eq!(written.parse::<Digest>().unwrap(), digest(DRAFT));
        assert!("sha256:12".parse::<Digest>().is_err());
        assert!("sha256:".to_owned().parse::<Digest>().is_err());
        assert!(written.replace('a', "ы").parse::<Digest>().is_err() || !written.contains('a'));
    }
}
