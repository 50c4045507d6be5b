//! Time as the fake tells it: every change takes one second, so that runs are alike and what
//! was changed later has a later `updated_at`. Rate limits, which a client waits for, go by the
//! real clock instead.

use std::time::{Duration, SystemTime};

/// Seconds from the epoch to 2026-01-01T00:00:00Z, where every fake begins.
const BEGINNING: u64 = 1_767_225_600;

/// A point in time, in seconds since the epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Time(u64);

impl Time {
    pub(crate) const fn beginning() -> Self {
        Self(BEGINNING)
    }

    pub(crate) const fn next(self) -> Self {
        Self(self.0 + 1)
    }

    /// Reads a time as GitHub takes it in `since`: RFC 3339, in UTC.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let time = humantime::parse_rfc3339_weak(text).ok()?;
        time.duration_since(SystemTime::UNIX_EPOCH).ok().map(|since| Self(since.as_secs()))
    }
}

impl std::fmt::Display for Time {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(self.0);
        write!(f, "{}", humantime::format_rfc3339_seconds(time))
    }
}
