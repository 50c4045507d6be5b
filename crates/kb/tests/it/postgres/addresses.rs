//! Addresses behind which there is no database of ours.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use countersign_kb::store::{PostgresStore, StoreError};
use countersign_testkit::Postgres;

use super::{database, refusal, run};

#[test]
fn where_nobody_listens_it_says_so() {
    run(async {
        // A port that was free a moment ago.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let error = refusal(&format!("postgres://me:s3cret@127.0.0.1:{port}/kb")).await;
        assert!(matches!(error, StoreError::Unreachable { .. }), "{error}");
        let text = format!("{error} {error:?}");
        assert!(text.contains(&format!("postgres://me@127.0.0.1:{port}/kb")), "{text}");
        assert!(text.contains("refused") && !text.contains("s3cret"), "{text}");
    });
}

#[test]
fn an_address_of_version_6_is_understood() {
    run(async {
        let error = refusal("postgres://me:s3cret@[::1]:1/kb").await;
        assert!(matches!(error, StoreError::Unreachable { .. }), "{error}");
        let text = error.to_string();
        assert!(text.contains("postgres://me@[::1]:1/kb"), "{text}");
        // Where there is no version 6, the system says so; nobody has to look for a name.
        assert!(!text.contains("lookup"), "{text}");
    });
}

#[test]
fn where_nobody_answers_it_does_not_wait_for_ever() {
    run(async {
        // It takes connections, and says nothing.
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = silent.local_addr().unwrap().port();
        let error = refusal(&format!("postgres://me:s3cret@127.0.0.1:{port}/kb")).await;
        assert!(matches!(error, StoreError::Unreachable { .. }), "{error}");
        assert!(error.to_string().contains("no answer within"), "{error}");
    });
}

#[test]
fn a_wrong_password_is_not_shown() {
    run(async {
        let server = Postgres::start(&[]).unwrap();
        let database = server.database().unwrap();
        database.execute("CREATE ROLE me_with_password LOGIN PASSWORD 'right'").unwrap();
        let url = |password: &str| {
            database.url().replace("postgres@", &format!("me_with_password:{password}@"))
        };
        assert!(PostgresStore::open(&url("right")).await.is_ok(), "the premise");
        let error = refusal(&url("s3cret")).await;
        assert!(matches!(error, StoreError::Unreachable { .. }), "{error}");
        let text = format!("{error} {error:?}");
        assert!(text.contains("password authentication failed"), "{text}");
        assert!(!text.contains("s3cret"), "{text}");
    });
}

#[test]
fn a_database_that_is_not_there_is_named() {
    run(async {
        let url = Postgres::shared().unwrap().url("no_such_database");
        let error = refusal(&url).await;
        assert!(matches!(error, StoreError::Unreachable { .. }), "{error}");
        assert!(error.to_string().contains("no_such_database"), "{error}");
    });
}

#[test]
fn what_is_no_address_is_refused_without_being_repeated() {
    run(async {
        for url in
            ["", "postgres://me:s3cret@host:port/kb", "postgres://me:s3cret@[::/kb", "s3cret"]
        {
            let begun = Instant::now();
            let error = PostgresStore::open(url).await.err().unwrap();
            assert!(matches!(error, StoreError::Location { .. }), "{url}: {error}");
            assert!(!format!("{error} {error:?}").contains("s3cret"), "{error}");
            assert!(begun.elapsed() < Duration::from_secs(1));
        }
    });
}

#[test]
fn a_statement_that_waits_for_others_gives_up() {
    run(async {
        use countersign_kb::store::Store as _;
        let database = database();
        let store = super::open(database.url()).await;
        // Somebody locks everything and goes for lunch.
        let url = database.url().to_owned();
        let (locked, is_locked) = std::sync::mpsc::channel();
        let lunch = tokio::spawn(async move {
            use sqlx::Connection as _;
            let mut connection = sqlx::PgConnection::connect(&url).await.unwrap();
            sqlx::raw_sql("BEGIN; LOCK TABLE countersign.docs_meta")
                .execute(&mut connection)
                .await
                .unwrap();
            locked.send(()).unwrap();
            tokio::time::sleep(Duration::from_secs(60)).await;
        });
        tokio::task::spawn_blocking(move || is_locked.recv().unwrap()).await.unwrap();
        let begun = Instant::now();
        let error = store.documents().await.unwrap_err();
        assert!(error.to_string().contains("lock"), "{error}");
        assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
        lunch.abort();
    });
}
