//! What day it is.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::command::Fault;
use crate::document::Date;

/// Today in UTC, by the clock.
pub(super) fn today() -> Result<Date, Fault> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).ok();
    let day = since.and_then(|since| Date::of_unix_time(since.as_secs()));
    day.ok_or_else(|| "the clock shows no day between 1970 and 9999".into())
}

/// The day of a generated page: that of `SOURCE_DATE_EPOCH` where it is set, so that a
/// build can be repeated (<https://reproducible-builds.org/specs/source-date-epoch/>).
pub(super) fn day_of_build() -> Result<Date, Fault> {
    let Ok(text) = std::env::var("SOURCE_DATE_EPOCH") else { return today() };
    let seconds = text
        .parse()
        .map_err(|_| format!("SOURCE_DATE_EPOCH is `{text}`, which is no number of seconds"))?;
    let day = Date::of_unix_time(seconds);
    day.ok_or_else(|| format!("SOURCE_DATE_EPOCH is `{text}`, past the year 9999").into())
}
