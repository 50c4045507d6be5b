//! Any text checked beside another document: spans fit, and safe fixes come to an end
//! and touch nothing else.

#![no_main]

use std::cell::RefCell;

use countersign_docset::Checker;
use countersign_docset::diagnostic::{Applicability, Diagnostic};
use countersign_docset::document::Document;
use countersign_docset::edit::{Edit, FixLevel, fix};
use countersign_docset_fuzz::{PATH, assert_fits, checker, findings};
use libfuzzer_sys::{Corpus, fuzz_target};

/// Two fixes at one place take two rounds; nothing takes ten.
const ROUNDS: usize = 10;

thread_local! {
    static CHECKER: RefCell<Checker> = RefCell::new(checker());
}

fuzz_target!(|data: &[u8]| -> Corpus {
    let Ok(text) = std::str::from_utf8(data) else { return Corpus::Reject };
    CHECKER.with_borrow_mut(|checker| {
        checker.sources_mut().set(PATH, text);
        let found = findings(checker);
        for diagnostic in &found {
            assert_fits(diagnostic, checker.sources());
        }
        unsafe_fixes(text, &found);
        safe_fixes(checker, text, found);
    });
    Corpus::Keep
});

fn of_the_text(found: &[Diagnostic]) -> Vec<&Diagnostic> {
    found.iter().filter(|one| &*one.path == PATH).collect()
}

fn safe_fixes(checker: &mut Checker, text: &str, mut found: Vec<Diagnostic>) {
    let mut text = text.to_owned();
    for _ in 0..ROUNDS {
        let mine = of_the_text(&found);
        let fixed = fix(&text, &mine, FixLevel::Safe);
        if fixed.count == 0 {
            assert_eq!(fixed.text, text, "a fix that is none changes something");
            return;
        }
        assert_ne!(fixed.text, text, "a fix changes nothing");
        assert_untouched(&text, &fixed.text, &mine);
        // With two marks the second one hides what is front matter without it.
        if !text.starts_with("\u{feff}\u{feff}") {
            assert_same_document(&text, &fixed.text);
            assert_same_values(&text, &fixed.text, &mine);
        }
        text = fixed.text;
        checker.sources_mut().set(PATH, text.clone());
        found = findings(checker);
    }
    panic!("fixes without end: {text:?}");
}

/// What is outside of all edits is still there, in order.
fn assert_untouched(before: &str, after: &str, found: &[&Diagnostic]) {
    let fixes = found.iter().filter_map(|one| one.fix.as_ref());
    let safe = fixes.filter(|fix| fix.applicability == Applicability::Safe);
    let mut edits: Vec<&Edit> = safe.flat_map(|fix| &fix.edits).collect();
    edits.sort();
    let mut parts = Vec::new();
    let mut from = 0;
    for edit in edits {
        parts.push(&before[from..edit.span.start.max(from)]);
        from = edit.span.end.max(from);
    }
    let last = &before[from..];
    let mut rest = after.strip_suffix(last).expect("the end is as it was");
    rest = rest.strip_prefix(parts[0]).expect("the start is as it was");
    for part in &parts[1..] {
        let at = rest.find(part).unwrap_or_else(|| panic!("{part:?} is gone: {after:?}"));
        rest = &rest[at + part.len()..];
    }
}

/// A safe fix changes neither which keys there are nor the body.
fn assert_same_document(before: &str, after: &str) {
    let (before, after) = (Document::parse(before), Document::parse(after));
    let keys = |document: &Document<'_>| {
        let root = document.front_matter.root()?;
        let names = root.entries().map(|entry| entry.key.as_str().map(str::to_owned));
        Some(names.collect::<Vec<_>>())
    };
    assert_eq!(keys(&before), keys(&after), "{:?} {:?}", before.text, after.text);
    let body = |document: &Document<'_>| document.text[document.body().range()].to_owned();
    assert_eq!(body(&before), body(&after));
}

/// A fix that replaces nothing in a key leaves the texts of its value as they were, and
/// so does a fix of another key.
fn assert_same_values(before: &str, after: &str, found: &[&Diagnostic]) {
    let (before, after) = (Document::parse(before), Document::parse(after));
    let (Some(old), Some(new)) = (before.front_matter.root(), after.front_matter.root()) else {
        return;
    };
    // A change at an anchor is one at every alias.
    if before.front_matter.has_alias() {
        return;
    }
    let fixes = found.iter().filter_map(|one| one.fix.as_ref());
    let edits: Vec<&Edit> = fixes.flat_map(|fix| &fix.edits).collect();
    for (old, new) in old.entries().zip(new.entries()) {
        let replaced = |edit: &&Edit| {
            let place = old.span();
            !edit.span.is_empty() && edit.span.start < place.end && place.start < edit.span.end
        };
        if !edits.iter().any(replaced) {
            let old: Vec<_> = old.value.one_or_many().map(|node| node.as_str()).collect();
            let new: Vec<_> = new.value.one_or_many().map(|node| node.as_str()).collect();
            assert_eq!(old, new, "{:?} {:?}", before.text, after.text);
        }
    }
}

/// Guesses need not be good, but they are edits too.
fn unsafe_fixes(text: &str, found: &[Diagnostic]) {
    let fixed = fix(text, &of_the_text(found), FixLevel::SafeAndUnsafe);
    assert!(fixed.count > 0 || fixed.text == text);
}
