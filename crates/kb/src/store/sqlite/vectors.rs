//! Vectors as SQLite keeps them: whole, and as bits.
//!
//! A search reads the bits of all passages (100,000 of 384 numbers are 4.8 MB
//! instead of 154), and compares the passages that are nearest by bits exactly. A bit is the
//! sign of a number after the mean of the model's vectors was taken away: vectors of text
//! all point roughly the same way, so that without it most bits would be equal.

/// How many bits a vector has in a table of sqlite-vec, which compares 64 at a time.
pub(super) const fn bits_of(dimensions: usize) -> usize {
    dimensions.div_ceil(64) * 64
}

/// A vector as a blob of sqlite-vec: 32-bit floating point numbers, little-endian.
pub(super) fn to_blob(vector: &[f32]) -> Vec<u8> {
    vector.iter().flat_map(|number| number.to_le_bytes()).collect()
}

/// The vector of a blob.
pub(super) fn from_blob(blob: &[u8]) -> Vec<f32> {
    let number = |bytes: &[u8]| bytes.try_into().map_or(0.0, f32::from_le_bytes);
    blob.chunks_exact(4).map(number).collect()
}

/// The bits of a vector: 1 where a number is above that of `center`, or above 0 without one.
pub(super) fn to_bits(vector: &[f32], center: Option<&[f32]>) -> Vec<u8> {
    let mut bits = vec![0; bits_of(vector.len()) / 8];
    for (at, number) in vector.iter().enumerate() {
        let center = center.and_then(|center| center.get(at)).copied().unwrap_or(0.0);
        if *number > center {
            bits[at / 8] |= 1 << (at % 8);
        }
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_signs_beside_the_center() {
        assert_eq!(to_bits(&[1.0, -1.0, 0.0, 2.0], None), [0b1001, 0, 0, 0, 0, 0, 0, 0]);
        let center = [2.0, -2.0, 0.0, 1.0];
        assert_eq!(to_bits(&[1.0, -1.0, 0.0, 2.0], Some(&center))[0], 0b1010);
        assert_eq!(to_bits(&[1.0; 384], None).len(), 48);
        assert_eq!(to_bits(&[1.0; 65], None).len(), 16);
    }

    #[test]
    fn a_vector_comes_back_as_it_was() {
        let vector = [1.5, -0.25, f32::MIN_POSITIVE];
        assert_eq!(from_blob(&to_blob(&vector)), vector);
    }
}
