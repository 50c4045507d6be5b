//! Points in time and spans of time, as the configuration and requests write them.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A point in time, to the second: RFC 3339 in UTC, `2026-12-31T00:00:00Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(u64);

/// A text that is no point in time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no point in time; write it as `2026-12-31T00:00:00Z`")]
pub struct TimeError {
    /// The text, made fit to be shown.
    pub text: String,
}

impl Instant {
    /// From seconds since 1970.
    #[must_use]
    pub const fn from_unix(seconds: u64) -> Self {
        Self(seconds)
    }

    /// Seconds since 1970.
    #[must_use]
    pub const fn unix(self) -> u64 {
        self.0
    }

    /// That much later; the end of time if there is no such point.
    #[must_use]
    pub fn after(self, span: Duration) -> Self {
        // The last second of the year 9999, the last that can be written.
        const LAST: u64 = 253_402_300_799;
        Self(self.0.saturating_add(span.as_secs()).min(LAST))
    }
}

impl std::str::FromStr for Instant {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        let error = || TimeError { text: countersign_markup::shown::excerpt(text) };
        let time: SystemTime = humantime::parse_rfc3339(text).map_err(|_| error())?;
        let since = time.duration_since(UNIX_EPOCH).map_err(|_| error())?;
        Ok(Self(since.as_secs()))
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match UNIX_EPOCH.checked_add(Duration::from_secs(self.0)) {
            Some(time) if self.0 <= 253_402_300_799 => {
                write!(formatter, "{}", humantime::format_rfc3339_seconds(time))
            }
            _ => write!(formatter, "{} s after 1970", self.0),
        }
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A span of time as `24h` or `15m`.
pub(crate) fn span(text: &str) -> Option<Duration> {
    humantime::parse_duration(text).ok().filter(|span| !span.is_zero() && span.subsec_nanos() == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_in_time_is_read_as_it_is_written() {
        let time: Instant = "2026-12-31T00:00:00Z".parse().unwrap();
        assert_eq!(time.to_string(), "2026-12-31T00:00:00Z");
        assert_eq!(time.after(Duration::from_secs(90)).to_string(), "2026-12-31T00:01:30Z");
        assert_eq!(
            Instant::from_unix(u64::MAX).after(Duration::MAX).to_string(),
            "9999-12-31T23:59:59Z"
        );
        for text in ["", "2026-12-31", "1969-12-31T23:59:59Z", "soon", "2026-12-31T00:00:00+99:00"]
        {
            assert!(text.parse::<Instant>().is_err(), "{text}");
        }
    }
}
