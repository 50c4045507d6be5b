//! A clock that does not wait: it writes down how long it would have, and goes on.

use std::future::{Future, ready};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use countersign_github::Clock;

#[derive(Clone)]
pub(crate) struct TestClock(Arc<Mutex<(SystemTime, Vec<Duration>)>>);

impl TestClock {
    /// Starts at the machine's time, by which the server's headers go.
    pub(crate) fn new() -> Self {
        Self(Arc::new(Mutex::new((SystemTime::now(), Vec::new()))))
    }

    /// All waits so far.
    pub(crate) fn waits(&self) -> Vec<Duration> {
        self.0.lock().unwrap().1.clone()
    }

    /// All waits so far, in seconds, rounded to the nearest.
    pub(crate) fn seconds(&self) -> Vec<u64> {
        self.waits().iter().map(|wait| wait.as_secs_f64().round() as u64).collect()
    }
}

impl Clock for TestClock {
    fn now(&self) -> SystemTime {
        self.0.lock().unwrap().0
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        let mut state = self.0.lock().unwrap();
        state.0 += duration;
        if !duration.is_zero() {
            state.1.push(duration);
        }
        Box::pin(ready(()))
    }
}
