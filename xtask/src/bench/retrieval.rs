//! How well questions with known answers are answered, in both stores: the questions of
//! `crates/kb/tests/questions`, by the example `retrieval` of the knowledge base.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail, ensure};

use super::figure::{Figure, Goal};
use super::{Measured, embed, to_f64};
use crate::tools;
use crate::workspace::Workspace;

const QUESTIONS: &str = "crates/kb/tests/questions";

/// How far hybrid search may stay behind the better of its two rankings, and how far the
/// stores may be apart, in points.
const BEHIND: f64 = 1.0;
const APART: f64 = 2.0;

/// Indexes the documents and asks.
pub(super) fn measure(workspace: &Workspace, _quick: bool) -> Result<Measured> {
    let questions = |name: &str| workspace.root().join(QUESTIONS).join(name);
    let english = tools::documentation(workspace)?.package("fastify");
    let mut corpora = vec![(questions("fastify.json"), english)];
    let mut not_here = "";
    let russian = std::env::var_os("COUNTERSIGN_CORPUS").map(PathBuf::from);
    let russian =
        russian.unwrap_or_else(|| workspace.root().join("../shared/corpus/platform-docs"));
    if russian.join("docs").is_dir() {
        corpora.push((questions("platform-docs.json"), russian));
    } else {
        not_here = "; no documents in Russian: COUNTERSIGN_CORPUS names their folder";
        println!("  there are no documents in `{}`", russian.display());
    }
    let arguments = ["run", "--release", "--quiet", "--locked", "--package", "countersign-kb"];
    let features = ["--no-default-features", "--features", "sqlite,postgres,embed"];
    let mut program = workspace.cargo().args(arguments).args(features);
    program = program.args(["--example", "retrieval", "--", "--model-dir"]);
    program = program.arg(embed::model(workspace)?);
    for (questions, folder) in &corpora {
        program = program.arg(format!("{}={}", questions.display(), folder.display()));
    }
    let rows = Row::all(&program.capture()?.stdout_if_success()?)?;
    let asked: usize = rows
        .iter()
        .filter(|row| (row.store.as_str(), row.way.as_str()) == ("sqlite", "hybrid"))
        .map(|row| row.questions)
        .sum();
    let subject = format!(
        "countersign-kb {}; all-MiniLM-L6-v2 with weights of 8 bits, a model for English alone; \
         {asked} questions{not_here}",
        env!("CARGO_PKG_VERSION"),
    );
    Ok(Measured { subject, figures: figures(&rows)? })
}

/// Questions of one set, asked in one way.
#[derive(Debug)]
struct Row {
    corpus: String,
    store: String,
    way: String,
    set: String,
    questions: usize,
    /// So many have an answer among the first five hits, …
    found: usize,
    /// … and this is the mean of the reciprocals of their places among the first ten.
    reciprocal: f64,
}

impl Row {
    fn all(printed: &str) -> Result<Vec<Self>> {
        printed.lines().map(|line| Self::parse(line).with_context(|| line.to_owned())).collect()
    }

    fn parse(line: &str) -> Result<Self> {
        let words: Vec<&str> = line.split(' ').collect();
        let [corpus, store, way, set, questions, found, reciprocal] = words[..] else {
            bail!("these are not seven words");
        };
        let [corpus, store, way, set] = [corpus, store, way, set].map(str::to_owned);
        let (questions, found, reciprocal) =
            (questions.parse()?, found.parse()?, reciprocal.parse()?);
        ensure!(found <= questions && questions > 0, "so many of so many cannot be");
        Ok(Self { corpus, store, way, set, questions, found, reciprocal })
    }

    /// Percent of the questions that have an answer among the first five hits.
    fn recall(&self) -> f64 {
        100.0 * to_f64(self.found) / to_f64(self.questions)
    }

    /// The mean reciprocal rank, in hundredths.
    fn reciprocal_points(&self) -> f64 {
        100.0 * self.reciprocal
    }
}

/// What tells how good a row is, in hundredths.
type Measure = fn(&Row) -> f64;

/// Every row, and what is asked of them.
fn figures(rows: &[Row]) -> Result<Vec<Figure>> {
    let mut figures: Vec<Figure> = rows
        .iter()
        .map(|row| {
            let store = if row.store == "sqlite" { "SQLite" } else { "PostgreSQL" };
            let name = format!(
                "`{}`, {} questions of the set `{}`, {} in {store}, mean reciprocal rank {:.3}",
                row.corpus, row.questions, row.set, row.way, row.reciprocal
            );
            figure(name, row.recall(), "%", Goal::None)
        })
        .collect();
    let mut sets: Vec<(&str, &str)> = Vec::new();
    for row in rows {
        if !sets.contains(&(&row.corpus, &row.set)) {
            sets.push((&row.corpus, &row.set));
        }
    }
    for (corpus, set) in sets {
        let asked = |store: &str, way: &str| {
            let mut rows =
                rows.iter().filter(|row| (row.corpus.as_str(), row.set.as_str()) == (corpus, set));
            let row = rows.find(|row| row.store == store && row.way == way);
            row.with_context(|| format!("{corpus} was not asked by {way} in {store}"))
        };
        let measures: [(&str, Measure, Goal); 2] = [
            ("", Row::recall, Goal::AtMost(BEHIND)),
            (", by mean reciprocal rank", Row::reciprocal_points, Goal::None),
        ];
        for (by, measure, goal) in measures {
            let mut behind = f64::MIN;
            for store in ["sqlite", "postgres"] {
                let better =
                    measure(asked(store, "lexical")?).max(measure(asked(store, "vector")?));
                behind = behind.max(better - measure(asked(store, "hybrid")?));
            }
            let name =
                format!("`{corpus}`, `{set}`: hybrid behind the better of both{by}, at worst");
            figures.push(figure(name, behind, "points", goal));
        }
        let apart = asked("sqlite", "hybrid")?.recall() - asked("postgres", "hybrid")?.recall();
        let name = format!("`{corpus}`, `{set}`: hybrid in both stores apart");
        figures.push(figure(name, apart.abs(), "points", Goal::AtMost(APART)));
    }
    Ok(figures)
}

/// A figure whose name is only known now. There are few, and the program ends soon.
fn figure(name: String, value: f64, unit: &'static str, goal: Goal) -> Figure {
    Figure::new(name.leak(), value, unit, goal)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRINTED: &str = "a sqlite lexical final 10 7 0.5\na sqlite vector final 10 5 0.4\n\
                           a sqlite hybrid final 10 6 0.6\na postgres lexical final 10 7 0.5\n\
                           a postgres vector final 10 5 0.4\na postgres hybrid final 10 9 0.6\n";

    #[test]
    fn tells_how_far_hybrid_is_behind_and_the_stores_are_apart() {
        let figures = figures(&Row::all(PRINTED).unwrap()).unwrap();
        let rows: String = figures[6..].iter().map(Figure::row).collect();
        assert_eq!(
            rows,
            "| `a`, `final`: hybrid behind the better of both, at worst | 10.0 points | at most 1 points **missed** |\n\
             | `a`, `final`: hybrid behind the better of both, by mean reciprocal rank, at worst | -10.00 points | |\n\
             | `a`, `final`: hybrid in both stores apart | 30.0 points | at most 2 points **missed** |\n"
        );
        assert!(
            figures[0].row().contains("lexical in SQLite, mean reciprocal rank 0.500 | 70.0 %")
        );
    }

    #[test]
    fn what_was_not_asked_and_what_cannot_be_is_refused() {
        let half: String = PRINTED.lines().take(3).map(|line| format!("{line}\n")).collect();
        assert!(figures(&Row::all(&half).unwrap()).is_err());
        assert!(Row::all("a sqlite lexical final 10 11 0.5").is_err());
        assert!(Row::all("a sqlite lexical final 10").is_err());
    }
}
