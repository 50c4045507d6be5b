//! Audits, run as the program runs them.

use countersign_docset::Request;
use countersign_docset::new::What;
use serde_json::Value;

use crate::repository::{DAY, Repository};

/// Severity, rule and place of each finding, in a line.
fn found(repository: &Repository) -> String {
    let outcome =
        repository.policy(&["audit", "--pr", "34", "--changed-since", "HEAD", "--format", "json"]);
    let audit = outcome.json();
    let findings: Vec<&Value> = audit["findings"].as_array().unwrap().iter().collect();
    let bad = findings.iter().any(|finding| finding["severity"] != "minor");
    assert_eq!(outcome.code, i32::from(bad), "{outcome:?}");
    let line = |finding: &&Value| {
        let text = |key: &str| finding[key].as_str().unwrap().to_owned();
        format!(
            "{} {} {}\n    {}\n",
            text("severity"),
            text("rule"),
            text("place"),
            text("message")
        )
    };
    findings.iter().map(line).collect()
}

/// A repository whose issue 12 is in development, with everything before it approved.
fn in_development() -> Repository {
    let repository = Repository::new();
    for stage in ["intake", "plan"] {
        let mut paths = repository.create(What::Package(stage.to_owned()), 12);
        if stage == "plan" {
            paths.extend(repository.create(What::Document("story".to_owned()), 12));
        }
        repository.fill(&paths);
        repository.approve(&paths);
    }
    repository.write(
        "docs/_docset/issues/issue-12.yaml",
        "version: 1\nissue:\n  number: 12\nprofile: quick-fix\n",
    );
    repository.sync(12, Some("dev"));
    repository.commit();
    repository
}

#[test]
fn a_change_without_documents_is_found_out() {
    let repository = in_development();
    repository.write("db/migrations/0001_orders.sql", "CREATE TABLE orders ();\n");
    repository.write("src/main.rs", "fn main() {}\n");
    repository.write("deploy/shop.yaml", "kind: Deployment\n");
    insta::assert_snapshot!(found(&repository), @"
        blocker migrations-without-policy db/migrations/0001_orders.sql:1:1
            `db/migrations/0001_orders.sql` changed, and there is no `migrations-policy`: a migration follows the migrations policy of its design
        blocker missing-docset docs/_docset/prs/pr-34.yaml:1:1
            pull request 34 has no docset file
        major code-without-test-plan db/migrations/0001_orders.sql:1:1
            `db/migrations/0001_orders.sql` and 2 more changed, and there is no `test-plan`: somebody says how the change is tested
        major service-without-monitoring deploy/shop.yaml:1:1
            `deploy/shop.yaml` changed, and there is no `alerts`: what runs is watched
        major service-without-monitoring deploy/shop.yaml:1:1
            `deploy/shop.yaml` changed, and there is no `monitoring`: what runs is watched
        ");
}

#[test]
fn a_change_that_keeps_its_promises_is_clean() {
    let repository = in_development();
    repository.write("db/migrations/0001_orders.sql", "CREATE TABLE orders ();\n");
    let kinds = ["migrations-policy", "test-plan"].map(str::to_owned);
    let paths: Vec<String> =
        kinds.into_iter().flat_map(|kind| repository.create(What::Document(kind), 12)).collect();
    repository.fill(&paths);
    repository.sync(12, None);
    repository.sync_pull_request(34, "HEAD");
    assert_eq!(found(&repository), "");
}

#[test]
fn what_changed_behind_the_owner_is_a_blocker() {
    let repository = in_development();
    let plan = "docs/plan/pln-0001-faster-checkout.md";
    repository.write(plan, &repository.read(plan).replacen("sample text", "other text", 1));
    repository.sync_pull_request(34, "HEAD");
    insta::assert_snapshot!(found(&repository), @"
        blocker stale-approval docs/plan/pln-0001-faster-checkout.md:1:1
            `PLN-0001` changed after it was approved
        ");
    // One more edit, of which the docset does not know.
    repository.write(plan, &repository.read(plan).replacen("sample text", "<later>", 1));
    let said = found(&repository);
    assert!(said.contains("major stale-docset docs/_docset/prs/pr-34.yaml"), "{said}");
    assert!(said.contains("blocker invalid-document docs/plan/pln-0001"), "{said}");
}

#[test]
fn generated_pages_that_are_behind_are_named() {
    let repository = in_development();
    repository.map();
    repository.commit();
    let paths = repository.create(What::Document("adr".to_owned()), 12);
    repository.fill(&paths);
    repository.sync(12, None);
    repository.sync_pull_request(34, "HEAD");
    let said = found(&repository);
    assert!(said.starts_with("minor stale-view docs/_index/issue_map.md:1:1\n"), "{said}");
    assert_eq!(said.lines().count(), 2, "{said}");
}

#[test]
fn a_stage_that_writes_documents_changes_no_code() {
    let repository = in_development();
    repository.sync(12, Some("plan"));
    repository.commit();
    repository.write("README.md", "# Shop\n");
    let said = found(&repository);
    let wanted = "issue 12 is in `plan`, which may not change `README.md`";
    // The change names the issue by a document of its own.
    assert!(!said.contains(wanted), "{said}");
    let paths = repository.create(What::Document("adr".to_owned()), 12);
    repository.fill(&paths);
    assert!(found(&repository).contains(wanted));
}

#[test]
fn what_audits_look_for_is_the_adopters_to_say() {
    let repository = in_development();
    repository.write(
        "countersign.yaml",
        "process:\n  owners: [octavia]\n  audit:\n    code-without-test-plan: ~\n    \
         api-without-story:\n      changed: [\"api/**\"]\n      needs: [api-contract]\n      \
         severity: minor\n      because: {en: others rely on it}\n",
    );
    repository.commit();
    repository.write("api/orders.rs", "");
    let said = found(&repository);
    assert!(said.contains("minor api-without-story api/orders.rs:1:1\n"), "{said}");
    assert!(!said.contains("code-without-test-plan"), "{said}");
    repository.write("countersign.yaml", "process: {audit: {x: {changed: [a], needs: []}}}\n");
    let outcome = repository.policy(&["audit", "--pr", "34", "--changed-since", "HEAD"]);
    assert_eq!(outcome.code, 2);
    insta::assert_snapshot!(outcome.stderr, @"
        error: countersign.yaml:1:19: the audit rule `x` has no `needs`
          help: say which files, by glob, and which types of documents they need
        ");
}

#[test]
fn the_report_has_what_was_computed_and_leaves_the_rest_to_the_auditor() {
    let repository = in_development();
    repository.write("src/main.rs", "fn main() {}\n");
    let arguments = ["audit", "--pr", "34", "--changed-since", "HEAD", "--date", DAY, "--write"];
    let outcome = repository.policy(&arguments);
    assert_eq!(outcome.code, 1, "{outcome:?}");
    let path = "docs/doc-audit/aud-0001-audit-of-pull-request-34.md";
    assert!(outcome.stdout.ends_with(&format!("created `{path}`\n")), "{outcome:?}");
    let text = repository.read(path);
    let policy = text.lines().find(|line| line.starts_with("- Policy: `sha256:")).unwrap();
    let commit = text.lines().find(|line| line.starts_with("- Commit: `")).unwrap();
    assert_eq!((policy.len(), commit.len()), (83, 52), "{policy} {commit}");
    let shown =
        text.replace(policy, "- Policy: `[digest]`").replace(commit, "- Commit: `[commit]`");
    insta::assert_snapshot!(shown);
    // What a person has to say is found until it is said, and nothing else is wrong.
    let check = || {
        let request = Request { paths: vec![path.to_owned()], ..Request::default() };
        let report = repository.checker().check(&request).unwrap();
        report.diagnostics.iter().map(|found| found.rule).collect::<Vec<_>>()
    };
    assert!(!check().is_empty());
    assert!(check().iter().all(|rule| *rule == "left-over-placeholder"), "{:?}", check());
    repository.fill(&[path.to_owned()]);
    assert_eq!(check(), Vec::<&str>::new());
}

#[test]
fn the_russian_report_is_one_too() {
    let repository = in_development();
    repository.write("countersign.yaml", "docs: {language: ru}\nprocess: {owners: [octavia]}\n");
    repository.write("src/main.rs", "fn main() {}\n");
    let arguments = ["audit", "--pr", "34", "--changed-since", "HEAD", "--format", "document"];
    let text = repository.policy(&arguments).stdout;
    for wanted in [
        "# Аудит запроса на слияние 34",
        "## Предмет\n\n- Запрос на слияние 34\n",
        "## Находки\n\nВычислено:\n",
        "Найдено при чтении:\n",
        "## Вердикт\n\n<",
    ] {
        assert!(text.contains(wanted), "{wanted}: {text}");
    }
}

#[test]
fn hostile_names_are_text_in_the_report() {
    let repository = in_development();
    repository.write("src/<img src=x>|@octavia`.rs", "");
    let arguments = ["audit", "--pr", "34", "--changed-since", "HEAD", "--format"];
    for format in ["document", "markdown"] {
        let text = repository.policy(&[&arguments[..], &[format]].concat()).stdout;
        assert!(text.contains("&lt;img src=x&gt;"), "{text}");
        assert!(!text.contains("<img") && !text.contains("@octavia"), "{text}");
    }
}
