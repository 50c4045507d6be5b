//! The passages whose bits are nearest to those of a query.
//!
//! sqlite-vec keeps bits well, but looks through a block of them once for each that is wanted:
//! a thousand of 100,000 took 100 milliseconds. A distance of bits is a small whole number,
//! so that counting how often each occurs tells what is among the nearest; that takes two.
//! What is read here are the tables that sqlite-vec keeps a table `vec0` in, as its
//! ARCHITECTURE.md describes them under "Shadow Tables"; a test holds them against what
//! sqlite-vec itself finds.

use sqlx::{AssertSqlSafe, Row as _, SqliteConnection};

use super::fault::Fault;

/// Bytes of the number of a row.
const ROW: usize = size_of::<i64>();

/// At least `wanted` passages, or all: those that differ from `bits` in the fewest places. All
/// that differ in as many places as the last one are among them, so that the answer does not
/// depend on the order in which they are kept.
pub(super) async fn nearest(
    connection: &mut SqliteConnection,
    model: i64,
    bits: &[u8],
    wanted: usize,
) -> Result<Vec<i64>, Fault> {
    let blocks = format!(
        "SELECT c.validity, c.rowids, v.vectors
        FROM near_{model}_chunks AS c
        JOIN near_{model}_vector_chunks00 AS v ON v.rowid = c.chunk_id"
    );
    let blocks = sqlx::query(AssertSqlSafe(blocks)).fetch_all(connection).await?;
    let query = words(bits).collect::<Vec<_>>();
    let mut found = Found::default();
    for block in &blocks {
        let used: &[u8] = block.try_get("validity")?;
        let passages: &[u8] = block.try_get("rowids")?;
        let vectors: &[u8] = block.try_get("vectors")?;
        let rows = passages.chunks_exact(ROW).zip(vectors.chunks_exact(bits.len().max(1)));
        for (at, (passage, vector)) in rows.enumerate() {
            if used.get(at / 8).is_some_and(|used| used & (1 << (at % 8)) != 0) {
                let passage = passage.try_into().map_or(0, i64::from_le_bytes);
                found.add(passage, difference(&query, vector));
            }
        }
    }
    Ok(found.nearest(wanted))
}

/// Passages with in how many places their bits differ.
#[derive(Default)]
struct Found {
    passages: Vec<(u32, i64)>,
    /// How many differ in so many places.
    counts: Vec<usize>,
}

impl Found {
    fn add(&mut self, passage: i64, difference: u32) {
        let at = difference as usize;
        if self.counts.len() <= at {
            self.counts.resize(at + 1, 0);
        }
        self.counts[at] += 1;
        self.passages.push((difference, passage));
    }

    fn nearest(self, wanted: usize) -> Vec<i64> {
        let mut sum = 0;
        let enough = self.counts.iter().position(|count| {
            sum += count;
            sum >= wanted
        });
        let most = enough.and_then(|most| u32::try_from(most).ok()).unwrap_or(u32::MAX);
        let near = self.passages.into_iter().filter(|(difference, _)| *difference <= most);
        near.map(|(_, passage)| passage).collect()
    }
}

fn difference(query: &[u64], bits: &[u8]) -> u32 {
    query.iter().zip(words(bits)).map(|(one, other)| (one ^ other).count_ones()).sum()
}

/// Bits, 64 at a time. There are always that many.
fn words(bits: &[u8]) -> impl Iterator<Item = u64> {
    bits.chunks_exact(8).map(|word| word.try_into().map_or(0, u64::from_le_bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_are_as_near_as_the_last_one_are_there() {
        let nearest = |wanted| {
            let mut found = Found::default();
            for (passage, difference) in [(1, 3), (2, 0), (3, 1), (4, 1), (5, 9)] {
                found.add(passage, difference);
            }
            found.nearest(wanted)
        };
        assert_eq!(nearest(1), [2]);
        assert_eq!(nearest(2), [2, 3, 4]);
        assert_eq!(nearest(3), [2, 3, 4]);
        assert_eq!(nearest(5), [1, 2, 3, 4, 5]);
        assert_eq!(nearest(usize::MAX), [1, 2, 3, 4, 5]);
    }

    #[test]
    fn bits_that_differ_are_counted() {
        let query: Vec<u64> = words(&[0b1011; 16]).collect();
        assert_eq!(difference(&query, &[0b1011; 16]), 0);
        assert_eq!(difference(&query, &[0b1000; 16]), 32);
    }
}
