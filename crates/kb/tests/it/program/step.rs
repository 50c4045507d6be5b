//! `--step`: what a workflow's runner is told.

use serde_json::Value;

use super::Scene;

/// What a step came to, with all that the runner got.
pub(super) struct Told {
    pub(super) code: Option<i32>,
    pub(super) log: String,
    outputs: String,
    pub(super) summary: String,
}

impl Told {
    /// The value of an output, read as the runner does.
    #[track_caller]
    pub(super) fn output(&self, name: &str) -> &str {
        let found = self.outputs.split_once(&format!("{name}<<"));
        let (_, rest) = found.unwrap_or_else(|| panic!("no `{name}`: {}", self.log));
        let (word, rest) = rest.split_once('\n').unwrap();
        rest.split_once(&format!("\n{word}\n")).unwrap().0
    }
}

/// Runs the command as its action does.
pub(super) fn step(scene: &Scene, command: &str, inputs: &[(&str, &str)]) -> Told {
    let files = tempfile::tempdir().unwrap();
    let file = |name: &str| files.path().join(name);
    let output = scene
        .command(&[command, "--step"])
        .env("GITHUB_ACTIONS", "true")
        .env("GITHUB_OUTPUT", file("output"))
        .env("GITHUB_STEP_SUMMARY", file("summary"))
        .env("GITHUB_WORKSPACE", scene.root())
        .envs(inputs.iter().copied())
        .output()
        .unwrap();
    let read = |name: &str| std::fs::read_to_string(file(name)).unwrap_or_default();
    let log = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap()).concat();
    Told { code: output.status.code(), log, outputs: read("output"), summary: read("summary") }
}

const LEXICAL: (&str, &str) = ("INPUT_NO_EMBEDDINGS", "true");

#[test]
fn an_index_counts_documents_and_a_search_gives_its_hits() {
    let scene = Scene::russian();
    let commit = scene.commit();
    let indexed = step(&scene, "index", &[LEXICAL, ("GITHUB_SHA", &commit)]);
    assert_eq!(indexed.code, Some(0), "{}", indexed.log);
    let counts = ["added", "moved", "changed", "unchanged", "removed"];
    let counts = counts.map(|name| indexed.output(name));
    assert_eq!(counts, ["3", "0", "0", "0", "0"]);
    assert!(indexed.summary.contains("### ✅ kb index"), "{}", indexed.summary);
    scene.edit("docs/prd/prd-0001.md", "заказа", "заказов");
    let again = step(&scene, "index", &[LEXICAL, ("INPUT_PATHS", "docs/prd\ndocs/adr")]);
    assert_eq!((again.output("changed"), again.output("unchanged")), ("1", "2"));

    let inputs = [("INPUT_QUERY", "вебхук"), ("INPUT_FILTERS", "type=adr\nissue=7\n")];
    let found = step(&scene, "search", &inputs);
    assert_eq!((found.code, found.output("count")), (Some(0), "2"), "{}", found.log);
    let hits: Value = serde_json::from_str(found.output("hits")).unwrap();
    assert_eq!(hits[0]["path"], "docs/adr/adr-0002.md");
    assert!(found.summary.contains("docs/adr/adr-0002.md:"), "{}", found.summary);
}

#[test]
fn a_document_that_cannot_be_read_is_shown_beside_its_line() {
    let scene = Scene::russian();
    scene.write("docs/broken.md", b"# A\n\n\xff\n");
    let told = step(&scene, "index", &[LEXICAL]);
    assert_eq!((told.code, told.output("added")), (Some(1), "3"), "{}", told.log);
    assert!(told.log.contains("::error title=kb index,file=docs/broken.md,line="), "{}", told.log);
    assert!(told.summary.contains("### ❌ kb index"), "{}", told.summary);
    assert!(told.summary.contains("docs/broken.md"), "{}", told.summary);
}

#[test]
fn an_input_is_neither_an_option_nor_a_command_to_the_runner() {
    let scene = Scene::russian();
    step(&scene, "index", &[LEXICAL]);
    for query in ["--root=/", "--db\nsqlite:other.db", "::error::owned", "\"; rm -rf . #$(id)"] {
        let told = step(&scene, "search", &[("INPUT_QUERY", query)]);
        assert_eq!(told.code, Some(0), "{query}: {}", told.log);
        assert!(!told.log.lines().any(|line| line.starts_with("::error")), "{}", told.log);
        assert_eq!(told.output("count"), "0", "{query}");
    }
    let filters = [("INPUT_QUERY", "вебхук"), ("INPUT_FILTERS", "root=/")];
    let told = step(&scene, "search", &filters);
    assert_eq!(told.code, Some(2), "{}", told.log);
    let told = step(&scene, "search", &[]);
    assert_eq!(told.code, Some(2), "{}", told.log);
    assert!(told.log.contains("query"), "{}", told.log);
}

#[test]
fn the_password_of_a_database_is_kept_out_of_the_log() {
    let scene = Scene::russian();
    // Nobody listens there.
    let url = "postgres://kb:s3cret@127.0.0.1:9/kb";
    let told = step(&scene, "index", &[LEXICAL, ("INPUT_DATABASE_URL", url)]);
    assert_eq!(told.code, Some(2), "{}", told.log);
    let shown = told.log.replacen("::add-mask::s3cret\n", "", 1);
    assert!(told.log.len() > shown.len() && !shown.contains("s3cret"), "{}", told.log);
    assert!(!told.summary.contains("s3cret"), "{}", told.summary);
}

#[test]
fn outside_of_a_workflow_there_is_no_step() {
    let text = Scene::russian().run(&["index", "--step"]);
    assert!(text.starts_with("exit 2\n") && text.contains("GITHUB_OUTPUT"), "{text}");
}
