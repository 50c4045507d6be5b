//! This repository's own documents, under its own rules.

use anyhow::Result;

use super::step::Outcome;
use crate::docset::Docset;
use crate::workspace::Workspace;

pub(super) fn run(workspace: &Workspace) -> Result<Outcome> {
    if !workspace.root().join("countersign.yaml").is_file() {
        return Ok(Outcome::Skipped("there is no countersign.yaml"));
    }
    let docset = Docset::build(workspace)?;
    docset.program(workspace.root()).args(["check", "--max-warnings", "0"]).run()?;
    Ok(Outcome::Passed)
}
