//! `docset index`.

use super::generated::{Source, Target};
use super::today::day_of_build;
use super::views::IndexArguments;
use crate::command::{Console, Fault};
use crate::view::{INDEX, index};

pub(super) fn run(arguments: &IndexArguments, out: &mut Console) -> Result<u8, Fault> {
    let source = Source::open(&arguments.page.root)?;
    let _lock = if arguments.page.check { None } else { Some(source.lock()?) };
    let target = source.target(arguments.output.as_deref(), INDEX)?;
    let folder = match &arguments.folder {
        Some(folder) => source.inside_root(folder)?,
        None => String::new(),
    };
    let text = text(&source, &target, &folder)?;
    target.put(&text, arguments.page.check, out)
}

/// What the file of an index is to hold, of the documents below `folder`; empty for all.
pub(super) fn text(source: &Source, target: &Target, folder: &str) -> Result<String, Fault> {
    let records = source.records()?;
    let below = format!("{folder}/");
    if !folder.is_empty() && !records.by_path.keys().any(|path| path.starts_with(&below)) {
        return Err(format!("no document is below `{folder}`").into());
    }
    let page = index(&records, folder, &target.path);
    let text = page.render(target.present.as_deref(), day_of_build()?);
    Ok(text.map_err(|error| format!("`{}`: {error}", target.path))?)
}
