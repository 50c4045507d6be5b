//! What documents say stays text in the log of a workflow.

use super::harness::{Outcome, Repo};
use super::life::page;

/// Reads a log as the runner of GitHub Actions does, and gives the lines that it would
/// take for commands: `::name::` at the start of a line, `##[name]` anywhere.
/// <https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs>
fn commands(log: &str) -> Vec<&str> {
    let mut stopped: Option<&str> = None;
    let mut found = Vec::new();
    for line in log.split(['\n', '\r']) {
        let is_new = line.trim_start().starts_with("::") && line.trim_start()[2..].contains("::");
        match stopped {
            Some(word) if line == format!("::{word}::") => stopped = None,
            Some(_) => {}
            None if line.starts_with("::stop-commands::") => {
                stopped = Some(&line["::stop-commands::".len()..]);
            }
            None if is_new || line.contains("##[") => found.push(line),
            None => {}
        }
    }
    assert!(stopped.is_none(), "commands stay stopped");
    found
}

fn in_workflow(repo: &Repo, arguments: &[&str]) -> Outcome {
    let run = repo.docset(arguments).env("GITHUB_ACTIONS", "true");
    run.env("SOURCE_DATE_EPOCH", "1767916800").outcome()
}

const OLD: &str = "##[add-mask]octavia";
const NEW: &str = "::set-output name=approved::yes";

/// Every text and name that documents bring along is a command.
fn hostile() -> Repo {
    let block = "approvals:\n  status: approved\n  request_id: '##[add-mask]R'\n  approved_by: \
                 '::add-mask::o'\n  approved_at: 2026-01-03\n";
    let hostile = |id: &str, status: &str, keys: &str| {
        let text = page("PG-0001", status, keys);
        let text = text.replace("doc_id: PG-0001", &format!("doc_id: '{id}'"));
        text.replace("title: Words", "title: '::warning::##[error]Words'")
            + "\n"
            + OLD
            + "\n"
            + NEW
            + "\n"
    };
    Repo::new(&[
        (
            "countersign.yaml",
            "docs:\n  include: [.]\n  exclude: [docs/templates]\n  types:\n    page: {prefixes: [PG], \
             stage: vision, owner_roles: [KM]}\n",
        ),
        ("docs/templates/page.md", "---\ndoc_id: {{ id }}\ntype: page\n---\n\n::add-mask::a\n"),
        ("::add-mask::a.md", &hostile("PG-0001", "in-review", "related_issues: [12]\n")),
        (
            "##[add-mask]b.md",
            &hostile("::add-mask::b", "approved", &format!("related_issues: [12]\n{block}")),
        ),
        ("c.md", &hostile(OLD, "draft", "related_issues: [12]\nrelated_prs: [5]\n")),
        ("d.md", &hostile("PG-0004", "'##[add-mask]d'", "related_issues: [13]\n")),
        ("e.md", &hostile("PG-0005", "approved", &format!("related_issues: [14]\n{block}"))),
    ])
}

#[test]
fn no_command_lets_a_document_give_one() {
    let repo = hostile();
    let mut printed = String::new();
    for line in [
        &["check"][..],
        &["check", "--format", "concise"],
        &["adopt", ".", "--dry-run"],
        &["verify"],
        &["new", "page", "--title", NEW, "--dry-run"],
        &["new", "page", "--title", OLD],
        &["graph"],
        &["graph", "--format", "dot"],
        &["digest", "::add-mask::a.md", "##[add-mask]b.md", "c.md"],
        &["submit", OLD, "--dry-run"],
        &["submit", OLD],
        &["submit", "::add-mask::b"],
        &["submit", "::add-mask::c"],
        &["approve", "PG-0001", "--by", OLD, "--request-id", NEW, "--dry-run"],
        &["approve", "PG-0001", "--by", OLD, "--request-id", NEW, "--date", "2026-02-03"],
        &["request-changes", OLD, "--by", NEW],
        &["supersede", "PG-0001", "PG-0004"],
        &["sync", "issue", "12", "--check"],
        &["sync", "issue", "12"],
        &["sync", "pr", "5"],
        &["map", "--check"],
        &["map"],
        &["index", "--check"],
        &["report", "--check"],
        &["rethink", "--issue", "13", "--to", "vision"],
        &["rethink", "--issue", "14", "--to", "vision", "--dry-run"],
        &["rethink", "--issue", "14", "--to", "vision"],
        &["abandon", "--issue", "12", "--dry-run"],
        &["abandon", "--issue", "12"],
        &["abandon", "--issue", "13"],
    ] {
        let outcome = in_workflow(&repo, line);
        for log in [&outcome.stdout, &outcome.stderr] {
            assert_eq!(commands(log), [""; 0], "{line:?}: {outcome}");
        }
        printed.push_str(&outcome.to_string());
    }
    // They had something to say.
    for text in [OLD, NEW, "##[add-mask]b.md", "::add-mask::a.md", "##[error]Words"] {
        assert!(printed.contains(text), "{text}");
    }
}

#[test]
fn what_scripts_read_is_left_as_it_is() {
    let repo = Repo::new(&[]);
    let made = in_workflow(&repo, &["new", "adr", "--title", "Tokens"]);
    assert_eq!(made.stdout, "docs/arch/adr-0001-tokens.md\n");
}
