//! `docset report`.

use super::generated::Source;
use super::views::{ReportArguments, ReportFormat};
use crate::command::{Console, Fault};
use crate::view::{REPORT, REPORT_BEGINNING, report};

pub(super) fn run(arguments: &ReportArguments, out: &mut Console) -> Result<u8, Fault> {
    let source = Source::open(&arguments.page.root)?;
    let _lock = if arguments.page.check { None } else { Some(source.lock()?) };
    let target = source.target(arguments.output.as_deref(), REPORT)?;
    if !arguments.page.check {
        target.is_ours("docset report", &[REPORT_BEGINNING])?;
    }
    let records = source.records()?;
    let text = match arguments.format {
        ReportFormat::Html => report(&records, source.checker.catalogue(), &target.path),
    };
    target.put(&text, arguments.page.check, out)
}
