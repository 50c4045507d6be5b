//! One judgement over an approval: whoever shows it shows the same.

use std::collections::BTreeMap;

use countersign_docset::Checker;
use countersign_docset::docset::{State, state};
use countersign_docset::front_matter::{FrontMatter, content_digest};
use countersign_docset::record::Standing;
use serde_json::Value;

use super::harness::Repo;

const KINDS: [(&str, &str, &[&str]); 3] = [
    ("prd", "PRD", &["draft", "in-review", "approved", "superseded", "abandoned", "waiting"]),
    ("adr", "ADR", &["proposed", "accepted", "rejected", "deprecated"]),
    ("index", "IDX", &["draft", "approved"]),
];

/// What stands in the place of the digest.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Written {
    Nothing,
    Right,
    Wrong,
    Garbage,
}

/// One document for every combination of type, status, and what an approval says; each
/// with an issue of its own.
fn every_case() -> BTreeMap<String, (u64, String)> {
    let mut cases = BTreeMap::new();
    let mut number = 0;
    for (kind, prefix, statuses) in KINDS {
        for status in statuses {
            for approval in ["", "pending", "approved", "changes_requested", "certainly"] {
                for complete in [true, false] {
                    for digest in
                        [Written::Nothing, Written::Right, Written::Wrong, Written::Garbage]
                    {
                        number += 1;
                        let id = format!("{prefix}-{number:04}");
                        let text = case(&id, kind, status, number, approval, complete, digest);
                        cases.insert(format!("docs/{number:04}.md"), (number, text));
                    }
                }
            }
        }
    }
    cases
}

fn case(
    id: &str,
    kind: &str,
    status: &str,
    issue: u64,
    approval: &str,
    complete: bool,
    digest: Written,
) -> String {
    let mut block = String::new();
    if !approval.is_empty() {
        block.push_str(&format!("  status: {approval}\n"));
    }
    if complete {
        block.push_str("  request_id: REQ-1\n  approved_by: octavia\n  approved_at: 2026-01-03\n");
    }
    let text = |block: &str| {
        let approvals = if block.is_empty() { "" } else { "approvals:\n" };
        format!(
            "---\ndoc_id: {id}\ntype: {kind}\ntitle: T\nstatus: {status}\nowner_role: PM\n\
             created_at: 2026-01-01\nupdated_at: 2026-01-02\nrelated_issues: [{issue}]\n\
             {approvals}{block}---\n\n# T\n"
        )
    };
    let plain = text(&block);
    let right = content_digest(&plain, &FrontMatter::parse(&plain));
    match digest {
        Written::Nothing => {}
        Written::Right => block.push_str(&format!("  digest: {right}\n")),
        Written::Wrong => block.push_str(&format!("  digest: sha256:{}\n", "0".repeat(64))),
        Written::Garbage => block.push_str("  digest: certainly\n"),
    }
    text(&block)
}

#[test]
fn every_view_says_the_same_of_every_approval() {
    let cases = every_case();
    let files: Vec<(&str, &str)> =
        cases.iter().map(|(path, (_, text))| (&**path, &**text)).collect();
    let repo = Repo::new(&files);
    let checker = Checker::open(repo.path("")).unwrap();
    let records = checker.records();
    assert_eq!(records.by_path.len(), cases.len());
    let verified = repo.docset(&["verify", "--format", "json"]).outcome();
    let verified: Value = serde_json::from_str(&verified.stdout).unwrap();
    let verified: BTreeMap<&str, &str> = verified["approvals"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["path"].as_str().unwrap(), one["state"].as_str().unwrap()))
        .collect();
    for view in ["report", "map"] {
        assert_eq!(repo.docset(&[view]).outcome().code, 0);
    }
    let (page, map) = (repo.read("docs/_index/report.html"), repo.read("docs/_index/issue_map.md"));
    let checked = repo.check(&["--format", "json"]);
    let checked: Value = serde_json::from_str(&checked.stdout).unwrap();
    let mut found: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    for one in checked["diagnostics"].as_array().unwrap() {
        let text = |key: &str| one[key].as_str().unwrap();
        found.entry(text("path")).or_default().push((text("rule"), text("severity")));
    }

    let mut seen: BTreeMap<Standing, usize> = BTreeMap::new();
    for (path, (number, text)) in &cases {
        let record = &records.by_path[path.as_str()];
        let standing = record.standing();
        *seen.entry(standing).or_default() += 1;
        // `docset verify`.
        let claimed = standing.is_claimed().then(|| standing.name());
        assert_eq!(verified.get(path.as_str()).copied(), claimed, "{text}");
        // The report.
        let row = page.lines().find(|line| line.contains(&format!(">{}</a>", record.id))).unwrap();
        assert!(row.contains(&format!(">{}</span>", standing.name())), "{standing:?}: {row}");
        // The map.
        let row = map.lines().find(|line| line.starts_with(&format!("| Issue {number} "))).unwrap();
        let said = match standing {
            Standing::Over | Standing::NotNeeded => "nothing to approve".to_owned(),
            Standing::Approved => "1 of 1 approved".to_owned(),
            Standing::Open => "0 of 1 approved".to_owned(),
            bad => format!("0 of 1 approved, 1 {}", bad.name()),
        };
        assert!(row.ends_with(&format!("| {said} |")), "{standing:?}: {row}");
        // Docset files.
        match standing {
            Standing::Approved => assert_eq!(state(record), Some(State::Approved)),
            Standing::Open => {
                assert!(matches!(state(record), Some(State::Draft | State::InReview)));
            }
            Standing::Over => assert_eq!(state(record), None),
            Standing::NotNeeded => {}
            // A rejected document is no artifact, whatever it claims.
            _ => assert!(matches!(state(record), Some(State::Stale) | None), "{text}"),
        }
        // `docset check`: what must not be taken for an approval is an error.
        let rules = found.get(path.as_str()).cloned().unwrap_or_default();
        let of_approvals = |rule: &str| {
            rule.contains("approv")
                || ["lifecycle-mismatch", "invalid-status", "wrong-value-type"].contains(&rule)
        };
        let errors = rules.iter().filter(|(rule, how)| of_approvals(rule) && *how == "error");
        match standing {
            Standing::Forged | Standing::Stale => assert_ne!(errors.count(), 0, "{text}{rules:?}"),
            Standing::Approved => assert_eq!(errors.count(), 0, "{text}{rules:?}"),
            Standing::Unbound => {
                assert!(rules.contains(&("missing-approval-digest", "note")), "{text}{rules:?}");
            }
            _ => {}
        }
    }
    // The cases hold one of each.
    assert_eq!(seen.keys().copied().collect::<Vec<_>>(), Standing::ALL);
}
