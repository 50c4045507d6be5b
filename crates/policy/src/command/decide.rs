//! `policy decide`.

use std::io::Write as _;

use countersign_report::terminal::{CLEAN, Console, FINDINGS, Fault, stopped};

use super::cli::{DecideArguments, TextFormat};
use super::{input, root};
use crate::{Decision, Policy, output};

pub(super) fn run(arguments: &DecideArguments, out: &mut Console) -> Result<u8, Fault> {
    let policy = Policy::load(&root::root(arguments.root.root.as_deref())?)?;
    let text = input::text(&arguments.request)?;
    let request = input::request(&input::name(&arguments.request), &text)?;
    let verdict = policy.decide(&request);
    match arguments.format {
        TextFormat::Json => {
            serde_json::to_writer_pretty(&mut *out, &verdict)?;
            writeln!(out)?;
        }
        TextFormat::Human => {
            let text = output::verdict(&verdict, out.styling());
            stopped(out, |out| Ok::<_, Fault>(out.write_all(text.as_bytes())?))?;
        }
    }
    Ok(if verdict.decision == Decision::Allow { CLEAN } else { FINDINGS })
}
