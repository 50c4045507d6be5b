//! The program on a real PostgreSQL: the same as with a file, and what only a server does.

use std::process::Stdio;
use std::time::Duration;

use countersign_testkit::{Database, Postgres};

use super::faults::{kill_fifty_times, many, run_four_at_once};
use super::{Scene, counts};

fn database() -> Database {
    Postgres::shared().unwrap().database().unwrap()
}

#[test]
fn a_server_holds_what_a_file_holds() {
    let database = database();
    let scene = Scene::acme().with_database(database.url());
    assert_eq!(counts(&scene.index(&[])), [19, 0, 0, 0]);
    assert!(!scene.path(".countersign").exists());
    // A fresh index is a file: two stores of the same documents say the same.
    scene.assert_up_to_date();
    let adr = "docs/architecture/adr-0002-tokens-of-the-provider.md";
    scene.edit(adr, "## Alternatives", "## Options");
    std::fs::rename(scene.path("docs/glossary.md"), scene.path("docs/words.md")).unwrap();
    scene.remove("docs/qa/test-plan.md");
    let summary = scene.index(&[]);
    assert_eq!(counts(&summary), [0, 1, 16, 1]);
    assert_eq!(summary["moved"].as_array().unwrap().len(), 1);
    scene.assert_up_to_date();
    assert_eq!(counts(&scene.index(&[])), [0, 0, 18, 0]);
    assert_eq!(scene.search(&["ADR-0002", "-n", "1"]), [adr]);
    assert_eq!(scene.search(&["storing the provider's tokens", "-n", "1"]), [adr]);
}

#[test]
fn front_matter_without_measure_keeps_no_other_document_from_being_indexed() {
    let database = database();
    let scene = Scene::acme().with_database(database.url());
    // Long, and without a pattern: nothing that an index of a database could make short.
    let mut random = fastrand::Rng::with_seed(7);
    let mut long = || -> String { (0..20_000).map(|_| random.alphanumeric()).collect() };
    let [id, kind, status, title, stage] = [long(), long(), long(), long(), long()];
    scene.write(
        "docs/long.md",
        format!("---\ndoc_id: {id}\ntype: {kind}\nstatus: {status}\ntitle: {title}\nrelated_issues: [5]\n---\n# Long\n\nendless\n"),
    );
    scene.write(
        "docs/_docset/issues/issue-9.yaml",
        format!("issue: {{number: 9}}\nstage: {stage}\n"),
    );
    assert_eq!(counts(&scene.index(&[]))[0], 21);
    scene.assert_up_to_date();
    let answer = scene.json(&["search", "endless", "--issue", "5"]);
    let hit = &answer["hits"][0];
    let longest = |field: &str| hit[field].as_str().unwrap().len();
    assert_eq!(longest("doc_id"), 200);
    assert_eq!(longest("title"), 300);
}

#[test]
fn russian_documents_are_found_and_filtered_on_a_server() {
    let database = database();
    let scene = Scene::russian().with_database(database.url());
    scene.index(&[]);
    let [polling, webhooks, notices] =
        ["docs/adr/adr-0001.md", "docs/adr/adr-0002.md", "docs/prd/prd-0001.md"];
    assert_eq!(scene.search(&["почему выбрали вебхук?"])[0], webhooks);
    assert_eq!(scene.search(&["что значит E0502"])[0], webhooks);
    assert!(!scene.search(&["опрос внешней системы"]).contains(&polling.to_owned()));
    let all = |filter: &[&str]| {
        let query = ["опрос вебхуки уведомление доставка", "--all"];
        let mut found = scene.search(&[&query[..], filter].concat());
        found.sort();
        found
    };
    assert_eq!(all(&["--issue", "7"]), [polling, webhooks]);
    assert_eq!(all(&["--pr", "9"]), [webhooks]);
    assert_eq!(all(&["--docset", "DS-ISSUE-0008"]), [notices]);
    assert_eq!(all(&["--stage", "arch", "--status", "accepted"]), [webhooks]);
    assert_eq!(all(&["--path", "docs/*/*-0001.md"]), [polling, notices]);
    let linked = scene.run(&["link", "doc:PRD-0001", "about", "issue:77"]);
    assert!(linked.starts_with("exit 0\n"), "{linked}");
    assert_eq!(all(&["--issue", "77"]), [notices]);
}

#[test]
fn killed_fifty_times_the_index_on_a_server_becomes_what_a_fresh_one_is() {
    let database = database();
    kill_fifty_times(&many(120).with_database(database.url()));
}

#[test]
fn several_runs_at_once_wait_for_each_other_on_a_server() {
    let database = database();
    run_four_at_once(&many(60).with_database(database.url()));
}

#[test]
fn a_server_that_stops_in_the_middle_costs_no_document() {
    let server = Postgres::start(&[]).unwrap();
    let database = server.database().unwrap();
    let scene = many(1_500).with_database(database.url());
    for wait in [50, 400, 1_200] {
        let child = scene
            .command(&["index", "--no-embeddings", "--format", "json"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(wait));
        server.stop().unwrap();
        std::thread::sleep(Duration::from_millis(300));
        server.start_again().unwrap();
        let output = child.wait_with_output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(matches!(output.status.code(), Some(0 | 2)), "{error}");
        scene.write("docs/7.md", format!("# Seven\n\nWritten after {wait} ms.\n"));
    }
    scene.index(&[]);
    scene.assert_up_to_date();
}

#[test]
fn a_password_is_never_shown() {
    let scene = Scene::russian().with_database("postgres://kb:s3cret@127.0.0.1:1/kb");
    for arguments in [&["index", "--no-embeddings"][..], &["search", "a"], &["doctor"], &["stats"]]
    {
        let text = scene.run(arguments);
        assert!(text.starts_with("exit 2\n"), "{text}");
        assert!(text.contains("127.0.0.1") && !text.contains("s3cret"), "{text}");
    }
}
