//! Weights that a graph has in files beside it: what it calls them.

use std::collections::BTreeSet;

use memchr::memmem;

/// `key` of a `StringStringEntryProto` that is `location`, and the tag of its `value`.
const LOCATION: &[u8] = b"\x0a\x08location\x12";

/// The tag of `external_data` of a `TensorProto`.
const EXTERNAL_DATA: u8 = 13 << 3 | 2;

/// The names of files in all tensors of a graph, as far as they are UTF-8.
///
/// They are looked for as every writer of Protocol Buffers puts them, with fields in the order
/// of their numbers (<https://github.com/onnx/onnx/blob/main/onnx/onnx.proto>): tensors may be
/// at any depth, and nothing else of a graph has to be understood.
pub(super) fn locations(graph: &[u8]) -> BTreeSet<&str> {
    memmem::find_iter(graph, LOCATION).filter_map(|place| location(graph, place)).collect()
}

/// The name in the entry that begins at `start`, if a tensor has it.
fn location(graph: &[u8], start: usize) -> Option<&str> {
    let value = start + LOCATION.len();
    let (length, digits) = length(graph.get(value..)?)?;
    let (from, to) = (value + digits, value.checked_add(digits)?.checked_add(length)?);
    let name = std::str::from_utf8(graph.get(from..to)?).ok()?;
    let mut tag = vec![EXTERNAL_DATA];
    let mut entry = to - start;
    while entry >= 0x80 {
        tag.push(u8::try_from(entry & 0x7f).ok()? | 0x80);
        entry >>= 7;
    }
    tag.push(u8::try_from(entry).ok()?);
    graph[..start].ends_with(&tag).then_some(name)
}

/// A length in front of bytes, and how many bytes it takes itself; of a name, at most two.
fn length(bytes: &[u8]) -> Option<(usize, usize)> {
    match *bytes {
        [low @ 0..0x80, ..] => Some((low.into(), 1)),
        [low, high @ 0..0x80, ..] => Some((usize::from(low & 0x7f) | usize::from(high) << 7, 2)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A field of `tag` with an entry that has a key and a value.
    fn entry(tag: &[u8], key: &str, value: &str) -> Vec<u8> {
        let with_length = |tag: &[u8], content: &[u8]| {
            let size = content.len();
            let digits = match u8::try_from(size) {
                Ok(size @ 0..0x80) => vec![size],
                _ => vec![(size & 0x7f) as u8 | 0x80, (size >> 7) as u8],
            };
            [tag, &digits, content].concat()
        };
        let pair = [with_length(&[0x0a], key.as_bytes()), with_length(&[0x12], value.as_bytes())];
        with_length(tag, &pair.concat())
    }

    #[test]
    fn files_are_told_from_what_else_is_called_a_location() {
        let long = "w".repeat(300);
        let tensor = [EXTERNAL_DATA];
        let graph = [
            b"\x0a\x08location\x12".to_vec(),
            entry(&tensor, "location", "model.onnx.data"),
            entry(&tensor, "offset", "4096"),
            entry(&tensor, "location", &long),
            entry(&tensor, "location", "веса.bin"),
            entry(&tensor, "location", "model.onnx.data"),
            // `metadata_props` of a model and of a graph.
            entry(&[0x72], "location", "Berlin"),
            entry(&[0x82, 0x01], "location", "Rome"),
            b"\x0a\x08location\x12\xff".to_vec(),
        ]
        .concat();
        let found: Vec<&str> = locations(&graph).into_iter().collect();
        assert_eq!(found, ["model.onnx.data", &long, "веса.bin"]);
        for end in 0..graph.len() {
            assert!(locations(&graph[..end]).len() <= 3);
        }
    }
}
