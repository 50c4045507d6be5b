//! Looking at a page of the example repository in a real browser.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::docset::Docset;
use crate::files;
use crate::process::Program;
use crate::tools::Browser;
use crate::workspace::Workspace;

/// A window: how wide, and where its picture goes, if anywhere.
#[derive(Clone, Debug)]
pub(crate) struct View {
    /// In CSS pixels.
    pub(crate) width: usize,
    pub(crate) picture: Option<PathBuf>,
}

/// Opens the page in each window and says what is to be seen there, as `look.mjs`
/// describes it.
///
/// # Errors
///
/// If the browser does not start or does not answer, or there is no Node.
pub(crate) fn look(
    workspace: &Workspace,
    browser: &Browser,
    page: &Path,
    views: &[View],
) -> Result<Vec<Value>> {
    let profile = workspace.target("tmp/browser-profile");
    files::make_empty_folder(&profile)?;
    let script = workspace.root().join("xtask/src/browser/look.mjs");
    let url = format!("file://{}", page.display());
    let mut program = Program::new("node", workspace.root()).envs(&browser.variables).arg(script);
    program = program.arg(&browser.program).arg(profile).arg(url);
    for View { width, picture } in views {
        let picture = picture.as_ref().map(|path| format!(":{}", path.display()));
        program = program.arg(format!("{width}{}", picture.unwrap_or_default()));
    }
    let seen = program.capture().context("needs Node")?.stdout_if_success()?;
    let seen: Value = serde_json::from_str(&seen)?;
    Ok(seen.as_array().context("no list of views")?.clone())
}

/// A copy of the example repository with its report. One document was changed after its
/// approval; `more` are further documents. Returns the page.
///
/// # Errors
///
/// If docset does not write it.
pub(crate) fn example_report(
    workspace: &Workspace,
    docset: &Docset,
    more: &[(&str, &str)],
) -> Result<PathBuf> {
    let folder = workspace.target("tmp/report");
    files::make_empty_folder(&folder)?;
    files::copy_folder(&workspace.root().join("examples/acme"), &folder)?;
    let brief = folder.join("docs/intake/brief.md");
    files::write(&brief, &format!("{}\nOne more sentence.\n", files::read(&brief)?))?;
    for (path, text) in more {
        files::write(&folder.join(path), text)?;
    }
    docset.run(&folder, &["report", "--root", "."])?.expect_code(0)?;
    Ok(folder.join("docs/_index/report.html"))
}
