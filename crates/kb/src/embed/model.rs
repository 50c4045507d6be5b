//! What a store remembers of a model.

/// An embedding model, as `embedding_models` keeps it.
///
/// Two models of one name and different digests are two models: their vectors must not be
/// compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelDescription {
    /// The name that it is asked for by: `intfloat/multilingual-e5-small`, or the name of
    /// a folder.
    pub name: String,
    /// The SHA-256 of all that a vector depends on (weights, tokenizer, how both are used), as
    /// 64 hexadecimal digits.
    pub digest: String,
    /// How many numbers its vectors have.
    pub dimensions: usize,
    /// How many tokens it reads of a text, with those that it puts around it.
    pub max_tokens: usize,
    /// How its vectors are compared.
    pub distance: Distance,
}

/// How the vectors of a model are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Distance {
    /// By the cosine of their angle.
    Cosine,
}

impl Distance {
    /// `cosine`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cosine => "cosine",
        }
    }
}
