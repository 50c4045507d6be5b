//! Embedding and reranking, with the tiny models of `tests/model` and, where there is one, a
//! real model that embeds.

mod copies;
mod external;
mod faulty;
mod faulty_reranker;
mod hub;
mod real;
mod reranker;
mod runtime;
mod tiny;

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use countersign_kb::embed::{Choice, Embedder, LoadError, Role, load};

/// A choice that takes nothing from the environment, and finds ONNX Runtime.
fn choice() -> Choice {
    let mut choice = Choice::from_variables(|_| None);
    choice.runtime = Some(countersign_testkit::onnxruntime().unwrap());
    choice.offline = true;
    choice.cache = "no-cache".into();
    // Tests run beside each other, and threads that wait for work keep processors busy.
    choice.threads = Some(std::num::NonZeroUsize::MIN);
    choice
}

/// The folder of the tiny model.
fn tiny_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/model")
}

/// The tiny model, or another in a folder.
fn load_folder(folder: &Path) -> Result<Box<dyn Embedder>, LoadError> {
    load(&Choice { model_dir: Some(folder.to_owned()), ..choice() }, &mut |_| {})
}

fn tiny() -> Box<dyn Embedder> {
    load_folder(&tiny_folder()).unwrap()
}

/// A copy of the folder of the tiny model, to be changed.
fn copy_of_tiny() -> tempfile::TempDir {
    copy(&tiny_folder())
}

/// A copy of the files of a model.
fn copy(model: &Path) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(model).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
        }
    }
    folder
}

/// Writes a file, and the folder that it is in.
fn write(folder: &Path, name: &str, content: &[u8]) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    File::create(path).unwrap().write_all(content).unwrap();
}

/// The vector of one text.
fn vector(embedder: &mut dyn Embedder, role: Role, text: &str) -> Vec<f32> {
    let mut vectors = embedder.embed(role, &[text]).unwrap();
    assert_eq!(vectors.len(), 1);
    vectors.remove(0)
}

/// The cosine of the angle of two vectors of length 1.
fn nearness(one: &[f32], other: &[f32]) -> f32 {
    assert_eq!(one.len(), other.len());
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

/// Fails unless the passage is nearer to the question than all others, by a margin.
fn assert_nearest(embedder: &mut dyn Embedder, question: &str, passage: &str, others: &[&str]) {
    let question_vector = vector(embedder, Role::Query, question);
    let near = nearness(&question_vector, &vector(embedder, Role::Passage, passage));
    for other in others {
        let far = nearness(&question_vector, &vector(embedder, Role::Passage, other));
        assert!(near > far + 0.1, "`{question}`: {near} to `{passage}`, {far} to `{other}`");
    }
}

/// The largest difference of two numbers at one place.
fn difference(one: &[f32], other: &[f32]) -> f32 {
    assert_eq!(one.len(), other.len());
    one.iter().zip(other).map(|(one, other)| (one - other).abs()).fold(0.0, f32::max)
}
