//! `policy simulate`.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use countersign_report::terminal::{CLEAN, Console, FINDINGS, Fault, stopped};

use super::cli::{SimulateArguments, TableFormat};
use super::input;
use crate::Policy;
use crate::simulate::{Recorded, records, simulate};

pub(super) fn run(arguments: &SimulateArguments, out: &mut Console) -> Result<u8, Fault> {
    let before = Policy::load(&arguments.root.find()?)?;
    let path = arguments.policy.display().to_string();
    let after = Policy::parse(&path, &input::text(&arguments.policy)?)?;
    let recorded = recorded(&arguments.events)?;
    let simulation = simulate(&before, &after, &recorded);
    let text = match arguments.print.format {
        TableFormat::Json => serde_json::to_string_pretty(&simulation)? + "\n",
        TableFormat::Human if simulation.changes.is_empty() => simulation.summary() + "\n",
        TableFormat::Human => format!("{}{}\n", simulation.table().plain(), simulation.summary()),
        TableFormat::Markdown if simulation.changes.is_empty() => simulation.summary() + "\n",
        TableFormat::Markdown => {
            format!("{}\n{}\n", simulation.table().markdown(), simulation.summary())
        }
    };
    stopped(out, |out| Ok::<_, Fault>(out.write_all(text.as_bytes())?))?;
    let changed = arguments.fail_on_change && !simulation.changes.is_empty();
    Ok(if changed { FINDINGS } else { CLEAN })
}

/// Everything in the JSON files of a folder, by name.
fn recorded(folder: &Path) -> Result<Vec<Recorded>, Fault> {
    let cannot = |error: std::io::Error| format!("cannot read `{}`: {error}", folder.display());
    let mut paths: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(cannot)? {
        let path = entry.map_err(cannot)?.path();
        let extension = path.extension().and_then(|extension| extension.to_str());
        if matches!(extension, Some("json" | "jsonl" | "ndjson")) {
            paths.push(path);
        }
    }
    paths.sort();
    let mut all = Vec::new();
    for path in &paths {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        all.extend(records(&name, &input::text(path)?)?);
    }
    if all.is_empty() {
        // That nothing changes would sound as if something had been looked at.
        return Err(format!(
            "`{}` holds no records: put requests or events there, as `.json` or `.jsonl`",
            folder.display()
        )
        .into());
    }
    Ok(all)
}
