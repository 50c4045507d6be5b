//! A Chromium: the one of the machine, else one that comes in a package of npm.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};

use super::{install_once, node, versions};
use crate::process::Program;
use crate::workspace::Workspace;

/// Names under which systems install it.
const NAMES: [&str; 5] =
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

/// Writes a file that brotli compressed as what it was.
const UNPACK: &str = "const [from, to] = process.argv.slice(1); \
     const { readFileSync, writeFileSync } = require('node:fs'); \
     const { brotliDecompressSync } = require('node:zlib'); \
     writeFileSync(to, brotliDecompressSync(readFileSync(from)), { mode: 0o755 });";

/// A browser and what it needs to start.
#[derive(Debug)]
pub(crate) struct Browser {
    /// A path, or a name to be found on the path.
    pub(crate) program: PathBuf,
    /// Variables to be set for it.
    pub(crate) variables: Vec<(&'static str, OsString)>,
}

/// The browser that `CHROME` names, one of the machine, or one installed below
/// `target/tools`.
///
/// # Errors
///
/// If `CHROME` names no browser, or there is none and none can be installed.
pub(crate) fn browser(workspace: &Workspace) -> Result<Browser> {
    let answers = |program: &Path| {
        let version = workspace.program(program).arg("--version").capture();
        version.is_ok_and(|finished| finished.code == Some(0))
    };
    if let Some(named) = std::env::var_os("CHROME").filter(|named| !named.is_empty()) {
        let program = PathBuf::from(named);
        ensure!(answers(&program), "CHROME is `{}`, which does not start", program.display());
        return Ok(Browser { program, variables: Vec::new() });
    }
    if let Some(name) = NAMES.iter().find(|name| answers(Path::new(name))) {
        return Ok(Browser { program: name.into(), variables: Vec::new() });
    }
    install(workspace).context(
        "there is no Chromium, and npm cannot bring one: install Chromium or Chrome, or set CHROME to \
         its path",
    )
}

fn install(workspace: &Workspace) -> Result<Browser> {
    ensure!(
        cfg!(all(target_os = "linux", target_arch = "x86_64")),
        "the package with a browser is for Linux on x86-64"
    );
    let folder = workspace.target("tools/browser");
    install_once(&folder, &versions::BROWSER, || {
        node::install(workspace, &folder, &versions::BROWSER)?;
        let packed = folder.join("node_modules/@sparticuz/chromium/bin");
        for (from, to) in [
            ("chromium.br", "chromium"),
            ("al2023.tar.br", "libraries.tar"),
            ("fonts.tar.br", "fonts.tar"),
        ] {
            let program = Program::new("node", &folder).args(["-e", UNPACK]);
            program.arg(packed.join(from)).arg(to).capture()?.expect_code(0)?;
            if to.ends_with(".tar") {
                Program::new("tar", &folder).args(["-xf", to]).capture()?.expect_code(0)?;
            }
        }
        Ok(())
    })?;
    let program = folder.join("chromium");
    let variables = vec![
        ("LD_LIBRARY_PATH", folder.join("lib").into_os_string()),
        ("FONTCONFIG_PATH", folder.into_os_string()),
    ];
    Ok(Browser { program, variables })
}
