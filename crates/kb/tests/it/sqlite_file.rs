//! What is true of a knowledge base in a file only: whose file it is, whether it may be
//! written, and what a process leaves behind that dies.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use countersign_kb::store::{Location, Store, StoreError, open};
use sqlx::{AssertSqlSafe, Connection as _, SqliteConnection};

use crate::conformance::build::{document, find, words};

/// A file that another test does not know.
struct File {
    _folder: tempfile::TempDir,
    path: PathBuf,
}

fn file() -> File {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kb.db");
    File { _folder: folder, path }
}

async fn open_at(path: &Path) -> Result<Box<dyn Store>, StoreError> {
    open(&Location::Sqlite(path.to_owned())).await
}

/// A store with one document, closed.
async fn filled(path: &Path) {
    let store = open_at(path).await.unwrap();
    store.migrate().await.unwrap();
    store.write(&[document("a.md", &["apple"])], None).await.unwrap();
}

async fn run(path: &Path, statements: &str) {
    let url = format!("sqlite:{}?mode=rwc", path.display());
    let mut connection = SqliteConnection::connect(&url).await.unwrap();
    let statements = AssertSqlSafe(statements.to_owned());
    sqlx::raw_sql(statements).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

#[tokio::test]
async fn looking_makes_no_file() {
    let file = file();
    let store = open_at(&file.path).await.unwrap();
    assert!(matches!(store.search(&words("x")).await, Err(StoreError::Empty { .. })));
    assert!(!file.path.exists());
    // A file of no bytes is no other program's.
    std::fs::File::create(&file.path).unwrap();
    let store = open_at(&file.path).await.unwrap();
    assert!(matches!(store.documents().await, Err(StoreError::Empty { .. })));
    store.migrate().await.unwrap();
    assert!(store.documents().await.unwrap().is_empty());
}

#[tokio::test]
async fn folders_are_made_with_the_file() {
    let file = file();
    let path = file.path.with_file_name("a").join("b").join("kb.db");
    open_at(&path).await.unwrap().migrate().await.unwrap();
    assert!(path.is_file());
}

#[tokio::test]
async fn files_of_other_programs_are_refused_and_left_alone() {
    for statements in [
        "CREATE TABLE docs_meta (id INTEGER PRIMARY KEY)",
        "PRAGMA application_id = 42; CREATE TABLE t (a)",
        "PRAGMA application_id = 42",
        "PRAGMA user_version = 3",
    ] {
        let file = file();
        run(&file.path, statements).await;
        let before = std::fs::read(&file.path).unwrap();
        let error = open_at(&file.path).await.err().unwrap();
        assert!(matches!(error, StoreError::Foreign { .. }), "{statements}: {error}");
        assert!(error.help().is_some());
        assert_eq!(std::fs::read(&file.path).unwrap(), before);
    }
    let text = file();
    put(&text.path, &"Dear diary, this is no database.\n".repeat(100));
    let error = open_at(&text.path).await.err().unwrap();
    assert!(matches!(error, StoreError::Foreign { .. }), "{error}");
    let folder = tempfile::tempdir().unwrap();
    for path in [
        folder.path(),
        #[cfg(unix)]
        Path::new("/dev/null"),
    ] {
        let error = open_at(path).await.err().unwrap();
        assert!(matches!(error, StoreError::Location { .. }), "{error}");
        assert!(error.to_string().contains("it is a folder or a device"), "{error}");
    }
    assert!(!Path::new("/dev/null-journal").exists());
}

/// Puts text into a file; half a file after a crash would be no loss here.
fn put(path: &Path, text: &str) {
    use std::io::Write as _;
    std::fs::File::create(path).unwrap().write_all(text.as_bytes()).unwrap();
}

#[tokio::test]
async fn a_program_that_became_foreign_after_opening_is_refused_by_migrating() {
    let file = file();
    let store = open_at(&file.path).await.unwrap();
    run(&file.path, "CREATE TABLE t (a)").await;
    let error = store.migrate().await.unwrap_err();
    assert!(matches!(error, StoreError::Foreign { .. }), "{error}");
    let error = store.documents().await.unwrap_err();
    assert!(matches!(error, StoreError::Foreign { .. }), "{error}");
}

#[tokio::test]
async fn schemas_of_other_versions_are_refused() {
    let file = file();
    filled(&file.path).await;
    run(&file.path, "PRAGMA user_version = 999").await;
    let error = open_at(&file.path).await.err().unwrap();
    assert!(matches!(error, StoreError::TooNew { found: 999, .. }), "{error}");
    run(&file.path, "PRAGMA user_version = 0").await;
    let store = open_at(&file.path).await.unwrap();
    let error = store.documents().await.unwrap_err();
    assert!(matches!(error, StoreError::TooOld { found: 0, .. }), "{error}");
}

#[tokio::test]
async fn a_file_that_is_damaged_is_said_to_be() {
    let damaged = file();
    filled(&damaged.path).await;
    let store = open_at(&damaged.path).await.unwrap();
    for at in 0..40 {
        let text = format!("apple {at} {}", "x".repeat(3_000));
        store.write(&[document(&format!("{at}.md"), &[&text])], None).await.unwrap();
    }
    drop(store);
    run(&damaged.path, "PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = delete").await;
    let whole = std::fs::read(&damaged.path).unwrap();
    let mut seen = 0;
    for from in (8192..whole.len()).step_by(3 * 8192) {
        let mut bytes = whole.clone();
        bytes[from..from + 4096].fill(0xa5);
        std::io::Write::write_all(&mut std::fs::File::create(&damaged.path).unwrap(), &bytes)
            .unwrap();
        let store = match open_at(&damaged.path).await {
            Ok(store) => store,
            Err(error) => {
                assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
                seen += 1;
                continue;
            }
        };
        // Whatever is asked, an answer or an error comes; and the doctor sees it.
        let _ = store.search(&words("apple")).await;
        let _ = store.documents().await;
        let _ = store.write(&[document("1.md", &["pear"])], None).await;
        match store.examine().await {
            Ok(ailments) => {
                assert!(ailments.iter().any(|ailment| ailment.severe), "page at {from}");
            }
            Err(error) => assert!(matches!(error, StoreError::Damaged { .. }), "{error}"),
        }
        seen += 1;
    }
    assert!(seen > 5);
    // And a file that ends too early.
    let mut short = std::fs::File::create(&damaged.path).unwrap();
    std::io::Write::write_all(&mut short, &whole[..whole.len() / 2]).unwrap();
    match open_at(&damaged.path).await {
        Ok(store) => assert!(store.examine().await.unwrap()[0].severe),
        Err(error) => assert!(matches!(error, StoreError::Damaged { .. }), "{error}"),
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_in_a_folder_that_may_not_be_written_is_searched() {
    use std::os::unix::fs::PermissionsExt as _;
    let file = file();
    filled(&file.path).await;
    run(&file.path, "PRAGMA wal_checkpoint(TRUNCATE)").await;
    let folder = file.path.parent().unwrap();
    let mode = |path: &Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    mode(&file.path, 0o444);
    mode(folder, 0o555);
    // Nothing keeps the superuser out.
    let may_write = std::fs::File::create(folder.join("probe")).is_ok();
    let store = open_at(&file.path).await.unwrap();
    assert_eq!(find(&*store, "apple").await, ["a.md#0"]);
    assert!(store.examine().await.unwrap().is_empty());
    let written = store.write(&[document("b.md", &["pear"])], None).await;
    let locked = store.lock(Duration::ZERO).await;
    mode(folder, 0o755);
    if may_write {
        written.unwrap();
        locked.unwrap();
    } else {
        for error in [written.unwrap_err(), locked.err().unwrap()] {
            assert!(matches!(error, StoreError::ReadOnly { .. }), "{error}");
        }
        assert_eq!(find(&*store, "pear").await, [""; 0]);
    }
}

/// Names the file to the process that is to die.
const VICTIM: &str = "COUNTERSIGN_KB_TEST_VICTIM";

/// This test again, as a process that says `ready` and goes on until it is killed.
fn victim(test: &str, path: &Path) -> Child {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "--nocapture", test])
        .env(VICTIM, path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains("ready")), "it ended early");
    child
}

#[tokio::test]
async fn a_lock_goes_with_the_process_that_held_it() {
    if let Some(path) = std::env::var_os(VICTIM) {
        let store = open_at(Path::new(&path)).await.unwrap();
        let _lock = store.lock(Duration::ZERO).await.unwrap();
        println!("ready");
        loop {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }
    let file = file();
    filled(&file.path).await;
    let store = open_at(&file.path).await.unwrap();
    let mut child = victim("sqlite_file::a_lock_goes_with_the_process_that_held_it", &file.path);
    let error = store.lock(Duration::from_millis(50)).await.err().unwrap();
    assert!(matches!(error, StoreError::Locked { .. }), "{error}");
    child.kill().unwrap();
    child.wait().unwrap();
    store.lock(Duration::from_secs(10)).await.unwrap();
}

#[tokio::test]
async fn a_process_that_dies_while_it_writes_leaves_whole_documents() {
    let of = |round: u32| {
        let documents: Vec<_> = (0..20)
            .map(|at| {
                let texts: Vec<_> = (0..5).map(|n| format!("word r{round} d{at} n{n}")).collect();
                let texts: Vec<_> = texts.iter().map(String::as_str).collect();
                document(&format!("{at}.md"), &texts)
            })
            .collect();
        documents
    };
    if let Some(path) = std::env::var_os(VICTIM) {
        let store = open_at(Path::new(&path)).await.unwrap();
        for round in 1.. {
            store.write(&of(round), None).await.unwrap();
            // Once: nobody reads what comes after.
            if round == 1 {
                println!("ready");
            }
        }
    }
    let file = file();
    filled(&file.path).await;
    for round in 0..8_u64 {
        let name = "sqlite_file::a_process_that_dies_while_it_writes_leaves_whole_documents";
        let mut child = victim(name, &file.path);
        std::thread::sleep(Duration::from_millis(7 * round * round));
        child.kill().unwrap();
        child.wait().unwrap();
        let store = open_at(&file.path).await.unwrap();
        assert_eq!(store.examine().await.unwrap(), []);
        let mut rounds = std::collections::BTreeSet::new();
        for at in 0..20 {
            let (_, chunks) = store.document(&format!("{at}.md")).await.unwrap().unwrap();
            assert_eq!(chunks.len(), 5);
            for (_, chunk) in chunks {
                rounds.insert(chunk.text.split(' ').nth(1).unwrap().to_owned());
            }
        }
        assert_eq!(rounds.len(), 1, "one transaction was seen in part: {rounds:?}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_that_is_deleted_or_replaced_in_the_middle_is_told() {
    for replaced in [false, true] {
        let file = file();
        filled(&file.path).await;
        let store = open_at(&file.path).await.unwrap();
        store.tidy().await.unwrap();
        let copy = file.path.with_extension("copy");
        std::fs::copy(&file.path, &copy).unwrap();
        std::fs::remove_file(&file.path).unwrap();
        if replaced {
            std::fs::rename(&copy, &file.path).unwrap();
        }
        for error in [
            store.tidy().await.unwrap_err(),
            store.touch(&["a.md".to_owned()], "c0ffee").await.unwrap_err(),
        ] {
            assert!(matches!(error, StoreError::Replaced { .. }), "{error}");
            assert!(error.help().is_some());
        }
    }
}
