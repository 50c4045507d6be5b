//! The findings about any text, written: every format can be read again, and no text of a
//! document makes a line of its own.

#![no_main]

use std::cell::RefCell;

use countersign_docset::Checker;
use countersign_docset::baseline::Baseline;
use countersign_docset::diagnostic::Diagnostic;
use countersign_docset::output::{Format, Output, Styling, Summary};
use countersign_docset_fuzz::{PATH, checker, findings};
use libfuzzer_sys::{Corpus, fuzz_target};

thread_local! {
    static CHECKER: RefCell<Checker> = RefCell::new(checker());
}

fuzz_target!(|data: &[u8]| -> Corpus {
    let Ok(text) = std::str::from_utf8(data) else { return Corpus::Reject };
    CHECKER.with_borrow_mut(|checker| {
        checker.sources_mut().set(PATH, text);
        let found = findings(checker);
        formats(checker, &found);
        baseline(&found);
    });
    Corpus::Keep
});

fn formats(checker: &Checker, found: &[Diagnostic]) {
    let summary = Summary::new(2, found);
    let output = Output { tool: countersign_docset::rule::tool(), diagnostics: found, summary: &summary, sources: checker.sources() };
    let write = |format| {
        let mut bytes = Vec::new();
        output.write(format, Styling::Plain, &mut bytes).expect("memory takes all");
        String::from_utf8(bytes).expect("text")
    };
    let json: serde_json::Value = serde_json::from_str(&write(Format::Json)).expect("JSON");
    assert_eq!(json["diagnostics"].as_array().map(Vec::len), Some(found.len()));
    let sarif: serde_json::Value = serde_json::from_str(&write(Format::Sarif)).expect("SARIF");
    assert_eq!(sarif["runs"][0]["results"].as_array().map(Vec::len), Some(found.len()));
    // A line per finding and one for the sum: no text of a document makes another one.
    assert_eq!(write(Format::Concise).lines().count(), found.len() + 1);
    let github = write(Format::Github);
    assert_eq!(github.lines().count(), found.len() + 1);
    assert_eq!(github.lines().filter(|line| line.starts_with("::")).count(), found.len());
    let rows = write(Format::Markdown);
    assert_eq!(
        rows.lines().filter(|line| line.starts_with('|')).count(),
        match found.len() {
            0 => 0,
            number => number.min(500) + 2,
        }
    );
}

/// A baseline knows what it was made of.
fn baseline(found: &[Diagnostic]) {
    let baseline = Baseline::new(found);
    let file: serde_json::Value = serde_json::from_str(&baseline.render()).expect("JSON");
    assert_eq!(file["findings"].as_array().map(Vec::is_empty), Some(found.is_empty()));
    let sifted = baseline.sift(found.to_vec(), |_| true);
    assert_eq!((sifted.new.len(), sifted.known, sifted.gone.len()), (0, found.len(), 0));
}
