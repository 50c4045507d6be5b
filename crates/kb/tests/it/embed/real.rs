//! A real model, where there is one: the folder that `COUNTERSIGN_TEST_MODEL` names, or the
//! model beside the checkout.

use std::path::{Path, PathBuf};

use countersign_kb::embed::Role;

use super::*;

/// all-MiniLM-L6-v2, an English model, with weights of 8 bits.
fn folder() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("COUNTERSIGN_TEST_MODEL") {
        return Some(named.into());
    }
    let beside = "../../../shared/models/all-MiniLM-L6-v2-int8";
    Some(Path::new(env!("CARGO_MANIFEST_DIR")).join(beside)).filter(|folder| folder.exists())
}

#[test]
fn sentences_of_like_meaning_are_near_without_a_word_in_common() {
    let Some(folder) = folder() else {
        eprintln!("there is no real model; COUNTERSIGN_TEST_MODEL names one");
        return;
    };
    let mut model = load_folder(&folder).unwrap();
    assert_eq!((model.model().dimensions, model.model().max_tokens), (384, 256));
    assert_nearest(
        &mut *model,
        "How do I undo a release?",
        "Rolling back to the previous version takes one command.",
        &[
            "The catalogue of labels lists colours and descriptions.",
            "Owners review every document before it is published.",
        ],
    );
    assert_nearest(
        &mut *model,
        "Who is allowed to sign off?",
        "Approval is given by the owner of the product.",
        &["The cluster has three nodes.", "Chunks keep code blocks whole while they fit."],
    );
}

#[test]
fn the_published_vector_of_the_example_sentence_comes_out() {
    let Some(folder) = folder() else {
        eprintln!("there is no real model; COUNTERSIGN_TEST_MODEL names one");
        return;
    };
    let mut model = load_folder(&folder).unwrap();
    let found = vector(&mut *model, Role::Passage, "This is an example sentence");
    // <https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2>, with weights of 32 bits.
    // Those of 8 bits are near it, and no other pooling or normalisation is.
    for (found, published) in found.iter().zip([0.067_656_9, 0.063_495_9, 0.048_713_1]) {
        assert!((found - published).abs() < 0.02, "{found} instead of {published}");
    }
}

#[test]
fn a_model_whose_activations_are_quantised_gives_a_text_one_vector_in_any_company() {
    let Some(folder) = folder() else {
        eprintln!("there is no real model; COUNTERSIGN_TEST_MODEL names one");
        return;
    };
    let mut model = load_folder(&folder).unwrap();
    let texts = ["A short one.", "Owners approve documents, and an approval is bound to content."];
    let together = model.embed(Role::Passage, &texts).unwrap();
    for (text, together) in texts.iter().zip(together) {
        assert_eq!(vector(&mut *model, Role::Passage, text), together);
    }
}
