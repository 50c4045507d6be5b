//! A repository in a temporary folder, and the `policy` program in it.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use countersign_docset::Checker;
use countersign_docset::docset::{self, Changed, Identity, Sources, issue_path, pr_path};
use countersign_docset::document::Date;
use countersign_docset::lifecycle::{self, Approval, Draft};
use countersign_docset::new::{self, Order, What};
use countersign_docset::record::Subject;
use countersign_docset::tree::Deleted;
use countersign_docset::view::{ISSUE_MAP, issue_map};
use countersign_files::write_atomically;
use serde_json::{Value, json};

/// The day on which everything happens.
pub(crate) const DAY: &str = "2026-02-06";

/// A repository whose owner is octavia.
pub(crate) struct Repository {
    folder: tempfile::TempDir,
}

/// What a run of the program came to.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Outcome {
    /// Standard output as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

impl Repository {
    /// An empty one, with one commit.
    pub(crate) fn new() -> Self {
        let repository = Self { folder: tempfile::tempdir().unwrap() };
        repository.write("countersign.yaml", "process:\n  owners: [octavia]\n");
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        repository.commit();
        repository
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        write_atomically(&path, text.as_bytes()).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    pub(crate) fn git(&self, arguments: &[&str]) {
        let output = Command::new("git")
            .arg("-C")
            .arg(self.folder.path())
            .args(["-c", "user.name=t", "-c", "user.email=t@example.org"])
            .args(arguments)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    pub(crate) fn commit(&self) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message=x"]);
    }

    /// Runs `policy`.
    pub(crate) fn policy(&self, arguments: &[&str]) -> Outcome {
        self.policy_with(arguments, &[])
    }

    /// Runs `policy` with these variables of a workflow, and no others.
    pub(crate) fn policy_with(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Outcome {
        let of_workflow = |name: &std::ffi::OsString| {
            let name = name.to_string_lossy();
            name.starts_with("GITHUB_") || name.starts_with("INPUT_")
        };
        let mut command = Command::new(env!("CARGO_BIN_EXE_policy"));
        for (name, _) in std::env::vars_os().filter(|(name, _)| of_workflow(name)) {
            command.env_remove(name);
        }
        let output = command
            .args(arguments)
            .current_dir(self.folder.path())
            .envs(variables.iter().copied())
            .env("NO_COLOR", "1")
            .output()
            .unwrap();
        Outcome {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Writes an event outside of the repository's tracked files, and gives its path.
    pub(crate) fn event(&self, issue: u64, labels: &[&str], set: &str, sender: &Value) -> String {
        let labels: Vec<Value> = labels.iter().map(|name| json!({"name": name})).collect();
        let event = json!({
            "action": "labeled",
            "label": {"name": set},
            "issue": {"number": issue, "labels": labels},
            "sender": sender,
        });
        let path = self.path(".git/event.json");
        write_atomically(&path, event.to_string().as_bytes()).unwrap();
        path.to_str().unwrap().to_owned()
    }

    pub(crate) fn checker(&self) -> Checker {
        Checker::open(self.folder.path()).unwrap()
    }

    /// Creates documents for the issue, unfilled, and gives their paths.
    pub(crate) fn create(&self, what: What, issue: u64) -> Vec<String> {
        let order = Order {
            what,
            title: "Faster checkout".to_owned(),
            issues: vec![issue],
            pull_requests: Vec::new(),
            stage: None,
            language: None,
            today: Date::parse(DAY).unwrap(),
        };
        let plan = new::create(&order, &self.checker(), || {}).unwrap();
        plan.documents.into_iter().map(|document| document.path).collect()
    }

    /// Says something at every place that a template leaves to the writer.
    pub(crate) fn fill(&self, paths: &[String]) {
        for path in paths {
            self.write(path, &filled(&self.read(path)));
        }
    }

    /// Submits and approves documents.
    pub(crate) fn approve(&self, paths: &[String]) {
        let checker = self.checker();
        for path in paths {
            let mut draft = Draft::new(path.as_str().into(), self.read(path));
            let records = checker.records();
            let in_force = records.by_path[path.as_str()].is_in_force();
            if !in_force {
                // A decision has no review.
                let _ = lifecycle::submit(&mut draft, checker.catalogue());
            }
            let at = Date::parse(DAY).unwrap();
            let approval = Approval { by: "octavia", request_id: "REQ-1", at, read: &[] };
            lifecycle::approve(&mut draft, checker.catalogue(), &approval).unwrap();
            self.write(path, &draft.after);
        }
    }

    /// Submits documents.
    pub(crate) fn submit(&self, paths: &[String]) {
        for path in paths {
            let mut draft = Draft::new(path.as_str().into(), self.read(path));
            // A decision has no review.
            let _ = lifecycle::submit(&mut draft, self.checker().catalogue());
            self.write(path, &draft.after);
        }
    }

    /// Brings the docset file of an issue up to date.
    pub(crate) fn sync(&self, issue: u64, stage: Option<&str>) {
        let identity = Identity { stage: stage.map(str::to_owned), ..Identity::default() };
        self.renew(Subject::Issue(issue), identity, Changed::AsListed);
    }

    /// Brings the docset file of a pull request up to date with what changed.
    pub(crate) fn sync_pull_request(&self, number: u64, revision: &str) {
        let changed = self.checker().changed_since(revision, Deleted::LeftOut).unwrap();
        let subject = Subject::PullRequest(number);
        self.renew(subject, Identity::default(), Changed::Paths(changed));
    }

    fn renew(&self, subject: Subject, identity: Identity, changed: Changed) {
        let checker = self.checker();
        let (records, process) = (checker.records(), docset::Process::default());
        let sources =
            Sources { records: &records, catalogue: checker.catalogue(), process: &process };
        let today = Date::parse(DAY).unwrap();
        let order = docset::Order { subject, identity, changed, today };
        let file = fs::read_to_string(self.path(&docset::path_of(subject))).ok();
        let mut present = docset::Present { file, ..docset::Present::default() };
        if let Ok(text) = fs::read_to_string(self.path(&issue_path(12))) {
            present.issues.insert(12, docset::Docset::read(&text).unwrap());
        }
        let (path, text) = docset::renew(sources, &order, &present).unwrap().file;
        self.write(&path, &text);
    }

    /// Writes the issue map.
    pub(crate) fn map(&self) {
        let checker = self.checker();
        let mut docsets = std::collections::BTreeMap::new();
        let paths: BTreeSet<String> = [issue_path(12), pr_path(34)].into();
        for path in paths {
            if let Ok(text) = fs::read_to_string(self.path(&path)) {
                docsets.insert(path, docset::Docset::read(&text).unwrap());
            }
        }
        let page = issue_map(&checker.records(), &docsets, checker.catalogue(), ISSUE_MAP);
        let present = fs::read_to_string(self.path(ISSUE_MAP)).ok();
        let text = page.render(present.as_deref(), Date::parse(DAY).unwrap()).unwrap();
        self.write(ISSUE_MAP, &text);
    }
}

/// The text of a template with every placeholder replaced.
fn filled(text: &str) -> String {
    let mut filled = String::new();
    for line in text.lines() {
        let mut rest = line;
        if line.starts_with("<!--") {
            filled.push_str(line);
            rest = "";
        }
        while let Some((before, (inside, after))) =
            rest.split_once('<').and_then(|(before, rest)| Some((before, rest.split_once('>')?)))
        {
            filled.push_str(before);
            filled.push_str(if inside == "YYYY-MM-DD" { DAY } else { "sample text" });
            rest = after;
        }
        filled.push_str(rest);
        filled.push('\n');
    }
    filled
}

/// The owner, as GitHub names the sender of an event.
pub(crate) fn owner() -> Value {
    json!({"login": "octavia", "id": 1, "type": "User"})
}
