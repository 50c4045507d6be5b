//! `docset init`.

use std::io::Write;

use super::InitArguments;
use crate::check::Checker;
use crate::command::{CLEAN, Console, Fault, root};
use crate::init::{PRE_COMMIT, PRE_COMMIT_FILE, Step, plan};
use crate::nearest::suggestion;
use crate::template::{FOLDER, LANGUAGES};

pub(super) fn run(arguments: &InitArguments, out: &mut Console) -> Result<u8, Fault> {
    let (root, _) = root::root(arguments.root.as_deref(), &[])?;
    let root = root
        .canonicalize()
        .map_err(|error| format!("cannot read `{}`: {error}", root.display()))?;
    // A configuration that cannot be read is said before anything is written.
    Checker::open(&root)?;
    let language = &arguments.lang;
    let steps = plan(&root, language).ok_or_else(|| {
        let help = suggestion(language, LANGUAGES);
        format!("there are no templates in the language `{language}`; {help}")
    })?;
    for step in &steps {
        if !arguments.dry_run {
            step.write(&root)?;
        }
        let done = match (step.present, arguments.dry_run) {
            (true, _) => "left alone",
            (false, true) => "would create",
            (false, false) => "created",
        };
        writeln!(out, "{done:12}  {}", step.path)?;
    }
    let is_left = |path: &str| steps.iter().any(|step: &Step| step.present && step.path == path);
    let hooks = std::fs::read_to_string(root.join(PRE_COMMIT_FILE)).unwrap_or_default();
    if is_left(PRE_COMMIT_FILE) && !hooks.contains("docset") {
        writeln!(out, "\nAdd to `{PRE_COMMIT_FILE}`, below `repos:`:\n")?;
        for line in PRE_COMMIT.lines().skip(1) {
            writeln!(out, "{line}")?;
        }
    }
    let checker = Checker::open(&root)?;
    let template = format!("{FOLDER}/README.md");
    if !arguments.dry_run && !checker.settings().exclude.is_match(&template) {
        writeln!(out, "\nAdd to `countersign.yaml`, or templates are checked like documents:\n")?;
        writeln!(out, "docs:\n  exclude: [{FOLDER}]")?;
    }
    if steps.iter().any(|step| !step.present) && !arguments.dry_run {
        writeln!(out, "\nNext: docset new brief --title \"…\" --issue 1")?;
    }
    Ok(CLEAN)
}
