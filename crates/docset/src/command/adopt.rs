//! `docset adopt`.

use std::io::Write;

use super::cli::AdoptArguments;
use super::{CLEAN, Console, Fault, root};
use crate::adopt::{BASELINE_FILE, adopt};
use crate::config::CONFIG_FILE;
use crate::edit::write_atomically;
use crate::output::count;
use crate::tree::{normalize, relative};
use countersign_report::terminal::stopped;

pub(super) fn run(arguments: &AdoptArguments, out: &mut Console) -> Result<u8, Fault> {
    let (root, base) = root::root(arguments.root.as_deref(), &arguments.paths)?;
    let root = root
        .canonicalize()
        .map_err(|error| format!("cannot read `{}`: {error}", root.display()))?;
    let mut paths = Vec::new();
    for path in &arguments.paths {
        let full = normalize(&base.join(path));
        let full = full.canonicalize().unwrap_or(full);
        let path = relative(&root, &full)
            .ok_or_else(|| format!("`{path}` is outside of `{}`", root.display()))?;
        // The root itself is written `**`: the empty path would mean nothing.
        paths.push(if path.is_empty() { "**".to_owned() } else { path.to_string() });
    }
    let config_path = root.join(CONFIG_FILE);
    if config_path.exists() && !arguments.dry_run {
        return Err(format!(
            "`{}` exists already and is left alone; `docset check --write-baseline` renews the baseline",
            config_path.display()
        )
        .into());
    }
    let baseline_path = root.join(BASELINE_FILE);
    if baseline_path.exists() && !arguments.dry_run {
        return Err(
            format!("`{}` exists already and is left alone", baseline_path.display()).into()
        );
    }
    let adoption = adopt(&root, &paths)?;
    // A check would fail for a path that stands for nothing.
    let unmatched = &adoption.report.unmatched;
    if !unmatched.is_empty() {
        return Err(format!("no document matches `{}`", unmatched.join("`, `")).into());
    }
    if arguments.dry_run {
        return stopped(out, |out| {
            writeln!(out, "{}", out.bold(&format!("# {CONFIG_FILE}")))?;
            write!(out, "{}", adoption.config)?;
            writeln!(out, "\n{}", out.bold(&format!("# {BASELINE_FILE}")))?;
            write!(out, "{}", adoption.baseline.render())?;
            Ok(CLEAN)
        });
    }
    // The baseline first: a configuration that names a missing one would be refused.
    adoption.baseline.write(&root.join(BASELINE_FILE))?;
    write_atomically(&config_path, adoption.config.as_bytes())?;
    let survey = &adoption.survey;
    writeln!(out, "read {} below `{}`", count(survey.documents, "document"), root.display())?;
    let new = survey.types.values().filter(|kind| kind.is_new).count();
    for (number, word) in [
        (new, "new type"),
        (survey.roles.len(), "new role"),
        (survey.statuses.len(), "new statuse"),
        (survey.keys.len(), "new key"),
    ] {
        if number > 0 {
            let words = count(number, word);
            let words = words
                .strip_suffix("1 new statuse")
                .map_or(words.clone(), |_| "1 new status".to_owned());
            writeln!(out, "  {words}")?;
        }
    }
    writeln!(out, "wrote `{CONFIG_FILE}`")?;
    writeln!(
        out,
        "wrote `{BASELINE_FILE}` with {}",
        count(adoption.baseline.len(), "known finding")
    )?;
    writeln!(out, "`docset check` passes now; `docset check --no-baseline` shows what is known")?;
    Ok(CLEAN)
}
