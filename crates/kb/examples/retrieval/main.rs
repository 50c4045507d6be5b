//! How well questions are answered: indexes the documents of each set of questions into every
//! kind of store and prints, for each way to search, how many of the known answers are found.
//! `cargo xtask bench retrieval` runs it.
//!
//! ```text
//! retrieval [--model-dir FOLDER] QUESTIONS=FOLDER...
//! ```
//!
//! One line for each figure: the documents, the store, the way, the set, the number of
//! questions, how many have an answer among the first five hits, and the mean reciprocal rank
//! of the first answer among the first ten.
#![expect(clippy::print_stdout, reason = "the figures go to `cargo xtask bench`")]
#![expect(clippy::print_stderr, reason = "what was missed goes to whoever tunes")]

mod corpus;
mod questions;

use std::error::Error;
use std::path::PathBuf;

use countersign_kb::embed::{Choice, Embedder, load};
use countersign_kb::search::{self, Hit, Request, Terms};
use countersign_kb::store::{Location, ModelId, Store, open};
use countersign_kb::terms;
use countersign_testkit::{Postgres, onnxruntime};

use self::corpus::Corpus;
use self::questions::{Question, Questions, Set};

/// What a person looks at.
const FIRST: usize = 5;
/// What the reciprocal rank looks at; there is nothing to gain behind it.
const LOOKED_AT: usize = 10;
/// So many of each ranking are fused, as `kb search` has it.
const CANDIDATES: usize = 100;

/// A way to search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Lexical,
    Vector,
    Hybrid,
}

impl Way {
    const fn name(self) -> &'static str {
        match self {
            Self::Lexical => "lexical",
            Self::Vector => "vector",
            Self::Hybrid => "hybrid",
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut corpora = Vec::new();
    let mut model = None;
    while let Some(argument) = arguments.next() {
        if argument == "--model-dir" {
            model = Some(PathBuf::from(arguments.next().ok_or("--model-dir needs a folder")?));
        } else {
            let (questions, folder) =
                argument.split_once('=').ok_or("give QUESTIONS=FOLDER, both paths")?;
            corpora.push((Questions::read(questions.as_ref())?, PathBuf::from(folder)));
        }
    }
    let mut embedder = match model {
        Some(folder) => {
            let mut choice = Choice::from_environment();
            choice.model_dir = Some(folder);
            choice.runtime = Some(onnxruntime()?);
            Some(load(&choice, &mut |_| {})?)
        }
        None => None,
    };
    let folder = tempfile::tempdir()?;
    let server = Postgres::shared()?;
    for (questions, root) in &corpora {
        let corpus = Corpus::read(root, embedder.as_deref())?;
        questions.verify(&corpus)?;
        let vectors = match &mut embedder {
            Some(embedder) => corpus.vectors(&mut **embedder)?,
            None => Vec::new(),
        };
        let database = server.database()?;
        let file = folder.path().join(format!("{}.db", questions.corpus));
        for (kind, location) in
            [("sqlite", Location::Sqlite(file)), ("postgres", database.url().parse::<Location>()?)]
        {
            let store = open(&location).await?;
            let model = corpus.write(&*store, embedder.as_deref(), &vectors).await?;
            let asked = Asked { questions, corpus: &corpus, store: &*store, kind };
            asked.ask(Way::Lexical, None).await?;
            if let (Some(model), Some(embedder)) = (model, &mut embedder) {
                asked.ask(Way::Vector, Some((model, &mut **embedder))).await?;
                asked.ask(Way::Hybrid, Some((model, &mut **embedder))).await?;
            }
        }
    }
    Ok(())
}

/// Questions that are asked of a store.
struct Asked<'a> {
    questions: &'a Questions,
    corpus: &'a Corpus,
    store: &'a dyn Store,
    kind: &'static str,
}

impl Asked<'_> {
    async fn ask(
        &self,
        way: Way,
        mut model: Option<(ModelId, &mut dyn Embedder)>,
    ) -> Result<(), Box<dyn Error>> {
        let mut ranks = Vec::new();
        for question in &self.questions.questions {
            let terms = match way {
                Way::Vector => Terms::default(),
                Way::Lexical | Way::Hybrid => terms::of_query(&question.question),
            };
            let mut request =
                Request { terms, limit: LOOKED_AT, candidates: CANDIDATES, ..Request::default() };
            if let Some((model, embedder)) = &mut model {
                search::add_vector(&mut request, &question.question, *model, &mut **embedder)?;
            }
            let hits = self.store.search(&request).await?;
            ranks.push((question, self.rank(question, &hits)));
        }
        for set in [Set::Tuning, Set::Final] {
            self.print(way, set, &ranks);
        }
        Ok(())
    }

    /// The place of the first hit that answers, 1 for the first.
    fn rank(&self, question: &Question, hits: &[Hit]) -> Option<usize> {
        let answers =
            |hit: &Hit| question.answers.iter().any(|answer| answer.is_given_by(hit, self.corpus));
        hits.iter().position(answers).map(|place| place + 1)
    }

    fn print(&self, way: Way, set: Set, ranks: &[(&Question, Option<usize>)]) {
        let (mut count, mut found, mut reciprocal) = (0_u32, 0_u32, 0.0);
        for (question, rank) in ranks.iter().filter(|(question, _)| question.set == set) {
            count += 1;
            found += u32::from(rank.is_some_and(|rank| rank <= FIRST));
            reciprocal +=
                rank.map_or(0.0, |rank| 1.0 / f64::from(u32::try_from(rank).unwrap_or(u32::MAX)));
            // What is kept aside must not be looked at.
            if set == Set::Tuning && rank.is_none_or(|rank| rank > FIRST) {
                eprintln!("{} {} missed: {}", self.kind, way.name(), question.question);
            }
        }
        println!(
            "{} {} {} {} {count} {found} {:.6}",
            self.questions.corpus,
            self.kind,
            way.name(),
            set.name(),
            reciprocal / f64::from(count.max(1)),
        );
    }
}
