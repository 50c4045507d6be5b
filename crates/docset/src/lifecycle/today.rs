//! The present day.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::document::Date;

/// The present day in UTC.
#[must_use]
pub fn today() -> Option<Date> {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_secs();
    day(seconds / 86_400)
}

/// The day that is `days` after 1970-01-01, by counting whole eras of 400 years from
/// 0000-03-01 (<https://howardhinnant.github.io/date_algorithms.html#civil_from_days>).
fn day(days: u64) -> Option<Date> {
    let days = days.checked_add(719_468)?;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    Date::parse(&format!("{year:04}-{month:02}-{day:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_days_like_the_calendar() {
        let is = |days, text| assert_eq!(day(days).unwrap().to_string(), text);
        is(0, "1970-01-01");
        is(59, "1970-03-01");
        is(11_016, "2000-02-29");
        is(20_781, "2026-11-24");
        is(47_540, "2100-02-28");
        is(47_541, "2100-03-01");
        assert!(day(u64::MAX).is_none());
    }
}
