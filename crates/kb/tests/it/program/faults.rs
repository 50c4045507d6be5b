//! Runs that are killed, run at once, are interrupted, or meet hostile documents.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::{Scene, counts};

fn document(number: u64, version: u64) -> String {
    format!(
        "---\ndoc_id: PRD-{number:04}\ntype: prd\nstatus: draft\nrelated_issues: [{}]\n---\n# Document {number}\n\n\
         ## Shared\n\nThis passage is the same everywhere.\n\n## Own\n\nVersion {version} of {number}.\n\n{}",
        number % 7 + 1,
        "## More\n\nFiller about webhooks and retries.\n\n"
            .repeat(usize::try_from(number % 9).unwrap()),
    )
}

pub(super) fn many(documents: u64) -> Scene {
    let scene = Scene::new();
    for number in 0..documents {
        scene.write(&format!("docs/{number}.md"), document(number, 0));
    }
    scene
}

/// Changes, removes and moves some documents.
fn change(scene: &Scene, random: &mut fastrand::Rng, round: u64) {
    for _ in 0..8 {
        let path = format!("docs/{}.md", random.u64(..140));
        match random.u64(..4) {
            0 if scene.path(&path).exists() => scene.remove(&path),
            1 if scene.path(&path).exists() => {
                let to = scene.path(&format!("docs/moved-{round}.md"));
                std::fs::rename(scene.path(&path), to).unwrap();
            }
            _ => scene.write(&path, document(random.u64(..140), round)),
        }
    }
}

/// Kills fifty runs at any moment; the index must become what a fresh one is.
pub(super) fn kill_fifty_times(scene: &Scene) {
    scene.index(&[]);
    let mut random = fastrand::Rng::with_seed(42);
    change(scene, &mut random, 0);
    let start = Instant::now();
    scene.index(&[]);
    let whole = u64::try_from(start.elapsed().as_micros()).unwrap();
    let mut killed = 0;
    for round in 1..=50 {
        change(scene, &mut random, round);
        let mut child = scene
            .command(&["index", "--no-embeddings"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_micros(random.u64(..whole)));
        child.kill().unwrap();
        killed += u32::from(!child.wait().unwrap().success());
    }
    assert!(killed >= 10, "only {killed} of 50 were killed before they ended");
    let summary = scene.index(&[]);
    assert_eq!(summary["problems"], serde_json::json!([]));
    scene.assert_up_to_date();
}

/// Four runs at once: every document is added by one of them.
pub(super) fn run_four_at_once(scene: &Scene) {
    let spawn = || {
        let mut command = scene.command(&["index", "--no-embeddings", "--format", "json"]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let runs: Vec<_> = (0..4).map(|_| spawn()).collect();
    let mut added = 0;
    for run in runs {
        let output = run.wait_with_output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{error}");
        added += counts(&serde_json::from_slice(&output.stdout).unwrap())[0];
    }
    assert_eq!(added, 60);
    scene.assert_up_to_date();
}

#[test]
fn killed_fifty_times_at_any_moment_the_index_becomes_what_a_fresh_one_is() {
    kill_fifty_times(&many(120));
}

#[test]
fn several_runs_at_once_wait_for_each_other() {
    run_four_at_once(&many(60));
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_says_so_and_is_taken_up_by_the_next() {
    // More than one batch, so that there is something left to do.
    let scene = many(3_000);
    let child = scene
        .command(&["index", "--no-embeddings", "--format", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let journal = scene.path(".countersign/kb.db");
    let start = Instant::now();
    while !journal.exists() && start.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(2));
    }
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    let output = child.wait_with_output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(130), "{error}");
    assert!(error.contains("the next `kb index` goes on from there"), "{error}");
    let first: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(first["interrupted"], true);
    let second = scene.index(&[]);
    assert_eq!(counts(&first)[0] + counts(&second)[0], 3_000);
    assert_eq!(counts(&second)[2], counts(&first)[0]);
    assert_eq!(scene.json(&["stats"])["documents"], 3_000);
}

#[test]
fn hostile_documents_are_indexed_or_told() {
    let scene = Scene::new();
    scene.write(
        "docs/nul.md",
        "---\ntitle: \"a\\0b\"\ndoc_id: \"x\\0y\"\n---\n# N\0L\n\nneedle\0stack ne\u{301}edle\n",
    );
    scene.write("docs/empty.md", "");
    scene.write("docs/only-front-matter.md", "---\ndoc_id: A-1\n---\n");
    scene.write("docs/bom.md", "\u{feff}# With a mark\n\ntext\n");
    scene.write("docs/crlf.md", "---\r\ndoc_id: C-1\r\n---\r\n# CR\r\n\r\ntext\r\n");
    scene.write("docs/line.md", "x".repeat(3 << 20));
    scene.write("docs/words.md", "слово word ".repeat(100_000));
    scene.write("docs/list.md", "---\n- a\n- b\n---\n# A list for front matter\n");
    scene.write("docs/links.md", format!("---\ndoc_id: L-1\nrelated_docsets: [\"{}\", \"a\\nb\", ../../../../etc/passwd.md]\nsupersedes: L-1\n---\n# L\n", "k".repeat(2_000)));
    scene.write("docs/deep.md", format!("---\na: {}\n---\n# D\n", "[".repeat(10_000)));
    scene.write("docs/a'; drop table links; --.md", "# Quoted\n\nname\n");
    let text = scene.run(&["index", "--no-embeddings"]);
    assert!(text.contains("docs/deep.md:2: the front matter cannot be read"), "{text}");
    assert!(text.contains("10 added"), "{text}");
    assert!(text.starts_with("exit 1\n"), "{text}");
    let dry = scene.run(&["index", "--no-embeddings", "--dry-run"]);
    assert!(dry.contains("would be: 0 added, 0 changed, 10 unchanged, 0 removed"), "{dry}");
    let doctor = scene.run(&["doctor"]);
    assert!(
        doctor.contains("warning[unreadable-documents]: 1 document cannot be read"),
        "{doctor}"
    );
    scene.remove("docs/deep.md");
    scene.assert_up_to_date();
    assert_eq!(scene.search(&["Quoted"]), ["docs/a'; drop table links; --.md"]);
    assert_eq!(scene.json(&["stats"])["documents"], 10);
}

#[cfg(unix)]
#[test]
fn what_is_no_file_of_the_repository_is_not_read() {
    let scene = Scene::new();
    scene.write("docs/a.md", "# A\n\ntext\n");
    let outside = tempfile::tempdir().unwrap();
    countersign_files::write_atomically(&outside.path().join("secret.md"), b"# Secret\n").unwrap();
    std::os::unix::fs::symlink(outside.path().join("secret.md"), scene.path("docs/link.md"))
        .unwrap();
    let fifo = Command::new("mkfifo").arg(scene.path("docs/pipe.md")).status().unwrap();
    assert!(fifo.success());
    let text = scene.run(&["index", "--no-embeddings"]);
    assert!(text.starts_with("exit 1\n"), "{text}");
    assert!(text.contains("docs/link.md: the symbolic link leads out of the repository"), "{text}");
    assert!(text.contains("docs/pipe.md: it cannot be read: it is no regular file"), "{text}");
    assert!(text.contains("1 added"), "{text}");
}

/// A limit on the size of files, in blocks of 512 bytes, for whom the signal that comes with it
/// does not stop: as under Python, which ignores it.
#[cfg(target_os = "linux")]
#[test]
fn a_limit_on_the_size_of_files_is_told_with_what_to_do_and_half_of_nothing_stays() {
    let scene = many(400);
    for blocks in [20, 1_000] {
        let program = env!("CARGO_BIN_EXE_kb");
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec {program} index");
        let output = Command::new("sh")
            .args(["-c", &format!("{script} --no-embeddings")])
            .current_dir(scene.root())
            .env_remove("DATABASE_URL")
            .output()
            .unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert!(error.starts_with("error: the system does not write sqlite:"), "{error}");
        assert!(error.contains("disk I/O error (code "), "{error}");
        assert!(error.contains("help: it has reached a limit on the size of files"), "{error}");
    }
    scene.index(&[]);
    scene.assert_up_to_date();
}
