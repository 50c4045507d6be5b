//! A sweep for the bytes of a paragraph that can mean something.
//!
//! 64 bytes are classified at a time, in a form that compilers turn into vector
//! instructions; most of a text is thus never looked at byte by byte.

const CHUNK: usize = 64;

/// Finds line feeds, back-ticks, brackets, backslashes and `<`.
pub(super) struct Specials<'s> {
    bytes: &'s [u8],
    /// Where the current chunk starts.
    base: usize,
    /// One bit for each special byte of the chunk.
    chunk: u64,
    /// The bits of `chunk` that have not been given out yet.
    left: u64,
}

impl<'s> Specials<'s> {
    pub(super) fn new(bytes: &'s [u8], start: usize) -> Self {
        let chunk = classify(bytes, start);
        Self { bytes, base: start, chunk, left: chunk }
    }

    /// Makes [`Self::next`] go on at `at`.
    pub(super) fn seek(&mut self, at: usize) {
        match at.checked_sub(self.base) {
            Some(offset) if offset < CHUNK => self.left = self.chunk & (u64::MAX << offset),
            _ => *self = Self::new(self.bytes, at),
        }
    }

    /// The offset of the next special byte, or the length of the text.
    #[inline]
    pub(super) fn next(&mut self) -> usize {
        while self.left == 0 {
            self.base += CHUNK;
            if self.base >= self.bytes.len() {
                self.base = self.bytes.len();
                self.chunk = 0;
                return self.bytes.len();
            }
            self.chunk = classify(self.bytes, self.base);
            self.left = self.chunk;
        }
        let at = self.base + self.left.trailing_zeros() as usize;
        self.left &= self.left - 1;
        at
    }
}

/// The bits of the chunk at `start`; past the end of the text there is nothing.
fn classify(bytes: &[u8], start: usize) -> u64 {
    let rest = bytes.get(start..).unwrap_or_default();
    match rest.first_chunk::<CHUNK>() {
        Some(chunk) => classify_chunk(chunk),
        None => {
            let mut padded = [0; CHUNK];
            padded[..rest.len()].copy_from_slice(rest);
            classify_chunk(&padded)
        }
    }
}

#[inline]
fn classify_chunk(chunk: &[u8; CHUNK]) -> u64 {
    let mut flags = [0_u8; CHUNK];
    for (flag, byte) in flags.iter_mut().zip(chunk) {
        // `[`, `\` and `]` are neighbours.
        let bracket = byte.wrapping_sub(b'[') < 3;
        *flag = u8::from(bracket | (*byte == b'`') | (*byte == b'<') | (*byte == b'\n'));
    }
    let (words, _) = flags.as_chunks::<8>();
    words.iter().rev().fold(0, |mask, word| {
        // The product gathers the lowest bits of eight bytes in its top byte.
        let bits = u64::from_le_bytes(*word).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        mask << 8 | bits
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_every_special_byte_once() {
        let text = "ab`c\n[x]é<\\".repeat(40) + "\u{1f600}!^_;=";
        let is_special = |byte: &u8| b"`\n[]<\\".contains(byte);
        let all: Vec<_> = text
            .bytes()
            .enumerate()
            .filter(|(_, byte)| is_special(byte))
            .map(|(at, _)| at)
            .collect();
        for start in [0, 1, 3, 63, 64, 65, 200] {
            let mut specials = Specials::new(text.as_bytes(), 0);
            specials.seek(start);
            let mut found = Vec::new();
            loop {
                match specials.next() {
                    at if at == text.len() => break,
                    at => found.push(at),
                }
            }
            let expected: Vec<_> = all.iter().copied().filter(|at| *at >= start).collect();
            assert_eq!(found, expected);
            assert_eq!(specials.next(), text.len());
        }
    }
}
