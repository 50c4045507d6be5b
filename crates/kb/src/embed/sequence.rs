//! Texts as tokens: what a graph is given.

use tokenizers::{EncodeInput, Tokenizer};

/// A text, or two as one, as tokens with those that the tokenizer puts around them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sequence {
    /// The numbers of the tokens.
    pub(super) ids: Vec<u32>,
    /// Which text each token is of, as the tokenizer says.
    pub(super) types: Vec<u32>,
    /// Whether the text was longer than the model reads.
    pub(super) cut: bool,
}

impl Sequence {
    /// One token that says nothing.
    pub(super) fn of(padding: Padding) -> Self {
        Self { ids: vec![padding.id], types: vec![padding.kind], cut: false }
    }
}

/// What stands behind the tokens of a sequence that is shorter than another one of its batch.
#[derive(Clone, Copy, Debug)]
pub(super) struct Padding {
    pub(super) id: u32,
    pub(super) kind: u32,
}

impl Padding {
    /// As a tokenizer says, which is to pad no longer: a batch is padded where it is put
    /// together.
    pub(super) fn taken_from(tokenizer: &mut Tokenizer) -> Self {
        let padding = tokenizer.get_padding();
        let padding = Self {
            id: padding.map_or(0, |padding| padding.pad_id),
            kind: padding.map_or(0, |padding| padding.pad_type_id),
        };
        tokenizer.with_padding(None);
        padding
    }
}

/// So many texts are tokenized at once: what a tokenizer says of a text is much longer than
/// what is kept of it.
const AT_ONCE: usize = 64;

/// The sequences of all texts, or pairs of texts, in their order. `nothing` stands for a text
/// of nothing that the vocabulary knows: something has to be computed with.
pub(super) fn sequences<'t, T>(
    tokenizer: &Tokenizer,
    texts: &[T],
    nothing: &Sequence,
) -> tokenizers::Result<Vec<Sequence>>
where
    T: Copy + Send + Into<EncodeInput<'t>>,
{
    let mut sequences = Vec::with_capacity(texts.len());
    for some in texts.chunks(AT_ONCE) {
        let encodings = tokenizer.encode_batch_fast(some.to_vec(), true)?;
        sequences.extend(encodings.iter().map(|encoding| match encoding.get_ids() {
            [] => nothing.clone(),
            ids => Sequence {
                ids: ids.to_vec(),
                types: encoding.get_type_ids().to_vec(),
                cut: !encoding.get_overflowing().is_empty(),
            },
        }));
    }
    Ok(sequences)
}
