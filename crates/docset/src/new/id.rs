//! The next free id.

use std::collections::BTreeMap;

/// Digits of the first id of a prefix.
const WIDTH: usize = 4;

/// Digits of the widest number that is counted on: those of the largest one.
const WIDEST: usize = 20;

/// The ids in use, by prefix.
#[derive(Clone, Debug, Default)]
pub struct Taken(BTreeMap<String, Numbers>);

/// The numbers in use, and the digits that each is written with.
type Numbers = BTreeMap<u64, usize>;

impl Taken {
    /// Takes note of an id. A text that is none is passed over.
    pub fn add(&mut self, id: &str) {
        let Some((prefix, number)) = id.trim().rsplit_once('-') else { return };
        let digits = number.bytes().all(|byte| byte.is_ascii_digit());
        // A number that nobody can count on, or wider than the name of a file, is nobody's
        // example.
        let Some(value) = number.parse().ok().filter(|_| digits && number.len() <= WIDEST) else {
            return;
        };
        let width = self.0.entry(prefix.to_owned()).or_default().entry(value).or_default();
        *width = (*width).max(number.len());
    }

    /// The id behind the highest one of the prefix, as wide as that, and takes it. Where
    /// nothing is behind the highest one, the first that is free.
    pub fn next(&mut self, prefix: &str) -> String {
        let numbers = self.0.entry(prefix.to_owned()).or_default();
        let highest = numbers.last_key_value().map(|(number, width)| (*number, *width));
        let (highest, width) = highest.unwrap_or((0, WIDTH));
        let next = highest.checked_add(1).unwrap_or_else(|| {
            let free = (1..).zip(numbers.keys().filter(|number| **number > 0));
            let used = free.take_while(|(free, number)| free == *number).count();
            u64::try_from(used).unwrap_or(0) + 1
        });
        numbers.insert(next, width);
        format!("{prefix}-{next:0width$}")
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
    fn no_number_is_so_high_that_another_is_taken_twice() {
        let mut taken: Taken =
            ["ADR-18446744073709551614", "ADR-1", "ADR-2", "ADR-4", "ADR-99999999999999999999999"]
                .iter()
                .collect();
        assert_eq!(taken.next("ADR"), "ADR-18446744073709551615");
        assert_eq!(taken.next("ADR"), "ADR-00000000000000000003");
        assert_eq!(taken.next("ADR"), "ADR-00000000000000000005");
        taken.add("ADR-6");
        assert_eq!(taken.next("ADR"), "ADR-00000000000000000007");
    }

    #[test]
    fn no_number_is_wider_than_the_name_of_a_file() {
        let wide = format!("PRD-{}7", "0".repeat(5000));
        let mut taken: Taken = ["PRD-0002", &wide].iter().collect();
        assert_eq!(taken.next("PRD"), "PRD-0003");
    }
}
