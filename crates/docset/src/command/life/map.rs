//! `docset map`.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use super::generated::{Source, Target};
use super::today::day_of_build;
use super::views::MapArguments;
use crate::command::{Console, Fault};
use crate::diagnostic::escape;
use crate::docset::{Docset, ISSUES, PULL_REQUESTS};
use crate::view::{ISSUE_MAP, issue_map};
use countersign_report::terminal::say;

pub(super) fn run(arguments: &MapArguments, out: &mut Console) -> Result<u8, Fault> {
    let source = Source::open(&arguments.page.root)?;
    let _lock = if arguments.page.check { None } else { Some(source.lock()?) };
    let target = source.target(arguments.output.as_deref(), ISSUE_MAP)?;
    let text = text(&source, &target)?;
    target.put(&text, arguments.page.check, out)
}

/// What the file of the map is to hold.
pub(super) fn text(source: &Source, target: &Target) -> Result<String, Fault> {
    let records = source.records()?;
    let docsets = docsets(source.checker.root())?;
    let page = issue_map(&records, &docsets, source.checker.catalogue(), &target.path);
    let text = page.render(target.present.as_deref(), day_of_build()?);
    Ok(text.map_err(|error| format!("`{}`: {error}", target.path))?)
}

/// The docset files that there are, by path. One that cannot be read is there all the
/// same.
fn docsets(root: &Path) -> Result<BTreeMap<String, Docset>, Fault> {
    let mut docsets = BTreeMap::new();
    for folder in [ISSUES, PULL_REQUESTS] {
        let entries = match std::fs::read_dir(root.join(folder)) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(format!("cannot read `{folder}`: {error}").into()),
        };
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name();
            let Some(name) = name.to_str().filter(|name| name.ends_with(".yaml")) else { continue };
            let path = format!("{folder}/{name}");
            let text = std::fs::read_to_string(entry.path()).map_err(|error| error.to_string());
            let docset =
                text.and_then(|text| Docset::read(&text).map_err(|error| error.to_string()));
            let docset = docset.unwrap_or_else(|error| {
                let note = format!("note: `{}`: {}\n", escape(&path), escape(&error));
                say(&note);
                Docset::default()
            });
            docsets.insert(path, docset);
        }
    }
    Ok(docsets)
}
