//! The identity of a chunk: the SHA-256 of its passage.

use std::fmt;

use sha2::{Digest as _, Sha256};

/// The SHA-256 of a [passage](super::Chunked::passage), in UTF-8: chunks with equal hashes
/// have equal embeddings.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContentHash([u8; 32]);

impl ContentHash {
    /// A hash that was kept.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The hash of `passage`.
    #[must_use]
    pub fn of(passage: &str) -> Self {
        Self(Sha256::digest(passage).into())
    }

    /// The hash of the text that `parts` are together.
    pub(super) fn of_parts(parts: impl FnOnce(&mut dyn FnMut(&str))) -> Self {
        let mut hasher = Sha256::new();
        parts(&mut |part| hasher.update(part));
        Self(hasher.finalize().into())
    }
}

impl fmt::Display for ContentHash {
    /// 64 hexadecimal digits.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl fmt::Debug for ContentHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}
