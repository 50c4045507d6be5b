//! Names that Kubernetes takes.

use std::fmt;
use std::str::FromStr;

/// The longest label of RFC 1123, in bytes.
pub const LONGEST: usize = 63;

/// A label of RFC 1123, the kind of name that a namespace has: lower-case ASCII
/// letters, digits and hyphens, at most [`LONGEST`] bytes, no hyphen at either end.
///
/// Source: <https://kubernetes.io/docs/concepts/overview/working-with-objects/names/>.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(String);

/// A text that is no [`Name`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{}` is no name in Kubernetes: {LONGEST} lower-case letters, digits and hyphens at most, and no hyphen at either end",
    shown(.0)
)]
pub struct NameError(pub String);

/// The text as far as a message needs it.
fn shown(text: &str) -> String {
    const MOST: usize = 80;
    let mut shown = countersign_markup::shown::escape(text);
    if let Some((at, _)) = shown.char_indices().nth(MOST) {
        shown.truncate(at);
        shown.push('…');
    }
    shown
}

impl Name {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name with `end` behind it.
    ///
    /// # Errors
    ///
    /// [`NameError`] if both together are none, for instance too long.
    pub fn with(&self, end: &str) -> Result<Self, NameError> {
        format!("{}-{end}", self.0).parse()
    }
}

impl FromStr for Name {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let allowed = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
        let fits = (1..=LONGEST).contains(&text.len())
            && text.bytes().all(allowed)
            && !text.starts_with('-')
            && !text.ends_with('-');
        if fits { Ok(Self(text.to_owned())) } else { Err(NameError(text.to_owned())) }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_labels_of_rfc_1123() {
        for good in ["a", "0", "dev-1", &"a".repeat(LONGEST)] {
            assert_eq!(good.parse::<Name>().unwrap().as_str(), good);
        }
        let long = "a".repeat(LONGEST + 1);
        for bad in ["", "-a", "a-", "A", "a_b", "a.b", "a b", "é", "a\n", "*", long.as_str()] {
            assert!(bad.parse::<Name>().is_err(), "{bad}");
        }
        assert!("a".parse::<Name>().unwrap().with(&"b".repeat(LONGEST)).is_err());
    }

    proptest! {
        #[test]
        fn a_message_about_any_text_is_one_short_line(text in any::<String>()) {
            if let Err(error) = text.parse::<Name>() {
                let message = error.to_string();
                prop_assert!(!message.chars().any(char::is_control), "{message:?}");
                prop_assert!(message.chars().count() < 260, "{message}");
            }
        }
    }
}
