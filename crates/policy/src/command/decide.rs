//! `policy decide`.

use std::io::Write as _;

use countersign_report::terminal::{CLEAN, Console, FINDINGS, Fault, stopped};
use countersign_runner::OutputFormat;

use super::cli::DecideArguments;
use super::input;
use crate::{Decision, Policy, output};

pub(super) fn run(arguments: &DecideArguments, out: &mut Console) -> Result<u8, Fault> {
    let policy = Policy::load(&arguments.root.find()?)?;
    let text = input::text(&arguments.request)?;
    let request = input::request(&input::name(&arguments.request), &text)?;
    let verdict = policy.decide(&request);
    match arguments.print.format {
        OutputFormat::Json => {
            serde_json::to_writer_pretty(&mut *out, &verdict)?;
            writeln!(out)?;
        }
        OutputFormat::Human => {
            let text = output::verdict(&verdict, out.styling());
            stopped(out, |out| Ok::<_, Fault>(out.write_all(text.as_bytes())?))?;
        }
    }
    Ok(if verdict.decision == Decision::Allow { CLEAN } else { FINDINGS })
}
