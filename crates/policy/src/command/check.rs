//! `policy check`.

use std::collections::BTreeSet;
use std::path::Path;

use countersign_docset::catalogue::Catalogue;
use countersign_docset::config::DocsConfig;
use countersign_process::{DEFAULT, DEFAULT_PATH};
use countersign_report::terminal::{CLEAN, Console, FINDINGS, Fault, stopped};
use countersign_report::{Output, Sources, Summary, Tool};

use super::cli::CheckArguments;
use crate::Policy;
use crate::check::{RULES, Surroundings, check};

/// Where a repository keeps workflows.
const WORKFLOWS: [&str; 3] =
    [".github/workflows", "reusable-workflows", "templates/github/workflows"];

pub(super) fn run(arguments: &CheckArguments, out: &mut Console) -> Result<u8, Fault> {
    let root = arguments.root.find()?;
    let policy = Policy::load(&root)?;
    let types = Catalogue::new(&DocsConfig::load(&root)?)
        .map_err(|error| format!("docs: {error}; {}", error.help))?;
    let workflows = workflows(&root);
    let full = root
        .canonicalize()
        .map_err(|error| format!("cannot open `{}`: {error}", root.display()))?;
    let mut sources = Sources::new(full);
    // What is compiled in has no file, and is shown all the same.
    sources.set(DEFAULT_PATH, DEFAULT);
    let diagnostics =
        check(&policy, Surroundings { types: &types, workflows: &workflows }, &sources);
    let summary = Summary::new(1, &diagnostics);
    let tool = Tool {
        name: "policy",
        version: env!("CARGO_PKG_VERSION"),
        command: "check",
        subject: "definition",
        rules: RULES,
    };
    let output = Output { tool, diagnostics: &diagnostics, summary: &summary, sources: &sources };
    let styling = out.styling();
    let write =
        |out: &mut Console| Ok::<_, Fault>(output.write(arguments.print.format, styling, out)?);
    match arguments.print.format {
        // Its lines are commands.
        countersign_report::Format::Github => write(out)?,
        _ => stopped(out, write)?,
    }
    Ok(if summary.errors > 0 { FINDINGS } else { CLEAN })
}

/// The names of the workflows that are called like those of stages, without `.yml`.
fn workflows(root: &Path) -> Vec<String> {
    let mut names = BTreeSet::new();
    for folder in WORKFLOWS {
        for entry in std::fs::read_dir(root.join(folder)).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let stem = name
                .to_str()
                .and_then(|name| name.strip_suffix(".yml").or_else(|| name.strip_suffix(".yaml")));
            names.extend(stem.filter(|stem| stem.starts_with("wf_")).map(str::to_owned));
        }
    }
    names.into_iter().collect()
}
