//! Fixes: they do away with their finding, once, and leave everything else alone.

use std::collections::BTreeMap;
use std::fs;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use countersign_docset::diagnostic::{Applicability, Diagnostic};
use countersign_docset::document::Document;
use countersign_docset::edit::{FixLevel, fix};
use countersign_docset::{Checker, Request};
use proptest::prelude::*;
use tempfile::TempDir;

use crate::tree::{Tree, check, fixtures, folders, story};

/// The findings about the document at `path`, which has `text` instead of what the
/// file has.
fn findings(checker: &mut Checker, path: &str, text: &str) -> Vec<Diagnostic> {
    checker.sources_mut().set(path, text);
    let report = checker.check(&Request { threads: Some(1), ..Request::default() }).unwrap();
    report.diagnostics.into_iter().filter(|finding| &*finding.path == path).collect()
}

/// `text` without what safe fixes change, and the changes, as far as the edits of
/// `findings` say so: an independent reading of what a fix may touch.
fn untouched<'t>(text: &'t str, findings: &[&Diagnostic]) -> Vec<&'t str> {
    let fixes = findings.iter().filter_map(|finding| finding.fix.as_ref());
    let safe = fixes.filter(|fix| fix.applicability == Applicability::Safe);
    let mut edits: Vec<_> = safe.flat_map(|fix| &fix.edits).collect();
    edits.sort();
    edits.dedup();
    let mut parts = Vec::new();
    let mut from = 0;
    for edit in edits {
        parts.push(&text[from..edit.span.start.max(from)]);
        from = edit.span.end.max(from);
    }
    parts.push(&text[from..]);
    parts
}

/// The keys of the front matter, as they are written; `None` if it is no mapping.
fn top_level_keys(document: &Document<'_>) -> Option<Vec<String>> {
    let root = document.front_matter.root()?;
    Some(root.entries().filter_map(|entry| Some(entry.key.as_str()?.to_owned())).collect())
}

/// Applies safe fixes until there is none; asserts that it comes to an end, and
/// that the end is one.
fn fix_all(checker: &mut Checker, path: &str, text: &str) -> String {
    let mut text = text.to_owned();
    // Two fixes at one place take two rounds.
    for _ in 0..4 {
        let found = findings(checker, path, &text);
        let found: Vec<&Diagnostic> = found.iter().collect();
        let fixed = fix(&text, &found, FixLevel::Safe);
        if fixed.count == 0 {
            assert_eq!(fixed.text, text, "a fix that is none changes something");
            return text;
        }
        assert_ne!(fixed.text, text, "a fix changes nothing");
        let keys = |text| top_level_keys(&Document::parse(text));
        assert_eq!(keys(&fixed.text), keys(&text), "before:\n{text}\nafter:\n{}", fixed.text);
        let mut rest = &*fixed.text;
        for part in untouched(&text, &found) {
            let at = rest.find(part).unwrap_or_else(|| panic!("{part:?} is gone:\n{}", fixed.text));
            rest = &rest[at + part.len()..];
        }
        text = fixed.text;
    }
    panic!("fixes without end:\n{text}");
}

fn has_safe_fix(finding: &Diagnostic) -> bool {
    finding.fix.as_ref().is_some_and(|fix| fix.applicability == Applicability::Safe)
}

#[test]
fn safe_fixes_of_all_fixtures_do_away_with_their_findings() {
    let mut fixed_rules = Vec::new();
    for rule in folders(&fixtures()) {
        let root = fixtures().join(&rule).join("bad");
        let (_, report) = check(&root);
        let mut by_path: BTreeMap<&str, Vec<&Diagnostic>> = BTreeMap::new();
        for finding in report.diagnostics.iter().filter(|finding| has_safe_fix(finding)) {
            by_path.entry(&finding.path).or_default().push(finding);
            fixed_rules.push(finding.rule);
        }
        for (path, _) in by_path {
            let before = fs::read_to_string(root.join(path)).unwrap();
            // A fresh checker: one text in memory, all others from the disk.
            let mut checker = Checker::open(&root).unwrap();
            let after = fix_all(&mut checker, path, &before);
            assert!(findings(&mut checker, path, &after).iter().all(|found| !has_safe_fix(found)));
            assert_eq!(fix_all(&mut checker, path, &after), after);
        }
    }
    fixed_rules.sort_unstable();
    fixed_rules.dedup();
    assert_eq!(
        fixed_rules,
        ["invalid-date", "invalid-status", "unknown-role", "unknown-type", "wrong-value-type"]
    );
}

#[test]
fn a_byte_order_mark_and_blanks_behind_fences_go_and_nothing_else() {
    let padded = story().replacen("---\n", "---  \n", 1).replacen("\n---\n", "\n---\t\n", 1);
    let tree = Tree::new();
    let mut checker = Checker::open(tree.path("")).unwrap();
    for hostile in [format!("\u{feff}{padded}"), format!("\u{feff}{padded}").replace('\n', "\r\n")]
    {
        let found = findings(&mut checker, "docs/x.md", &hostile);
        let rules: Vec<&str> = found.iter().map(|finding| finding.rule).collect();
        assert_eq!(rules, ["byte-order-mark", "padded-fence", "padded-fence"]);
        let expected = if hostile.contains('\r') { story().replace('\n', "\r\n") } else { story() };
        assert_eq!(fix_all(&mut checker, "docs/x.md", &hostile), expected);
    }
}

#[test]
fn a_fix_keeps_quotes_comments_and_line_ends() {
    let tree = Tree::new();
    let mut checker = Checker::open(tree.path("")).unwrap();
    let before = story()
        .replacen("owner_role: PM", "owner_role:   'pm'   # who answers", 1)
        .replacen("created_at: 2026-02-03", "created_at: \"2026/2/3\"", 1)
        .replacen(
            "updated_at: 2026-02-05\n",
            "updated_at: 2026-02-05\nrelated_issues: 12 # one\n",
            1,
        )
        .replace('\n', "\r\n");
    let after = fix_all(&mut checker, "docs/x.md", &before);
    assert!(after.contains("owner_role:   'PM'   # who answers\r\n"), "{after}");
    assert!(after.contains("created_at: \"2026-02-03\"\r\n"), "{after}");
    assert!(after.contains("related_issues: [12] # one\r\n"), "{after}");
    assert!(findings(&mut checker, "docs/x.md", &after).is_empty());
}

/// A checker for texts in memory, and the folder that it needs.
fn shared() -> MutexGuard<'static, (Checker, TempDir)> {
    static SHARED: LazyLock<Mutex<(Checker, TempDir)>> = LazyLock::new(|| {
        let folder = tempfile::tempdir().unwrap();
        Mutex::new((Checker::open(folder.path()).unwrap(), folder))
    });
    SHARED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Lines of front matter, right and wrong.
const KEYS: [&str; 36] = [
    "doc_id: ADR-0004",
    "doc_id: \"adr 4\"",
    "doc_id:",
    "type: adr",
    "type: ADR",
    "type: 'Release Notes'",
    "type: &t adr",
    "title: *t",
    "title: \"a\\u202eb\"",
    "title: <role>",
    "title: |\n  2026/02/03\n  x",
    "status: Proposed",
    "status: \"In Review\"",
    "status: >-\n  Draft",
    "owner_role: sa",
    "owner_role: *t",
    "created_at: 2026/2/3",
    "created_at: '2026.02.03'",
    "created_at: &d 2026/02/04",
    "updated_at: *d",
    "updated_at: 2026-02-03T10:00:00Z # x",
    "updated_at: |\n  2026/02/03",
    "related_issues: 12",
    "related_issues: [\"#12\", '13', 0]",
    "related_issues:\n  - \"14\"\n  - #15\n  - 16",
    "related_prs: &p 7",
    "related_prs:\n  - |\n    12",
    "related_services: |\n  a",
    "related_services: a b # c",
    "related_services: a, b",
    "approvals: none",
    "approvals:\n  required: Owner\n  status: approved\n  approved_at: 2026/02/05",
    "supersedes: [ADR-0004]",
    "related_isues: [1]",
    "? [a]\n: b",
    "\tx: [",
];

/// Pieces of bodies, right and wrong.
const BODIES: [&str; 20] = [
    "# Title\n\n",
    "## TL;DR\n\n",
    "## Context\n",
    "##\n",
    "###### \n",
    "Two\n===\n",
    "Two\nlines\n---\n",
    "```sh\n",
    "~~~\n",
    "> ```\n> a\n\n",
    "[a](b.md#c) ",
    "[a](#title) ",
    "![]() ",
    "<https://e.org> <role> ",
    "`docs/x.md` ",
    "{{ x }} ADR-XXX ",
    "- TBD\n",
    "<!-- ",
    "\u{feff}я\0\u{202e}",
    "\\`*_[]<>&!~# ",
];

fn documents() -> impl Strategy<Value = String> {
    let fence =
        prop_oneof![4 => Just("---"), 1 => Just("--- \t"), 1 => Just("----"), 1 => Just("")];
    let keys = proptest::collection::vec(proptest::sample::select(KEYS.to_vec()), 0..8);
    let body = proptest::collection::vec(proptest::sample::select(BODIES.to_vec()), 0..8);
    let mark = prop_oneof![3 => Just(""), 1 => Just("\u{feff}"), 1 => Just("\n")];
    let line_end = prop_oneof![Just("\n"), Just("\r\n")];
    (mark, fence.clone(), keys, fence, body, line_end).prop_map(
        |(mark, open, keys, close, body, line_end)| {
            let text = format!("{mark}{open}\n{}\n{close}\n{}", keys.join("\n"), body.concat());
            text.replace('\n', line_end)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 1000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn fixes_of_any_document_come_to_an_end(text in documents()) {
        let (checker, _) = &mut *shared();
        let fixed = fix_all(checker, "docs/x.md", &text);
        prop_assert_eq!(fix_all(checker, "docs/x.md", &fixed), fixed.clone());
    }

    #[test]
    fn spans_of_any_document_fit_its_text(text in prop_oneof![documents(), any::<String>()]) {
        let document = Document::parse(&text);
        let body = document.body();
        prop_assert_eq!(body.end, text.len());
        if let Some(block) = document.front_matter.block() {
            // A byte order mark, the opening fence, the YAML, the closing fence, the body.
            let places = [0, block.open.start, block.open.end, block.yaml.start, block.yaml.end,
                block.close.start, block.close.end, block.body_start, text.len()];
            prop_assert!(places.is_sorted(), "{places:?}");
            prop_assert_eq!(block.yaml.end, block.close.start);
            prop_assert_eq!(block.body_start, body.start);
            let between = [&text[..block.open.start], &text[block.open.end..block.yaml.start],
                &text[block.close.end..block.body_start]];
            let allowed = ["", "\u{feff}", "\n", "\r\n"];
            let fits = between.iter().all(|text| allowed.contains(text));
            prop_assert!(fits, "{between:?}");
        } else {
            let before = &text[..body.start];
            prop_assert!(["", "\u{feff}"].contains(&before), "{before:?}");
        }
        let outline = &document.outline;
        let spans = outline.headings.iter().map(|heading| heading.text)
            .chain(outline.links.iter().map(|link| link.span))
            .chain(outline.code_spans.iter().copied())
            .chain(outline.code_blocks.iter().copied());
        for span in spans {
            prop_assert!(span.text(&text).is_some(), "{span:?}");
            prop_assert!(span.start >= body.start, "{span:?}");
        }
        let (checker, _) = &mut *shared();
        for finding in findings(checker, "docs/x.md", &text) {
            prop_assert!(finding.span.text(&text).is_some(), "{finding:?}");
        }
    }
}
