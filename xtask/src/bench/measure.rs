//! Times of whole processes.

use std::time::Duration;

use anyhow::Result;

use crate::process::{Finished, Program};

/// The median time of `runs` runs, after one that warms the caches. Each must end
/// with `code`.
pub(super) fn median_time(
    name: &str,
    runs: usize,
    code: i32,
    program: impl Fn() -> Program,
) -> Result<Duration> {
    let mut times = Times::default();
    program().capture()?.expect_code(code)?;
    for _ in 0..runs {
        times.add(&program().capture()?, code)?;
    }
    Ok(times.report(name))
}

/// The times of several runs.
#[derive(Debug, Default)]
pub(super) struct Times(Vec<Duration>);

impl Times {
    /// Adds a run, which must have ended with `code`.
    pub(super) fn add(&mut self, run: &Finished, code: i32) -> Result<()> {
        run.expect_code(code)?;
        self.0.push(run.time);
        Ok(())
    }

    /// Adds a time.
    pub(super) fn add_time(&mut self, time: Duration) {
        self.0.push(time);
    }

    /// Prints the median with the extremes, and returns it.
    pub(super) fn report(mut self, name: &str) -> Duration {
        self.0.sort();
        let at = |place: usize| self.0.get(place).copied().unwrap_or_default();
        let (shortest, median) = (at(0), at(self.0.len() / 2));
        let longest = at(self.0.len().saturating_sub(1));
        let [low, middle, high] =
            [shortest, median, longest].map(|time| time.as_secs_f64() * 1000.0);
        println!("  {name}: {middle:.1} ms ({low:.1} to {high:.1})");
        median
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        let mut times = Times::default();
        for milliseconds in [5, 1, 900] {
            times.add_time(Duration::from_millis(milliseconds));
        }
        assert_eq!(times.report("test"), Duration::from_millis(5));
        assert_eq!(Times::default().report("nothing"), Duration::ZERO);
    }
}
