//! The server for tests, itself.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use countersign_testkit::Postgres;

fn folder_of(server: &Postgres) -> PathBuf {
    server.url("any").split_once("host=").unwrap().1.into()
}

#[test]
fn tests_get_databases_of_their_own_with_pgvector() {
    let server = Postgres::shared().unwrap();
    let (one, other) = (server.database().unwrap(), server.database().unwrap());
    assert_ne!(one.url(), other.url());
    one.execute("CREATE EXTENSION vector; CREATE TABLE t (v vector(3))").unwrap();
    other.execute("CREATE EXTENSION vector; CREATE TABLE t (v vector(3))").unwrap();
}

#[test]
fn a_server_that_was_killed_comes_back_with_its_data() {
    let server = Postgres::start(&[]).unwrap();
    let database = server.database().unwrap();
    database.execute("CREATE TABLE t (n int); INSERT INTO t VALUES (1)").unwrap();
    server.kill().unwrap();
    assert!(database.execute("SELECT 1").is_err(), "it is gone");
    server.start_again().unwrap();
    database.execute("INSERT INTO t VALUES (2)").unwrap();
    server.stop().unwrap();
    server.start_again().unwrap();
    database.execute("INSERT INTO t VALUES (3)").unwrap();
}

#[test]
fn a_standby_reads_and_does_not_write() {
    let server = Postgres::start(&[]).unwrap();
    let standby = server.standby().unwrap();
    let database = server.database().unwrap();
    assert!(server.url("postgres") != standby.url("postgres"));
    drop(database);
    let error = standby.database().unwrap_err();
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert!(cause.contains("during recovery") || cause.contains("read-only"), "{cause}");
}

#[test]
fn nothing_is_left_of_a_server_that_was_dropped() {
    let server = Postgres::start(&[]).unwrap();
    let folder = folder_of(&server);
    assert!(folder.join("data/postmaster.pid").exists());
    drop(server);
    assert!(!folder.exists());
}

/// Not a test of its own: what the next one kills.
#[test]
fn a_server_that_waits_to_be_killed() {
    let Some(told) = std::env::var_os("COUNTERSIGN_TELL_FOLDER") else { return };
    let server = Postgres::start(&[]).unwrap();
    // It is empty until it is whole: whoever waits for it reads it again.
    #[expect(clippy::disallowed_methods, reason = "lost with its process")]
    std::fs::write(told, folder_of(&server).to_str().unwrap()).unwrap();
    std::thread::sleep(Duration::from_secs(60));
}

#[test]
fn a_server_ends_with_a_test_that_was_killed() {
    let folder = tempfile::tempdir().unwrap();
    let told = folder.path().join("told");
    let mut test = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "postgres::a_server_that_waits_to_be_killed"])
        .env("COUNTERSIGN_TELL_FOLDER", &told)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let patience = Instant::now() + Duration::from_secs(50);
    let data = loop {
        match std::fs::read_to_string(&told) {
            Ok(path) if !path.is_empty() => break PathBuf::from(path),
            _ => std::thread::sleep(Duration::from_millis(20)),
        }
        assert!(Instant::now() < patience, "the other test starts no server");
    };
    let process: u32 = {
        let text = std::fs::read_to_string(data.join("data/postmaster.pid")).unwrap();
        text.lines().next().unwrap().parse().unwrap()
    };
    let lives = || {
        let mut asked = Command::new("kill");
        asked.args(["-0", &process.to_string()]).stderr(Stdio::null());
        asked.status().unwrap().success()
    };
    assert!(lives(), "the premise");
    test.kill().unwrap();
    test.wait().unwrap();
    while data.exists() || lives() {
        assert!(Instant::now() < patience, "the server outlives its test");
        std::thread::sleep(Duration::from_millis(20));
    }
}
