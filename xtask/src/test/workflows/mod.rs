//! Every action, workflow, wrapper and issue form, looked at by every checker that there is;
//! and every checker, shown something that is broken.
//!
//! What no checker can say is whether GitHub starts them: see the step `act` for what they do.

mod broken;
mod checkers;
mod subjects;

use anyhow::{Result, bail, ensure};

use self::checkers::Checkers;
use self::subjects::Subject;
use crate::workspace::Workspace;

/// # Errors
///
/// If a checker finds something, or does not find what is broken.
pub(super) fn run(workspace: &Workspace) -> Result<()> {
    let checkers = Checkers::prepare(workspace)?;
    // Who finds nothing in what is broken must not be believed about the rest.
    broken::run(workspace, &checkers)?;
    let subjects = subjects::all(workspace)?;
    let files: usize = subjects.iter().map(Subject::count).sum();
    let mut complaints = Vec::new();
    for (subject, found) in subjects.iter().zip(checkers.check(&subjects)?) {
        complaints.extend(found.iter().map(|complaint| format!("{}: {complaint}", subject.name)));
    }
    if !complaints.is_empty() {
        let lines: String = complaints.iter().map(|line| format!("\n  {line}")).collect();
        bail!("{} complaints about {files} files:{lines}", complaints.len());
    }
    ensure!(files > 20, "only {files} files were looked at");
    println!("  {files} files pass");
    Ok(())
}
