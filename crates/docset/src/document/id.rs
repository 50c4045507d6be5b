//! Document ids.

use std::fmt;
use std::str::FromStr;

/// The permanent id of a document: parts of capital letters and digits, joined by
/// hyphens, the last one a number: `ADR-0013`, `ALT-ALR-7`, `LBL-CK8S-0001`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DocumentId(String);

/// A text that is no document id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no document id")]
pub struct IdError(String);

impl DocumentId {
    /// The id as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DocumentId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl FromStr for DocumentId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        if is_id(text) { Ok(Self(text.to_owned())) } else { Err(IdError(text.to_owned())) }
    }
}

/// Whether `text` has the form of a document id.
pub(crate) fn is_id(text: &str) -> bool {
    let mut parts = text.split('-');
    let Some(number) = parts.next_back() else { return false };
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let mut parts = parts.peekable();
    let starts_with_letter = text.as_bytes().first().is_some_and(u8::is_ascii_uppercase);
    is_number
        && starts_with_letter
        && parts.peek().is_some()
        && parts.all(|part| {
            let plain = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
            !part.is_empty() && part.bytes().all(plain)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_ends_with_a_number() {
        for good in ["ADR-0013", "ALT-ALR-7", "LBL-CK8S-0001", "ARC-C4N-2"] {
            assert!(good.parse::<DocumentId>().is_ok(), "{good}");
        }
        for bad in ["ADR-XXXX", "ADR", "adr-1", "ADR--1", "-1", "ADR-1-", "1-2", "ADR 1", ""] {
            assert!(bad.parse::<DocumentId>().is_err(), "{bad}");
        }
    }
}
