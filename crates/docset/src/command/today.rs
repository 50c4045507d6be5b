//! What day it is.

use std::time::{SystemTime, UNIX_EPOCH};

use super::Fault;
use crate::document::Date;

/// Today in UTC; the day of `SOURCE_DATE_EPOCH` where that is set, so that a build can
/// be repeated (<https://reproducible-builds.org/specs/source-date-epoch/>).
pub(super) fn today() -> Result<Date, Fault> {
    let seconds = match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(text) => text
            .parse()
            .map_err(|_| format!("SOURCE_DATE_EPOCH is `{text}`, which is no number of seconds"))?,
        Err(_) => SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()),
    };
    day(seconds).ok_or_else(|| "it is a day past the year 9999".into())
}

/// The day of a moment in seconds since 1970, by Howard Hinnant's `civil_from_days`.
fn day(seconds: u64) -> Option<Date> {
    let days = seconds / 86_400 + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    // Months count from March.
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    Date::parse(&format!("{year:04}-{month:02}-{day:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        let of = |seconds| day(seconds).unwrap().to_string();
        assert_eq!(of(0), "1970-01-01");
        assert_eq!(of(951_782_399), "2000-02-28");
        assert_eq!(of(951_782_400), "2000-02-29");
        assert_eq!(of(951_868_800), "2000-03-01");
        assert_eq!(of(1_798_761_599), "2026-12-31");
        assert_eq!(day(u64::MAX / 2), None);
    }
}
