//! What every store must do, written against the trait alone and run on each store there is.
//!
//! A store takes part with a [`Place`] and one line, `conformance!(name, Place)`.

pub(crate) mod build;
mod doctor;
mod documents;
mod filters;
mod keeping;
mod links;
mod models;
#[cfg(feature = "postgres")]
mod postgres;
mod property;
mod queries;
mod search;
#[cfg(feature = "sqlite")]
mod sqlite;

use std::future::Future;
use std::pin::Pin;

use async_trait::async_trait;
use countersign_kb::store::Store;

/// Where one test has its knowledge base, for itself alone. It is gone when the value is
/// dropped.
#[async_trait]
trait Place: Send + Sync {
    /// A place with nothing in it.
    async fn new() -> Self
    where
        Self: Sized;

    /// Another place of this kind.
    async fn another(&self) -> Box<dyn Place>;

    /// Opens the store that is there, once more.
    async fn open(&self) -> Box<dyn Store>;

    /// Runs a statement that the store would never run, to do harm.
    async fn run(&self, statement: &str);

    /// Harm that can be done: the name of the ailment, and the statements. Every one is done
    /// to [`doctor::patient`].
    fn harm(&self) -> Vec<(&'static str, &'static [&'static str])>;
}

/// A test that needs a store with tables.
type Sentence = for<'a> fn(&'a dyn Place) -> Pin<Box<dyn Future<Output = ()> + 'a>>;

fn run<P: Place>(sentence: Sentence) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let place = P::new().await;
        sentence(&place).await;
    });
}

/// A store with tables and nothing in them.
async fn empty(place: &dyn Place) -> Box<dyn Store> {
    let store = place.open().await;
    store.migrate().await.unwrap();
    store
}

macro_rules! conformance {
    ($store:ident, $place:path) => {
        mod $store {
            $crate::conformance::conformance!(@ $place;
                documents {
                    a_document_comes_back_as_it_was_written
                    a_document_takes_the_place_of_the_one_under_its_path
                    unchanged_chunks_keep_their_numbers_and_vectors
                    chunks_of_a_document_that_moves_keep_their_numbers_and_vectors
                    two_documents_that_change_places_keep_their_chunks
                    a_passage_in_two_documents_is_two_chunks
                    a_passage_twice_in_one_document_is_two_chunks
                    a_document_that_is_taken_out_leaves_nothing_behind
                    a_document_that_is_named_twice_is_taken_out_once
                    numbers_of_chunks_are_not_used_again
                    of_two_documents_with_one_path_the_last_one_counts
                    a_document_without_chunks_is_a_document
                    a_commit_is_noted_without_anything_else_changing
                    texts_of_any_kind_and_length_come_back
                    what_was_written_counts_what_changed
                    a_write_that_fails_leaves_everything_as_it_was
                    tidying_takes_out_what_no_chunk_needs
                }
                filters {
                    every_filter_lets_through_what_it_names
                    filters_are_all_met_at_once
                    a_path_names_a_document_a_folder_or_a_pattern
                    links_of_both_directions_and_origins_count
                    what_is_replaced_retired_or_rejected_is_found_only_if_asked_for
                    as_many_chunks_are_found_as_there_are
                }
                keeping {
                    without_tables_everything_says_that_there_is_nothing
                    tables_are_made_once
                    tables_are_made_once_by_two_programs_at_once
                    two_writers_at_once_lose_nothing
                    readers_see_documents_before_or_after_a_write_and_never_between
                    a_second_run_waits_for_the_first
                    what_was_written_is_there_when_it_is_opened_again
                }
                links {
                    a_link_is_added_once_and_taken_out_once
                    links_of_documents_go_with_them_and_those_of_people_stay
                    links_are_found_from_both_ends_and_come_in_order
                }
                models {
                    the_first_model_is_the_active_one_until_another_is_activated
                    a_model_is_registered_once
                    the_active_model_is_not_taken_out
                    vectors_of_a_model_go_with_it_and_those_of_others_stay
                    models_that_are_not_there_are_refused
                    vectors_of_another_length_are_refused
                    passages_without_a_vector_are_listed_once_each
                    the_passage_that_is_listed_is_the_one_that_was_hashed
                    vectors_of_passages_that_no_chunk_has_are_left_out
                    vectors_come_back_with_the_same_bits
                }
                queries {
                    nothing_in_a_query_is_an_operator
                    a_query_of_a_megabyte_is_answered
                    a_query_without_terms_finds_nothing
                    nothing_in_a_filter_is_an_operator
                }
                search {
                    every_word_of_a_long_query_is_looked_for
                    chunks_are_found_by_their_words_the_rarer_the_better
                    a_word_in_a_heading_counts_for_more
                    chunks_are_found_by_vectors_the_nearer_the_better
                    both_rankings_are_one
                    a_vector_of_little_weight_leaves_terms_in_front
                    chunks_with_an_identifier_of_the_query_come_first
                    the_document_that_is_called_so_comes_before_those_that_mention_it
                    no_more_chunks_are_found_than_wanted
                    equal_chunks_come_in_the_order_of_documents
                    every_model_has_its_own_vectors
                    the_nearest_of_many_are_found
                }
                doctor {
                    a_store_that_is_well_has_no_ailments
                    chunks_without_a_vector_are_an_ailment_that_is_not_severe
                    every_harm_is_found
                    statistics_count_what_is_there
                }
                property {
                    any_sequence_of_writes_leaves_what_a_map_would_hold
                }
            );
        }
    };
    (@ $place:path; $($file:ident { $($sentence:ident)+ })+) => {
        $(
            mod $file {
                $(
                    #[test]
                    fn $sentence() {
                        $crate::conformance::run::<$place>(|place| {
                            Box::pin($crate::conformance::$file::$sentence(place))
                        });
                    }
                )+
            }
        )+
    };
}
use conformance;

#[cfg(feature = "sqlite")]
conformance!(in_sqlite, crate::conformance::sqlite::File);

#[cfg(feature = "postgres")]
conformance!(in_postgres, crate::conformance::postgres::OwnDatabase);
