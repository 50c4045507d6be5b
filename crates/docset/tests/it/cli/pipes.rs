//! A reader that has read enough, as in `docset check | head`.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::Stdio;

use super::harness::{Repo, index};

/// Runs `docset` with these arguments, reads one line of its output and closes the
/// pipe; its exit code, how much had come by then and what it said on standard error.
fn first_line(repo: &Repo, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = repo.docset(arguments).into_command();
    let pipe = Stdio::piped;
    let mut child = command.stdin(Stdio::null()).stdout(pipe()).stderr(pipe()).spawn().unwrap();
    let mut line = String::new();
    BufReader::with_capacity(64, child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    (child.wait().unwrap().code(), line, stderr)
}

/// More output than a pipe and the buffer of the program hold.
fn verbose() -> Repo {
    let links: String = (0..3000).map(|at| format!("\n[x](no-{at}.md)\n")).collect();
    Repo::new(&[("docs/a.md", &index("IDX-0001", &links))])
}

#[test]
fn a_closed_pipe_is_no_error_in_any_format() {
    let repo = verbose();
    for format in ["human", "concise", "json", "github", "sarif", "markdown"] {
        // Only the first 500 findings make it into a step summary.
        let most = if format == "markdown" { 30_000 } else { 150_000 };
        assert!(repo.check(&["--format", format]).stdout.len() > most, "{format}");
        let (code, line, stderr) = first_line(&repo, &["check", "--format", format]);
        assert!(matches!(code, Some(0 | 1)), "{format}: {code:?} {stderr}");
        assert!(!line.is_empty());
        assert_eq!(stderr, "", "{format}");
    }
}

#[test]
fn a_closed_pipe_is_no_error_of_commands_that_tell() {
    let repo = Repo::new(&[]);
    for arguments in [
        &["types", "--format=json"][..],
        &["completions", "zsh"],
        &["explain", "broken-link"],
        &["--help"],
    ] {
        let (code, _, stderr) = first_line(&repo, arguments);
        assert_eq!((code, &*stderr), (Some(0), ""), "{arguments:?}");
    }
}
