//! Every rule on its own small repositories: `bad` has what it finds, `ok` has not.

use countersign_docset::diagnostic::Severity;
use countersign_docset::rule::{self, RULES};

use crate::tree::{BUILT, check, fixtures, folders, shown};

#[test]
fn every_rule_has_fixtures_and_every_fixture_a_rule() {
    let folders = folders(&fixtures());
    assert!(folders.iter().all(|folder| rule::rule(folder).is_some()), "{folders:?}");
    for rule in RULES {
        let committed = folders.iter().any(|folder| folder == rule.id);
        let built = BUILT.contains(&rule.id);
        assert!(committed != built, "{}: committed {committed}, built {built}", rule.id);
    }
}

#[test]
fn bad_has_what_the_rule_finds() {
    let folders = folders(&fixtures());
    assert!(!folders.is_empty());
    for rule in folders {
        let (checker, report) = check(&fixtures().join(&rule).join("bad"));
        assert!(report.diagnostics.iter().any(|finding| finding.rule == rule), "{rule}");
        let text: Vec<String> =
            report.diagnostics.iter().map(|finding| shown(&checker, finding)).collect();
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(rule, text.concat());
        });
    }
}

#[test]
fn ok_has_nothing_to_mend() {
    let folders = folders(&fixtures());
    assert!(!folders.is_empty());
    let mut found = Vec::new();
    for rule in folders {
        let (checker, report) = check(&fixtures().join(&rule).join("ok"));
        assert!(!report.documents.is_empty(), "{rule}: no document");
        let worse = report.diagnostics.iter().filter(|finding| finding.severity > Severity::Note);
        found.extend(worse.map(|finding| format!("{rule}: {}", shown(&checker, finding))));
    }
    assert!(found.is_empty(), "{}", found.concat());
}
