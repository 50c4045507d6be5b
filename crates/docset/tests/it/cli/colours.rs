//! When output has colours.

use super::harness::{Repo, altered};

fn faulty() -> Repo {
    Repo::new(&[("docs/a.md", &altered("IDX-0001", "draft", "Draft"))])
}

/// Whether `docset check` with these arguments and this environment shows colours
/// on a pipe.
fn coloured(arguments: &[&str], environment: &[(&str, &str)]) -> bool {
    let repo = faulty();
    let mut run = repo.docset(&[&["check"], arguments].concat());
    for (name, value) in environment {
        run = run.env(name, value);
    }
    let outcome = run.outcome();
    assert_eq!(outcome.code, 1);
    assert!(outcome.stdout.contains("invalid-status"));
    outcome.stdout.contains('\u{1b}')
}

#[test]
fn a_pipe_gets_no_colours() {
    assert!(!coloured(&[], &[]));
    assert!(!coloured(&["--color", "auto"], &[("TERM", "xterm-256color")]));
}

#[test]
fn the_flag_decides_before_the_environment_does() {
    assert!(coloured(&["--color", "always"], &[]));
    assert!(coloured(&["--color", "always"], &[("NO_COLOR", "1")]));
    assert!(!coloured(&["--color", "never"], &[("CLICOLOR_FORCE", "1")]));
}

#[test]
fn clicolor_force_colours_a_pipe_unless_no_color_is_set() {
    assert!(coloured(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    assert!(coloured(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "")]), "empty is not set");
}

#[test]
fn formats_for_programs_never_have_colours() {
    for format in ["json", "github", "sarif", "markdown"] {
        assert!(!coloured(&["--color", "always", "--format", format], &[]), "{format}");
    }
}

#[test]
fn a_file_gets_no_colours() {
    let repo = faulty();
    let outcome = repo.check(&["--color", "always", "--output", "report.txt"]);
    assert_eq!((outcome.code, &*outcome.stdout), (1, ""));
    assert!(!repo.read("report.txt").contains('\u{1b}'));
}

#[test]
fn errors_are_coloured_by_the_same_flag() {
    let repo = faulty();
    let plain = repo.docset(&["explain", "nothing"]).outcome();
    assert!(!plain.stderr.contains('\u{1b}'));
    let coloured = repo.docset(&["explain", "nothing", "--color", "always"]).outcome();
    assert!(coloured.stderr.starts_with("\u{1b}["));
}
