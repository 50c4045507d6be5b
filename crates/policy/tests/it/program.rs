//! The program as its users run it.

#![allow(clippy::disallowed_methods, reason = "half a file in a temporary folder harms nobody")]

use std::fmt;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A repository in a temporary folder.
struct Repo(TempDir);

struct Outcome {
    code: i32,
    stdout: String,
    stderr: String,
}

impl fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "exit {}", self.code)?;
        for (name, text) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !text.is_empty() {
                writeln!(formatter, "--- {name}\n{text}")?;
            }
        }
        Ok(())
    }
}

impl Repo {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join(".git")).unwrap();
        for (path, text) in files {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        Self(folder)
    }

    fn policy(&self, arguments: &[&str], stdin: &str) -> Outcome {
        run(self.0.path(), arguments, stdin)
    }
}

fn run(folder: &Path, arguments: &[&str], stdin: &str) -> Outcome {
    let pipe = Stdio::piped;
    let mut child = Command::new(env!("CARGO_BIN_EXE_policy"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .stdin(pipe())
        .stdout(pipe())
        .stderr(pipe())
        .spawn()
        .unwrap();
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes: &[u8]| {
        String::from_utf8_lossy(bytes)
            .replace(&*folder.to_string_lossy(), "[ROOT]")
            .lines()
            .map(without_lines)
            .map(|line| match line.find("sha256:") {
                Some(at) => format!("{}sha256:…\n", &line[..at]),
                None => format!("{line}\n"),
            })
            .collect::<String>()
    };
    Outcome {
        code: output.status.code().unwrap_or(-1),
        stdout: text(&output.stdout),
        stderr: text(&output.stderr),
    }
}

/// The default process grows; where in it something stands is tested elsewhere.
fn without_lines(line: &str) -> String {
    let (mut shown, mut rest) = (String::new(), line);
    while let Some((before, after)) = rest.split_once("process.yaml:") {
        shown.push_str(before);
        shown.push_str("process.yaml:…");
        rest = after.trim_start_matches(|char: char| char.is_ascii_digit() || char == ':');
    }
    shown + rest
}

const OWNED: (&str, &str) = ("countersign.yaml", "process:\n  owners: [octavia]\n");

const REQUEST: &str = r#"{
  "actor": {"kind": "agent", "login": "dev-agent", "role": "Dev", "verified": true},
  "operation": "github_request_label",
  "arguments": {"issue": 12, "label": "bug", "action": "add"}
}"#;

#[test]
fn a_decision_is_an_exit_code_and_says_why() {
    let repo = Repo::new(&[OWNED, ("request.json", REQUEST)]);
    let allowed = repo.policy(&["decide", "--request", "request.json"], "");
    assert_eq!(allowed.code, 0, "{allowed}");
    let trigger = REQUEST.replace("bug", "run:dev");
    let asked = repo.policy(&["decide", "--request", "-", "--format", "json"], &trigger);
    assert_eq!(asked.code, 1, "{asked}");
    assert!(asked.stdout.contains("\"decision\": \"needs-approval\""), "{asked}");
    assert!(asked.stdout.contains("process.yaml:"), "{asked}");
}

#[test]
fn a_request_that_is_none_is_told_where() {
    let repo = Repo::new(&[OWNED, ("bad.json", "{\"actor\": {},\n \"operation\": 7}")]);
    insta::assert_snapshot!(repo.policy(&["decide", "--request", "bad.json"], ""), @r#"
    exit 2
    --- stderr
    error: bad.json:2:15: invalid type: integer `7`, expected a string; a request is JSON: {"actor": {…}, "operation": "…", "arguments": {…}}
    "#);
    insta::assert_snapshot!(repo.policy(&["decide", "--request", "-"], "{\"actor\": {\"kind\": \"robot\"}}"), @r#"
    exit 2
    --- stderr
    error: standard input:1:26: unknown variant `robot`, expected one of `human`, `agent`, `app`, `workflow`, `unknown`; a request is JSON: {"actor": {…}, "operation": "…", "arguments": {…}}
    "#);
    insta::assert_snapshot!(repo.policy(&["decide", "--request", "none.json"], ""), @"
    exit 2
    --- stderr
    error: cannot read `none.json`: No such file or directory (os error 2)
    ");
    let broken = Repo::new(&[("countersign.yaml", "process: {owner: [octavia]}\n")]);
    insta::assert_snapshot!(broken.policy(&["decide", "--request", "-"], REQUEST), @"
    exit 2
    --- stderr
    error: countersign.yaml:1:11: unknown key `owner`
      help: did you mean `owners`?
    ");
}

#[test]
fn the_default_is_sound_but_for_its_owners() {
    let clean = Repo::new(&[OWNED]).policy(&["check"], "");
    assert_eq!(clean.code, 0, "{clean}");
    insta::assert_snapshot!(clean, @"
    exit 0
    --- stdout
    1 definition: nothing to report
    ");
    insta::assert_snapshot!(Repo::new(&[]).policy(&["check", "--format", "concise"], ""), @"
    exit 0
    --- stdout
    countersign.yaml:1:1: warning[no-owner] nobody is an owner: whatever needs an approval is denied
    1 definition: 1 warning
    ");
}

#[test]
fn what_does_not_fit_together_is_found() {
    let repo = Repo::new(&[
        (
            "countersign.yaml",
            "\
process:
  owners: [octavia]
  roles:
    Poet: {}
  paths: {poems: ['a[']}
  stages:
    verse:
      roles: [PM]
      start: {label: run:verse, workflow: wf_verse}
      needs: {packages: [prd], documents: [story], if_produced: [memo]}
      produces: {required: [poem]}
    arch: {needs: {packages: [plan]}}
  profiles:
    quick-fix: [plan, dev]
  rules:
    drafts: {when: {issue.stage: [devel]}}
labels:
  catalogue:
    run:muse: {class: trigger, summary: {en: muse, ru: муза}}
docs:
  types:
    poem: {title: {en: Poem, ru: Стих}, prefixes: [POE], owner_roles: [PM], stage: verses}
",
        ),
        (".github/workflows/wf_prose.yml", "on: push\n"),
        (".github/workflows/wf_prd_draft.yml", "on: push\n"),
        (".github/workflows/ci.yml", "on: push\n"),
    ]);
    insta::assert_snapshot!(repo.policy(&["check", "--format", "concise"], ""), @"
    exit 1
    --- stdout
    countersign.yaml:1:1: error[label-without-stage] the trigger `run:muse` starts no stage
    countersign.yaml:1:1: error[malformed-path] `a[` in `paths: poems:` is no glob: unclosed character class; missing ']'
    countersign.yaml:1:1: error[unproduced-artifact] documents of the type `poem` come from a stage `verses` that there is not
    countersign.yaml:1:1: warning[workflow-without-stage] no stage starts the workflow `wf_prose`
    countersign.yaml:4:5: note[idle-role] the role `Poet` works on no stage
    countersign.yaml:4:5: error[role-without-access] nobody has said what agents of the role `Poet` may touch
    countersign.yaml:7:5: error[unknown-label] the label `run:verse` of the stage `verse` is not in the catalogue
    countersign.yaml:7:5: error[unknown-type] the stage `verse` speaks of a type `memo` that there is not
    countersign.yaml:7:5: error[unproduced-artifact] `verse` needs `memo` if it is produced, and no stage ever does
    countersign.yaml:7:5: error[unreachable-stage] nothing leads to the stage `verse`
    countersign.yaml:12:5: error[unproduced-artifact] in the profile `full`, `arch` needs what `plan` produces, and none of them comes before it
    countersign.yaml:16:5: error[unknown-value] the rule `drafts` asks whether `issue.stage` is `devel`, which it never is
    process.yaml:… error[unproduced-artifact] in the profile `quick-fix`, `plan` needs an approved `constraints`, and no stage before it produces one
    process.yaml:… error[unproduced-artifact] in the profile `quick-fix`, `plan` needs what `design` or `prd` or `intake` produces, and none of them comes before it
    1 definition: 12 errors, 1 warning, 1 note
    ");
}

#[test]
fn rules_that_let_agents_alone_are_shown_as_a_sequence() {
    let repo = Repo::new(&[(
        "countersign.yaml",
        "process:\n  owners: [octavia]\n  rules:\n    weighty: {decide: allow}\n",
    )]);
    insta::assert_snapshot!(repo.policy(&["check"], ""), @"
    exit 1
    --- stdout
    error[agents-alone]: agents alone can bring about that the issue is moved to another stage
     --> countersign.yaml:4:5
      |
    4 |     weighty: {decide: allow}
      |     ^^^^^^^
      |
      = help: 1. agent (agent, role Auditor): abort: allow (weighty); => the issue is moved to another stage

    1 definition: 1 error
    ");
}

#[test]
fn tables_and_the_graph_are_printed() {
    let repo = Repo::new(&[OWNED]);
    for subject in ["stages", "roles", "rules"] {
        for format in ["human", "markdown", "json"] {
            let outcome = repo.policy(&["show", subject, "--format", format], "");
            assert_eq!(outcome.code, 0, "{outcome}");
            assert!(outcome.stdout.lines().count() > 8, "{outcome}");
        }
    }
    insta::assert_snapshot!(repo.policy(&["show", "stages", "--format", "markdown"], ""), @r"
    exit 0
    --- stdout
    | Stage | Started by | Needs | Produces | Roles | Runs | May change | Followed by |
    | --- | --- | --- | --- | --- | --- | --- | --- |
    | intake | run:intake, run:intake:revise | (issue), (repository) | problem, personas, scope, constraints, brief, (questions), (docset) | PM, KM | code-only | docs | prd, vision, plan |
    | vision | run:vision, run:vision:revise | all of intake | charter, success-metrics, risks, (docset) | PM | code-only | docs | prd, plan |
    | prd | run:prd, run:prd:revise | all of vision or intake | prd, story\*, (hypotheses), (links) | PM | code-only | docs | design, arch, plan |
    | arch | run:arch, run:arch:revise | all of prd, constraints | c4-context, c4-container, alternatives, nfr, adr+ | SA | full-env | docs | design, plan |
    | design | run:design, run:design:revise | all of arch or prd | design-doc, api-contract, data-model, migrations-policy, (scenarios) | SA, QA | full-env | docs | plan |
    | plan | run:plan, run:plan:revise | all of design or prd or intake, constraints | delivery-plan, definition-of-done, roadmap, epic+, story+, (docset) | EM, KM | full-env | docs | dev |
    | dev | run:dev, run:dev:revise | all of plan, design-doc if produced | docset-pr, adr if decision-changed, (pull-request), (updated-documents), (session) | Dev | full-env | everything | qa, doc-audit |
    | doc-audit | run:doc-audit | (pull-request), (docset), (checklists) | audit-report, issue-map, (audit-comment) | Auditor, KM | full-env | docs | qa |
    | qa | run:qa | prd if produced, design-doc if produced, (pull-request) | test-strategy, test-plan, test-matrix, regression-checklist, (test-runs) | QA | full-env | docs, tests | release |
    | release | run:release | (merged-main), (readiness) | release-plan, rollback-plan, release-notes, (tag), (events) | EM, SRE | full-env | docs | postdeploy |
    | postdeploy | run:postdeploy | (release), (observations) | postdeploy-review, postmortem if incident, (action-items) | QA, SRE | full-env | docs | ops |
    | ops | run:ops | postdeploy-review, (incidents) | monitoring, slo, alerts, runbook, incident-playbook, (new-issues) | SRE | full-env | docs | intake |
    | abort | run:abort | (status), (docset) | (cleanup), (retirement) | Owner | code-only | docs | any earlier |
    | rethink | run:rethink | (documents), (decision) | (iteration), (retirement) | Owner | code-only | docs | any earlier |
    ");
    insta::assert_snapshot!(repo.policy(&["show", "graph", "--profile", "quick-fix"], ""), @r#"
    exit 0
    --- stdout
    flowchart LR
      s_intake["run:intake<br/>Idea or project"]
      s_plan["run:plan<br/>Delivery plan"]
      s_dev["run:dev<br/>Development"]
      s_qa["run:qa<br/>Quality"]
      s_release["run:release<br/>Release"]
      s_postdeploy["run:postdeploy<br/>Review after deployment"]
      s_ops["run:ops<br/>Operation and improvement"]
      s_abort["run:abort<br/>Give up"]
      s_rethink["run:rethink<br/>Go back to an earlier stage"]
      s_intake -->|"owner approves"| s_plan
      s_intake -.->|"run:intake:revise"| s_intake
      s_plan -->|"owner approves"| s_dev
      s_plan -.->|"run:plan:revise"| s_plan
      s_dev -->|"owner approves"| s_qa
      s_dev -.->|"run:dev:revise"| s_dev
      s_qa -->|"owner approves"| s_release
      s_release -->|"owner approves"| s_postdeploy
      s_postdeploy -->|"owner approves"| s_ops
      s_ops -->|"owner approves"| s_intake
      s_intake -.-> s_abort
      s_plan -.-> s_abort
      s_dev -.-> s_abort
      s_qa -.-> s_abort
      s_release -.-> s_abort
      s_postdeploy -.-> s_abort
      s_ops -.-> s_abort
      s_intake -.-> s_rethink
      s_plan -.-> s_rethink
      s_dev -.-> s_rethink
      s_qa -.-> s_rethink
      s_release -.-> s_rethink
      s_postdeploy -.-> s_rethink
      s_ops -.-> s_rethink
    "#);
    insta::assert_snapshot!(repo.policy(&["show", "graph", "--profile", "quik-fix"], ""), @"
    exit 2
    --- stderr
    error: there is no profile `quik-fix`; did you mean `quick-fix`?
    ");
}

#[test]
fn another_policy_is_tried_on_what_happened() {
    let labeled = |label: &str, sender: &str| {
        format!(
            r#"{{"action": "labeled", "label": {{"name": "{label}"}}, "issue": {{"number": 12, "labels": []}}, "sender": {sender}, "repository": {{"full_name": "acme/shop"}}}}"#
        )
    };
    let repo = Repo::new(&[
        OWNED,
        (
            "new.yaml",
            "process:\n  owners: [otto]\n  rules:\n    working-labels: {decide: {approval: {expires: 1h}}}\n",
        ),
        ("recorded/a.json", REQUEST),
        (
            "recorded/b.jsonl",
            &format!(
                "{}\n{}\n{}\n",
                labeled("run:dev", r#"{"login": "octavia", "id": 1, "type": "User"}"#),
                labeled("bug", r#"{"login": "octavia[bot]", "id": 2, "type": "Bot"}"#),
                labeled("run:dev", "null"),
            ),
        ),
        (
            "recorded/c.json",
            r#"[{"action": "started", "sender": {"login": "x", "type": "User"}, "repository": {}}]"#,
        ),
        ("recorded/notes.txt", "not a record"),
    ]);
    let simulate = |more: &[&str]| {
        repo.policy(
            &[&["simulate", "--policy", "new.yaml", "--events", "recorded"], more].concat(),
            "",
        )
    };
    insta::assert_snapshot!(simulate(&[]), @"
    exit 0
    --- stdout
    Record     Actor            Operation             Before  After                            Because
    a.json     dev-agent (Dev)  github_request_label  allow   needs-approval (1 of otto, 1 h)  working-labels (new.yaml:4:5)
    b.jsonl#1  octavia          github_request_label  allow   needs-approval (1 of otto, 1 d)  starting-labels (process.yaml:…)
    b.jsonl#2  octavia[bot]     github_request_label  allow   needs-approval (1 of otto, 1 h)  working-labels (new.yaml:4:5)
    4 requests: 3 decided otherwise (1 record asking for nothing)
    ");
    assert_eq!(simulate(&["--fail-on-change"]).code, 1);
    insta::assert_snapshot!(simulate(&["--format", "markdown"]), @r"
    exit 0
    --- stdout
    | Record | Actor | Operation | Before | After | Because |
    | --- | --- | --- | --- | --- | --- |
    | a.json | dev-agent (Dev) | github\_request\_label | allow | needs-approval (1 of otto, 1 h) | working-labels (new.yaml:4:5) |
    | b.jsonl#1 | octavia | github\_request\_label | allow | needs-approval (1 of otto, 1 d) | starting-labels (process.yaml:…) |
    | b.jsonl#2 | octavia\[bot\] | github\_request\_label | allow | needs-approval (1 of otto, 1 h) | working-labels (new.yaml:4:5) |

    4 requests: 3 decided otherwise (1 record asking for nothing)
    ");
    let same =
        ["simulate", "--policy", "countersign.yaml", "--events", "recorded", "--fail-on-change"];
    insta::assert_snapshot!(repo.policy(&same, ""), @"
    exit 0
    --- stdout
    4 requests: nothing changes (1 record asking for nothing)
    ");
    let nothing = ["simulate", "--policy", "new.yaml", "--events", ".git"];
    insta::assert_snapshot!(repo.policy(&nothing, ""), @"
    exit 2
    --- stderr
    error: `.git` holds no records: put requests or events there, as `.json` or `.jsonl`
    ");
}

#[test]
fn every_command_has_help_with_examples() {
    let repo = Repo::new(&[]);
    for command in ["check", "show", "decide", "simulate", "completions"] {
        let outcome = repo.policy(&[command, "--help"], "");
        assert_eq!(outcome.code, 0, "{outcome}");
        assert!(outcome.stdout.contains("Examples:"), "{outcome}");
    }
    assert!(repo.policy(&["completions", "bash"], "").stdout.contains("policy"));
}
