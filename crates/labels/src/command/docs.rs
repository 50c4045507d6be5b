//! `labels docs`.

use std::io::{self, Write};
use std::path::Path;

use countersign_files::{read, write_atomically};
use countersign_report::terminal::{CLEAN, Console, FINDINGS, Fault};

use super::catalogue;
use super::cli::DocsArguments;
use crate::page;

pub(super) fn run(arguments: &DocsArguments, out: &mut Console) -> Result<u8, Fault> {
    let catalogue = catalogue::load(&arguments.root)?;
    let language = arguments.texts.language(&catalogue);
    let page = page::render(&catalogue, language);
    let Some(file) = &arguments.file else {
        out.write_all(page.as_bytes())?;
        return Ok(CLEAN);
    };
    let shown = file.display();
    let current = current(file)?;
    let same = current.as_deref() == Some(page.as_bytes());
    if arguments.check {
        if same {
            return Ok(CLEAN);
        }
        let fault = if current.is_none() { "is not there" } else { "is stale" };
        writeln!(out, "{shown} {fault}; write it with `labels docs {shown}`")?;
        return Ok(FINDINGS);
    }
    if !same {
        write_atomically(file, page.as_bytes())?;
    }
    writeln!(out, "{shown}: {}", if same { "up to date" } else { "written" })?;
    Ok(CLEAN)
}

/// What the file holds; `None` if there is none.
fn current(file: &Path) -> Result<Option<Vec<u8>>, Fault> {
    match file.metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        _ => {}
    }
    let mut bytes = Vec::new();
    read(file, &mut bytes).map_err(|error| format!("cannot read `{}`: {error}", file.display()))?;
    Ok(Some(bytes))
}
