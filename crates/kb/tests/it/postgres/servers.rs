//! Servers that may only be read.

use countersign_kb::store::{PostgresStore, Store as _, StoreError};
use countersign_testkit::Postgres;

use super::{database, document, open, run, word};

#[test]
fn a_database_that_may_only_be_read_is_searched_and_not_written() {
    run(async {
        let database = database();
        let store = open(database.url()).await;
        store.write(&[document("a.md", 2)], None).await.unwrap();
        database
            .execute(
                "DO $$ BEGIN
                    EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', current_database());
                END $$",
            )
            .unwrap();
        let store = PostgresStore::open(database.url()).await.unwrap();
        // Nothing is missing, so nothing is written.
        assert!(store.migrate().await.unwrap().is_empty());
        assert_eq!(store.search(&word("n1")).await.unwrap().len(), 1);
        for error in [
            store.write(&[document("b.md", 2)], None).await.unwrap_err(),
            store.remove(&["a.md".to_owned()]).await.unwrap_err(),
            store.touch(&["a.md".to_owned()], "c0ffee").await.unwrap_err(),
        ] {
            assert!(matches!(error, StoreError::ReadOnly { .. }), "{error}");
        }
        assert_eq!(store.documents().await.unwrap().len(), 1);
    });
}

#[test]
fn a_server_that_follows_another_one_is_searched_and_not_written() {
    run(async {
        let server = Postgres::start(&[]).unwrap();
        let database = server.database().unwrap();
        let store = open(database.url()).await;
        store.write(&[document("a.md", 2)], None).await.unwrap();
        let standby = server.standby().unwrap();
        let name = database.url().split_once("localhost/").unwrap().1.split('?').next().unwrap();
        let store = PostgresStore::open(&standby.url(name)).await.unwrap();
        assert!(store.migrate().await.unwrap().is_empty());
        assert_eq!(store.search(&word("n1")).await.unwrap().len(), 1);
        let error = store.write(&[document("b.md", 2)], None).await.unwrap_err();
        assert!(matches!(error, StoreError::ReadOnly { .. }), "{error}");
        let error = store.tidy().await.err();
        assert!(error.is_none_or(|error| matches!(error, StoreError::ReadOnly { .. })));
    });
}
