//! Whose tables they are, and who may make them.

use countersign_kb::store::{PostgresStore, Store as _, StoreError};
use countersign_testkit::Postgres;

use super::{database, document, open, refusal, run, word};

#[test]
fn a_schema_of_another_program_is_left_alone() {
    run(async {
        let database = database();
        database
            .execute("CREATE SCHEMA countersign; CREATE TABLE countersign.docs_meta (path text)")
            .unwrap();
        let error = refusal(database.url()).await;
        assert!(matches!(error, StoreError::Foreign { .. }), "{error}");
        // Even one with a table of the same name as ours.
        database.execute("CREATE TABLE countersign.migrations (version int)").unwrap();
        assert!(matches!(refusal(database.url()).await, StoreError::Foreign { .. }));
    });
}

#[test]
fn tables_of_a_newer_program_are_left_alone() {
    run(async {
        let database = database();
        let store = open(database.url()).await;
        database.execute("INSERT INTO countersign.migrations VALUES (99, '0099_x')").unwrap();
        let error = refusal(database.url()).await;
        assert!(matches!(error, StoreError::TooNew { found: 99, .. }), "{error}");
        assert!(matches!(store.migrate().await, Err(StoreError::TooNew { .. })));
    });
}

#[test]
fn a_table_that_was_taken_out_is_damage_and_no_empty_knowledge_base() {
    run(async {
        for table in ["term_statistics", "chunk_terms"] {
            let database = database();
            let store = open(database.url()).await;
            store.write(&[document("a.md", 2)], None).await.unwrap();
            database.execute(&format!("DROP TABLE countersign.{table}")).unwrap();
            let error = store.search(&word("n1")).await.unwrap_err();
            assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
            let ailments = store.examine().await.unwrap();
            assert_eq!(ailments[0].code, "missing-tables");
            assert!(ailments[0].help.contains("DROP SCHEMA"), "{ailments:?}");
        }
    });
}

#[test]
fn who_may_not_create_the_extension_is_told_what_to_do() {
    run(async {
        let server = Postgres::shared().unwrap();
        let database = server.database().unwrap();
        // Not the owner of the database, as pgvector is one that owners may create.
        database.execute("CREATE ROLE stranger LOGIN").unwrap();
        let url = database.url().replacen("postgres@", "stranger@", 1);
        assert_ne!(url, database.url(), "the premise");
        let store = PostgresStore::open(&url).await.unwrap();
        let error = store.migrate().await.unwrap_err();
        assert!(matches!(error, StoreError::Lacks { .. }), "{error}");
        assert!(error.help().unwrap().contains("CREATE EXTENSION vector"), "{error}");
        database.execute("CREATE EXTENSION vector").unwrap();
        let error = store.migrate().await.unwrap_err();
        assert!(matches!(error, StoreError::Lacks { .. }), "{error}");
        assert!(error.help().unwrap().contains("CREATE SCHEMA countersign"), "{error}");
        database.execute("CREATE SCHEMA countersign AUTHORIZATION stranger").unwrap();
        assert_eq!(store.migrate().await.unwrap().len(), 1);
        store.write(&[document("a.md", 2)], None).await.unwrap();
        store.tidy().await.unwrap();
        assert_eq!(store.search(&word("n1")).await.unwrap().len(), 1);
        drop(store);
        database.execute("DROP OWNED BY stranger; DROP ROLE stranger").unwrap();
    });
}

#[test]
fn the_extension_may_be_in_a_schema_of_its_own() {
    run(async {
        let database = database();
        database
            .execute("CREATE SCHEMA extensions; CREATE EXTENSION vector SCHEMA extensions")
            .unwrap();
        let store = open(database.url()).await;
        store.write(&[document("a.md", 2)], None).await.unwrap();
        assert_eq!(store.search(&word("common")).await.unwrap().len(), 2);
    });
}

#[test]
fn every_table_and_column_is_described() {
    run(async {
        let database = database();
        open(database.url()).await;
        database
            .execute(
                "DO $$ BEGIN ASSERT (
                    SELECT count(*) > 50 AND bool_and(
                        col_description(c.oid, a.attnum) IS NOT NULL
                        AND obj_description(c.oid, 'pg_class') IS NOT NULL
                    )
                    FROM pg_class AS c
                    JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0
                    WHERE c.relnamespace = 'countersign'::regnamespace AND c.relkind = 'r'
                ); END $$",
            )
            .unwrap();
    });
}

#[test]
fn an_index_over_terms_that_was_taken_out_is_told_and_made_again() {
    run(async {
        let database = database();
        let store = open(database.url()).await;
        store.write(&[document("a.md", 1_200)], None).await.unwrap();
        store.tidy().await.unwrap();
        assert_eq!(store.examine().await.unwrap(), []);
        database.execute("DROP INDEX countersign.chunk_terms_terms").unwrap();
        let ailments = store.examine().await.unwrap();
        assert_eq!(ailments.len(), 1, "{ailments:?}");
        assert_eq!((ailments[0].code, ailments[0].severe), ("missing-terms-index", false));
        assert_eq!(store.search(&word("n1")).await.unwrap().len(), 1);
        store.tidy().await.unwrap();
        assert_eq!(store.examine().await.unwrap(), []);
    });
}
