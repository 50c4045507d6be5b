//! `docset init`.

use std::io::Write;
use std::path::Path;

use super::InitArguments;
use super::github::{Done, carry_out, lock, real, say, source};
use crate::check::Checker;
use crate::command::{CLEAN, Console, Fault, root};
use crate::config::CONFIG_FILE;
use crate::github;
use crate::init::{PRE_COMMIT, PRE_COMMIT_FILE, Step, plan};
use crate::nearest::suggestion;
use crate::template::{FOLDER, LANGUAGES};

pub(super) fn run(arguments: &InitArguments, out: &mut Console) -> Result<u8, Fault> {
    let (root, _) = root::of(&arguments.root)?;
    let root = real(&root)?;
    // A configuration that cannot be read is said before anything is written.
    let checker = Checker::open(&root)?;
    let language = arguments.lang.as_ref().unwrap_or(&checker.config().language);
    let _lock = if arguments.dry_run { None } else { Some(lock(&root)?) };
    let mut steps = plan(&root, language).ok_or_else(|| {
        let help = suggestion(language, LANGUAGES);
        format!("there are no templates in the language `{language}`; {help}")
    })?;
    let unwanted = take_documents(&mut steps, &checker);
    let names_source = arguments.source.from.is_some() || arguments.source.reference.is_some();
    if names_source && !arguments.github {
        return Err("`--from` and `--ref` are about files for GitHub; add `--github`".into());
    }
    let installation =
        if arguments.github { Some(github(arguments, &root, language)?) } else { None };
    if let Some(plan) = installation.as_ref().filter(|_| !arguments.dry_run) {
        carry_out(plan, &root)?;
    }
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
    if let Some(plan) = &installation {
        say(plan, if arguments.dry_run { Done::Would } else { Done::Yes }, out)?;
    }
    let is_left = |path: &str| steps.iter().any(|step: &Step| step.present && step.path == path);
    let hooks = std::fs::read_to_string(root.join(PRE_COMMIT_FILE)).unwrap_or_default();
    if is_left(PRE_COMMIT_FILE) && !hooks.contains("docset") {
        writeln!(out, "\nAdd to `{PRE_COMMIT_FILE}`, below `repos:`:\n")?;
        for line in PRE_COMMIT.lines().skip(1) {
            writeln!(out, "{line}")?;
        }
    }
    if !unwanted.is_empty() {
        let listed: Vec<String> = unwanted.iter().map(|path| format!("`{path}`")).collect();
        write!(
            out,
            "\nNot created, for `{CONFIG_FILE}` has them checked like documents: {}.\nTo have \
             them, and templates of your own, add to it and run this again:\n\ndocs:\n  \
             exclude: [{FOLDER}]\n  plain: [\"**/README.md\"]\n",
            listed.join(", ")
        )?;
    }
    if steps.iter().any(|step| !step.present) && !arguments.dry_run {
        writeln!(out, "\nNext: docset new brief --title \"…\" --issue 1")?;
    }
    if installation.is_some() && !arguments.dry_run {
        let text = "\nThen set labels and their variables, in the place of OWNER/NAME:\n\n  \
                    labels sync OWNER/NAME --apply\n  labels vars OWNER/NAME --apply\n\n\
                    and name the owners in `countersign.yaml`, for whom alone a gate opens:\n\n  \
                    process: {owners: [LOGIN]}\n";
        write!(out, "{text}")?;
    }
    Ok(CLEAN)
}

/// Takes out of `steps` the explanations that the repository's own configuration has checked
/// like documents, which they are not: `docset check` would fail on what `docset init` wrote.
/// Returns their paths.
fn take_documents(steps: &mut Vec<Step>, checker: &Checker) -> Vec<&'static str> {
    if !steps.iter().any(|step| step.present && step.path == CONFIG_FILE) {
        return Vec::new();
    }
    let settings = checker.settings();
    let documents = checker.documents_among(steps.iter().map(|step| step.path));
    let (taken, kept) = steps.drain(..).partition(|step: &Step| {
        let is_document = documents.contains(step.path) && !settings.plain.is_match(step.path);
        step.explains && !step.present && is_document
    });
    *steps = kept;
    taken.iter().map(|step: &Step| step.path).collect()
}

/// What is to be installed for GitHub. What is there already was installed from somewhere,
/// and in a language: to change that is an upgrade.
fn github(arguments: &InitArguments, root: &Path, language: &str) -> Result<github::Plan, Fault> {
    let former = github::read_lock(root)?;
    let lock = former.as_ref().map(|(lock, _)| lock);
    let asked = &arguments.source;
    let source = match lock {
        Some(lock) if asked.from.is_none() && asked.reference.is_none() => lock.source.clone(),
        _ => source(asked, lock)?,
    };
    let language = match (lock, &arguments.lang) {
        (Some(lock), None) => lock.language.as_str(),
        _ => language,
    };
    if let Some(lock) = lock
        && (lock.source != source || lock.language != language)
    {
        return Err(format!(
            "the files for GitHub are installed from `{}` in the language `{}`; `docset upgrade \
             --ref {}` brings them to another version, and to change the language, remove them \
             and `{}`",
            lock.source,
            lock.language,
            source.reference(),
            github::LOCK_FILE
        )
        .into());
    }
    let templates = github::templates(language).unwrap_or_default();
    let there = github::present(root, &templates)?;
    let former = former.as_ref().map(|(lock, text)| (lock, text.as_str()));
    Ok(github::install(&templates, &source, language, &there, former))
}
