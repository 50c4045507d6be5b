//! Measures a store, for `cargo xtask bench store`: `measure_store URL CHUNKS`.
//!
//! Prints one figure a line, its name and its value. The store must be empty. Texts and
//! vectors are made by a fixed sequence of numbers: words by Zipf's law, and vectors as models
//! of texts make them, all in one direction, in clusters of subjects.
#![expect(clippy::print_stdout, reason = "what it prints is what it is for")]

use std::collections::HashSet;
use std::error::Error;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use countersign_kb::chunk::ContentHash;
use countersign_kb::embed::{Distance, ModelDescription};
use countersign_kb::search::{Filters, Request, Standing, Terms};
use countersign_kb::store::{
    ChunkRow, ChunkWrite, DocumentRow, DocumentWrite, ModelId, Store, open,
};

/// Numbers of a vector.
const DIMENSIONS: usize = 384;

/// Chunks of a document, and documents of a transaction.
const CHUNKS: usize = 10;
const DOCUMENTS: usize = 100;

/// Words that there are, and subjects.
const WORDS: usize = 40_000;
const SUBJECTS: usize = 400;

/// Words that are in every text and in no index: analysers leave them out.
const FREQUENT: usize = 50;

/// Searches of each kind.
const SEARCHES: usize = 200;

/// Hits that are wanted.
const WANTED: usize = 10;

#[tokio::main]
async fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (Some(url), Some(chunks)) = (arguments.next(), arguments.next()) else {
        println!("usage: measure_store URL CHUNKS");
        return ExitCode::from(2);
    };
    let measured = async { measure(&url, chunks.parse()?).await };
    match measured.await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("error: {error}");
            ExitCode::from(2)
        }
    }
}

async fn measure(url: &str, chunks: usize) -> Result<(), Box<dyn Error>> {
    let store = open(&url.parse()?).await?;
    store.migrate().await?;
    let mut random = Random(1);
    let documents = documents(&mut random, chunks / CHUNKS);
    let rate = |number: usize, time: Duration| to_f64(number) / time.as_secs_f64();

    let start = Instant::now();
    for batch in documents.chunks(DOCUMENTS) {
        store.write(batch, None).await?;
    }
    println!("written {:.0}", rate(chunks, start.elapsed()));
    let again = &documents[..documents.len() / 5];
    let start = Instant::now();
    for batch in again.chunks(DOCUMENTS) {
        store.write(batch, None).await?;
    }
    println!("rewritten {:.0}", rate(again.len() * CHUNKS, start.elapsed()));

    let model = store.register_model(&description()).await?;
    let space = Space::new(&mut random);
    let hashes = documents.iter().flat_map(|document| &document.chunks);
    let vectors: Vec<(ContentHash, Vec<f32>)> =
        hashes.map(|chunk| (chunk.row.hash, space.vector(&mut random))).collect();
    let start = Instant::now();
    for batch in vectors.chunks(DOCUMENTS * CHUNKS) {
        store.add_vectors(model, batch).await?;
    }
    store.tidy().await?;
    println!("embedded {:.0}", rate(chunks, start.elapsed()));
    let bytes = store.statistics().await?.bytes;
    println!("megabytes {:.1}", to_f64(usize::try_from(bytes / 100_000)?) / 10.0);
    search(&*store, model, &vectors, &space, &mut random).await
}

/// Times searches of each kind, and compares what is found by vector with what is nearest.
async fn search(
    store: &dyn Store,
    model: ModelId,
    vectors: &[(ContentHash, Vec<f32>)],
    space: &Space,
    random: &mut Random,
) -> Result<(), Box<dyn Error>> {
    let queries: Vec<(Terms, Vec<f32>)> = (0..SEARCHES)
        .map(|_| {
            let stems = (0..5).map(|_| random.word()).collect();
            (Terms { stems, identifiers: Vec::new() }, space.vector(random))
        })
        .collect();
    let mut found = 0;
    for kind in ["lexical", "frequent", "vector", "hybrid", "filtered"] {
        let mut times = Vec::new();
        for (at, (terms, vector)) in queries.iter().enumerate() {
            let request = Request {
                terms: match kind {
                    "vector" => Terms::default(),
                    "frequent" => Terms {
                        stems: vec![numbered(FREQUENT + at % FREQUENT)],
                        identifiers: Vec::new(),
                    },
                    _ => terms.clone(),
                },
                vector: (!matches!(kind, "lexical" | "frequent")).then(|| (model, vector.clone())),
                filters: Filters {
                    kinds: if kind == "filtered" { vec!["adr".to_owned()] } else { Vec::new() },
                    standing: if kind == "vector" { Standing::Any } else { Standing::Current },
                    ..Filters::default()
                },
                limit: WANTED,
                candidates: 10 * WANTED,
                ..Request::default()
            };
            let start = Instant::now();
            let hits = store.search(&request).await?;
            times.push(start.elapsed());
            if kind == "vector" {
                let nearest = nearest(vectors, vector);
                found += hits.iter().filter(|hit| nearest.contains(&hit.chunk.hash)).count();
            }
        }
        times.sort_unstable();
        let at = |part: usize| times[(times.len() * part / 100).min(times.len() - 1)];
        println!("{kind}-p50 {:.3}", at(50).as_secs_f64() * 1_000.0);
        println!("{kind}-p95 {:.3}", at(95).as_secs_f64() * 1_000.0);
    }
    println!("recall {:.4}", to_f64(found) / to_f64(SEARCHES * WANTED));
    Ok(())
}

/// What is nearest to a vector, by comparing all.
fn nearest(vectors: &[(ContentHash, Vec<f32>)], query: &[f32]) -> HashSet<ContentHash> {
    let product = |other: &[f32]| other.iter().zip(query).map(|(a, b)| a * b).sum::<f32>();
    let mut all: Vec<(f32, ContentHash)> =
        vectors.iter().map(|(hash, vector)| (product(vector), *hash)).collect();
    all.select_nth_unstable_by(WANTED, |a, b| b.0.total_cmp(&a.0));
    all[..WANTED].iter().map(|(_, hash)| *hash).collect()
}

fn description() -> ModelDescription {
    ModelDescription {
        name: "measured".to_owned(),
        digest: ContentHash::of("measured").to_string(),
        dimensions: DIMENSIONS,
        max_tokens: 512,
        distance: Distance::Cosine,
    }
}

/// Documents in 50 folders, of three types, one in twenty replaced.
fn documents(random: &mut Random, number: usize) -> Vec<DocumentWrite> {
    let document = |at: usize| {
        let mut write = DocumentWrite {
            document: DocumentRow {
                path: format!("docs/{}/{at}.md", at % 50),
                doc_id: format!("ADR-{at:05}"),
                title: format!("Decision {at}"),
                kind: ["adr", "prd", "brief"][at % 3].to_owned(),
                status: "approved".to_owned(),
                phase: if at.is_multiple_of(20) { "replaced" } else { "in-force" }.to_owned(),
                hash: ContentHash::of(&at.to_string()).to_string(),
                ..DocumentRow::default()
            },
            recipe: "one".to_owned(),
            chunks: Vec::new(),
            links: Vec::new(),
        };
        for ordinal in 0..CHUNKS {
            write.chunks.push(chunk(random, at, ordinal));
        }
        write
    };
    (0..number).map(document).collect()
}

/// A chunk of about 120 words.
fn chunk(random: &mut Random, document: usize, ordinal: usize) -> ChunkWrite {
    let mut text = format!("chunk {document} {ordinal}");
    for _ in 0..60 + random.below(120) {
        text.push(' ');
        text.push_str(&random.word());
    }
    let heading = format!("heading {}", random.word());
    let mut row = ChunkRow {
        ordinal: u32::try_from(ordinal).unwrap_or_default(),
        hash: ContentHash::of(""),
        heading_path: vec![heading.clone()],
        lead: String::new(),
        start: 0,
        end: text.len() as u64,
        first_line: 1,
        last_line: 10,
        kind: "text".to_owned(),
        language: "en".to_owned(),
        tokens: 120,
        text: text.clone(),
    };
    row.hash = ContentHash::of(&row.passage());
    ChunkWrite { row, heading_terms: heading, body_terms: text }
}

/// Where vectors are: a direction that all share, and subjects.
struct Space {
    shared: Vec<f32>,
    subjects: Vec<Vec<f32>>,
}

impl Space {
    fn new(random: &mut Random) -> Self {
        let mut direction = || unit((0..DIMENSIONS).map(|_| random.normal()).collect());
        Self { shared: direction(), subjects: (0..SUBJECTS).map(|_| direction()).collect() }
    }

    /// A vector between two subjects.
    fn vector(&self, random: &mut Random) -> Vec<f32> {
        let first = &self.subjects[random.below(SUBJECTS)];
        let second = &self.subjects[random.below(SUBJECTS)];
        let number = |at: usize| {
            self.shared[at] + 0.6 * first[at] + 0.4 * second[at] + 0.025 * random.normal()
        };
        unit((0..DIMENSIONS).map(number).collect())
    }
}

fn unit(mut vector: Vec<f32>) -> Vec<f32> {
    let length = vector.iter().map(|number| number * number).sum::<f32>().sqrt();
    for number in &mut vector {
        *number /= length;
    }
    vector
}

/// Numbers that are the same in every run (splitmix64, Steele, Lea and Flood 2014).
struct Random(u64);

impl Random {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to 1.
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
    fn part(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.bits() >> 1).unwrap_or_default() % limit
    }

    /// Nearly normal: the sum of twelve.
    #[expect(clippy::cast_possible_truncation, reason = "that exact it need not be")]
    fn normal(&mut self) -> f32 {
        ((0..12).map(|_| self.part()).sum::<f64>() - 6.0) as f32
    }

    /// A word, the rarer the higher its number; without the first [`FREQUENT`].
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "from 1 to the number of words"
    )]
    fn word(&mut self) -> String {
        let frequent = to_f64(FREQUENT);
        let number = (frequent * (to_f64(WORDS) / frequent).powf(self.part())) as usize;
        numbered(number)
    }
}

/// A word by its number. Words of nearly one number are not neighbours in the alphabet.
fn numbered(number: usize) -> String {
    format!("w{}x{number}", number * 7_919 % 97)
}

fn to_f64(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}
