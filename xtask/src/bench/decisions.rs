//! Decisions: many different requests, one after the other.

use anyhow::{Context as _, Result, ensure};

use super::figure::{Figure, Goal};
use super::{Measured, to_f64};
use crate::workspace::Workspace;

/// Measures single decisions. The program that makes them is an example of the crate, so
/// that xtask does not wait for it to compile.
pub(super) fn measure(workspace: &Workspace, _quick: bool) -> Result<Measured> {
    let arguments = [
        "run",
        "--release",
        "--quiet",
        "--package",
        "countersign-policy",
        "--example",
        "decide_speed",
    ];
    let line = workspace.cargo().args(arguments).capture()?.stdout_if_success()?;
    let numbers: Vec<usize> = line
        .split_whitespace()
        .map(str::parse)
        .collect::<Result<_, _>>()
        .context("decide_speed")?;
    let [requests, median, slow] = numbers[..] else {
        anyhow::bail!("decide_speed printed `{line}`");
    };
    ensure!(requests >= 10_000, "only {requests} requests were decided on");
    let microseconds = |nanoseconds: usize| to_f64(nanoseconds) / 1000.0;
    let figures = vec![
        Figure::new(
            "One decision with its reasons and digests, median",
            microseconds(median),
            "µs",
            Goal::Below(20.0),
        ),
        Figure::new("The same, 99th percentile", microseconds(slow), "µs", Goal::None),
    ];
    let subject = format!("{requests} different requests of all actors, operations and stages");
    Ok(Measured { subject, figures })
}
