//! One gate for all requests of a client: closed while GitHub asks to wait.

use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use crate::rate_limit::Limit;

/// A closed gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Closed {
    pub(crate) until: SystemTime,
    pub(crate) limit: Limit,
    /// Whether whoever asked is the first to see it, and should tell.
    pub(crate) untold: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Gate(Mutex<Option<Closed>>);

impl Gate {
    /// Closes it until then, or leaves it closed for longer.
    pub(crate) fn close(&self, until: SystemTime, limit: Limit) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.is_none_or(|closed| closed.until < until) {
            *state = Some(Closed { until, limit, untold: true });
        }
    }

    /// Whether requests have to wait.
    pub(crate) fn is_closed(&self, now: SystemTime) -> bool {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.is_some_and(|closed| closed.until > now)
    }

    /// `None` if requests may pass. Whoever gets a gate that is `untold` tells the observer.
    pub(crate) fn closed(&self, now: SystemTime) -> Option<Closed> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let closed = (*state)?;
        if closed.until <= now {
            *state = None;
            return None;
        }
        *state = Some(Closed { untold: false, ..closed });
        Some(closed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_shorter_wait_does_not_open_it_early_and_one_tells() {
        let gate = Gate::default();
        let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        assert_eq!(gate.closed(at(0)), None);
        gate.close(at(60), Limit::Primary);
        gate.close(at(10), Limit::Secondary);
        let first = gate.closed(at(5)).unwrap();
        assert_eq!((first.until, first.limit, first.untold), (at(60), Limit::Primary, true));
        assert!(!gate.closed(at(6)).unwrap().untold);
        assert_eq!(gate.closed(at(60)), None);
    }
}
