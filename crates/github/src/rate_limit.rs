//! GitHub's rate limits, read from an answer.
//!
//! Sources: <https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api>
//! and, for what to do,
//! <https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#handle-rate-limit-errors-appropriately>.
//! Pure functions from headers and text to decisions; waiting is the transport's.

use std::fmt;
use std::time::{Duration, SystemTime};

use chrono::{DateTime, SecondsFormat, Utc};
use http::{HeaderMap, StatusCode};

/// The least wait after a secondary limit without `retry-after`. GitHub: "at least one minute".
pub(crate) const SECONDARY_LEAST: Duration = Duration::from_secs(60);

/// The longest single wait that is believed. GitHub's windows are an hour at most; a header
/// that says more is wrong or hostile, and the caller's own limit decides long before.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// Which limit was hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Limit {
    /// The requests of this hour are used up.
    Primary,
    /// Too much at once, or too many changes in a short time.
    Secondary,
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Primary => "the rate limit is used up",
            Self::Secondary => "GitHub asks to slow down (secondary rate limit)",
        })
    }
}

/// A limit, and how long to wait from the moment of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Wait {
    pub(crate) limit: Limit,
    pub(crate) wait: Duration,
}

/// Whether an answer says that a limit was hit. `earlier` is how many times in a row the same
/// request was limited before: without better knowledge each wait is twice the one before.
///
/// `body` is the text of the answer: a 403 without headers is told from a missing permission
/// by GitHub's words alone.
pub(crate) fn limited(
    status: StatusCode,
    headers: &HeaderMap,
    body: &[u8],
    now: SystemTime,
    earlier: u32,
) -> Option<Wait> {
    if status != StatusCode::FORBIDDEN && status != StatusCode::TOO_MANY_REQUESTS {
        return None;
    }
    let used_up = header(headers, "x-ratelimit-remaining") == Some("0");
    if let Some(wait) = retry_after(headers, now) {
        let limit = if used_up { Limit::Primary } else { Limit::Secondary };
        return Some(Wait { limit, wait: wait.max(at_least(earlier)) });
    }
    if used_up {
        let wait = until_reset(headers, now).unwrap_or(SECONDARY_LEAST);
        return Some(Wait { limit: Limit::Primary, wait: wait.max(at_least(earlier)) });
    }
    if status == StatusCode::TOO_MANY_REQUESTS || speaks_of_a_limit(body) {
        let wait = SECONDARY_LEAST.saturating_mul(2_u32.saturating_pow(earlier.min(10)));
        return Some(Wait { limit: Limit::Secondary, wait: wait.min(LONGEST) });
    }
    None
}

/// How long until the window ends, when a good answer says that it was the last one of its
/// window. Asking on would be answered by 403, and "may result in the banning of your
/// integration".
pub(crate) fn used_up_by(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    if header(headers, "x-ratelimit-remaining") != Some("0") {
        return None;
    }
    // Search and others have windows of their own, which say nothing about the rest.
    if header(headers, "x-ratelimit-resource").is_some_and(|resource| resource != "core") {
        return None;
    }
    until_reset(headers, now)
}

/// `retry-after`, in seconds or as a date (RFC 9110, section 10.2.3).
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = header(headers, "retry-after")?.trim();
    if text.bytes().all(|byte| byte.is_ascii_digit()) && !text.is_empty() {
        let seconds = text.parse().unwrap_or(u64::MAX);
        return Some(Duration::from_secs(seconds).min(LONGEST));
    }
    let date = DateTime::parse_from_rfc2822(text).ok()?;
    Some(from(server_now(headers, now), date.into()))
}

/// From now until `x-ratelimit-reset` (UTC seconds), and one second more, as it is rounded.
fn until_reset(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let seconds: u64 = header(headers, "x-ratelimit-reset")?.trim().parse().ok()?;
    let reset = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds))?;
    Some(from(server_now(headers, now), reset) + Duration::from_secs(1))
}

/// The server's clock, if it tells: only its own differences are right when ours is wrong.
fn server_now(headers: &HeaderMap, now: SystemTime) -> SystemTime {
    header(headers, "date")
        .and_then(|date| DateTime::parse_from_rfc2822(date).ok())
        .map_or(now, SystemTime::from)
}

fn from(now: SystemTime, until: SystemTime) -> Duration {
    until.duration_since(now).unwrap_or_default().min(LONGEST)
}

/// A server that says "again in 0 seconds" over and over would keep us busy for ever.
fn at_least(earlier: u32) -> Duration {
    Duration::from_secs(1 << earlier.min(6))
}

fn speaks_of_a_limit(body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(&body[..body.len().min(4096)]).to_ascii_lowercase();
    text.contains("rate limit") || text.contains("abuse detection")
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// A time to show: UTC, to the second.
pub(crate) fn utc(time: SystemTime) -> String {
    // Beyond what `chrono` can hold lies only nonsense.
    let seconds = time
        .duration_since(SystemTime::UNIX_EPOCH)
        .ok()
        .and_then(|since| i64::try_from(since.as_secs()).ok())
        .unwrap_or_default();
    DateTime::<Utc>::from_timestamp(seconds, 0)
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
        .to_rfc3339_opts(SecondsFormat::Secs, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-24 08:00:00 UTC.
    const NOW: u64 = 1_795_507_200;

    fn now() -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(NOW)
    }

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    fn seen(status: u16, pairs: &[(&'static str, &str)], body: &str, earlier: u32) -> Option<Wait> {
        let status = StatusCode::from_u16(status).unwrap();
        limited(status, &headers(pairs), body.as_bytes(), now(), earlier)
    }

    #[test]
    fn a_used_up_window_is_waited_for_to_its_end() {
        let reset = (NOW + 90).to_string();
        let pairs = [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", reset.as_str())];
        let wait = Wait { limit: Limit::Primary, wait: Duration::from_secs(91) };
        assert_eq!(seen(403, &pairs, "", 0), Some(wait));
        assert_eq!(seen(429, &pairs, "", 0), Some(wait));
        assert_eq!(used_up_by(&headers(&pairs), now()), Some(Duration::from_secs(91)));
    }

    #[test]
    fn the_servers_clock_counts_when_ours_is_wrong() {
        let reset = (NOW + 90).to_string();
        let pairs = [
            ("x-ratelimit-remaining", "0"),
            ("x-ratelimit-reset", reset.as_str()),
            ("date", "Tue, 24 Nov 2026 08:00:30 GMT"),
        ];
        assert_eq!(seen(403, &pairs, "", 0).unwrap().wait, Duration::from_secs(61));
    }

    #[test]
    fn retry_after_is_obeyed_in_seconds_and_as_a_date() {
        let wait = |value| seen(403, &[("retry-after", value)], "", 0).unwrap();
        assert_eq!(wait("7"), Wait { limit: Limit::Secondary, wait: Duration::from_secs(7) });
        assert_eq!(wait("Tue, 24 Nov 2026 08:02:00 GMT").wait, Duration::from_secs(120));
        assert_eq!(wait("99999999999999999999999").wait, LONGEST);
    }

    #[test]
    fn without_a_word_of_how_long_it_is_a_minute_and_then_more() {
        let body = r#"{"message":"You have exceeded a secondary rate limit."}"#;
        for (earlier, seconds) in [(0, 60), (1, 120), (2, 240)] {
            let wait = Wait { limit: Limit::Secondary, wait: Duration::from_secs(seconds) };
            assert_eq!(seen(403, &[], body, earlier), Some(wait));
            assert_eq!(seen(429, &[], "", earlier), Some(wait));
        }
    }

    #[test]
    fn a_missing_permission_is_no_rate_limit() {
        let body = r#"{"message":"Resource not accessible by integration"}"#;
        assert_eq!(seen(403, &[("x-ratelimit-remaining", "4999")], body, 0), None);
        assert_eq!(seen(404, &[("x-ratelimit-remaining", "0")], "", 0), None);
        assert_eq!(seen(503, &[("retry-after", "1")], "", 0), None);
    }

    #[test]
    fn at_once_again_is_still_a_wait_that_grows() {
        for (earlier, seconds) in [(0, 1), (1, 2), (5, 32), (50, 64)] {
            let wait = seen(429, &[("retry-after", "0")], "", earlier).unwrap().wait;
            assert_eq!(wait, Duration::from_secs(seconds));
        }
    }

    #[test]
    fn nonsense_in_headers_is_survived() {
        let pairs = [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "18446744073709551615")];
        assert!(seen(403, &pairs, "", 0).is_some());
        assert!(seen(403, &[("x-ratelimit-remaining", "0")], "", 0).is_some());
        assert_eq!(seen(403, &[("retry-after", "soon")], "", 0), None);
        assert_eq!(utc(now() + Duration::from_secs(1)), "2026-11-24T08:00:01Z");
    }

    #[test]
    fn the_window_of_search_says_nothing_about_the_rest() {
        let pairs = [
            ("x-ratelimit-remaining", "0"),
            ("x-ratelimit-reset", "1795507260"),
            ("x-ratelimit-resource", "search"),
        ];
        assert_eq!(used_up_by(&headers(&pairs), now()), None);
    }
}
