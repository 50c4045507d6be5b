//! Any text as `countersign.yaml`: it is refused with a place in it, or it can be used.

#![no_main]

use countersign_docset::Checker;
use countersign_docset::config::{ConfigError, DocsConfig};
use countersign_docset_fuzz::{OTHER, PATH, assert_fits, empty_root, findings};
use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(|data: &[u8]| -> Corpus {
    let Ok(text) = std::str::from_utf8(data) else { return Corpus::Reject };
    match DocsConfig::parse("countersign.yaml", text) {
        Ok(config) => used(config),
        Err(ConfigError::Invalid { line, column, message, help, .. }) => {
            assert!((1..=text.lines().count() + 1).contains(&line), "line {line}");
            assert!(column >= 1);
            assert!(!message.is_empty());
            assert!(![message, help].iter().any(|text| text.contains(char::is_control)));
        }
        Err(error) => panic!("no file was read: {error}"),
    }
    Corpus::Keep
});

/// A configuration that was not refused does its work.
fn used(mut config: DocsConfig) {
    // Whatever it includes, no file of this machine is looked at.
    config.include = DocsConfig::default().include;
    let mut checker = Checker::with_config(empty_root(), config).expect("it was not refused");
    checker.sources_mut().set(PATH, OTHER);
    for diagnostic in findings(&checker) {
        assert_fits(&diagnostic, checker.sources());
    }
}
