//! `--step`: what a workflow's runner is told by the guard, by sync, and by the linter.

use countersign_testkit::{Access, Grant};
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::guard::payloads;
use crate::program::{Scene, run};
use crate::sync::SMALL;

/// What a step came to, with all that the runner got.
struct Told {
    /// The exit code and the log.
    log: String,
    outputs: String,
    summary: String,
}

impl Told {
    /// The value of an output, read as the runner does.
    #[track_caller]
    fn output(&self, name: &str) -> &str {
        let found = self.outputs.split_once(&format!("{name}<<"));
        let (_, rest) = found.unwrap_or_else(|| panic!("no `{name}`: {}", self.log));
        let (word, rest) = rest.split_once('\n').unwrap();
        rest.split_once(&format!("\n{word}\n")).unwrap().0
    }

    fn annotations(&self) -> String {
        let lines = self.log.lines().filter(|line| line.starts_with("::error "));
        lines.map(|line| format!("{line}\n")).collect()
    }
}

/// Runs the command as its action does, with the token of a workflow.
fn step(scene: &Scene, command: &str, inputs: &[(&str, &str)]) -> Told {
    let files = tempfile::tempdir().unwrap();
    let file = |name: &str| files.path().join(name).to_str().unwrap().to_owned();
    let (output, summary, url) = (file("output"), file("summary"), scene.github.url());
    let root = scene.path("").to_str().unwrap().to_owned();
    let runner = [
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_API_URL", &*url),
        ("GITHUB_OUTPUT", &output),
        ("GITHUB_REPOSITORY", "acme/product"),
        ("GITHUB_STEP_SUMMARY", &summary),
        ("GITHUB_TOKEN", "ghs_workflow"),
        ("GITHUB_WORKSPACE", &root),
    ];
    let words: Vec<&str> = command.split(' ').collect();
    let log = run(scene.folder.path(), &[&runner[..], inputs].concat(), &words);
    assert!(!log.contains("ghs_workflow"), "the token is shown");
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    Told { log, outputs: read(&output), summary: read(&summary) }
}

const OWNED: &str = "labels: {guard: {owners: [{login: octavia, id: 583231}]}}\n";

fn scene(configuration: &str) -> Scene {
    let scene = Scene::new(configuration);
    let grant = Grant::workflow("acme/product").allow("issues", Access::Write);
    scene.github.token("ghs_workflow", grant);
    scene.github.repository("acme/product");
    scene
}

/// Writes an event in which `sender` sets `label`, and gives its path.
fn labeled(scene: &Scene, label: &str, sender: (&str, u64, &str)) -> String {
    let mut event = payloads::one("issues", "labeled", |_| true);
    event["label"]["name"] = json!(label);
    event["issue"]["labels"] = json!([{"name": label}]);
    event["issue"]["number"] = json!(1);
    event["issue"]["title"] = json!("\"; rm -rf . #$(id)");
    event["repository"]["full_name"] = json!("acme/product");
    event["sender"]["login"] = json!(sender.0);
    event["sender"]["id"] = json!(sender.1);
    event["sender"]["type"] = json!(sender.2);
    scene.write("event.json", &event.to_string());
    scene.path("event.json").to_str().unwrap().to_owned()
}

fn guard(scene: &Scene, event: &str, apply: &str) -> Told {
    let inputs = [
        ("GITHUB_EVENT_NAME", "issues"),
        ("GITHUB_EVENT_PATH", event),
        ("INPUT_APPLY", apply),
        ("INPUT_APPROVAL", ""),
        ("INPUT_OWN", ""),
    ];
    step(scene, "guard --step", &inputs)
}

#[test]
fn the_owners_label_stays() {
    let scene = scene(OWNED);
    let event = labeled(&scene, "run:prd", ("octavia", 583_231, "User"));
    let told = guard(&scene, &event, "true");
    assert!(told.log.starts_with("exit 0\n"), "{}", told.log);
    assert_eq!((told.output("verdict"), told.output("label")), ("allowed", "run:prd"));
    assert_eq!(told.annotations(), "");
    let reasons: Value = serde_json::from_str(told.output("reasons")).unwrap();
    assert_eq!(reasons[0]["rule"], "owner");
}

#[test]
fn a_strangers_label_is_refused_and_with_apply_undone() {
    let scene = scene(OWNED);
    let product = scene.github.repository("acme/product");
    product.label("run:prd", "1d76db", None);
    product.issue("\"; rm -rf . #$(id)", &["run:prd"]);
    let event = labeled(&scene, "run:prd", ("mallory", 666, "User"));
    let told = guard(&scene, &event, "false");
    assert!(told.log.starts_with("exit 1\n"), "{}", told.log);
    assert_eq!((told.output("verdict"), told.output("label")), ("refused", "run:prd"));
    assert_eq!(product.labels_of(1), ["run:prd"]);
    assert_snapshot!(told.annotations(), @"::error title=labels guard%3A owner-only::`run:prd` is the owner's to set, and `mallory` (id 666) is no owner%0Aask the owner `octavia` to set `run:prd`");
    assert_snapshot!(told.summary, @r"
    ### Labels guard: remove

    **`run:prd`: remove**

    - `run:prd` is the owner's to set, and `mallory` (id 666) is no owner (`owner-only`)
      **What to do:** ask the owner `octavia` to set `run:prd`

    Nothing was changed; `apply: true` does it.

    the token is the GITHUB\_TOKEN of a workflow; a label that it sets starts no workflow
    ");
    let told = guard(&scene, &event, "true");
    assert_eq!(told.output("verdict"), "undone");
    assert!(told.summary.contains("- took `run:prd` off\n"), "{}", told.summary);
    assert!(product.labels_of(1).is_empty());
    assert_eq!(product.comments_of(1).len(), 1);
}

#[test]
fn an_app_without_an_approved_request_is_refused() {
    let scene = scene(OWNED);
    let event = labeled(&scene, "run:prd", ("helper[bot]", 5, "Bot"));
    let told = guard(&scene, &event, "");
    assert_eq!(told.output("verdict"), "refused");
    assert!(told.output("reasons").contains("approval-missing"), "{}", told.output("reasons"));
}

#[test]
fn a_hostile_label_forges_nothing() {
    let scene = scene("labels: {guard: {owners: [{login: octavia, id: 583231}]}}\n");
    let label = "run:x\n::error::x\nverdict=allowed";
    let event = labeled(&scene, label, ("mallory", 666, "User"));
    let told = guard(&scene, &event, "false");
    assert_eq!(told.output("label"), label);
    assert_eq!(told.outputs.lines().filter(|line| line.contains("verdict<<")).count(), 1);
    assert!(!told.log.contains("\n::error::x"), "{}", told.log);
}

#[test]
fn labels_are_compared_and_then_made() {
    let scene = scene(SMALL);
    let told = step(&scene, "sync --step", &[("INPUT_APPLY", "false"), ("INPUT_PRUNE", "false")]);
    assert!(told.log.starts_with("exit 1\n"), "{}", told.log);
    assert_eq!(told.output("changes"), "4");
    assert_snapshot!(told.summary, @r"
    ### ❌ labels sync

    - acme/product: 4 to create

    | Repository | Change to be made |
    |---|---|
    | acme/product | create  \[ai-model-gpt-5.3-codex\] |
    | acme/product | create  bug |
    | acme/product | create  run:intake |
    | acme/product | create  run:plan |
    ");
    assert!(told.annotations().contains("%0Arun it with `apply: true`"), "{}", told.log);
    let told = step(&scene, "sync --step", &[("INPUT_APPLY", "true")]);
    assert!(told.log.starts_with("exit 0\n"), "{}", told.log);
    assert_eq!(told.output("changes"), "4");
    let told = step(&scene, "sync --step", &[("INPUT_APPLY", "false")]);
    assert!(told.log.starts_with("exit 0\n"), "{}", told.log);
    assert_eq!(told.output("changes"), "0");
    assert!(told.summary.starts_with("### ✅ labels sync\n"), "{}", told.summary);
}

#[test]
fn the_token_of_a_workflow_cannot_write_variables_and_people_are_told() {
    let scene = scene(SMALL);
    let told = step(&scene, "vars --step", &[("INPUT_APPLY", "true")]);
    assert!(told.log.starts_with("exit 2\n"), "{}", told.log);
    assert_eq!(told.output("changes"), "0");
    assert!(told.annotations().contains("::error title=labels vars::acme/product"), "{}", told.log);
    let personal = [("INPUT_APPLY", "true"), ("GITHUB_TOKEN", "ghp_owner")];
    let told = step(&scene, "vars --step", &personal);
    assert!(told.log.starts_with("exit 0\n"), "{}", told.log);
    assert_eq!(told.output("changes"), "4");
}

#[test]
fn a_repository_that_is_none_is_refused() {
    let scene = scene(SMALL);
    let told = step(&scene, "sync --step", &[("INPUT_REPOSITORY", "acme/product/x\n--apply")]);
    assert!(told.log.starts_with("exit 2\n"), "{}", told.log);
    assert!(told.summary.contains("labels could not do its job"), "{}", told.summary);
}

#[test]
fn workflows_are_linted_with_annotations() {
    let scene = scene("{}\n");
    scene.write(
        ".github/workflows/start.yml",
        "on: {issues: {types: [labeled]}}\njobs:\n  a:\n    if: github.event.label.name == 'run:prd'\n    \
         runs-on: ubuntu-latest\n    steps: [{run: 'true'}]\n",
    );
    let paths = [("INPUT_PATHS", ".github/workflows/start.yml"), ("INPUT_FAIL_ON", "warning")];
    let told = step(&scene, "lint-workflows --step", &paths);
    assert!(told.log.starts_with("exit 1\n"), "{}", told.log);
    assert_eq!(told.output("result"), "findings");
    assert!(told.output("findings").parse::<usize>().unwrap() > 0);
    assert!(told.annotations().contains(",file=.github/workflows/start.yml,"), "{}", told.log);
    assert!(told.summary.starts_with("### ❌ labels lint-workflows\n"), "{}", told.summary);
}
