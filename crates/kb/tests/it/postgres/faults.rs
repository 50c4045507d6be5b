//! The server, or a writer, goes away.

use std::process::{Command, Stdio};
use std::time::Duration;

use countersign_kb::store::{DocumentWrite, PostgresStore, Store as _};
use countersign_testkit::Postgres;

use sqlx::{Connection as _, Executor as _};

use super::{document, open, run, word};

/// Everything of every document, to be compared.
async fn everything(store: &PostgresStore) -> Vec<String> {
    let mut all = Vec::new();
    for state in store.documents().await.unwrap() {
        let (row, chunks) = store.document(&state.path).await.unwrap().unwrap();
        let chunks: Vec<_> = chunks.into_iter().map(|(_, chunk)| chunk).collect();
        all.push(format!("{row:?} {chunks:?}"));
    }
    all
}

fn documents(count: u32) -> Vec<DocumentWrite> {
    (0..count).map(|at| document(&format!("docs/{at}.md"), at % 7)).collect()
}

/// What a run that nothing disturbs leaves behind.
async fn undisturbed(server: &Postgres, documents: &[DocumentWrite]) -> Vec<String> {
    let database = server.database().unwrap();
    let store = open(database.url()).await;
    store.write(documents, None).await.unwrap();
    everything(&store).await
}

#[test]
fn a_server_that_is_stopped_and_started_in_the_middle_loses_nothing() {
    run(async {
        let server = std::sync::Arc::new(Postgres::start(&[]).unwrap());
        let database = server.database().unwrap();
        let store = open(database.url()).await;
        let documents = documents(600);
        let held = store.lock(Duration::from_secs(5)).await.unwrap();
        // Stops and kills at moments that have nothing to do with batches.
        let disturber = server.clone();
        let disturb = tokio::task::spawn_blocking(move || {
            for round in 0..4_u64 {
                std::thread::sleep(Duration::from_millis(150 + 130 * round));
                if round % 2 == 0 { disturber.stop() } else { disturber.kill() }.unwrap();
                std::thread::sleep(Duration::from_millis(300));
                disturber.start_again().unwrap();
            }
        });
        let mut round = 0;
        // Over and over until the last start, so that every stop hits somebody who writes.
        while round == 0 || !disturb.is_finished() {
            round += 1;
            for batch in documents.chunks(20) {
                store.write(batch, None).await.unwrap();
            }
            if !disturb.is_finished() {
                let paths: Vec<_> =
                    documents.iter().step_by(3).map(|it| it.document.path.clone()).collect();
                store.remove(&paths).await.unwrap();
            }
        }
        disturb.await.unwrap();
        for batch in documents.chunks(20) {
            store.write(batch, None).await.unwrap();
        }
        store.tidy().await.unwrap();
        assert_eq!(everything(&store).await, undisturbed(&server, &documents).await);
        assert_eq!(store.examine().await.unwrap(), []);
        // The lock outlives the server, too.
        let other = PostgresStore::open(database.url()).await.unwrap();
        let mut kept = false;
        for _ in 0..100 {
            match other.lock(Duration::ZERO).await {
                Err(_) => {
                    kept = true;
                    break;
                }
                Ok(guard) => drop(guard),
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        assert!(kept);
        drop(held);
    });
}

#[test]
fn a_server_that_stays_away_is_given_up_and_found_again_later() {
    run(async {
        let server = Postgres::start(&[]).unwrap();
        let database = server.database().unwrap();
        let store = open(database.url()).await;
        store.write(&[document("a.md", 2)], None).await.unwrap();
        server.stop().unwrap();
        let begun = std::time::Instant::now();
        let error = store.search(&word("n1")).await.unwrap_err();
        assert!(error.to_string().starts_with("cannot reach postgres://"), "{error}");
        assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
        server.start_again().unwrap();
        assert_eq!(store.search(&word("n1")).await.unwrap().len(), 1);
    });
}

/// Not a test of its own: what the next one kills.
#[test]
fn a_writer_that_waits_to_be_killed() {
    let Ok(url) = std::env::var("COUNTERSIGN_WRITE_INTO") else { return };
    run(async {
        let store = PostgresStore::open(&url).await.unwrap();
        let _held = store.lock(Duration::from_secs(30)).await.unwrap();
        let documents = documents(60);
        loop {
            for batch in documents.chunks(7) {
                store.write(batch, None).await.unwrap();
            }
            let paths: Vec<_> = documents.iter().map(|it| it.document.path.clone()).collect();
            store.remove(&paths).await.unwrap();
        }
    });
}

#[test]
fn a_writer_that_is_killed_leaves_whole_documents_and_no_lock() {
    run(async {
        let server = Postgres::shared().unwrap();
        let database = server.database().unwrap();
        let store = open(database.url()).await;
        let documents = documents(60);
        let whole = undisturbed(server, &documents).await;
        for round in 0..10_u64 {
            let mut writer = Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "postgres::faults::a_writer_that_waits_to_be_killed"])
                .env("COUNTERSIGN_WRITE_INTO", database.url())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            // Once it writes, at some moment.
            for _ in 0..1_000 {
                if store.lock(Duration::ZERO).await.is_err() {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            tokio::time::sleep(Duration::from_millis(20 + 17 * round)).await;
            assert!(writer.try_wait().unwrap().is_none(), "the premise: it still writes");
            writer.kill().unwrap();
            writer.wait().unwrap();
            let held = store.lock(Duration::from_secs(10)).await.unwrap();
            // Each that is there is as it would be.
            for document in everything(&store).await {
                assert!(whole.contains(&document), "{document}");
            }
            // That terms were not counted since is true, and does no harm.
            let ailments = store.examine().await.unwrap();
            assert!(ailments.iter().all(|ailment| !ailment.severe), "{ailments:?}");
            drop(held);
        }
        store.write(&documents, None).await.unwrap();
        assert_eq!(everything(&store).await, whole);
    });
}

#[test]
fn who_indexes_next_waits_for_what_is_being_written() {
    run(async {
        let database = Postgres::shared().unwrap().database().unwrap();
        let store = open(database.url()).await;
        let mut other = sqlx::PgConnection::connect(database.url()).await.unwrap();
        other.execute("BEGIN; LOCK TABLE countersign.docs_meta IN SHARE MODE").await.unwrap();
        let documents = [document("docs/a.md", 1)];
        let write = store.write(&documents, None);
        let lock = async {
            tokio::time::sleep(Duration::from_millis(200)).await;
            let next = open(database.url()).await;
            let lock = next.lock(Duration::from_secs(30)).await.unwrap();
            (lock, next.documents().await.unwrap().len())
        };
        let unblock = async {
            tokio::time::sleep(Duration::from_millis(600)).await;
            other.execute("ROLLBACK").await.unwrap();
        };
        let (written, (lock, seen), ()) = tokio::join!(write, lock, unblock);
        written.unwrap();
        assert_eq!(seen, 1);
        drop(lock);
    });
}
