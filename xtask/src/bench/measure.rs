//! Times of whole processes.

use std::time::Duration;

use anyhow::Result;

use crate::process::Finished;

/// The median time of `runs` runs, after one that warms the caches. Each must end
/// with `code`.
pub(super) fn median_time(
    name: &str,
    runs: usize,
    code: i32,
    mut run: impl FnMut() -> Result<Finished>,
) -> Result<Duration> {
    run()?.expect_code(code)?;
    let mut times = Vec::with_capacity(runs);
    for _ in 0..runs {
        let finished = run()?;
        finished.expect_code(code)?;
        times.push(finished.time);
    }
    times.sort();
    let median = times[times.len() / 2];
    let in_milliseconds = |time: &Duration| time.as_secs_f64() * 1000.0;
    println!(
        "  {name}: {:.1} ms ({:.1} to {:.1})",
        in_milliseconds(&median),
        times.first().map_or(0.0, in_milliseconds),
        times.last().map_or(0.0, in_milliseconds)
    );
    Ok(median)
}
