//! `docset index`.

use super::generated::Source;
use super::today::day_of_build;
use super::views::IndexArguments;
use crate::command::{Console, Fault};
use crate::view::{INDEX, index};

pub(super) fn run(arguments: &IndexArguments, out: &mut Console) -> Result<u8, Fault> {
    let source = Source::open(arguments.page.root.as_deref())?;
    let _lock = if arguments.page.check { None } else { Some(source.lock()?) };
    let target = source.target(arguments.output.as_deref(), INDEX)?;
    let folder = match &arguments.folder {
        Some(folder) => source.inside_root(folder)?,
        None => String::new(),
    };
    let records = source.records()?;
    let below = format!("{folder}/");
    if !folder.is_empty() && !records.by_path.keys().any(|path| path.starts_with(&below)) {
        return Err(format!("no document is below `{folder}`").into());
    }
    let text = index(&records, &folder, &target.path)
        .render(target.present.as_deref(), day_of_build()?)
        .map_err(|error| format!("`{}`: {error}", target.path))?;
    target.put(&text, arguments.page.check, out)
}
