//! Documents for tests. Only what differs from the usual is said.

use countersign_kb::chunk::ContentHash;
use countersign_kb::embed::{Distance, ModelDescription};
use countersign_kb::search::{Hit, Request, Terms};
use countersign_kb::store::{
    ChunkId, ChunkRow, ChunkWrite, DocumentRow, DocumentWrite, Entity, Link, ModelId, Origin, Store,
};

/// A document in force with chunks of these texts, under the heading `Heading`.
pub(crate) fn document(path: &str, texts: &[&str]) -> DocumentWrite {
    let mut document = DocumentWrite {
        document: DocumentRow {
            path: path.to_owned(),
            title: "A title".to_owned(),
            kind: "brief".to_owned(),
            status: "approved".to_owned(),
            phase: "in-force".to_owned(),
            owner_role: "PM".to_owned(),
            version: "1".to_owned(),
            updated_at: "2026-01-01".to_owned(),
            stages: vec!["intake".to_owned()],
            hash: ContentHash::of(&texts.join("\n")).to_string(),
            commit: "c0ffee".to_owned(),
            ..DocumentRow::default()
        },
        recipe: "one".to_owned(),
        chunks: Vec::new(),
        links: Vec::new(),
    };
    for text in texts {
        add(&mut document, "Heading", text);
    }
    document
}

/// Adds a chunk under a heading.
pub(crate) fn add(document: &mut DocumentWrite, heading: &str, text: &str) {
    let ordinal = document.chunks.len() as u32;
    let mut row = ChunkRow {
        ordinal,
        hash: ContentHash::of(""),
        heading_path: vec![heading.to_owned()],
        lead: String::new(),
        text: text.to_owned(),
        start: u64::from(ordinal) * 1_000,
        end: u64::from(ordinal) * 1_000 + text.len() as u64,
        first_line: ordinal * 10 + 1,
        last_line: ordinal * 10 + 9,
        kind: "text".to_owned(),
        language: "en".to_owned(),
        tokens: 7,
    };
    row.hash = ContentHash::of(&row.passage());
    document.chunks.push(ChunkWrite {
        row,
        heading_terms: terms(heading),
        body_terms: terms(text),
    });
}

/// As `document`, with one field of the row changed.
pub(crate) fn with(
    path: &str,
    texts: &[&str],
    change: impl FnOnce(&mut DocumentRow),
) -> DocumentWrite {
    let mut document = document(path, texts);
    change(&mut document.document);
    document
}

/// Terms for tests: words in lower case as they are, without the analyser's stems.
pub(crate) fn terms(text: &str) -> String {
    let words = text.split(|char: char| !(char.is_alphanumeric() || "-_.".contains(char)));
    let words: Vec<_> = words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    words.join(" ")
}

/// A link that a document makes.
pub(crate) fn link(from: &str, relation: &str, to: &str) -> Link {
    let end = |text: &str| text.parse::<Entity>().unwrap();
    Link { from: end(from), relation: relation.to_owned(), to: end(to), origin: Origin::Document }
}

/// The hashes of the chunks of a document.
pub(crate) fn hashes(document: &DocumentWrite) -> Vec<ContentHash> {
    document.chunks.iter().map(|chunk| chunk.row.hash).collect()
}

/// A search by words.
pub(crate) fn words(query: &str) -> Request {
    let stems = query.split_whitespace().map(str::to_owned).collect();
    Request {
        terms: Terms { stems, identifiers: Vec::new() },
        limit: 10,
        candidates: 50,
        ..Request::default()
    }
}

/// A search by vector.
pub(crate) fn near(model: ModelId, vector: &[f32]) -> Request {
    Request {
        vector: Some((model, vector.to_vec())),
        limit: 10,
        candidates: 50,
        ..Request::default()
    }
}

/// The places of hits: `path#ordinal`.
pub(crate) fn places(hits: &[Hit]) -> Vec<String> {
    hits.iter().map(|hit| format!("{}#{}", hit.document.path, hit.chunk.ordinal)).collect()
}

/// What is found, as places.
pub(crate) async fn found(store: &dyn Store, request: &Request) -> Vec<String> {
    places(&store.search(request).await.unwrap())
}

/// What is found by words, as places.
pub(crate) async fn find(store: &dyn Store, query: &str) -> Vec<String> {
    found(store, &words(query)).await
}

/// The numbers of the chunks of a document, in order.
pub(crate) async fn numbers(store: &dyn Store, path: &str) -> Vec<ChunkId> {
    let (_, chunks) = store.document(path).await.unwrap().unwrap();
    chunks.into_iter().map(|(id, _)| id).collect()
}

/// A model with vectors of so many numbers.
pub(crate) fn model(name: &str, dimensions: usize) -> ModelDescription {
    ModelDescription {
        name: name.to_owned(),
        digest: ContentHash::of(name).to_string(),
        dimensions,
        max_tokens: 512,
        distance: Distance::Cosine,
    }
}

/// A vector of length 1 that points where `numbers` do, with zeros behind them.
pub(crate) fn unit(numbers: &[f32], dimensions: usize) -> Vec<f32> {
    let length = numbers.iter().map(|number| number * number).sum::<f32>().sqrt();
    let mut vector: Vec<f32> = numbers.iter().map(|number| number / length).collect();
    vector.resize(dimensions, 0.0);
    vector
}

/// A vector of 8 numbers for each hash, different for different ones.
pub(crate) fn vectors(hashes: &[ContentHash]) -> Vec<(ContentHash, Vec<f32>)> {
    let vector = |hash: &ContentHash| {
        let numbers: Vec<f32> =
            hash.as_bytes()[..8].iter().map(|byte| f32::from(*byte) - 127.5).collect();
        unit(&numbers, 8)
    };
    hashes.iter().map(|hash| (*hash, vector(hash))).collect()
}
