//! `docset adopt`: from an unprepared tree to one that passes.

use insta::assert_snapshot;

use super::harness::{Outcome, Repo, index};

/// A document as another team would write it.
fn recipe(number: usize) -> String {
    index(&format!("RCP-KTN-{number:04}"), "\n[x](no.md)\n")
        .replace("type: index", "type: recipe\ntaste: sweet")
        .replace("draft", "served")
        .replace("KM", "Chef")
}

fn tree() -> Repo {
    Repo::new(&[
        ("docs/README.md", "# Readme\n\nNo front matter, and none needed.\n"),
        ("docs/recipes/1.md", &recipe(1)),
        ("docs/recipes/2.md", &recipe(2)),
        // Probably mistakes: they stay findings.
        ("docs/index.md", &index("IDX-KTN-0001", "").replace("index", "indx").replace("KM", "KN")),
        ("docs/lost.md", "# Lost\n\nNo front matter.\n"),
    ])
}

fn adopt(repo: &Repo, arguments: &[&str]) -> Outcome {
    repo.docset(&[&["adopt"], arguments].concat()).outcome()
}

#[test]
fn adoption_makes_the_check_pass() {
    let repo = tree();
    assert_eq!(repo.check(&[]).code, 1, "before");
    assert_snapshot!(adopt(&repo, &[]), @"
    exit 0
    --- stdout
    read 5 documents below `[ROOT]`
      1 new type
      1 new role
      1 new status
      1 new key
    wrote `countersign.yaml`
    wrote `docset-baseline.json` with 5 known findings
    `docset check` passes now; `docset check --no-baseline` shows what is known
    ");
    assert_snapshot!(repo.check(&[]), @"
    exit 0
    --- stdout
    5 documents: nothing to report (5 known and not shown)
    ");
}

#[test]
fn what_documents_have_in_common_becomes_configuration() {
    let repo = tree();
    adopt(&repo, &["docs"]);
    assert_snapshot!(repo.read("countersign.yaml"), @"
    # Written by `docset adopt` from the documents that were there. Every line may be
    # changed; `docset schema config` describes the whole file.
    docs:
      include: [docs]
      # Markdown that needs no front matter.
      plain: [docs/README.md]
      # Findings of the day of adoption: they do not fail a check. Mend them one by one
      # and write the file again with `docset check --write-baseline`.
      baseline: docset-baseline.json
      roles: [Chef]
      # Statuses found, with the phase that each seems to belong to: drafting, review,
      # in-force, rejected, replaced or retired.
      statuses:
        served: drafting
      keys:
        taste: {kind: text}
      types:
        recipe:
          prefixes: [RCP]
          owner_roles: [Chef]
          approvals: false
          optional: [taste]
    ");
}

#[test]
fn what_is_probably_a_mistake_becomes_a_known_finding() {
    let repo = tree();
    adopt(&repo, &["docs"]);
    assert_snapshot!(repo.read("docset-baseline.json"), @r#"
    {
      "version": 1,
      "findings": [
        {"path":"docs/index.md","rule":"unknown-role","message":"unknown role `KN`"},
        {"path":"docs/index.md","rule":"unknown-type","message":"unknown document type `indx`"},
        {"path":"docs/lost.md","rule":"missing-front-matter","message":"document has no front matter"},
        {"path":"docs/recipes/1.md","rule":"broken-link","message":"there is no `docs/recipes/no.md`"},
        {"path":"docs/recipes/2.md","rule":"broken-link","message":"there is no `docs/recipes/no.md`"}
      ]
    }
    "#);
}

#[test]
fn a_new_fault_fails_after_adoption() {
    let repo = tree();
    adopt(&repo, &[]);
    repo.write("docs/recipes/3.md", recipe(3).replace("served", "burnt"));
    assert_snapshot!(repo.concise(&[]), @"
    exit 1
    --- stdout
    docs/recipes/3.md:6:9: error[invalid-status] the type `recipe` has no status `burnt`
    docs/recipes/3.md:18:1: error[broken-link] there is no `docs/recipes/no.md`
    6 documents: 2 errors (5 known and not shown)
    ");
}

#[test]
fn a_dry_run_prints_both_files_and_writes_neither() {
    let repo = tree();
    let outcome = adopt(&repo, &["--dry-run"]);
    assert!(!repo.exists("countersign.yaml") && !repo.exists("docset-baseline.json"));
    adopt(&repo, &[]);
    let config = repo.read("countersign.yaml");
    let baseline = repo.read("docset-baseline.json");
    let printed = format!("# countersign.yaml\n{config}\n# docset-baseline.json\n{baseline}");
    assert_eq!((outcome.code, outcome.stdout, &*outcome.stderr), (0, printed, ""));
}

#[test]
fn a_configuration_that_exists_is_left_alone() {
    let repo = tree();
    repo.write("countersign.yaml", "# mine\n");
    assert_snapshot!(adopt(&repo, &[]), @"
    exit 2
    --- stderr
    error: `[ROOT]/countersign.yaml` exists already and is left alone; `docset check --write-baseline` renews the baseline
    ");
    assert_eq!(repo.read("countersign.yaml"), "# mine\n");
    assert!(!repo.exists("docset-baseline.json"));
}

#[test]
fn adoption_works_from_inside_the_folder_of_documents() {
    let repo = tree();
    let outcome = repo.docset(&["adopt", "."]).inside("docs").outcome();
    assert_eq!(outcome.code, 0, "{outcome}");
    assert!(repo.read("countersign.yaml").contains("include: [docs]\n"));
    assert_eq!(repo.docset(&["check"]).inside("docs").outcome().code, 0);
}

#[test]
fn a_repository_of_nothing_but_documents_can_be_adopted() {
    let repo = Repo::new(&[("a.md", &recipe(1)), ("b/c.md", &recipe(2))]);
    assert_eq!(adopt(&repo, &["."]).code, 0);
    let outcome = repo.check(&[]);
    assert_snapshot!(outcome, @"
    exit 0
    --- stdout
    2 documents: nothing to report (2 known and not shown)
    ");
}

#[test]
fn file_names_that_look_like_globs_are_adopted() {
    let repo = Repo::new(&[("docs/a[/README.md", "# A\n"), ("docs/{b}/README.md", "# B\n")]);
    let outcome = adopt(&repo, &[]);
    assert_eq!(outcome.code, 0, "{outcome}");
    assert_snapshot!(repo.check(&["--no-baseline"]), @"
    exit 0
    --- stdout
    2 documents: nothing to report
    ");
}

#[test]
fn a_role_that_is_probably_misspelt_is_no_owner_of_a_new_type() {
    let repo =
        Repo::new(&[("docs/1.md", &recipe(1)), ("docs/2.md", &recipe(2).replace("Chef", "Owmer"))]);
    assert_eq!(adopt(&repo, &[]).code, 0);
    let config = repo.read("countersign.yaml");
    assert!(config.contains("owner_roles: [Chef]\n"), "{config}");
    assert!(repo.read("docset-baseline.json").contains("unknown role `Owmer`"));
}

#[test]
fn a_tree_without_documents_cannot_be_adopted() {
    let repo = Repo::new(&[("src/main.rs", "")]);
    assert_snapshot!(adopt(&repo, &[]), @"
    exit 2
    --- stderr
    error: no document matches `docs`
    ");
    assert_snapshot!(adopt(&repo, &["src", "nowhere"]), @"
    exit 2
    --- stderr
    error: no document matches `src`, `nowhere`
    ");
    assert!(!repo.exists("countersign.yaml"));
}

#[test]
fn a_path_that_stands_for_nothing_is_not_adopted_with_others() {
    let repo = tree();
    assert_snapshot!(adopt(&repo, &["docs", "nowhere"]), @"
    exit 2
    --- stderr
    error: no document matches `nowhere`
    ");
    assert!(!repo.exists("countersign.yaml"));
}

#[test]
fn a_path_outside_of_the_root_cannot_be_adopted() {
    let repo = tree();
    repo.write("../other/x.md", "# X\n");
    assert_snapshot!(adopt(&repo, &["docs", "../other"]), @"
    exit 2
    --- stderr
    error: `../other` is outside of `[ROOT]`
    ");
}
