//! `cargo xtask screenshots`: the pictures of the guide.
//!
//! They are committed. Nothing compares them, because every browser and font draws a
//! little differently: whoever changes the page looks at them.

use std::process::ExitCode;

use anyhow::{Result, ensure};

use crate::browser::{self, View};
use crate::docset::Docset;
use crate::tools;
use crate::workspace::Workspace;

/// Larger pictures do not belong into a repository.
const BYTES: u64 = 150_000;

/// Draws the report of the example repository, on a screen and on a phone.
///
/// # Errors
///
/// If there is no browser, or a picture gets too large.
pub(crate) fn run(workspace: &Workspace) -> Result<ExitCode> {
    let docset = Docset::build(workspace)?;
    let browser = tools::browser(workspace)?;
    let page = browser::example_report(workspace, &docset, &[])?;
    let picture = |name: &str| workspace.root().join("docs/guide/src").join(name);
    let views = [(1000, "report.png"), (360, "report-phone.png")];
    let shown = views.map(|(width, name)| View { width, picture: Some(picture(name)) });
    browser::look(workspace, &browser, &page, &shown)?;
    for (_, name) in views {
        let bytes = std::fs::metadata(picture(name))?.len();
        ensure!(bytes < BYTES, "{name} has {bytes} bytes, and {BYTES} are too many");
        println!("wrote docs/guide/src/{name} ({bytes} bytes)");
    }
    Ok(ExitCode::SUCCESS)
}
