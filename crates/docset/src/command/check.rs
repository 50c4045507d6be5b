//! `docset check`.

use std::collections::BTreeSet;
use std::io::{Read as _, Write};
use std::path::{Path, PathBuf};

use super::cli::CheckArguments;
use super::{CLEAN, Console, FAILED, FINDINGS, Fault, diff, root};
use crate::baseline::{Baseline, Known};
use crate::check::{Checker, Report, Request};
use crate::diagnostic::{Diagnostic, Severity, escape};
use crate::edit::{FixLevel, FolderLock, fix, write_atomically};
use crate::output::{Format, Output, Summary};
use crate::tree::{LARGEST_DOCUMENT, normalize, relative};
use countersign_report::terminal::{say, stopped};
use countersign_runner::Step;

pub(super) fn run(
    arguments: &CheckArguments,
    step: Option<&mut Step>,
    out: &mut Console,
) -> Result<u8, Fault> {
    let stdin = arguments.paths.iter().any(|path| path == "-");
    let mut paths = arguments.paths.clone();
    if stdin || arguments.stdin_filename.is_some() {
        let name = arguments.stdin_filename.clone();
        let name = name.ok_or("standard input needs a name: add `--stdin-filename docs/a.md`")?;
        if paths.iter().any(|path| path != "-") {
            return Err("standard input is checked alone: name no other path".into());
        }
        if arguments.changed_since.is_some() || arguments.write_baseline {
            return Err("`--changed-since` and `--write-baseline` need saved documents".into());
        }
        paths = vec![name];
    }
    let (root, base) = root::root(arguments.root.as_deref(), &paths)?;
    let mut checker = Checker::open(&root)?;
    if arguments.stdin_filename.is_some() {
        let path = checker.stdin_path(&base.join(&paths[0]))?;
        let text = read_stdin()?;
        if arguments.fix && !arguments.diff {
            return fix_stdin(&mut checker, &path, text, arguments, out);
        }
        checker.sources_mut().set(path, text);
        paths.clear();
    }
    let request = Request {
        paths,
        base: Some(base),
        changed_since: arguments.changed_since.clone(),
        ignore_files: !arguments.no_ignore,
        threads: arguments.threads.map(usize::from),
    };
    // Where nothing can be locked, the look at each text before writing protects it.
    let writes = arguments.fix && !arguments.diff;
    let _lock = match writes {
        true => FolderLock::wait_if_possible(checker.root(), super::waiting)?,
        false => None,
    };
    let mut report = checker.check(&request)?;
    complain(&report, &checker, arguments);
    let mut fixed = 0;
    if arguments.fix {
        if arguments.diff {
            let changes = print_diff(&checker, &report, level(arguments), out)?;
            return Ok(match changes {
                _ if is_incomplete(&report, arguments) => FAILED,
                true => FINDINGS,
                false => CLEAN,
            });
        }
        fixed = apply(&checker, &mut report, level(arguments), &request)?;
    }
    if arguments.write_baseline {
        return write_baseline(arguments, &report, &checker, out);
    }
    let (known, gone) = sift(arguments, &checker, &mut report)?;
    let mut summary = Summary::new(report.documents.len(), &report.diagnostics);
    summary.fixed = fixed;
    summary.known = known;
    summary.gone = gone.iter().map(|(_, count)| count).sum();
    show(arguments, &checker, &report, &summary, &gone, out)?;
    let code = exit_code(arguments, &report, &summary);
    if let Some(step) = step {
        tell(step, &checker, &report, &summary, code, out)?;
    }
    Ok(code)
}

/// What was found, as it is written.
fn output<'r>(checker: &'r Checker, report: &'r Report, summary: &'r Summary) -> Output<'r> {
    Output {
        tool: crate::rule::tool(),
        diagnostics: &report.diagnostics,
        summary,
        sources: checker.sources(),
    }
}

/// Tells the runner what was found: annotations, a table, numbers.
fn tell(
    step: &mut Step,
    checker: &Checker,
    report: &Report,
    summary: &Summary,
    code: u8,
    out: &mut Console,
) -> Result<(), Fault> {
    let output = output(checker, report, summary);
    step.summary.markdown(&output.text(Format::Markdown)?);
    if code == FAILED {
        step.summary
            .paragraph("Not everything that was asked for could be looked at; the log says what.");
    }
    let annotations = step.annotations(&output.text(Format::Github)?, checker.root());
    out.write_all(annotations.as_bytes())?;
    step.output("result", if code == CLEAN { "clean" } else { "findings" })?;
    step.output("errors", summary.errors)?;
    step.output("warnings", summary.warnings)?;
    step.output("documents", summary.documents)?;
    Ok(())
}

fn level(arguments: &CheckArguments) -> FixLevel {
    if arguments.unsafe_fixes { FixLevel::SafeAndUnsafe } else { FixLevel::Safe }
}

/// The file of known findings: the one that was named, else that of the
/// configuration.
fn baseline_path(arguments: &CheckArguments, checker: &Checker) -> Option<PathBuf> {
    let configured = || Some(checker.root().join(checker.config().baseline.as_ref()?));
    arguments.baseline.clone().or_else(configured)
}

/// Takes the known findings out of `report`: how many there were, and which are
/// gone.
fn sift(
    arguments: &CheckArguments,
    checker: &Checker,
    report: &mut Report,
) -> Result<(usize, Vec<(Known, usize)>), Fault> {
    let path = baseline_path(arguments, checker).filter(|_| !arguments.no_baseline);
    let Some(path) = path else { return Ok((0, Vec::new())) };
    let sifted = Baseline::read(&path)?.sift(std::mem::take(&mut report.diagnostics), |path| {
        report.complete || report.documents.binary_search_by(|known| (**known).cmp(path)).is_ok()
    });
    report.diagnostics = sifted.new;
    Ok((sifted.known, sifted.gone))
}

fn exit_code(arguments: &CheckArguments, report: &Report, summary: &Summary) -> u8 {
    let too_many = arguments.max_warnings.is_some_and(|most| summary.warnings > most);
    if is_incomplete(report, arguments) {
        FAILED
    } else if summary.errors > 0 || too_many {
        FINDINGS
    } else {
        CLEAN
    }
}

/// Whether the run did not look at all that it was asked to look at.
fn is_incomplete(report: &Report, arguments: &CheckArguments) -> bool {
    let unread = report.diagnostics.iter().any(|diagnostic| {
        diagnostic.severity == Severity::Error && crate::rule::is_unread(diagnostic.rule)
    });
    unread || !report.unmatched.is_empty() || nothing_matched(report, arguments)
}

/// Whether the run looked at nothing for a reason that is no good news. That no
/// document changed is good news.
fn nothing_matched(report: &Report, arguments: &CheckArguments) -> bool {
    let nothing = report.documents.is_empty() && report.diagnostics.is_empty();
    nothing && report.excluded.is_empty() && arguments.changed_since.is_none()
}

/// Says on standard error what was asked for and not found.
fn complain(report: &Report, checker: &Checker, arguments: &CheckArguments) {
    let mut text = String::new();
    for pattern in &report.unmatched {
        text.push_str(&format!("error: no document matches `{}`\n", escape(pattern)));
    }
    for path in report.excluded.iter().filter(|_| !arguments.quiet) {
        text.push_str(&format!("note: `{}` is excluded by the configuration\n", escape(path)));
    }
    if !report.unmatched.is_empty() && arguments.paths.is_empty() {
        text.push_str(&format!(
            "  help: `docs: include:` says where documents are, from `{}`; name paths, or change it\n",
            checker.root().display()
        ));
    } else if nothing_matched(report, arguments) && report.unmatched.is_empty() {
        text.push_str("error: no document was checked\n");
    }
    // Nobody reading it does not make the run a success: the exit code says it too.
    say(&text);
}

/// Writes to a file whole or not at all, and to a pipe or device as it is: replacing
/// one by a file would be no writing to it.
fn write_output(path: &Path, text: &[u8]) -> Result<(), Fault> {
    let special = std::fs::metadata(path).is_ok_and(|metadata| !metadata.is_file());
    if special {
        let mut file = std::fs::OpenOptions::new().write(true).open(path)?;
        return Ok(file.write_all(text)?);
    }
    // Through a symbolic link, to the file that it names.
    let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    Ok(write_atomically(&real, text)?)
}

fn show(
    arguments: &CheckArguments,
    checker: &Checker,
    report: &Report,
    summary: &Summary,
    gone: &[(Known, usize)],
    out: &mut Console,
) -> Result<(), Fault> {
    let output = output(checker, report, summary);
    if let Some(path) = &arguments.output {
        write_output(path, output.text(arguments.print.format)?.as_bytes())?;
        return Ok(());
    }
    if arguments.quiet && report.diagnostics.is_empty() {
        return Ok(());
    }
    let styling = out.styling();
    let quotes = matches!(arguments.print.format, Format::Human | Format::Concise);
    if quotes {
        stopped(out, |out| output.write(arguments.print.format, styling, out))?;
    } else {
        output.write(arguments.print.format, styling, out)?;
    }
    if matches!(arguments.print.format, Format::Human | Format::Concise) && !gone.is_empty() {
        for (known, count) in gone {
            let times = if *count > 1 { format!(" ({count} times)") } else { String::new() };
            let Known { path, rule, message } = known;
            writeln!(out, "gone: {}: [{rule}] {}{times}", escape(path), escape(message))?;
        }
        writeln!(out, "write the baseline anew with `docset check --write-baseline`")?;
    }
    Ok(())
}

fn write_baseline(
    arguments: &CheckArguments,
    report: &Report,
    checker: &Checker,
    out: &mut Console,
) -> Result<u8, Fault> {
    let path = baseline_path(arguments, checker)
        .unwrap_or_else(|| checker.root().join(crate::adopt::BASELINE_FILE));
    if !report.complete {
        return Err("a baseline is written from a check of all documents: name no path, \
                    and leave out `--changed-since`"
            .into());
    }
    // An empty baseline in the place of a full one would be a loss.
    if !report.unmatched.is_empty() || nothing_matched(report, arguments) {
        return Ok(FAILED);
    }
    let baseline = Baseline::new(&report.diagnostics);
    baseline.write(&path)?;
    let shown = path.strip_prefix(checker.root()).unwrap_or(&path).display();
    writeln!(out, "wrote {} to `{shown}`", crate::output::count(baseline.len(), "known finding"))?;
    if checker.config().baseline.is_none() {
        writeln!(
            out,
            "add `baseline: {shown}` under `docs:` in countersign.yaml to use it always"
        )?;
    }
    Ok(CLEAN)
}

/// Fixes can uncover others; a chain longer than this is a fault of ours, and must
/// not run for ever.
const ROUNDS: usize = 10;

/// A document before and after its fixes.
struct Mended {
    before: String,
    after: String,
    count: usize,
}

/// Fixes the present text of a document in memory until nothing more can be fixed;
/// `None` if there is nothing to fix. The findings are made of this very text: what
/// was found a moment ago may be about another one.
fn mend(checker: &Checker, path: &str, before: String, level: FixLevel) -> Option<Mended> {
    let mut mended = Mended { after: before.clone(), before, count: 0 };
    for _ in 0..ROUNDS {
        let diagnostics = checker.check_text(path, &mended.after);
        let diagnostics: Vec<&Diagnostic> = diagnostics.iter().collect();
        let fixed = fix(&mended.after, &diagnostics, level);
        if fixed.count == 0 || fixed.text == mended.after {
            break;
        }
        mended.count += fixed.count;
        mended.after = fixed.text;
    }
    (mended.count > 0).then_some(mended)
}

/// Documents that the report has fixes for.
fn fixable(report: &Report) -> BTreeSet<&str> {
    let with_fix = report.diagnostics.iter().filter(|diagnostic| diagnostic.fix.is_some());
    with_fix.map(|diagnostic| &*diagnostic.path).collect()
}

/// Fixes documents on disk and checks anew; how many findings were fixed.
fn apply(
    checker: &Checker,
    report: &mut Report,
    level: FixLevel,
    request: &Request,
) -> Result<usize, Fault> {
    let mut total = 0;
    for path in fixable(report) {
        let Some(text) = checker.sources().text(path) else { continue };
        let Some(mended) = mend(checker, path, text.into_owned(), level) else { continue };
        // Somebody else may have saved it meanwhile; their text is not ours to replace.
        if checker.sources().text(path).as_deref() != Some(&mended.before) {
            let note = "changed while it was fixed, and is left alone";
            say(&format!("note: `{}` {note}\n", escape(path)));
            continue;
        }
        write_atomically(&checker.root().join(path), mended.after.as_bytes())?;
        total += mended.count;
    }
    if total > 0 {
        *report = checker.check(request)?;
    }
    Ok(total)
}

/// Prints what fixes would change as unified diffs; whether there is anything.
fn print_diff(
    checker: &Checker,
    report: &Report,
    level: FixLevel,
    out: &mut Console,
) -> Result<bool, Fault> {
    let mut any = false;
    for path in fixable(report) {
        let Some(text) = checker.sources().text(path) else { continue };
        let Some(mended) = mend(checker, path, text.into_owned(), level) else { continue };
        any = true;
        let patch = diff::patch(path, Some(&mended.before), &mended.after);
        stopped(out, |out| write!(out, "{patch}"))?;
    }
    if !any {
        writeln!(out, "nothing to fix")?;
    }
    Ok(any)
}

/// Fixes a text from standard input and prints it.
fn fix_stdin(
    checker: &mut Checker,
    path: &str,
    mut text: String,
    arguments: &CheckArguments,
    out: &mut Console,
) -> Result<u8, Fault> {
    if let Some(mended) = mend(checker, path, text.clone(), level(arguments)) {
        text = mended.after;
    }
    out.write_all(text.as_bytes())?;
    checker.sources_mut().set(path, text);
    let request = Request { ignore_files: !arguments.no_ignore, ..Request::default() };
    let mut report = checker.check(&request)?;
    sift(arguments, checker, &mut report)?;
    let summary = Summary::new(report.documents.len(), &report.diagnostics);
    Ok(exit_code(arguments, &report, &summary))
}

fn read_stdin() -> Result<String, Fault> {
    let mut bytes = Vec::new();
    std::io::stdin().lock().take(LARGEST_DOCUMENT + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST_DOCUMENT {
        return Err(format!("standard input has more than {LARGEST_DOCUMENT} bytes").into());
    }
    Ok(String::from_utf8(bytes).map_err(|error| format!("standard input is not UTF-8: {error}"))?)
}

impl Checker {
    /// The path, from the root, that a text on standard input has.
    fn stdin_path(&self, path: &Path) -> Result<String, Fault> {
        let path = normalize(path);
        // The file need not exist, but its folder decides which repository it is.
        let folder = path.parent().and_then(|folder| folder.canonicalize().ok());
        let path = match (folder, path.file_name()) {
            (Some(folder), Some(name)) => folder.join(name),
            _ => path,
        };
        match relative(self.root(), &path) {
            Some(path) => Ok(path.to_string()),
            None => {
                Err(format!("`{}` is outside of `{}`", path.display(), self.root().display())
                    .into())
            }
        }
    }
}
