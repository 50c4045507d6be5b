//! The engine: from a request to a sorted list of findings.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::config::{ConfigError, DocsConfig};
use crate::diagnostic::{self, Diagnostic, Finding};
use crate::document::Document;
use crate::rule::{self, Check, DocumentContext, Key, RULES, TreeContext, TreeFindings};
use crate::settings::Settings;
use crate::span::Span;
use crate::tree::{
    self, Deleted, Facts, Files, Found, GitError, Inputs, ReadError, Sources, WalkFault,
    WalkFaultKind,
};

/// Checks the documents of one repository.
#[derive(Debug)]
pub struct Checker {
    root: PathBuf,
    config: DocsConfig,
    settings: Settings,
    sources: Sources,
}

/// What to check. The default is everything that the configuration includes.
#[derive(Clone, Debug)]
pub struct Request {
    /// Paths and globs; empty for what the configuration includes.
    pub paths: Vec<String>,
    /// What relative paths count from; `None` for the root.
    pub base: Option<PathBuf>,
    /// Only documents that differ from the merge base with this git revision.
    pub changed_since: Option<String>,
    /// Whether `.gitignore` and its kin are obeyed.
    pub ignore_files: bool,
    /// Threads; `None` for one per processor.
    pub threads: Option<usize>,
}

impl Default for Request {
    fn default() -> Self {
        Self {
            paths: Vec::new(),
            base: None,
            changed_since: None,
            ignore_files: true,
            threads: None,
        }
    }
}

/// What a check found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The findings, sorted by path and place.
    pub diagnostics: Vec<Diagnostic>,
    /// The documents that were looked at, sorted by path.
    pub documents: Vec<Arc<str>>,
    /// Whether these are all documents that the configuration includes.
    pub complete: bool,
    /// Paths and globs that stand for no document.
    pub unmatched: Vec<String>,
    /// Files named outright that the configuration excludes.
    pub excluded: Vec<String>,
}

/// A check that could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CheckError {
    /// The root cannot be entered.
    #[error("cannot read the folder `{}`", path.display())]
    Root {
        /// The root.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The configuration cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Git could not say what changed.
    #[error(transparent)]
    Git(#[from] GitError),
}

impl Checker {
    /// A checker for the repository at `root`, with its `countersign.yaml`.
    ///
    /// # Errors
    ///
    /// [`CheckError`] if the root does not exist or its configuration is wrong.
    pub fn open(root: impl AsRef<Path>) -> Result<Self, CheckError> {
        let config = DocsConfig::load(root.as_ref())?;
        Self::with_config(root, config)
    }

    /// A checker for the repository at `root`, with a configuration of your own.
    ///
    /// # Errors
    ///
    /// [`CheckError`] if the root does not exist or the configuration is wrong.
    pub fn with_config(root: impl AsRef<Path>, config: DocsConfig) -> Result<Self, CheckError> {
        let path = root.as_ref();
        let root = path
            .canonicalize()
            .map_err(|source| CheckError::Root { path: path.to_owned(), source })?;
        let settings = Settings::new(&config).map_err(ConfigError::from)?;
        let sources = Sources::new(&root);
        Ok(Self { root, config, settings, sources })
    }

    /// The texts that findings point into.
    #[must_use]
    pub const fn sources(&self) -> &Sources {
        &self.sources
    }

    /// For putting texts in memory in the place of files. A check then looks at
    /// these documents only, with the rest of the tree around them.
    pub const fn sources_mut(&mut self) -> &mut Sources {
        &mut self.sources
    }

    /// The configuration.
    #[must_use]
    pub const fn config(&self) -> &DocsConfig {
        &self.config
    }

    /// The root, absolute.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The document types and keys in use.
    #[must_use]
    pub const fn catalogue(&self) -> &crate::catalogue::Catalogue {
        &self.settings.catalogue
    }

    pub(crate) const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The level of a rule before paths are looked at; `None` if it is off.
    #[must_use]
    pub fn severity(&self, rule: &str) -> Option<diagnostic::Severity> {
        self.settings.level(rule::index(rule)?)
    }

    /// Checks what `request` asks for.
    ///
    /// # Errors
    ///
    /// [`CheckError::Git`] if git cannot say what changed. Everything else that is
    /// wrong, unreadable files included, is a finding.
    pub fn check(&self, request: &Request) -> Result<Report, CheckError> {
        let base = request.base.as_deref().unwrap_or(&self.root);
        let inputs = |patterns, base| Inputs {
            root: &self.root,
            patterns,
            base,
            ignore_files: request.ignore_files,
        };
        let all = inputs(&self.config.include, &self.root);
        let overlaid: Vec<Arc<str>> = self.sources.overlaid_paths().map(Arc::from).collect();
        let (overlaid, excluded): (Vec<_>, Vec<_>) =
            overlaid.into_iter().partition(|path| !self.settings.exclude.is_match(&**path));
        let mut report = Report::default();
        report.excluded.extend(excluded.iter().map(ToString::to_string));
        let mut jobs = Vec::new();
        let context;
        if overlaid.is_empty() && report.excluded.is_empty() {
            let everything = request.paths.is_empty();
            report.complete = everything && request.changed_since.is_none();
            let wanted = if everything { all.clone() } else { inputs(&request.paths, base) };
            let revision = request.changed_since.as_deref();
            // Git and the search for documents have nothing to wait for in each other.
            let (found, changed) = std::thread::scope(|scope| {
                let changed = scope.spawn(|| self.changed(revision));
                let found = tree::walk(&wanted, &self.settings);
                (found, tree::joined(changed))
            });
            let changed = changed?;
            report.diagnostics.extend(found.faults.iter().filter_map(|fault| self.fault(fault)));
            report.unmatched = found.unmatched;
            report.excluded = found.excluded;
            let is_changed = |path: &str| changed.as_ref().is_none_or(|set| is_among(path, set));
            context = if everything { None } else { Some(tree::walk(&all, &self.settings)) };
            jobs.extend(found.documents.into_iter().map(|(path, found)| {
                let reported = is_changed(&path);
                Job { path, found, reported }
            }));
        } else {
            context = Some(tree::walk(&all, &self.settings));
            jobs.extend(overlaid.into_iter().map(|path| {
                let found = Found { full: self.root.join(&*path), is_regular: false };
                Job { path, found, reported: true }
            }));
        }
        if let Some(context) = context {
            let known: BTreeSet<Arc<str>> = jobs.iter().map(|job| Arc::clone(&job.path)).collect();
            let others = context.documents.into_iter().filter(|(path, _)| !known.contains(path));
            jobs.extend(others.map(|(path, found)| Job { path, found, reported: false }));
            jobs.sort_by(|a, b| a.path.cmp(&b.path));
        }
        let reported = jobs.iter().filter(|job| job.reported);
        report.documents = reported.map(|job| Arc::clone(&job.path)).collect();
        let present = jobs.iter().map(|job| &*job.path);
        let files = Files::new(self.root.clone(), present);
        let (facts, found) = self.run(&jobs, &files, request.threads);
        report.diagnostics.extend(found);
        self.check_tree(&facts, &files, &mut report.diagnostics);
        diagnostic::sort(&mut report.diagnostics);
        Ok(report)
    }

    /// The paths (from the root, with `/`) of files of any kind that differ from the merge
    /// base with the git revision: in commits, in the index, in the work tree, or by being
    /// new.
    ///
    /// # Errors
    ///
    /// [`GitError`] if git cannot say what changed.
    pub fn changed_since(
        &self,
        revision: &str,
        deleted: Deleted,
    ) -> Result<BTreeSet<String>, GitError> {
        tree::changed_since(&self.root, revision, deleted)
    }

    fn changed(&self, revision: Option<&str>) -> Result<Option<BTreeSet<String>>, GitError> {
        let changed = |revision| tree::changed_since(&self.root, revision, Deleted::LeftOut);
        revision.map(changed).transpose()
    }

    /// Looks at each document, on all threads.
    fn run(
        &self,
        jobs: &[Job],
        files: &Files,
        threads: Option<usize>,
    ) -> (Vec<Facts>, Vec<Diagnostic>) {
        let threads = threads
            .or_else(|| std::thread::available_parallelism().ok().map(Into::into))
            .unwrap_or(1)
            .clamp(1, jobs.len().div_ceil(FEW).max(1));
        let next = AtomicUsize::new(0);
        let work = || {
            let mut worker = Worker::default();
            loop {
                let from = next.fetch_add(FEW, Ordering::Relaxed);
                let Some(some) = jobs.get(from..) else { break };
                if some.is_empty() {
                    break;
                }
                for job in &some[..some.len().min(FEW)] {
                    self.look(job, files, &mut worker);
                }
            }
            (worker.facts, worker.diagnostics)
        };
        let mut parts = std::thread::scope(|scope| {
            let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
            let mut parts = vec![work()];
            parts.extend(others.into_iter().map(tree::joined));
            parts
        });
        let (mut facts, mut diagnostics) = parts.pop().unwrap_or_default();
        for (more_facts, more_diagnostics) in parts {
            facts.extend(more_facts);
            diagnostics.extend(more_diagnostics);
        }
        facts.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        (facts, diagnostics)
    }

    /// Looks at one document.
    fn look(&self, job: &Job, files: &Files, worker: &mut Worker) {
        if !job.reported {
            // A plain file has nothing to say about documents.
            if self.settings.plain.is_match(&*job.path) {
                return;
            }
            let facts = tree::skim(
                &job.found,
                Arc::clone(&job.path),
                &self.settings.catalogue,
                &mut worker.buffer,
            );
            worker.facts.extend(facts);
            return;
        }
        if let Some(text) = self.sources.overlaid(&job.path) {
            self.look_at_text(job, text, files, &mut worker.facts, &mut worker.diagnostics);
            return;
        }
        let read = if job.found.is_regular { tree::read_regular } else { tree::read };
        if let Err(error) = read(&job.found.full, &mut worker.buffer) {
            worker.diagnostics.extend(self.unread(&job.path, &error));
            return;
        }
        match simdutf8::compat::from_utf8(&worker.buffer) {
            Ok(text) => {
                self.look_at_text(job, text, files, &mut worker.facts, &mut worker.diagnostics);
            }
            Err(error) => {
                let at = error.valid_up_to();
                let byte = worker.buffer[at];
                let message = format!("the text is not UTF-8: byte {at} is 0x{byte:02X}");
                let finding = Finding::new(Span::at(at), message)
                    .help("save the document as UTF-8; Windows-1251 and UTF-16 are usual culprits");
                worker.diagnostics.extend(self.diagnostic(&job.path, "invalid-utf8", finding));
            }
        }
    }

    /// What rules that look at one document find in a text of its own. None of the
    /// rules that compare documents has a fix.
    #[must_use]
    pub fn check_text(&self, path: &str, text: &str) -> Vec<Diagnostic> {
        let found = Found { full: self.root.join(path), is_regular: false };
        let job = Job { path: path.into(), found, reported: true };
        let files = Files::new(self.root.clone(), std::iter::once(path));
        let mut diagnostics = Vec::new();
        self.look_at_text(&job, text, &files, &mut Vec::new(), &mut diagnostics);
        diagnostic::sort(&mut diagnostics);
        diagnostics
    }

    fn look_at_text(
        &self,
        job: &Job,
        text: &str,
        files: &Files,
        facts: &mut Vec<Facts>,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let document = Document::parse(text);
        let plain = self.settings.plain.is_match(&*job.path);
        let catalogue = &self.settings.catalogue;
        let kind = document.front_matter.text("type").and_then(|name| catalogue.types.get(name));
        let keys = match plain {
            true => Vec::new(),
            false => Key::all(&document.front_matter, catalogue),
        };
        let mut context = DocumentContext {
            path: &job.path,
            document: &document,
            plain,
            keys: &keys,
            kind: kind.filter(|_| !plain),
            settings: &self.settings,
            files,
            rule: 0,
        };
        let mut findings = Vec::new();
        for (index, rule) in RULES.iter().enumerate() {
            let (Check::Document(check) | Check::Both(check, _)) = rule.check else { continue };
            let Some(severity) = self.settings.severity(index, &job.path) else { continue };
            context.rule = index;
            check(&context, &mut findings);
            diagnostics.extend(
                findings.drain(..).map(|finding| {
                    finding.into_diagnostic(Arc::clone(&job.path), rule.id, severity)
                }),
            );
        }
        let path = Arc::clone(&job.path);
        let own = match plain {
            true => Facts::plain(path),
            false => Facts::new(path, true, &document.front_matter, catalogue),
        };
        let links = rule::anchored_links(&job.path, &document);
        facts.push(own.with_body(text, &document.outline, links));
    }

    /// Runs the rules that look at more than one document.
    fn check_tree(&self, facts: &[Facts], files: &Files, diagnostics: &mut Vec<Diagnostic>) {
        if !facts.iter().any(|facts| facts.reported) {
            return;
        }
        let context = TreeContext::new(facts, files, &self.sources);
        for (index, rule) in RULES.iter().enumerate() {
            let (Check::Tree(check) | Check::Both(_, check)) = rule.check else { continue };
            if self.settings.level(index).is_none() {
                continue;
            }
            let mut findings = TreeFindings::default();
            check(&context, &mut findings);
            diagnostics.extend(findings.0.into_iter().filter_map(|(path, finding)| {
                let severity = self.settings.severity(index, &path)?;
                Some(finding.into_diagnostic(path, rule.id, severity))
            }));
        }
    }

    /// A finding of a rule that the loader reports.
    fn diagnostic(&self, path: &Arc<str>, rule: &str, finding: Finding) -> Option<Diagnostic> {
        let index = rule::index(rule)?;
        let severity = self.settings.severity(index, path)?;
        Some(finding.into_diagnostic(Arc::clone(path), RULES[index].id, severity))
    }

    fn unread(&self, path: &Arc<str>, error: &ReadError) -> Option<Diagnostic> {
        let finding = Finding::new(Span::at(0), format!("the file cannot be read: {error}"));
        match error {
            ReadError::TooLarge(size) => {
                let message = format!(
                    "the file has {size} bytes; a document has at most {}",
                    tree::LARGEST_DOCUMENT
                );
                let finding = Finding::new(Span::at(0), message)
                    .help("split it, or list it under `docs: exclude:`");
                self.diagnostic(path, "file-too-large", finding)
            }
            ReadError::Io(_) => {
                let finding = finding.help("make it readable, or list it under `docs: exclude:`");
                self.diagnostic(path, "unreadable-file", finding)
            }
            ReadError::NotAFile => {
                let finding = finding.help("name a Markdown document");
                self.diagnostic(path, "unreadable-file", finding)
            }
        }
    }

    fn fault(&self, fault: &WalkFault) -> Option<Diagnostic> {
        let start = Span::at(0);
        let (rule, finding) = match &fault.kind {
            WalkFaultKind::LinkOutside(target) => {
                let target = target.to_string_lossy();
                let message =
                    format!("the symbolic link leads out of the repository, to `{target}`");
                let help = "put the documents into the repository: nobody else has that path";
                ("outside-root", Finding::new(start, message).help(help))
            }
            WalkFaultKind::PathOutside => {
                let message = format!("the path is outside of `{}`", self.root.display());
                let help = "name a path of this repository, or another root with `--root`";
                ("outside-root", Finding::new(start, message).help(help))
            }
            WalkFaultKind::LinkLoop(target) => {
                let target = target.to_string_lossy();
                let message = format!("the symbolic link leads back to `{target}`");
                ("symlink-loop", Finding::new(start, message).help("remove the link"))
            }
            WalkFaultKind::Unreadable(error) => {
                let message = format!("it cannot be read: {error}");
                let help = "make it readable, or list it under `docs: exclude:`";
                ("unreadable-file", Finding::new(start, message).help(help))
            }
        };
        self.diagnostic(&fault.path, rule, finding)
    }
}

/// Whether the path, or a folder above it, is in the set: of a submodule git names only
/// the folder.
fn is_among(path: &str, set: &BTreeSet<String>) -> bool {
    let folders = path.match_indices('/').map(|(at, _)| &path[..at]);
    set.contains(path) || folders.into_iter().any(|folder| set.contains(folder))
}

/// A document to look at.
struct Job {
    path: Arc<str>,
    found: Found,
    reported: bool,
}

/// Documents that a thread takes at once.
const FEW: usize = 16;

/// What one thread has at hand.
#[derive(Default)]
struct Worker {
    buffer: Vec<u8>,
    facts: Vec<Facts>,
    diagnostics: Vec<Diagnostic>,
}
