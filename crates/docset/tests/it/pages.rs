//! The pages of the rules, which `docset explain` shows.

use std::path::Path;

use countersign_docset::config::DocsConfig;
use countersign_docset::diagnostic::Severity;
use countersign_docset::rule::RULES;
use countersign_docset::{Checker, Request};

use crate::tree::shown;

#[test]
fn a_page_begins_with_the_severity_that_the_rule_has() {
    for rule in RULES {
        let mut lines = rule.page.lines();
        assert_eq!(lines.next(), Some(&*format!("# {}", rule.id)));
        assert_eq!(lines.next(), Some(""));
        let severity = format!("Default severity: {}.", rule.severity);
        assert!(lines.next().is_some_and(|line| line.starts_with(&severity)), "{}", rule.id);
    }
}

#[test]
fn the_examples_of_configuration_can_be_read() {
    let mut read = 0;
    for rule in RULES {
        for example in rule.page.split("```yaml\n").skip(1) {
            let (example, _) = example.split_once("```").unwrap();
            if !example.starts_with("docs:") {
                continue;
            }
            let parsed = DocsConfig::parse(rule.id, example);
            assert!(parsed.is_ok(), "{}: {parsed:?}\n{example}", rule.id);
            read += 1;
        }
    }
    assert!(read >= RULES.len(), "only {read} examples");
}

#[test]
fn the_pages_pass_the_rules() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = vec!["docs/rules".to_owned()];
    let config = DocsConfig { include: folder.clone(), plain: folder, ..DocsConfig::default() };
    let checker = Checker::with_config(root, config).unwrap();
    let report = checker.check(&Request::default()).unwrap();
    // The pages and the table of them.
    assert_eq!(report.documents.len(), RULES.len() + 1);
    let worse = report.diagnostics.iter().filter(|finding| finding.severity > Severity::Note);
    let found: Vec<String> = worse.map(|finding| shown(&checker, finding)).collect();
    assert!(found.is_empty(), "{}", found.concat());
}
