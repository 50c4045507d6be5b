//! `--step`: what a workflow's runner is told by `check` and `sync`.

use insta::assert_snapshot;

use super::harness::{Outcome, Repo, altered, index};

/// A runner's files beside a repository, and what the inputs are.
struct Runner<'r> {
    repo: &'r Repo,
    folder: tempfile::TempDir,
    inputs: Vec<(&'static str, String)>,
}

/// What a step came to, with all that the runner got.
struct Told {
    outcome: Outcome,
    outputs: String,
    summary: String,
}

impl<'r> Runner<'r> {
    fn new(repo: &'r Repo) -> Self {
        Self { repo, folder: tempfile::tempdir().unwrap(), inputs: Vec::new() }
    }

    fn input(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.inputs.push((name, value.into()));
        self
    }

    /// Runs the command as the action does.
    fn run(&self, command: &str) -> Told {
        let file = |name: &str| self.folder.path().join(name).to_str().unwrap().to_owned();
        let mut run = self
            .repo
            .docset(&command.split(' ').collect::<Vec<_>>())
            .env("GITHUB_ACTIONS", "true")
            .env("GITHUB_WORKSPACE", self.repo.path("").to_str().unwrap())
            .env("GITHUB_OUTPUT", &file("output"))
            .env("GITHUB_STEP_SUMMARY", &file("summary"))
            .env("SOURCE_DATE_EPOCH", "1767916800");
        for (name, value) in &self.inputs {
            run = run.env(name, value);
        }
        let outcome = run.outcome();
        let read = |name: &str| std::fs::read_to_string(file(name)).unwrap_or_default();
        Told { outcome, outputs: read("output"), summary: read("summary") }
    }
}

impl Told {
    /// The value of an output, read as the runner does.
    #[track_caller]
    fn output(&self, name: &str) -> &str {
        let (_, rest) = self.outputs.split_once(&format!("{name}<<")).unwrap();
        let (word, rest) = rest.split_once('\n').unwrap();
        let (value, _) = rest.split_once(&format!("\n{word}\n")).unwrap();
        value
    }

    /// The annotations in the log.
    fn annotations(&self) -> String {
        let kinds = ["::error ", "::warning ", "::notice "];
        let is_one = |line: &&str| kinds.iter().any(|kind| line.starts_with(kind));
        self.outcome.stdout.lines().filter(is_one).map(|line| format!("{line}\n")).collect()
    }
}

#[test]
fn findings_are_annotations_outputs_and_a_table() {
    let repo = Repo::new(&[
        ("docs/a.md", &altered("IDX-0001", "draft", "Draft")),
        ("docs/b.md", &index("IDX-0002", "")),
    ]);
    let told = Runner::new(&repo).input("INPUT_FAIL_ON", "error").run("check --step");
    assert_eq!(told.outcome.code, 1, "{}", told.outcome);
    assert_snapshot!(told.annotations(), @"::error title=docset invalid-status,file=docs/a.md,line=5,col=9,endLine=5,endColumn=14::the type `index` has no status `Draft`%0Awrite it as `draft`");
    assert_snapshot!(told.summary, @"
    ### ❌ docset check

    2 documents: 1 error (1 can be fixed with `--fix`)

    | | Place | Finding | Rule |
    |---|---|---|---|
    | error | docs/a.md:5 | the type `index` has no status `Draft`<br>write it as `draft` | invalid-status |
    ");
    let outputs = ["result", "errors", "warnings", "documents"].map(|name| told.output(name));
    assert_eq!(outputs, ["findings", "1", "0", "2"]);
    // The log has the excerpt for whoever opens it.
    assert!(told.outcome.stdout.contains("--> docs/a.md:5:9"), "{}", told.outcome);
}

#[test]
fn nothing_to_report_is_said() {
    let repo = Repo::new(&[("docs/a.md", &index("IDX-0001", ""))]);
    let told = Runner::new(&repo).input("INPUT_PATHS", "docs\n").run("check --step");
    assert_eq!(told.outcome.code, 0, "{}", told.outcome);
    assert_eq!(told.annotations(), "");
    assert_eq!(told.output("result"), "clean");
    assert!(told.summary.starts_with("### ✅ docset check\n\n1 document: nothing to report\n"));
}

#[test]
fn a_document_in_a_folder_of_the_workspace_is_annotated_there() {
    let repo = Repo::unmarked(&[
        ("product/countersign.yaml", "docs: {}\n"),
        ("product/docs/a.md", &altered("IDX-0001", "draft", "Draft")),
    ]);
    let folder = repo.path("product");
    let runner = Runner::new(&repo);
    let path = |name: &str| runner.folder.path().join(name).to_str().unwrap().to_owned();
    let outcome = repo
        .docset(&["check", "--step"])
        .inside(folder)
        .env("GITHUB_WORKSPACE", repo.path("").to_str().unwrap())
        .env("GITHUB_OUTPUT", &path("output"))
        .outcome();
    assert!(outcome.stdout.contains(",file=product/docs/a.md,line=5,"), "{outcome}");
}

#[test]
fn warnings_fail_the_step_where_that_is_asked_for() {
    let text = index("IDX-0001", "\n[x](missing.md)\n");
    let configuration = "docs:\n  rules: {broken-link: warning}\n";
    let repo = Repo::new(&[("countersign.yaml", configuration), ("docs/a.md", &text)]);
    for (fail_on, code, result) in
        [("error", 0, "clean"), ("warning", 1, "findings"), ("", 0, "clean")]
    {
        let told = Runner::new(&repo).input("INPUT_FAIL_ON", fail_on).run("check --step");
        assert_eq!(told.outcome.code, code, "{}", told.outcome);
        assert_eq!((told.output("result"), told.output("warnings")), (result, "1"));
    }
}

#[test]
fn of_many_findings_ten_are_annotations_and_all_are_in_the_table() {
    let files: Vec<(String, String)> = (1..=12)
        .map(|number| {
            (format!("docs/{number}.md"), altered(&format!("IDX-{number:04}"), "draft", "Draft"))
        })
        .collect();
    let repo = Repo::new(&files.iter().map(|(path, text)| (&**path, &**text)).collect::<Vec<_>>());
    let told = Runner::new(&repo).run("check --step");
    assert_eq!(told.annotations().lines().count(), 10);
    assert_eq!(told.summary.matches("| error |").count(), 12);
    assert!(told.summary.contains("2 more are not shown beside the code"), "{}", told.summary);
    assert_eq!(told.output("errors"), "12");
}

#[test]
fn an_input_that_cannot_be_is_told_where_people_look() {
    let repo = Repo::new(&[("docs/a.md", &index("IDX-0001", ""))]);
    let told = Runner::new(&repo).input("INPUT_FAIL_ON", "errors").run("check --step");
    assert_snapshot!(told.outcome, @"
    exit 2
    --- stdout
    ::error title=docset::the input `fail-on` is `errors`; write `error` or `warning`

    --- stderr
    error: the input `fail-on` is `errors`; write `error` or `warning`
    ");
    assert_snapshot!(told.summary, @"
    ### ❌ docset could not do its job

    the input `fail-on` is `errors`; write `error` or `warning`
    ");
    assert_eq!(told.outputs, "");
    let told =
        Runner::new(&repo).input("INPUT_CHANGED_SINCE", "no\n::error::x").run("check --step");
    assert_eq!(told.outcome.code, 2);
    assert!(told.annotations().starts_with("::error title=docset::git cannot"), "{}", told.outcome);
    assert!(!told.outcome.stdout.contains("\n::error::x"));
}

#[test]
fn without_a_runner_there_is_no_step() {
    let repo = Repo::new(&[("docs/a.md", &index("IDX-0001", ""))]);
    assert_snapshot!(repo.check(&["--step"]), @"
    exit 2
    --- stdout
    ::error title=docset::`--step` is for the steps of a workflow, and `GITHUB_OUTPUT` is not set; leave `--step` out

    --- stderr
    error: `--step` is for the steps of a workflow, and `GITHUB_OUTPUT` is not set; leave `--step` out
    ");
    assert_eq!(
        repo.docset(&["rules", "--step"]).env("GITHUB_OUTPUT", "/dev/null").outcome().code,
        2
    );
}

fn product() -> Repo {
    Repo::committed(&[
        (
            "docs/a.md",
            &index("IDX-0001", "").replace("type: index", "type: index\nrelated_issues: [12]"),
        ),
        ("notes.txt", "one\n"),
    ])
}

fn last_commit(repo: &Repo) -> String {
    let mut command = std::process::Command::new("git");
    let log = ["log", "-1", "--format=%an <%ae>%n%s", "--name-only"];
    let output = command.arg("-C").arg(repo.path("")).args(log).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_check_of_what_is_generated_changes_nothing_and_fails() {
    let repo = product();
    let told =
        Runner::new(&repo).input("INPUT_MODE", "").input("INPUT_ISSUE", "12").run("sync --step");
    assert_eq!(told.outcome.code, 1, "{}", told.outcome);
    assert_eq!(told.output("changed"), "true");
    assert_eq!(told.output("commit"), "");
    assert_snapshot!(told.output("paths"), @r#"["docs/_docset/issues/issue-12.yaml","docs/_index/issue_map.md","docs/_index/index.md"]"#);
    assert_snapshot!(told.annotations(), @"
    ::error title=docset sync,file=docs/_docset/issues/issue-12.yaml,line=1::it is not what the documents say: run `docset sync all` and commit it
    ::error title=docset sync,file=docs/_index/issue_map.md,line=1::it is not what the documents say: run `docset sync all` and commit it
    ::error title=docset sync,file=docs/_index/index.md,line=1::it is not what the documents say: run `docset sync all` and commit it
    ");
    assert_snapshot!(told.summary, @r"
    ### ❌ 3 generated files are stale

    | File | State |
    |---|---|
    | docs/\_docset/issues/issue-12.yaml | not there |
    | docs/\_index/issue\_map.md | not there |
    | docs/\_index/index.md | not there |

    What to do: run `docset sync all` with the same numbers, or this action with `mode: commit`, and commit the result.
    ");
    assert!(!repo.exists("docs/_index"));
}

#[test]
fn what_is_written_is_up_to_date_afterwards() {
    let repo = product();
    let runner = || Runner::new(&repo).input("INPUT_ISSUE", "12");
    let told = runner().input("INPUT_MODE", "write").run("sync --step");
    assert_eq!((told.outcome.code, told.output("changed")), (0, "true"), "{}", told.outcome);
    let told = runner().input("INPUT_MODE", "check").run("sync --step");
    assert_eq!((told.outcome.code, told.output("changed")), (0, "false"), "{}", told.outcome);
    assert_eq!(told.output("paths"), "[]");
}

#[test]
fn the_number_comes_from_the_event_and_only_parts_that_are_named_are_looked_at() {
    let repo = product();
    repo.write("event.json", r#"{"issue": {"number": 12, "title": "\"; rm -rf . #$(id)"}}"#);
    let event = repo.path("event.json").to_str().unwrap().to_owned();
    let runner = || Runner::new(&repo).input("GITHUB_EVENT_PATH", event.clone());
    let told = runner().run("sync --step");
    assert!(told.output("paths").contains("issue-12.yaml"), "{}", told.outcome);
    let told = runner().input("INPUT_WHAT", "map index").run("sync --step");
    assert!(!told.output("paths").contains("issue-12.yaml"), "{}", told.outcome);
    let told = runner().input("INPUT_WHAT", "pr").run("sync --step");
    assert_eq!(told.outcome.code, 2);
    assert!(told.summary.contains("needs a number"), "{}", told.summary);
    let told = runner().input("INPUT_WHAT", "maps").run("sync --step");
    assert_eq!(told.outcome.code, 2);
}

#[test]
fn a_commit_holds_what_is_generated_and_nothing_else() {
    let repo = product();
    repo.write("notes.txt", "two\n");
    repo.write("new.txt", "new\n");
    let runner = || Runner::new(&repo).input("INPUT_MODE", "commit").input("INPUT_ISSUE", "12");
    let told = runner().run("sync --step");
    assert_eq!(told.outcome.code, 0, "{}", told.outcome);
    assert_eq!(told.output("commit").len(), 40);
    assert_snapshot!(last_commit(&repo), @"
    Test <test@example.com>
    Bring docsets up to date

    docs/_docset/issues/issue-12.yaml
    docs/_index/index.md
    docs/_index/issue_map.md
    ");
    assert_eq!(repo.read("notes.txt"), "two\n");
    // Nothing is new, so nothing is committed.
    let told = runner().run("sync --step");
    assert_eq!((told.outcome.code, told.output("commit")), (0, ""), "{}", told.outcome);
    // What an earlier run wrote and did not come to commit is committed now.
    repo.git(&["reset", "--quiet", "--soft", "HEAD~1"]);
    let told = runner().run("sync --step");
    assert_eq!((told.outcome.code, told.output("changed")), (0, "false"), "{}", told.outcome);
    assert_eq!(told.output("commit").len(), 40);
}

#[test]
fn somebody_elses_staged_files_are_not_committed_along() {
    let repo = product();
    repo.write("notes.txt", "two\n");
    repo.git(&["add", "notes.txt"]);
    let told = Runner::new(&repo).input("INPUT_MODE", "commit").run("sync --step");
    assert_snapshot!(told.outcome.stderr, @"error: `notes.txt`: staged, and not generated; commit it, or take it back with `git restore --staged`");
    assert_eq!(told.outcome.code, 2);
    assert!(!repo.exists("docs/_index"), "nothing is written before that is known");
    assert!(last_commit(&repo).contains("State"));
}

#[test]
fn the_bot_commits_where_git_knows_nobody() {
    let repo = product();
    let mut runner = Runner::new(&repo).input("INPUT_MODE", "commit");
    for name in ["GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"]
    {
        runner = runner.input(name, "");
    }
    let told = runner.run("sync --step");
    assert_eq!(told.outcome.code, 0, "{}", told.outcome);
    let bot = "github-actions[bot] <41898282+github-actions[bot]@users.noreply.github.com>\n";
    assert!(last_commit(&repo).starts_with(bot), "{}", last_commit(&repo));
}

#[test]
fn a_commit_is_pushed_when_that_is_asked_for_and_a_branch_is_checked_out() {
    let repo = product();
    let remote = tempfile::tempdir().unwrap();
    let url = remote.path().to_str().unwrap();
    repo.git(&["init", "--quiet", "--bare", url]);
    repo.git(&["remote", "add", "origin", url]);
    let runner = || Runner::new(&repo).input("INPUT_MODE", "commit").input("INPUT_PUSH", "true");
    repo.git(&["switch", "--quiet", "--detach"]);
    let told = runner().run("sync --step");
    assert_eq!(told.outcome.code, 2);
    assert!(told.summary.contains("no branch is checked out"), "{}", told.summary);
    assert!(!repo.exists("docs/_index"));
    repo.git(&["switch", "--quiet", "main"]);
    let told = runner().run("sync --step");
    assert_eq!(told.outcome.code, 0, "{}", told.outcome);
    repo.git(&["fetch", "--quiet", "origin"]);
    repo.git(&["diff", "--exit-code", "origin/main", "main"]);
    // Somebody pushed meanwhile: the commit stays here, and that is said.
    repo.git(&["push", "--quiet", "--force", "origin", "main~1:refs/heads/other"]);
    repo.git(&["commit", "--quiet", "--allow-empty", "--message=Theirs"]);
    repo.git(&["push", "--quiet", "origin", "main"]);
    repo.git(&["reset", "--quiet", "--hard", "HEAD~2"]);
    let told = runner().run("sync --step");
    assert_eq!(told.outcome.code, 2, "{}", told.outcome);
    assert!(told.outcome.stderr.contains("is here, and not at `origin`"), "{}", told.outcome);
}
