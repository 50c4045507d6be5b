//! Where things are: the root of the repository and the folder for build products.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::process::Program;

/// The checkout that the command works on.
#[derive(Clone, Debug)]
pub(crate) struct Workspace {
    root: PathBuf,
    target: PathBuf,
}

impl Workspace {
    /// The checkout that this program was built from.
    ///
    /// # Errors
    ///
    /// If cargo cannot describe the workspace.
    pub(crate) fn find() -> Result<Self> {
        // `cargo xtask` sets the variable; the constant serves a binary run by hand.
        let manifest = std::env::var("CARGO_MANIFEST_DIR")
            .unwrap_or_else(|_| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&manifest)
            .parent()
            .context("xtask has no folder above it")?
            .canonicalize()
            .with_context(|| format!("cannot find the folder above `{manifest}`"))?;
        let text = Program::cargo(&root)
            .args(["metadata", "--no-deps", "--format-version", "1"])
            .capture()?
            .stdout_if_success()?;
        let metadata: serde_json::Value = serde_json::from_str(&text)?;
        let target =
            metadata["target_directory"].as_str().context("cargo names no target folder")?;
        Ok(Self { root, target: target.into() })
    }

    /// The root of the repository, absolute.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// A path below the folder for build products, which `CARGO_TARGET_DIR` may
    /// have put anywhere.
    pub(crate) fn target(&self, path: &str) -> PathBuf {
        self.target.join(path)
    }

    /// A program that runs in the root.
    pub(crate) fn program(&self, name: impl AsRef<std::ffi::OsStr>) -> Program {
        Program::new(name, &self.root)
    }

    /// Cargo, in the root.
    pub(crate) fn cargo(&self) -> Program {
        Program::cargo(&self.root)
    }
}
