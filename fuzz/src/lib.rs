//! What the fuzz targets share.

use std::path::PathBuf;

use countersign_docset::config::DocsConfig;
use countersign_docset::diagnostic::Diagnostic;
use countersign_docset::tree::Sources;
use countersign_docset::{Checker, Request};

/// The document that is fuzzed.
pub const PATH: &str = "docs/a.md";

/// Rules whose findings come from the rest of the tree need one.
pub const OTHER: &str = include_str!("other.md");

/// Everything that can be set, so that nothing is left out.
const CONFIG: &str = include_str!("countersign.yaml");

/// A checker that knows one document besides the one at [`PATH`].
pub fn checker() -> Checker {
    let config = DocsConfig::parse("countersign.yaml", CONFIG).expect("the configuration is good");
    let mut checker = Checker::with_config(empty_root(), config).expect("so are its settings");
    checker.sources_mut().set("docs/b.md", OTHER);
    checker
}

/// A folder without documents; texts in memory take their place.
pub fn empty_root() -> PathBuf {
    let root = std::env::temp_dir().join("countersign-docset-fuzz");
    std::fs::create_dir_all(&root).expect("the folder for temporary files takes a folder");
    root
}

/// All findings of a checker whose texts are in memory.
pub fn findings(checker: &Checker) -> Vec<Diagnostic> {
    let request = Request { threads: Some(1), ignore_files: false, ..Request::default() };
    checker.check(&request).expect("git is not asked").diagnostics
}

/// Spans fit the texts that they point into, and what is shown is escaped.
pub fn assert_fits(found: &Diagnostic, sources: &Sources) {
    let text_of = |path: &str| sources.text(path).unwrap_or_default();
    let text = text_of(&found.path);
    assert!(found.span.text(&text).is_some(), "{found:#?}");
    for related in &found.related {
        let text = text_of(related.path.as_deref().unwrap_or(&found.path));
        assert!(related.span.text(&text).is_some(), "{found:#?}");
    }
    let mut shown = vec![&found.message, &found.label];
    shown.extend(found.related.iter().map(|related| &related.label));
    shown.extend(&found.help);
    if let Some(fix) = &found.fix {
        shown.push(&fix.title);
        let mut end = 0;
        for edit in &fix.edits {
            assert!(edit.span.text(&text).is_some() && edit.span.start >= end, "{found:#?}");
            end = edit.span.end;
        }
    }
    let hostile = |char: char| {
        char.is_control() || matches!(char, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    assert!(!shown.iter().any(|text| text.contains(hostile)), "{found:#?}");
    assert!(!found.message.is_empty(), "{found:#?}");
}
