//! `docset init --github` and `docset upgrade`: the GitHub side of a repository.

use std::process::Stdio;

use super::harness::{Outcome, Repo};

const LOCK: &str = ".github/countersign.lock.yaml";
const CHECKS: &str = ".github/workflows/countersign-checks.yml";
const LABELS: &str = ".github/workflows/countersign-labels.yml";
const ZIZMOR: &str = ".github/zizmor.yml";

const FILES: [&str; 7] = [
    ".github/ISSUE_TEMPLATE/feature-task.yml",
    ".github/ISSUE_TEMPLATE/project-intake.yml",
    ".github/pull_request_template.md",
    CHECKS,
    ".github/workflows/countersign-index.yml",
    LABELS,
    ZIZMOR,
];

fn init(repo: &Repo, more: &[&str]) -> Outcome {
    let arguments = ["init", "--github", "--from", "acme/countersign", "--ref", "v0.0.1"];
    repo.docset(&[&arguments[..], more].concat()).outcome()
}

fn installed() -> Repo {
    let repo = Repo::new(&[]);
    let outcome = init(&repo, &[]);
    assert_eq!((outcome.code, &*outcome.stderr), (0, ""), "{outcome}");
    repo
}

fn upgrade(repo: &Repo, line: &str) -> Outcome {
    let arguments: Vec<&str> = line.split_whitespace().collect();
    repo.docset(&[&["upgrade"], &arguments[..]].concat()).outcome()
}

/// What the line of a file says.
#[track_caller]
fn word(outcome: &Outcome, path: &str) -> String {
    let line = outcome.stdout.lines().find(|line| line.contains(path));
    let line = line.unwrap_or_else(|| panic!("nothing about {path}: {outcome}"));
    line.split("  ").next().unwrap().to_owned()
}

/// All files below `.github`, with what they hold.
fn state(repo: &Repo) -> Vec<(&'static str, Option<String>)> {
    let read = |path| repo.exists(path).then(|| repo.read(path));
    FILES.into_iter().chain([LOCK]).map(|path| (path, read(path))).collect()
}

#[test]
fn a_repository_gets_workflows_forms_and_a_lock() {
    let repo = Repo::new(&[]);
    let outcome = init(&repo, &["--dry-run"]);
    assert_eq!(outcome.code, 0, "{outcome}");
    assert!(FILES.iter().all(|path| word(&outcome, path) == "would create"));
    assert!(!repo.exists(".github") && !repo.exists("docs"));
    let outcome = init(&repo, &[]);
    assert_eq!(outcome.code, 0, "{outcome}");
    assert!(FILES.iter().all(|path| word(&outcome, path) == "created     ".trim()));
    let checks = repo.read(CHECKS);
    let uses = "uses: acme/countersign/.github/workflows/wf_ci_prechecks.yml@v0.0.1\n";
    assert!(checks.contains(uses), "{checks}");
    for path in FILES {
        let text = repo.read(path);
        assert!(!text.contains("OWNER") && !text.contains("@REF"), "{path}");
        assert!(repo.read(LOCK).contains(path));
    }
    assert!(repo.read(ZIZMOR).contains("\"acme/countersign/*\": ref-pin"));
    assert!(repo.exists("docs/_docset/README.md"));
    // Again: nothing happens.
    let before = state(&repo);
    let outcome = repo.docset(&["init", "--github"]).outcome();
    assert_eq!(outcome.code, 0, "{outcome}");
    assert!(FILES.iter().all(|path| word(&outcome, path) == "left alone"));
    assert_eq!(state(&repo), before);
}

#[test]
fn forms_are_in_the_language_of_the_repository() {
    let repo =
        Repo::new(&[("countersign.yaml", "docs: {language: ru, exclude: [docs/templates]}\n")]);
    let outcome = init(&repo, &[]);
    assert_eq!(outcome.code, 0, "{outcome}");
    assert!(repo.read(FILES[1]).contains("name: Идея или проект"));
    assert!(repo.read(LOCK).contains("language: ru\n"));
    let outcome = init(&repo, &["--language", "en"]);
    assert_eq!(outcome.code, 2);
    assert!(outcome.stderr.contains("in the language `ru`"), "{outcome}");
}

#[test]
fn where_workflows_come_from_has_to_be_said_or_known() {
    let repo = Repo::new(&[]);
    let outcome = repo.docset(&["init", "--github"]).outcome();
    assert_eq!((outcome.code, repo.exists(".github")), (2, false));
    assert!(outcome.stderr.contains("`--from OWNER/countersign`"), "{outcome}");
    let outcome = repo.docset(&["init", "--from", "acme/countersign"]).outcome();
    assert_eq!((outcome.code, repo.exists("docs")), (2, false));
    assert!(outcome.stderr.contains("add `--github`"), "{outcome}");
    for from in ["acme", "acme/x\n    evil: true", "acme/${{ secrets.X }}"] {
        let outcome = repo.docset(&["init", "--github", "--from", from]).outcome();
        assert_eq!((outcome.code, repo.exists("docs")), (2, false), "{outcome}");
        assert!(outcome.stderr.contains("names no repository"), "{outcome}");
    }
    // The default reference is the tag of this version.
    let outcome = repo.docset(&["init", "--github", "--from", "acme/countersign"]).outcome();
    assert_eq!(outcome.code, 0, "{outcome}");
    let tag = concat!("wf_ci_prechecks.yml@v", env!("CARGO_PKG_VERSION"), "\n");
    assert!(repo.read(CHECKS).contains(tag));
}

#[test]
fn what_a_repository_had_before_is_never_ours() {
    let theirs = [
        (CHECKS, "name: Ours\n"),
        ("zizmor.yml", "rules: {}\n"),
        ("docs/PULL_REQUEST_TEMPLATE.md", "Ours.\n"),
    ];
    let repo = Repo::new(&theirs);
    let outcome = init(&repo, &[]);
    assert_eq!(outcome.code, 0, "{outcome}");
    assert_eq!(word(&outcome, CHECKS), "left alone");
    assert!(outcome.stdout.contains(".github/zizmor.yml (there is `zizmor.yml`)"), "{outcome}");
    assert!(!repo.exists(ZIZMOR) && !repo.exists(FILES[2]));
    // Not even when it is gone.
    for (path, _) in theirs {
        repo.remove(path);
    }
    let outcome = upgrade(&repo, "--ref v0.0.2");
    assert_eq!(outcome.code, 0, "{outcome}");
    assert!(!repo.exists(CHECKS) && !repo.exists(ZIZMOR) && !repo.exists(FILES[2]));
    // Unless somebody asks for it.
    let outcome = repo.docset(&["init", "--github"]).outcome();
    assert_eq!(outcome.code, 0, "{outcome}");
    assert!(repo.read(CHECKS).contains("@v0.0.2"));
}

#[test]
fn what_nobody_edited_is_replaced() {
    let repo = installed();
    let outcome = upgrade(&repo, "--ref v0.0.2");
    assert_eq!((outcome.code, &*outcome.stderr), (0, ""), "{outcome}");
    assert_eq!(word(&outcome, CHECKS), "replaced");
    assert_eq!(word(&outcome, FILES[0]), "up to date");
    assert!(repo.read(CHECKS).contains("@v0.0.2\n"));
    assert!(repo.read(LOCK).contains("uses: \"acme/countersign@v0.0.2\"\n"));
    // Without `--ref`, a version moves with the program.
    let outcome = upgrade(&repo, "");
    assert_eq!(outcome.code, 0, "{outcome}");
    assert!(repo.read(CHECKS).contains(concat!("@v", env!("CARGO_PKG_VERSION"), "\n")));
    let before = state(&repo);
    let outcome = upgrade(&repo, "");
    assert!(FILES.iter().all(|path| word(&outcome, path) == "up to date"), "{outcome}");
    assert_eq!(state(&repo), before);
    assert_eq!(upgrade(&repo, "--check").code, 0);
}

#[test]
fn edits_stay_and_what_is_new_is_added_to_them() {
    let repo = installed();
    let edited = repo.read(CHECKS).replace("branches: [main]", "branches: [trunk]");
    repo.write(CHECKS, &edited);
    for reference in ["v0.0.2", "v0.0.3"] {
        let outcome = upgrade(&repo, &format!("--ref {reference}"));
        assert_eq!((outcome.code, word(&outcome, CHECKS)), (0, "merged".to_owned()), "{outcome}");
        assert_eq!(repo.read(CHECKS), edited.replace("@v0.0.1", &format!("@{reference}")));
    }
    let outcome = upgrade(&repo, "--ref v0.0.3");
    assert_eq!((outcome.code, word(&outcome, CHECKS)), (0, "edited".to_owned()), "{outcome}");
}

#[test]
fn a_reference_that_another_tool_moved_goes_on_and_one_that_a_person_chose_stays() {
    for (theirs, becomes, word_of) in [
        ("v0.0.2 # ours", "v0.0.5 # ours", "merged"),
        ("v0.0.2", "v0.0.5", "replaced"),
        ("v0.0.9", "v0.0.9", "edited"),
        ("our-branch", "our-branch", "edited"),
    ] {
        let repo = installed();
        let text = repo.read(CHECKS);
        repo.write(CHECKS, text.replace("v0.0.1", theirs));
        let outcome = upgrade(&repo, "--ref v0.0.5");
        assert_eq!((outcome.code, &*word(&outcome, CHECKS)), (0, word_of), "{theirs}: {outcome}");
        assert_eq!(repo.read(CHECKS), text.replace("v0.0.1", becomes));
    }
}

#[test]
fn edits_that_are_in_the_way_are_left_and_told() {
    let repo = installed();
    let edited = repo.read(CHECKS) + "      stage: dev\n";
    repo.write(CHECKS, &edited);
    // As if it were from a template that this version does not know.
    let lock = repo.read(LOCK);
    let (head, tail) = lock.split_once(CHECKS).unwrap();
    repo.write(LOCK, format!("{head}{CHECKS}{}", tail.replacen("sha256:", "sha256:00", 1)));
    let outcome = upgrade(&repo, "--ref v0.0.2");
    assert_eq!((outcome.code, word(&outcome, CHECKS)), (1, "conflict".to_owned()), "{outcome}");
    assert!(outcome.stderr.contains("docset upgrade --keep PATH"), "{outcome}");
    assert_eq!(repo.read(CHECKS), edited);
    // The other files went on, and the conflict is not forgotten.
    assert!(repo.read(LABELS).contains("@v0.0.2"));
    let outcome = upgrade(&repo, "--ref v0.0.2 --diff");
    assert_eq!(outcome.code, 1);
    assert!(outcome.stdout.starts_with("# not written: what it began with"), "{outcome}");
    assert!(outcome.stdout.contains("-      stage: dev\n"), "{outcome}");
    // A person has looked at it.
    let outcome = upgrade(&repo, &format!("--ref v0.0.2 --keep {CHECKS}"));
    assert_eq!((outcome.code, word(&outcome, CHECKS)), (0, "edited".to_owned()), "{outcome}");
    assert_eq!(repo.read(CHECKS), edited);
    assert_eq!(upgrade(&repo, "--ref v0.0.2 --check").code, 0);
    let outcome = upgrade(&repo, "--keep countersign-checks.yml");
    assert_eq!(outcome.code, 2);
    assert!(outcome.stderr.contains("is nothing that was installed"), "{outcome}");
}

#[test]
fn what_was_deleted_stays_deleted_until_it_is_asked_for() {
    let repo = installed();
    repo.remove(LABELS);
    let outcome = upgrade(&repo, "--ref v0.0.2");
    assert_eq!((outcome.code, word(&outcome, LABELS)), (0, "deleted".to_owned()), "{outcome}");
    assert!(!repo.exists(LABELS));
    let outcome = repo.docset(&["init", "--github"]).outcome();
    assert_eq!(word(&outcome, LABELS), "created", "{outcome}");
    assert!(repo.read(LABELS).contains("@v0.0.2"));
}

#[test]
fn to_look_writes_nothing() {
    let repo = installed();
    repo.remove(ZIZMOR);
    let before = state(&repo);
    for (line, code) in
        [("--check", 1), ("--dry-run", 0), ("--diff", 0), ("--dry-run --format json", 0)]
    {
        let outcome = upgrade(&repo, &format!("--ref v0.0.2 {line}"));
        assert_eq!(outcome.code, code, "{line}: {outcome}");
        assert!(outcome.stdout.contains(CHECKS), "{line}: {outcome}");
        assert_eq!(state(&repo), before, "{line}");
    }
    assert_eq!(word(&upgrade(&repo, "--ref v0.0.2 --check"), CHECKS), "would replace");
}

#[test]
fn programs_read_what_was_done() {
    let repo = installed();
    repo.remove(ZIZMOR);
    let outcome = upgrade(&repo, "--ref v0.0.2 --format json");
    let value: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(value["version"], 1);
    assert_eq!(value["uses"], "acme/countersign@v0.0.2");
    assert_eq!(value["written"], true);
    let action = |path: &str| {
        let files = value["files"].as_array().unwrap();
        files.iter().find(|file| file["path"] == path).unwrap()["action"].as_str().unwrap()
    };
    assert_eq!(
        [action(CHECKS), action(FILES[0]), action(ZIZMOR)],
        ["replace", "current", "deleted"]
    );
}

#[test]
fn a_pin_to_a_commit_is_loosened_by_nobody() {
    let repo = Repo::new(&[]);
    let commit = "4f0c".repeat(10);
    let outcome = repo
        .docset(&["init", "--github", "--from", "acme/countersign", "--ref", &commit])
        .outcome();
    assert_eq!(outcome.code, 0, "{outcome}");
    assert_eq!(upgrade(&repo, "").code, 0);
    assert!(repo.read(CHECKS).contains(&commit));
    // Installed by another version, the commit no longer goes with the templates.
    let lock = repo.read(LOCK).replace(concat!("\"", env!("CARGO_PKG_VERSION"), "\""), "\"0.0.9\"");
    repo.write(LOCK, &lock);
    let outcome = upgrade(&repo, "");
    assert_eq!(outcome.code, 2);
    assert!(outcome.stderr.contains("`--ref HASH`"), "{outcome}");
    repo.write(LOCK, lock.replace("\"0.0.9\"", "\"999.0.0\""));
    let outcome = upgrade(&repo, "");
    assert_eq!(outcome.code, 2);
    assert!(outcome.stderr.contains("get a later docset"), "{outcome}");
}

#[test]
fn line_ends_of_a_checkout_are_no_edit_and_stay() {
    let repo = installed();
    for path in [CHECKS, LABELS, LOCK] {
        repo.write(path, repo.read(path).replace('\n', "\r\n"));
    }
    let edited = repo.read(LABELS).replace("name: Labels\r\n", "name: Etiketten\r\n");
    repo.write(LABELS, &edited);
    let outcome = upgrade(&repo, "--ref v0.0.2");
    assert_eq!(word(&outcome, CHECKS), "replaced", "{outcome}");
    assert_eq!(word(&outcome, LABELS), "merged", "{outcome}");
    for path in [CHECKS, LABELS] {
        let text = repo.read(path);
        assert_eq!(text.matches('\n').count(), text.matches("\r\n").count(), "{path}");
        assert!(text.contains("@v0.0.2\r\n"), "{path}");
    }
    assert!(repo.read(LABELS).contains("name: Etiketten\r\n"));
}

#[test]
fn without_a_lock_there_is_nothing_to_upgrade() {
    let repo = Repo::new(&[]);
    let outcome = upgrade(&repo, "");
    assert_eq!(outcome.code, 2);
    assert!(outcome.stderr.contains("`docset init --github` installs"), "{outcome}");
}

#[test]
fn a_lock_that_says_anything_else_is_refused_and_nothing_is_written() {
    let repo = installed();
    let lock = repo.read(LOCK);
    let before = state(&repo);
    for bad in [
        "",
        "version: 1",
        "version: 9\n",
        "a: &a [x, x]\nb: [*a, *a]\n",
        "<<<<<<< HEAD\nversion: 1\n",
        "version: 1\nuses: \"acme/x@v1\"\nlanguage: en\nfiles: [{path: \"../../etc/passwd\", digest: x}]\n",
    ] {
        repo.write(LOCK, bad);
        for arguments in [&["upgrade", "--ref", "v0.0.2"][..], &["init", "--github"]] {
            let outcome = repo.docset(arguments).outcome();
            assert_eq!(outcome.code, 2, "{bad}: {outcome}");
            assert!(outcome.stderr.contains(LOCK), "{bad}: {outcome}");
        }
        repo.write(LOCK, &lock);
        assert_eq!(state(&repo), before, "{bad}");
    }
    // A path that is none of ours is forgotten, and what is there is not looked at.
    let stranger = lock.replace(
        "files:\n",
        "files:\n  - {path: \"../outside\", version: \"0.1.0\", uses: \"a/b@c\", digest: \"x\"}\n",
    );
    repo.write(LOCK, stranger);
    repo.write("../outside", "theirs");
    let outcome = upgrade(&repo, "--ref v0.0.2");
    assert_eq!((outcome.code, word(&outcome, "../outside")), (0, "not ours now".to_owned()));
    assert_eq!(repo.read("../outside"), "theirs");
    assert!(!repo.read(LOCK).contains("outside"));
}

#[test]
fn hostile_contents_are_left_alone() {
    let repo = installed();
    let texts: [(&str, Vec<u8>); 4] = [
        (FILES[0], b"\xff\xfe".to_vec()),
        (FILES[2], vec![b'\n'; 6_000]),
        (LABELS, vec![b'x'; 300 << 10]),
        (CHECKS, b"a: [\n<<<<<<< HEAD\n::error::x\n".to_vec()),
    ];
    for (path, bytes) in &texts {
        repo.write(path, bytes);
    }
    let outcome = upgrade(&repo, "--ref v0.0.2");
    assert_eq!(outcome.code, 1, "{outcome}");
    assert!(outcome.stdout.contains("feature-task.yml (it is not UTF-8)"), "{outcome}");
    assert!(outcome.stdout.contains("countersign-labels.yml (it is too long"), "{outcome}");
    assert_eq!(word(&outcome, CHECKS), "conflict");
    for (path, bytes) in &texts {
        assert_eq!(std::fs::read(repo.path(path)).unwrap(), *bytes, "{path}");
    }
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    use std::os::unix::fs::symlink;
    let repo = installed();
    repo.write("elsewhere.yml", repo.read(CHECKS));
    repo.remove(CHECKS);
    symlink("../../elsewhere.yml", repo.path(CHECKS)).unwrap();
    let outcome = upgrade(&repo, "--ref v0.0.2");
    assert_eq!((outcome.code, word(&outcome, CHECKS)), (0, "left alone".to_owned()), "{outcome}");
    assert!(outcome.stdout.contains("(it is a symbolic link)"), "{outcome}");
    assert!(repo.read("elsewhere.yml").contains("@v0.0.1"));
    assert!(repo.path(CHECKS).symlink_metadata().unwrap().is_symlink());

    // Nor is one out of the repository, on either way in.
    let repo = Repo::new(&[]);
    std::fs::create_dir(repo.path("../elsewhere")).unwrap();
    symlink("../elsewhere", repo.path(".github")).unwrap();
    let outcome = init(&repo, &[]);
    assert_eq!((outcome.code, repo.exists("docs")), (2, false), "{outcome}");
    assert!(outcome.stderr.contains("leads out of the repository"), "{outcome}");
    assert_eq!(std::fs::read_dir(repo.path("../elsewhere")).unwrap().count(), 0);
    let repo = installed();
    repo.remove(LOCK);
    symlink("../../lock.yaml", repo.path(LOCK)).unwrap();
    let outcome = upgrade(&repo, "--ref v0.0.2");
    assert_eq!(outcome.code, 2, "{outcome}");
    assert!(outcome.stderr.contains("a symbolic link"), "{outcome}");
}

#[test]
fn two_at_once_end_as_one_after_the_other() {
    for _ in 0..3 {
        let repo = Repo::new(&[]);
        let lines = ["init --github --from acme/countersign --ref v0.0.1"; 2];
        let all_at_once = |lines: &[&str]| {
            let start = |line: &&str| {
                let arguments: Vec<&str> = line.split(' ').collect();
                let mut command = repo.docset(&arguments).into_command();
                command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
            };
            let children: Vec<_> = lines.iter().map(start).collect();
            for child in children {
                let output = child.wait_with_output().unwrap();
                assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            }
        };
        all_at_once(&lines);
        assert!(FILES.iter().all(|path| repo.exists(path)));
        repo.write(LABELS, repo.read(LABELS) + "# ours\n");
        all_at_once(&["upgrade --ref v0.0.2"; 3]);
        assert_eq!(upgrade(&repo, "--ref v0.0.2 --check").code, 0);
        assert!(repo.read(LABELS).ends_with("@v0.0.2\n# ours\n"));
    }
}

#[test]
fn an_upgrade_that_was_stopped_is_finished_by_the_next() {
    let repo = installed();
    repo.write(LABELS, repo.read(LABELS) + "# ours\n");
    let lock = repo.read(LOCK);
    assert_eq!(upgrade(&repo, "--ref v0.0.2").code, 0);
    // The files were written and the lock was not.
    repo.write(LOCK, lock);
    let outcome = upgrade(&repo, "--ref v0.0.2");
    assert_eq!((outcome.code, word(&outcome, CHECKS)), (0, "up to date".to_owned()), "{outcome}");
    assert_eq!(word(&outcome, LABELS), "edited");
    assert_eq!(upgrade(&repo, "--ref v0.0.2 --check").code, 0);
    assert!(repo.read(LOCK).contains("v0.0.2") && !repo.read(LOCK).contains("v0.0.1"));
}
