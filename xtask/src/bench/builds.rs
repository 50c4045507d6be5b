//! The programs that are measured and that measure.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::docset::Docset;
use crate::files;
use crate::workspace::Workspace;

/// Release builds.
#[derive(Debug)]
pub(super) struct Builds {
    pub(super) docset: Docset,
    /// This program.
    pub(super) xtask: PathBuf,
    /// How long docset took from nothing; `None` if nothing was built from nothing.
    pub(super) clean_build: Option<Duration>,
}

/// Builds docset (alone and from nothing, unless `quick`) and this program.
pub(super) fn build(workspace: &Workspace, quick: bool) -> Result<Builds> {
    // So that no download is measured.
    workspace.cargo().args(["fetch", "--quiet", "--locked"]).run()?;
    let folder = if quick { workspace.target("") } else { workspace.target("bench/clean-build") };
    if !quick {
        files::make_empty_folder(&folder)?;
    }
    let release = ["build", "--release", "--quiet", "--locked", "--offline", "--package"];
    let start = Instant::now();
    let docset = workspace.cargo().args(release).arg("countersign-docset");
    docset.env("CARGO_TARGET_DIR", &folder).run()?;
    let time = start.elapsed();
    if !quick {
        println!("  built from nothing in {:.1} s", time.as_secs_f64());
    }
    workspace.cargo().args(release).arg("xtask").run()?;
    let exe = std::env::consts::EXE_SUFFIX;
    Ok(Builds {
        docset: Docset::at(folder.join(format!("release/docset{exe}"))),
        xtask: workspace.target(&format!("release/xtask{exe}")),
        clean_build: (!quick).then_some(time),
    })
}
