//! `docset sync`: docset files of issues and pull requests.

mod page;

use std::process::Stdio;
use std::thread;
use std::time::Duration;

use insta::assert_snapshot;

use crate::cli::harness::{Outcome, Repo, altered, index};

const ISSUE: &str = "docs/_docset/issues/issue-12.yaml";
const PR: &str = "docs/_docset/prs/pr-5.yaml";

fn document(id: &str, kind: &str, keys: &str) -> String {
    index(id, "").replace("type: index", &format!("type: {kind}\n{keys}"))
}

fn tree() -> Vec<(&'static str, String)> {
    vec![
        ("docs/brief.md", document("BRF-0001", "brief", "related_issues: [12]\nrelated_prs: [5]")),
        ("docs/plan.md", document("PLN-0001", "delivery-plan", "related_issues: [12, 13]")),
        ("docs/adr.md", {
            let adr = document("ADR-0001", "adr", "related_issues: [12]\nrelated_prs: [7, 5]");
            adr.replace("status: draft", "status: proposed").replace("Guide", "'Yes: \"no\"'")
        }),
        ("docs/other.md", index("IDX-0011", "")),
    ]
}

fn repo() -> Repo {
    let tree = tree();
    let files: Vec<(&str, &str)> = tree.iter().map(|(path, text)| (*path, &**text)).collect();
    Repo::new(&files)
}

fn sync(repo: &Repo, arguments: &[&str]) -> Outcome {
    repo.docset(&[&["sync"], arguments].concat()).outcome()
}

/// With digests, which say nothing to a reader, cut short.
fn shown(text: &str) -> String {
    let mut parts = text.split("sha256:");
    let mut shown = parts.next().unwrap().to_owned();
    for part in parts {
        shown.push_str("sha256:…");
        shown.push_str(&part[64..]);
    }
    shown
}

#[test]
fn a_new_file_of_an_issue() {
    let repo = repo();
    let arguments = ["issue", "12", "--profile", "quick-fix", "--repo", "acme/shop"];
    assert_snapshot!(sync(&repo, &arguments), @"
    exit 0
    --- stdout
    wrote `docs/_docset/issues/issue-12.yaml`
    ");
    assert_snapshot!(shown(&repo.read(ISSUE)), @r#"
    # Written by `docset sync issue 12` from the front matter of the documents.
    # Notes, comments and keys of your own stay as they are.
    version: 1
    issue:
      number: 12
      repo: acme/shop
      url: "https://github.com/acme/shop/issues/12"
    profile: quick-fix
    stage: plan
    documents:
      - {id: ADR-0001, path: docs/adr.md, type: adr, status: proposed, digest: "sha256:…"}
      - {id: BRF-0001, path: docs/brief.md, type: brief, status: draft, digest: "sha256:…"}
      - {id: PLN-0001, path: docs/plan.md, type: delivery-plan, status: draft, digest: "sha256:…"}
    required:
      - {type: brief, stage: intake, state: draft, documents: [BRF-0001]}
      - {type: constraints, stage: intake, state: missing}
      - {type: personas, stage: intake, state: missing}
      - {type: problem, stage: intake, state: missing}
      - {type: scope, stage: intake, state: missing}
      - {type: definition-of-done, stage: plan, state: missing}
      - {type: delivery-plan, stage: plan, state: draft, documents: [PLN-0001]}
      - {type: epic, stage: plan, state: missing}
      - {type: roadmap, stage: plan, state: missing}
      - {type: story, stage: plan, state: missing}
    pull_requests:
      - 5
      - 7
    decisions:
      - {id: ADR-0001, title: "Yes: \"no\"", status: proposed, path: docs/adr.md}
    notes: []
    "#);
    let before = repo.read(ISSUE);
    assert_snapshot!(sync(&repo, &["issue", "12"]), @"
    exit 0
    --- stdout
    `docs/_docset/issues/issue-12.yaml` is up to date
    ");
    assert_eq!(repo.read(ISSUE), before);
    assert_eq!(sync(&repo, &["issue", "12", "--check"]).code, 0);
}

#[test]
fn a_new_file_of_a_pull_request() {
    let repo = repo();
    assert_eq!(sync(&repo, &["pr", "5"]).code, 0);
    assert_snapshot!(shown(&repo.read(PR)), @r#"
    # Written by `docset sync pr 5` from the front matter of the documents.
    # Notes, comments and keys of your own stay as they are.
    version: 1
    pr:
      number: 5
    issues:
      - 12
    profile: full
    stage: plan
    documents:
      - {id: ADR-0001, path: docs/adr.md, type: adr, status: proposed, digest: "sha256:…"}
      - {id: BRF-0001, path: docs/brief.md, type: brief, status: draft, digest: "sha256:…"}
    required:
      - {type: brief, stage: intake, state: draft, documents: [BRF-0001]}
      - {type: constraints, stage: intake, state: missing}
      - {type: personas, stage: intake, state: missing}
      - {type: problem, stage: intake, state: missing}
      - {type: scope, stage: intake, state: missing}
      - {type: charter, stage: vision, state: missing}
      - {type: risks, stage: vision, state: missing}
      - {type: success-metrics, stage: vision, state: missing}
      - {type: prd, stage: prd, state: missing}
      - {type: adr, stage: arch, state: draft, documents: [ADR-0001]}
      - {type: alternatives, stage: arch, state: missing}
      - {type: c4-container, stage: arch, state: missing}
      - {type: c4-context, stage: arch, state: missing}
      - {type: nfr, stage: arch, state: missing}
      - {type: api-contract, stage: design, state: missing}
      - {type: data-model, stage: design, state: missing}
      - {type: design-doc, stage: design, state: missing}
      - {type: migrations-policy, stage: design, state: missing}
      - {type: definition-of-done, stage: plan, state: missing}
      - {type: delivery-plan, stage: plan, state: draft, documents: [PLN-0001]}
      - {type: epic, stage: plan, state: missing}
      - {type: roadmap, stage: plan, state: missing}
      - {type: story, stage: plan, state: missing}
    decisions:
      - {id: ADR-0001, title: "Yes: \"no\"", status: proposed, path: docs/adr.md}
    notes: []
    "#);
}

#[test]
fn what_the_branch_changes_stays_listed() {
    let tree = tree();
    let files: Vec<(&str, &str)> = tree.iter().map(|(path, text)| (*path, &**text)).collect();
    let repo = Repo::committed(&files);
    repo.write("docs/other.md", index("IDX-0011", "\nMore.\n"));
    assert_eq!(sync(&repo, &["pr", "5", "--changed-since", "main"]).code, 0);
    let text = repo.read(PR);
    assert!(text.contains("path: docs/other.md") && text.contains("changed: true"), "{text}");
    // A later run without git knows it from the file.
    assert_snapshot!(sync(&repo, &["pr", "5"]), @"
    exit 0
    --- stdout
    `docs/_docset/prs/pr-5.yaml` is up to date
    ");
    repo.write("docs/other.md", index("IDX-0011", ""));
    assert_eq!(sync(&repo, &["pr", "5", "--changed-since", "main"]).code, 0);
    assert!(!repo.read(PR).contains("docs/other.md"));
    assert_eq!(sync(&repo, &["pr", "5", "--changed-since", "nowhere"]).code, 2);
}

#[test]
fn notes_and_comments_survive() {
    let repo = repo();
    repo.write(
        ISSUE,
        "# Ours.\nnotes: |\n  Ask Ann.\n  # no comment\nissue: {number: 12} # the big one\n\
         owner: Ann\nstage:   plan   # since May\ndocuments: # in order\n  # see the wiki\n\
         \x20 - {id: gone, path: docs/gone.md} # gone soon\n  # the plan\n\
         \x20 - id: PLN-0001\n    # inside\n    path: docs/plan.md # here\n\n\
         # End of documents.\nrequired: []\ndecisions: [] # none yet\n",
    );
    let arguments = ["issue", "12", "--repo", "a/b", "--profile", "quick-fix"];
    assert_eq!(sync(&repo, &arguments).code, 0);
    assert_snapshot!(shown(&repo.read(ISSUE)), @r#"
    # Ours.
    notes: |
      Ask Ann.
      # no comment
    issue: {number: 12, repo: a/b, url: "https://github.com/a/b/issues/12"} # the big one
    owner: Ann
    stage:   plan   # since May
    documents: # in order
      - {id: ADR-0001, path: docs/adr.md, type: adr, status: proposed, digest: "sha256:…"}
      - {id: BRF-0001, path: docs/brief.md, type: brief, status: draft, digest: "sha256:…"}
      # the plan
      # inside
      - {id: PLN-0001, path: docs/plan.md, type: delivery-plan, status: draft, digest: "sha256:…"} # here
      # see the wiki
      # gone soon

    # End of documents.
    required:
      - {type: brief, stage: intake, state: draft, documents: [BRF-0001]}
      - {type: constraints, stage: intake, state: missing}
      - {type: personas, stage: intake, state: missing}
      - {type: problem, stage: intake, state: missing}
      - {type: scope, stage: intake, state: missing}
      - {type: definition-of-done, stage: plan, state: missing}
      - {type: delivery-plan, stage: plan, state: draft, documents: [PLN-0001]}
      - {type: epic, stage: plan, state: missing}
      - {type: roadmap, stage: plan, state: missing}
      - {type: story, stage: plan, state: missing}
    decisions: # none yet
      - {id: ADR-0001, title: "Yes: \"no\"", status: proposed, path: docs/adr.md}
    version: 1
    profile: quick-fix
    pull_requests:
      - 5
      - 7
    "#);
    let before = repo.read(ISSUE);
    assert_eq!(sync(&repo, &["issue", "12"]).code, 0);
    assert_eq!(repo.read(ISSUE), before);
    // Line ends of Windows stay, and stay the only ones.
    repo.write(ISSUE, before.replace('\n', "\r\n"));
    repo.remove("docs/plan.md");
    assert_eq!(sync(&repo, &["issue", "12", "--stage", "dev"]).code, 0);
    let text = repo.read(ISSUE);
    assert!(text.contains("stage:   dev   # since May\r\n"), "{text}");
    assert!(text.contains("  # the plan\r\n") && !text.contains("id: PLN-0001"), "{text}");
    assert!(!text.replace("\r\n", "").contains('\n'), "mixed line ends");
}

#[test]
fn artifacts_that_a_stage_needs() {
    let repo = repo();
    assert_eq!(sync(&repo, &["issue", "12", "--stage", "prd", "--profile", "feature"]).code, 0);
    let text = repo.read(ISSUE);
    assert!(text.contains("{type: brief, stage: intake, state: draft, documents: [BRF-0001]}"));
    assert!(text.contains("{type: prd, stage: prd, state: missing}"));
    assert!(!text.contains("type: charter") && !text.contains("{type: delivery-plan, stage"));
    let review = document("BRF-0001", "brief", "related_issues: [12]");
    repo.write("docs/brief.md", review.replace("status: draft", "status: in-review"));
    assert_eq!(sync(&repo, &["issue", "12"]).code, 0);
    assert!(repo.read(ISSUE).contains("{type: brief, stage: intake, state: in-review,"));
}

#[test]
fn a_docset_in_markdown_says_who_it_is() {
    let repo = repo();
    let docset = "owner_role: KM\nissue:\n  number: 12\n  repo: acme/shop";
    let text = altered("DS-ISSUE-0012", "owner_role: KM", docset);
    repo.write("docs/docsets/12.md", text.replace("type: index", "type: docset-issue"));
    assert_eq!(sync(&repo, &["issue", "12"]).code, 0);
    let text = repo.read(ISSUE);
    assert!(
        text.contains("  number: 12\n  repo: \"acme/shop\"\n") || text.contains("repo: acme/shop")
    );
    assert!(text.contains("id: DS-ISSUE-0012"), "{text}");
}

#[test]
fn of_several_issues_the_longest_profile_and_the_furthest_stage_count() {
    let repo = repo();
    let both = document("BRF-0002", "brief", "related_issues: [12, 13, 14]\nrelated_prs: [5]");
    repo.write("docs/both.md", both);
    for (number, text) in [
        (12, "profile: quick-fix\nstage: plan\n"),
        (13, "profile: feature\nstage: intake\n"),
        (14, "profile: quick-fix\nstage: intake\n"),
    ] {
        repo.write(&format!("docs/_docset/issues/issue-{number}.yaml"), text);
    }
    assert_eq!(sync(&repo, &["pr", "5"]).code, 0);
    let file = repo.read(PR);
    assert!(file.contains("profile: feature\nstage: plan\n"), "{file}");
    // One that cannot be read is no issue without a file.
    repo.write("docs/_docset/issues/issue-13.yaml", "profile: [\n");
    let outcome = sync(&repo, &["pr", "5"]);
    assert_eq!(outcome.code, 2, "{outcome}");
    assert!(outcome.stderr.contains("`docs/_docset/issues/issue-13.yaml`: line "), "{outcome}");
}

#[test]
fn what_cannot_be_edited_is_left_alone() {
    let repo = repo();
    for (text, why) in [
        ("{version: 1}\n", "expected `key: value` lines"),
        ("a: &x 1\nb: *x\n", "expected `key: value` lines"),
        ("version: 2\n", "it has version `2`"),
        ("issue: {number: 13}\n", "it is the docset of issue 13, not of issue 12"),
        ("pr: {number: 12}\n", "it is the docset of pull request 12"),
        ("stage: plan\nstage: dev\n", "line 2: the key `stage` appears twice"),
        ("stage: [\n", "line "),
        ("stage: nowhere\n", "has no stage `nowhere`"),
        ("profile: featre\n", "did you mean `feature`?"),
    ] {
        repo.write(ISSUE, text);
        let outcome = sync(&repo, &["issue", "12"]);
        assert_eq!(outcome.code, 2, "{text}{outcome}");
        assert!(outcome.stderr.contains(why), "{text}{outcome}");
        assert_eq!(repo.read(ISSUE), text);
    }
    for arguments in
        [&["issue", "0"][..], &["issue", "12", "--repo", "a b/c"], &["issue", "12", "--stage", "x"]]
    {
        assert_eq!(sync(&repo, arguments).code, 2, "{arguments:?}");
    }
}

#[test]
fn of_runs_at_once_none_is_lost() {
    let repo = repo();
    repo.write(ISSUE, "notes: [kept]\n");
    thread::scope(|scope| {
        for option in [
            &["--repo", "acme/shop"][..],
            &["--profile", "quick-fix"],
            &[],
            &[],
            &["--repo", "acme/shop"],
        ] {
            let arguments = [&["issue", "12"], option].concat();
            let repo = &repo;
            scope.spawn(move || assert_eq!(sync(repo, &arguments).code, 0));
        }
    });
    let text = repo.read(ISSUE);
    for part in ["repo: acme/shop", "profile: quick-fix", "notes: [kept]"] {
        assert_eq!(text.matches(part).count(), 1, "{part}\n{text}");
    }
    assert_eq!(sync(&repo, &["issue", "12", "--check"]).code, 0);
}

#[test]
fn a_run_that_is_killed_leaves_the_old_file_or_the_new() {
    let repo = repo();
    let mut states = Vec::new();
    for stage in ["plan", "dev"] {
        sync(&repo, &["issue", "12", "--profile", "quick-fix", "--stage", stage]);
        states.push(repo.read(ISSUE));
    }
    assert_ne!(states[0], states[1]);
    for round in 0..60_u64 {
        let stage = ["plan", "dev"][usize::from(round % 2 == 1)];
        let mut command = repo.docset(&["sync", "issue", "12", "--stage", stage]).into_command();
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        thread::sleep(Duration::from_micros(round * 250));
        let _ = child.kill();
        child.wait().unwrap();
        assert!(states.contains(&repo.read(ISSUE)), "round {round}");
    }
    // A lock that outlives its owner would make this wait for ever.
    assert_eq!(sync(&repo, &["issue", "12", "--stage", "plan"]).code, 0);
    assert_eq!(repo.read(ISSUE), states[0]);
}

#[test]
fn a_number_that_no_document_names_is_noted() {
    let repo = repo();
    for (arguments, note) in [
        (&["issue", "777"][..], "note: no document names issue 777 in `related_issues`\n"),
        (&["pr", "777"], "note: no document names pull request 777 in `related_prs`; "),
        (&["issue", "12"], ""),
    ] {
        let outcome = sync(&repo, arguments);
        assert_eq!(outcome.code, 0, "{outcome}");
        assert!(outcome.stderr.starts_with(note), "{outcome}");
        assert_eq!(outcome.stderr.is_empty(), note.is_empty(), "{outcome}");
    }
}
