//! What an attacker or a bad moment can do to the program as a whole.

use insta::assert_snapshot;

use super::harness::{Repo, index};

#[cfg(unix)]
#[test]
fn a_configuration_behind_a_link_out_of_the_repository_is_not_read() {
    let repo = Repo::new(&[("docs/a.md", &index("IDX-0001", ""))]);
    repo.write("../secret.yaml", "the secret");
    std::os::unix::fs::symlink(repo.path("../secret.yaml"), repo.path("countersign.yaml")).unwrap();
    let outcome = repo.check(&[]).to_string();
    assert!(outcome.starts_with("exit 2") && !outcome.contains("the secret"), "{outcome}");
    assert!(outcome.contains("it leads nowhere, or out of the repository"), "{outcome}");
}

#[test]
fn a_baseline_outside_of_the_repository_is_refused() {
    let repo = Repo::new(&[("docs/a.md", &index("IDX-0001", ""))]);
    for path in ["/tmp/baseline.json", "../baseline.json", "docs/../../baseline.json"] {
        repo.write("countersign.yaml", format!("docs:\n  baseline: {path}\n"));
        let outcome = repo.check(&["--write-baseline"]).to_string();
        assert!(outcome.starts_with("exit 2"), "{outcome}");
        assert!(outcome.contains("countersign.yaml:2:13: the baseline"), "{outcome}");
    }
}

#[cfg(unix)]
#[test]
fn output_goes_through_a_device_and_leaves_it_a_device() {
    use std::os::unix::fs::FileTypeExt as _;
    let repo = Repo::new(&[("docs/a.md", &index("IDX-0001", ""))]);
    let outcome = repo.check(&["--output", "/dev/null"]).to_string();
    assert!(outcome.starts_with("exit 0"), "{outcome}");
    assert!(std::fs::metadata("/dev/null").unwrap().file_type().is_char_device());
}

#[test]
fn fixing_twice_at_once_is_fixing_once() {
    let untidy =
        index("IDX-0001", "").replace("---\n", "---  \n").replace("status: draft", "status: DRAFT");
    let names: Vec<String> = (0..60).map(|at| format!("docs/{at}.md")).collect();
    let texts: Vec<String> =
        (0..60).map(|at| untidy.replace("IDX-0001", &format!("IDX-{at:04}"))).collect();
    let files: Vec<(&str, &str)> =
        names.iter().map(String::as_str).zip(texts.iter().map(String::as_str)).collect();
    let repo = Repo::new(&files);
    let alone = Repo::new(&files);
    assert!(alone.check(&["--fix"]).to_string().contains("fixed"));
    for _ in 0..3 {
        for (name, text) in &files {
            repo.write(name, text);
        }
        let running: Vec<_> = (0..4)
            .map(|_| repo.docset(&["check", "--fix", "--quiet"]).into_command().spawn().unwrap())
            .collect();
        for mut child in running {
            child.wait().unwrap();
        }
        for (name, _) in &files {
            assert_eq!(repo.read(name), alone.read(name), "{name}");
        }
    }
}

#[test]
fn a_carriage_return_hides_nothing_from_an_approval() {
    let repo = Repo::new(&[(
        "docs/a.md",
        &index("IDX-0001", "").replace("status: draft", "status: draft\rversion: 2"),
    )]);
    let outcome = repo.concise(&[]).to_string();
    assert!(outcome.contains("error[control-character]"), "{outcome}");
}

#[test]
fn a_workflow_takes_nothing_in_a_document_for_a_command() {
    let repo =
        Repo::new(&[("docs/a.md", &index("IDX-0001", "\n[a](##[add-mask]b.md)\n[x](no.md)\n"))]);
    let outcome = repo.docset(&["check"]).env("GITHUB_ACTIONS", "true").outcome().to_string();
    let lines: Vec<&str> = outcome.lines().collect();
    let stop =
        lines.iter().position(|line| line.starts_with("::stop-commands::countersign-")).unwrap();
    let word = lines[stop].trim_start_matches("::stop-commands::");
    assert_eq!(lines.iter().filter(|line| **line == format!("::{word}::")).count(), 1);
    assert_eq!(lines[stop - 1], "--- stdout");
}

#[cfg(unix)]
#[test]
fn links_inside_the_root_lead_to_documents_that_nothing_else_finds() {
    let repo = Repo::new(&[
        ("docs/a.md", &index("IDX-0001", "")),
        ("elsewhere/b.md", &index("IDX-0002", "\n[x](no.md)\n")),
        ("single/c.md", &index("IDX-0003", "\n[x](no.md)\n")),
    ]);
    std::os::unix::fs::symlink("../elsewhere", repo.path("docs/more")).unwrap();
    std::os::unix::fs::symlink("../single/c.md", repo.path("docs/c.md")).unwrap();
    assert_snapshot!(repo.concise(&[]), @"
    exit 1
    --- stdout
    elsewhere/b.md:17:1: error[broken-link] there is no `elsewhere/no.md`
    single/c.md:17:1: error[broken-link] there is no `single/no.md`
    3 documents: 2 errors
    ");
}

#[test]
fn a_changed_document_of_a_repository_inside_is_looked_at() {
    let repo = Repo::committed(&[("docs/a.md", &index("IDX-0001", ""))]);
    repo.write("docs/inner/b.md", index("IDX-0002", "\n[x](no.md)\n"));
    let git = |arguments: &[&str]| {
        let folder = repo.path("docs/inner");
        let status =
            std::process::Command::new("git").arg("-C").arg(folder).args(arguments).status();
        assert!(status.unwrap().success());
    };
    git(&["init", "--quiet"]);
    assert_snapshot!(repo.concise(&["--changed-since", "HEAD"]), @"
    exit 1
    --- stdout
    docs/inner/b.md:17:1: error[broken-link] there is no `docs/inner/no.md`
    1 document: 1 error
    ");
}
