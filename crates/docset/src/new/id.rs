//! The next free id.

use std::collections::BTreeMap;

/// Digits of the first id of a prefix.
const WIDTH: usize = 4;

/// The ids in use: the highest number of each prefix.
#[derive(Clone, Debug, Default)]
pub struct Taken(BTreeMap<String, (u64, usize)>);

impl Taken {
    /// Takes note of an id. A text that is none is passed over.
    pub fn add(&mut self, id: &str) {
        let Some((prefix, number)) = id.trim().rsplit_once('-') else { return };
        let digits = number.bytes().all(|byte| byte.is_ascii_digit());
        // A number that cannot be counted on is nobody's next.
        let Some(value) = number.parse().ok().filter(|value| digits && *value < u64::MAX) else {
            return;
        };
        let highest = self.0.entry(prefix.to_owned()).or_insert((value, number.len()));
        *highest = (*highest).max((value, number.len()));
    }

    /// The id behind the highest one of the prefix, as wide as that, and takes it.
    pub fn next(&mut self, prefix: &str) -> String {
        let (highest, width) = self.0.get(prefix).copied().unwrap_or((0, WIDTH));
        let id = format!("{prefix}-{:0width$}", highest + 1);
        self.add(&id);
        id
    }
}

impl<S: AsRef<str>> FromIterator<S> for Taken {
    fn from_iter<I: IntoIterator<Item = S>>(ids: I) -> Self {
        let mut taken = Self::default();
        for id in ids {
            taken.add(id.as_ref());
        }
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_id_follows_the_highest() {
        let mut taken: Taken =
            ["ADR-0002", "ADR-0013", "ALT-ALR-7", "RB-999", "PRD-X", "ADR-99x"].iter().collect();
        assert_eq!(taken.next("ADR"), "ADR-0014");
        assert_eq!(taken.next("ADR"), "ADR-0015");
        assert_eq!(taken.next("ALT"), "ALT-0001", "another prefix");
        assert_eq!(taken.next("ALT-ALR"), "ALT-ALR-8");
        assert_eq!(taken.next("RB"), "RB-1000");
        assert_eq!(taken.next("PRD"), "PRD-0001");
    }

    #[test]
    fn a_number_without_a_next_one_is_passed_over() {
        let mut taken: Taken =
            ["ADR-18446744073709551615", "ADR-99999999999999999999999"].iter().collect();
        assert_eq!(taken.next("ADR"), "ADR-0001");
    }
}
