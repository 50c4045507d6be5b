//! Tokens counted by the tokenizer of a model.

use std::path::{Path, PathBuf};

use tokenizers::Tokenizer;

use super::tokenizer;
use super::tokens::{Estimate, Measure, Tokens};

/// The tokenizer of an embedding model, from the `tokenizer.json` that comes with it.
#[derive(Debug)]
pub struct ModelTokens(Tokenizer);

/// A tokenizer that cannot be used; the file is at fault.
#[derive(Debug, thiserror::Error)]
#[error("`{}` is no tokenizer of the Hugging Face format: {reason}", path.display())]
pub struct TokenizerError {
    /// The file.
    pub path: PathBuf,
    /// What the reader of the format says.
    pub reason: String,
}

impl ModelTokens {
    /// Reads a `tokenizer.json`.
    ///
    /// # Errors
    ///
    /// If the file cannot be read or is no tokenizer.
    pub fn from_file(path: &Path) -> Result<Self, TokenizerError> {
        let fault = |reason: String| TokenizerError { path: path.to_owned(), reason };
        let bytes = std::fs::read(path).map_err(|error| fault(error.to_string()))?;
        Self::new(tokenizer::read(&bytes).map_err(fault)?).map_err(|error| fault(error.to_string()))
    }

    /// Counts with a tokenizer that was read already.
    pub(crate) fn new(mut tokenizer: Tokenizer) -> tokenizers::Result<Self> {
        // Files of sentence models ask for texts to be cut and padded to one length; both
        // would hide how long a text is.
        tokenizer.with_truncation(None)?;
        tokenizer.with_padding(None);
        Ok(Self(tokenizer))
    }
}

impl Tokens for ModelTokens {
    /// A text that the tokenizer has no tokens for (a vocabulary can lack both the text
    /// and a token for the unknown) is estimated.
    fn measure(&self, text: &str) -> Measure {
        match self.0.encode_fast(text, false) {
            Ok(encoding) => Measure::tokens(encoding.len()),
            Err(_) => Estimate.measure(text),
        }
    }
}
