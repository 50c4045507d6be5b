//! How long to wait before the same request is sent again, and whether it may be.

use std::time::Duration;

/// Whether a request may be sent again after a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// Twice is the same as once: it reads, deletes, or sets a state whatever it was before.
    Safe,
    /// Twice may be more than once (a second comment): only when it is certain that nothing
    /// happened.
    OnlyIfNothingDone,
}

/// Exponential backoff with full jitter: a random time between nothing and a bound that doubles.
/// Of the kinds compared in <https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/>
/// the one that keeps many clients from coming back together.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Backoff {
    /// The bound of the first wait.
    pub(crate) first: Duration,
    /// The bound that is never passed.
    pub(crate) most: Duration,
    /// How many times a request is sent at most, the first included.
    pub(crate) attempts: u32,
}

impl Backoff {
    /// The wait after the `attempt`th attempt (1-based). `chance` lies in `0.0..1.0`.
    pub(crate) fn wait(&self, attempt: u32, chance: f64) -> Duration {
        self.bound(attempt).mul_f64(chance.clamp(0.0, 1.0))
    }

    fn bound(&self, attempt: u32) -> Duration {
        let doubled = 2_u32.saturating_pow(attempt.saturating_sub(1));
        self.first.saturating_mul(doubled).min(self.most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BACKOFF: Backoff =
        Backoff { first: Duration::from_millis(500), most: Duration::from_secs(30), attempts: 5 };

    #[test]
    fn the_bound_doubles_up_to_a_limit() {
        let bounds: Vec<u64> =
            (1..=9).map(|attempt| BACKOFF.bound(attempt).as_millis() as u64).collect();
        assert_eq!(bounds, [500, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
    }

    proptest! {
        #[test]
        fn a_wait_never_passes_its_bound(attempt in 0_u32..200, chance in -1.0_f64..2.0) {
            prop_assert!(BACKOFF.wait(attempt, chance) <= BACKOFF.bound(attempt));
        }
    }
}
