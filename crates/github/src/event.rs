//! What an observer is told while requests run.

use std::fmt;
use std::time::SystemTime;

use crate::rate_limit::{Limit, utc};

/// Something worth showing to whoever waits.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// Nothing is sent until then. For a rate limit it is told once, however many requests wait
    /// for its end.
    Waiting {
        /// When it goes on.
        until: SystemTime,
        /// What for.
        why: WaitReason,
    },
    /// GitHub answered.
    Answered {
        /// The HTTP method.
        method: String,
        /// Path and query below the base of the API.
        path: String,
        /// The HTTP status.
        status: u16,
    },
}

/// Why nothing is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum WaitReason {
    /// A rate limit.
    Limit(Limit),
    /// A fault that may pass; the request is sent again.
    Retry {
        /// Which attempt comes next, 2 for the first retry.
        attempt: u32,
        /// What went wrong.
        fault: String,
    },
}

impl fmt::Display for WaitReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Limit(limit) => limit.fmt(f),
            Self::Retry { attempt, fault } => write!(f, "{fault}; attempt {attempt} follows"),
        }
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Waiting { until, why } => write!(f, "waiting until {}: {why}", utc(*until)),
            Self::Answered { method, path, status } => write!(f, "{status} {method} {path}"),
        }
    }
}
