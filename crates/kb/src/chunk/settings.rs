//! How large chunks are, and where they must end.

/// How large chunks are, and where they must end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    max_tokens: usize,
    overlap_tokens: usize,
    heading_level: u8,
}

/// Settings that make no sense together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// No token, or more than any model reads.
    #[error("{0} tokens are no size of a chunk: it is from 1 to {max}", max = Settings::LARGEST)]
    MaxTokens(usize),
    /// An overlap that would be most of what is embedded.
    #[error("an overlap of {overlap} tokens is more than half of a chunk of {max} tokens")]
    Overlap {
        /// The overlap.
        overlap: usize,
        /// The size of a chunk.
        max: usize,
    },
    /// A level that no heading has.
    #[error("{0} is no level of a heading: it is from 1 to 6")]
    HeadingLevel(u8),
}

impl Settings {
    /// The largest size of a chunk, in tokens: as much as the embedding models with the
    /// longest input read, four times over.
    pub const LARGEST: usize = 131_072;

    /// Chunks of at most `max_tokens` tokens that end before every heading of
    /// `heading_level` and above (1 to 6), each with at most `overlap_tokens` tokens of
    /// the text before it as context.
    ///
    /// The size is that of the chunk's own text. The passage that a model reads has the
    /// headings, the lead and the overlap besides: leave room for them.
    ///
    /// # Errors
    ///
    /// If the size is 0 or above [`Self::LARGEST`], the overlap above half of it, or
    /// the level not from 1 to 6.
    pub const fn new(
        max_tokens: usize,
        overlap_tokens: usize,
        heading_level: u8,
    ) -> Result<Self, SettingsError> {
        if max_tokens == 0 || max_tokens > Self::LARGEST {
            return Err(SettingsError::MaxTokens(max_tokens));
        }
        if overlap_tokens > max_tokens / 2 {
            return Err(SettingsError::Overlap { overlap: overlap_tokens, max: max_tokens });
        }
        if heading_level == 0 || heading_level > 6 {
            return Err(SettingsError::HeadingLevel(heading_level));
        }
        Ok(Self { max_tokens, overlap_tokens, heading_level })
    }

    /// The largest size of a chunk, in tokens.
    #[must_use]
    pub const fn max_tokens(self) -> usize {
        self.max_tokens
    }

    /// How much of the text before a chunk goes with it, in tokens; 0 for nothing.
    #[must_use]
    pub const fn overlap_tokens(self) -> usize {
        self.overlap_tokens
    }

    /// The level of headings, 1 to 6, that no chunk crosses, nor those above it.
    #[must_use]
    pub const fn heading_level(self) -> u8 {
        self.heading_level
    }
}

impl Default for Settings {
    /// 384 tokens, no overlap, headings down to level 3.
    ///
    /// Multilingual E5 and most other sentence models read 512 tokens; a quarter is left
    /// for headings and for what an estimate is wrong by.
    fn default() -> Self {
        Self { max_tokens: 384, overlap_tokens: 0, heading_level: 3 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_that_make_no_sense_are_refused_with_their_values() {
        let refused = |max, overlap, level| Settings::new(max, overlap, level).unwrap_err();
        assert_eq!(
            refused(0, 0, 3).to_string(),
            "0 tokens are no size of a chunk: it is from 1 to 131072"
        );
        assert_eq!(refused(usize::MAX, 0, 3), SettingsError::MaxTokens(usize::MAX));
        assert_eq!(
            refused(100, 51, 3).to_string(),
            "an overlap of 51 tokens is more than half of a chunk of 100 tokens"
        );
        assert_eq!(refused(100, 0, 7).to_string(), "7 is no level of a heading: it is from 1 to 6");
        assert!(Settings::new(100, 50, 6).is_ok());
    }
}
