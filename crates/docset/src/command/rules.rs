//! `docset rules`.

use std::io::Write;

use countersign_runner::OutputFormat;
use serde_json::json;

use super::cli::ListArguments;
use super::{CLEAN, Console, Fault, root};
use crate::check::Checker;
use crate::rule::RULES;

pub(super) fn run(arguments: &ListArguments, out: &mut Console) -> Result<u8, Fault> {
    let (root, _) = root::of(&arguments.root)?;
    let checker = Checker::open(root)?;
    let level = |id| checker.severity(id).map_or("off", crate::diagnostic::Severity::as_str);
    match arguments.print.format {
        OutputFormat::Json => {
            let rules: Vec<_> = RULES
                .iter()
                .map(|rule| {
                    json!({
                        "id": rule.id,
                        "severity": level(rule.id),
                        "default_severity": rule.severity,
                        "summary": rule.summary,
                        "options": rule.options,
                    })
                })
                .collect();
            serde_json::to_writer_pretty(&mut *out, &rules)?;
            writeln!(out)?;
        }
        OutputFormat::Human => {
            let width = RULES.iter().map(|rule| rule.id.len()).max().unwrap_or_default();
            for rule in RULES {
                let id = out.bold(&format!("{:width$}", rule.id));
                writeln!(out, "{id}  {:7}  {}", level(rule.id), rule.summary)?;
            }
            writeln!(out, "\n`docset explain <rule>` says what, why, and how to mend it")?;
        }
    }
    Ok(CLEAN)
}
