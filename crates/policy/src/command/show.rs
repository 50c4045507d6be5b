//! `policy show`.

use std::io::Write as _;

use countersign_report::terminal::{CLEAN, Console, Fault, stopped};

use super::cli::{ShowArguments, Subject, TableFormat};
use crate::{Policy, show};

pub(super) fn run(arguments: &ShowArguments, out: &mut Console) -> Result<u8, Fault> {
    let policy = Policy::load(&arguments.root.find()?)?;
    let process = policy.process();
    if arguments.profile.is_some() && arguments.subject != Subject::Graph {
        return Err("`--profile` goes with `graph`: `policy show graph --profile NAME`".into());
    }
    let text = match (arguments.format, arguments.subject) {
        (TableFormat::Json, subject) => {
            let value = match subject {
                Subject::Stages => serde_json::to_value(&process.stages)?,
                Subject::Roles => serde_json::to_value(&process.roles)?,
                Subject::Rules => serde_json::to_value(&process.rules)?,
                Subject::Graph => serde_json::to_value(&process.profiles)?,
            };
            serde_json::to_string_pretty(&value)? + "\n"
        }
        (format, Subject::Graph) => {
            let profile = arguments.profile.as_ref().unwrap_or(&process.default_profile);
            let graph = show::graph(process, profile)?;
            if format == TableFormat::Markdown {
                format!("```mermaid\n{graph}```\n")
            } else {
                graph
            }
        }
        (format, subject) => {
            let table = match subject {
                Subject::Stages => show::stages(process),
                Subject::Roles => show::roles(process),
                Subject::Rules | Subject::Graph => show::rules(process),
            };
            if format == TableFormat::Markdown { table.markdown() } else { table.plain() }
        }
    };
    stopped(out, |out| Ok::<_, Fault>(out.write_all(text.as_bytes())?))?;
    Ok(CLEAN)
}
