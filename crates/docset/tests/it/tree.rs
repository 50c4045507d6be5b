//! Repositories to check: committed ones and ones made for a single test.

use std::fs;
use std::path::{Path, PathBuf};

use countersign_docset::diagnostic::Diagnostic;
use countersign_docset::span::LineIndex;
use countersign_docset::{Checker, Report, Request};
use tempfile::TempDir;

/// Rules whose findings need files that git or editors would change: their trees
/// are built by the tests in `hostile` and `fixes`.
pub(crate) const BUILT: [&str; 8] = [
    "byte-order-mark",
    "control-character",
    "file-too-large",
    "invalid-utf8",
    "outside-root",
    "padded-fence",
    "symlink-loop",
    "unreadable-file",
];

/// The folder with one folder per rule.
pub(crate) fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

/// The names of the folders in `folder`, sorted.
pub(crate) fn folders(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    let mut names: Vec<String> = entries
        .filter(|entry| entry.file_type().unwrap().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// Checks all documents of the repository at `root`.
pub(crate) fn check(root: &Path) -> (Checker, Report) {
    let checker = Checker::open(root).unwrap();
    let report = checker.check(&Request::default()).unwrap();
    (checker, report)
}

/// One finding as two lines: where and what, then what to do.
pub(crate) fn shown(checker: &Checker, finding: &Diagnostic) -> String {
    let text = checker.sources().text(&finding.path).unwrap_or_default();
    let position = LineIndex::new(&text).position(&text, finding.span.start);
    let marked = finding.span.text(&text).unwrap_or("(outside of the text)");
    let marked = countersign_docset::diagnostic::escape(marked);
    let mut lines = format!(
        "{}:{}:{} {}[{}] {}\n  at: {marked}\n",
        finding.path,
        position.line,
        position.column,
        finding.severity,
        finding.rule,
        finding.message
    );
    if let Some(help) = &finding.help {
        lines.push_str(&format!("  help: {help}\n"));
    }
    if let Some(fix) = &finding.fix {
        lines.push_str(&format!("  fix ({:?}): {}\n", fix.applicability, fix.title));
    }
    lines
}

/// A repository in a folder of its own, with one document that has one finding:
/// whatever else is in the tree, that finding must be reported.
pub(crate) struct Tree {
    folder: TempDir,
}

/// The document that every [`Tree`] has, with an unknown role.
const NEIGHBOUR: &str = "\
---
doc_id: IDX-0001
type: index
title: Documents of the checkout
status: draft
owner_role: Nobody
created_at: 2026-02-03
updated_at: 2026-02-05
---

# Documents of the checkout

## Summary

All documents of the checkout.
";

impl Tree {
    pub(crate) fn new() -> Self {
        let tree = Self { folder: tempfile::tempdir().unwrap() };
        tree.write("docs/neighbour.md", NEIGHBOUR);
        tree
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        countersign_docset::edit::write_atomically(&self.path(path), content.as_ref()).unwrap();
    }

    /// Path and rule of every finding, that of the neighbour left out (and missed).
    pub(crate) fn findings(&self) -> Vec<String> {
        self.findings_of(&Request::default())
    }

    pub(crate) fn findings_of(&self, request: &Request) -> Vec<String> {
        let report = self.report(request);
        let shown = |finding: &Diagnostic| format!("{} {}", finding.path, finding.rule);
        report.diagnostics.iter().map(shown).collect()
    }

    /// The findings of a check, that of the neighbour left out (and missed).
    pub(crate) fn report(&self, request: &Request) -> Report {
        let mut report = Checker::open(self.folder.path()).unwrap().check(request).unwrap();
        let before = report.diagnostics.len();
        report.diagnostics.retain(|finding| {
            (&*finding.path, finding.rule) != ("docs/neighbour.md", "unknown-role")
        });
        assert_eq!(report.diagnostics.len() + 1, before, "the neighbour was not checked");
        report
    }
}

/// A document without any finding.
pub(crate) fn story() -> String {
    fs::read_to_string(fixtures().join("unclosed-front-matter/ok/docs/stories/saved-card.md"))
        .unwrap()
}

#[test]
fn the_documents_of_one_issue_are_those_that_a_whole_reading_finds() {
    use std::collections::BTreeSet;

    use countersign_docset::record::Subject;
    use countersign_docset::view::is_about;

    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join("docs").join(name);
        countersign_docset::edit::write_atomically(&path, text.as_bytes()).unwrap();
    };
    fs::create_dir_all(folder.path().join("docs")).unwrap();
    write("a.md", "---\nrelated_issues: [12]\n---\n");
    write("b.md", "---\nrelated_issues:\n  - +12\n---\n");
    write("c.md", "---\nx: &n [012]\nrelated_issues: *n\n---\n");
    write("d.md", "---\ntype: docset-issue\nissue: {number: 12}\n---\n");
    // Behind the first page of memory.
    write("e.md", &format!("---\nx: {}\nrelated_issues: [12]\n---\n", "y".repeat(5000)));
    write("other.md", "---\nrelated_issues: [112, 120]\n---\n12\n");
    write("quoted.md", "---\nrelated_issues: [\"12\"]\n---\n");
    write("request.md", "---\nrelated_prs: [12]\n---\n");
    write("broken.md", "---\nrelated_issues: [12\n---\n");
    write("none.md", "# 12\n");
    write("listed.md", "---\nrelated_issues: [7]\n---\n");
    let checker = Checker::open(folder.path()).unwrap();
    let listed: BTreeSet<String> =
        ["docs/listed.md", "docs/none.md", "docs/gone.md"].map(str::to_owned).into();
    let issue = Subject::Issue(12);
    let found = checker.records_about(issue, &listed);
    let mut all = checker.records();
    all.by_path.retain(|path, record| is_about(record, issue) || listed.contains(&**path));
    all.unread.retain(|path, _| listed.contains(&**path));
    assert_eq!(found.by_path, all.by_path);
    assert_eq!(found.unread, all.unread);
    let names: Vec<&str> = found.by_path.keys().map(|path| &**path).collect();
    let wanted = ["a", "b", "c", "d", "e", "listed"].map(|name| format!("docs/{name}.md"));
    assert_eq!(names, wanted);
    assert_eq!(found.unread.keys().map(|path| &**path).collect::<Vec<_>>(), ["docs/none.md"]);
}
