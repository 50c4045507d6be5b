//! `cargo xtask test`: everything that CI runs, step by step.

mod act;
mod browser;
mod documents;
mod hooks;
mod kubernetes;
mod model;
mod readers;
mod setup;
mod step;
mod workflows;

use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Result, bail};

use self::step::{Outcome, STEPS, Step};
use crate::workspace::Workspace;

/// What to run.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Run only this step; may be given several times
    #[arg(long, value_name = "STEP")]
    only: Vec<String>,
    /// List the steps
    #[arg(long)]
    list: bool,
}

/// Runs the steps, goes on after a failure, and ends with a line that says how many
/// passed.
///
/// # Errors
///
/// If a step is named that does not exist.
pub(crate) fn run(workspace: &Workspace, arguments: &Arguments) -> Result<ExitCode> {
    if arguments.list {
        for step in &STEPS {
            println!("{:<10} {}", step.name, step.what);
        }
        return Ok(ExitCode::SUCCESS);
    }
    let wanted = select(&arguments.only)?;
    let start = Instant::now();
    let (mut passed, mut failed) = (0, Vec::new());
    for step in wanted {
        println!("==> {}: {}", step.name, step.what);
        let begin = Instant::now();
        let outcome = (step.run)(workspace);
        let seconds = begin.elapsed().as_secs_f64();
        match outcome {
            Ok(Outcome::Passed) => {
                passed += 1;
                println!("    {} passed in {seconds:.1} s", step.name);
            }
            Ok(Outcome::Skipped(why)) => println!("    {} skipped: {why}", step.name),
            Err(error) => {
                failed.push(step.name);
                println!("    {} failed after {seconds:.1} s: {error:#}", step.name);
            }
        }
    }
    println!("\nall steps took {:.1} s", start.elapsed().as_secs_f64());
    if !failed.is_empty() {
        println!("failed: {}", failed.join(", "));
    }
    println!("{passed} passed, {} failed", failed.len());
    // A run in which nothing passed has shown nothing.
    Ok(if failed.is_empty() && passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn select(only: &[String]) -> Result<Vec<&'static Step>> {
    if let Some(name) = only.iter().find(|name| STEPS.iter().all(|step| step.name != **name)) {
        let names: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
        bail!("there is no step `{name}`; the steps are {}", names.join(", "));
    }
    let wanted = |step: &&Step| only.is_empty() || only.iter().any(|name| name == step.name);
    Ok(STEPS.iter().filter(wanted).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selects_the_named_steps_in_their_own_order() {
        let selected = select(&["lint".to_owned(), "format".to_owned()]).unwrap();
        let names: Vec<&str> = selected.iter().map(|step| step.name).collect();
        assert_eq!(names, ["format", "lint"]);
        assert_eq!(select(&[]).unwrap().len(), STEPS.len());
    }

    #[test]
    fn refuses_an_unknown_step() {
        let error = select(&["lints".to_owned()]).unwrap_err().to_string();
        assert!(
            error.starts_with("there is no step `lints`; the steps are format, lint"),
            "{error}"
        );
    }
}
