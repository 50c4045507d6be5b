//! `docset map`.

use std::collections::BTreeSet;
use std::path::Path;

use super::cli::MapArguments;
use super::generated::Source;
use super::today::today;
use super::{Console, Fault};
use crate::docset::{ISSUES, PULL_REQUESTS};
use crate::view::{ISSUE_MAP, issue_map};

pub(super) fn run(arguments: &MapArguments, out: &mut Console) -> Result<u8, Fault> {
    let source = Source::open(arguments.page.root.as_deref())?;
    let target = source.target(arguments.output.as_deref(), ISSUE_MAP)?;
    let records = source.records()?;
    let docsets = docsets(source.checker.root())?;
    let page = issue_map(&records, &docsets, source.checker.catalogue(), &target.path);
    let text = page
        .render(target.present.as_deref(), today()?)
        .map_err(|error| format!("`{}`: {error}", target.path))?;
    target.put(&text, arguments.page.check, out)
}

/// The docset files that there are, by path.
fn docsets(root: &Path) -> Result<BTreeSet<String>, Fault> {
    let mut paths = BTreeSet::new();
    for folder in [ISSUES, PULL_REQUESTS] {
        let entries = match std::fs::read_dir(root.join(folder)) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(format!("cannot read `{folder}`: {error}").into()),
        };
        for entry in entries {
            paths.extend(entry?.file_name().to_str().map(|name| format!("{folder}/{name}")));
        }
    }
    Ok(paths)
}
