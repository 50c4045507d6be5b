//! Foreign programs, installed below `target/tools/` and nowhere else.
//!
//! A stamp file says what is installed: as long as it agrees with [`versions`],
//! nothing is installed again and no network is needed.

mod browser;
mod gha;
mod node;
mod python;
mod versions;

use std::path::Path;

use anyhow::Result;

pub(crate) use self::browser::{Browser, browser};
pub(crate) use self::gha::gha;
pub(crate) use self::node::{Node, documentation, node};
pub(crate) use self::python::{Python, embedding_peer, model_maker, python};
use crate::files;

/// Runs `install` in an empty `folder`, unless the same packages are there.
fn install_once(
    folder: &Path,
    packages: &[&str],
    install: impl FnOnce() -> Result<()>,
) -> Result<()> {
    let wanted = packages.join("\n");
    let stamp = folder.join("installed.txt");
    if files::read(&stamp).is_ok_and(|installed| installed == wanted) {
        println!("  using {} of {}", packages.join(", "), folder.display());
        return Ok(());
    }
    println!("  installing {} into {}", packages.join(", "), folder.display());
    files::make_empty_folder(folder)?;
    install()?;
    files::write(&stamp, &wanted)
}
