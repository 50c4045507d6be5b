//! Full text: what is kept of the terms of a chunk, and how a query's terms rank chunks.
//!
//! Ranking is BM25 as FTS5 of SQLite has it
//! (<https://www.sqlite.org/fts5.html#the_bm25_function>), so that both stores rank alike.
//! PostgreSQL has no such ranking, but one that tells how often a term is in a chunk:
//! `ts_rank` of a term with positions 1 to n is (1/1² + 1/2² + … + 1/n²) ÷ π²/6, from which n
//! follows.

use std::collections::HashMap;

use sha2::{Digest as _, Sha256};
use sqlx::{PgConnection, Postgres, QueryBuilder, Row as _};

use super::chunks::first_bytes;
use super::fault::Fault;
use super::filter::Wanted;
use crate::search::Terms;

/// What a term in a heading counts beside one in the text.
const HEADING: u16 = 3;

/// How soon repetitions of a term count for less: the same as FTS5's.
const K1: f64 = 1.2;

/// How much long chunks are held back: the same as FTS5's.
const B: f64 = 0.75;

/// Longer terms are left out; PostgreSQL takes up to 2,046 bytes.
const LONGEST: usize = 1_024;

/// All terms of a chunk have to fit into 1 MiB.
const LARGEST: usize = 900_000;

/// So many terms of a query are looked for, identifiers first: as many as in SQLite.
const LOOKED_FOR: usize = 256;

/// So many chunks are ranked where that is enough: terms that are more frequent together
/// do not bring chunks in, they rank those that rarer ones bring in.
const BUDGET: i64 = 1_500;

/// Of so many terms, all frequent, those chunks are ranked that have several.
const SEVERAL: usize = 6;

/// The terms of a chunk.
pub(super) struct Lexemes<'w> {
    weighted: Vec<(&'w str, u16)>,
    length: u32,
    digest: i64,
}

impl<'w> Lexemes<'w> {
    /// Terms of headings and of text, each separated by spaces.
    pub(super) fn of(headings: &'w str, body: &'w str) -> Self {
        let mut keyed: Vec<(u64, &str, u16)> = Vec::with_capacity(body.len() / 6 + 16);
        for (terms, weight) in [(headings, HEADING), (body, 1)] {
            let odd = terms.contains('\0');
            let mut start = 0;
            let ends = memchr::memchr_iter(b' ', terms.as_bytes()).chain([terms.len()]);
            for end in ends {
                let term = &terms[start..end];
                start = end + 1;
                if !term.is_empty() && term.len() <= LONGEST && !(odd && term.contains('\0')) {
                    keyed.push((beginning(term), term, weight));
                }
            }
        }
        let length = u32::try_from(keyed.len()).unwrap_or(u32::MAX);
        keyed.sort_unstable();
        let mut weighted: Vec<(&str, u16)> = Vec::with_capacity(keyed.len());
        for (_, term, weight) in keyed {
            match weighted.last_mut() {
                Some((last, sum)) if *last == term => *sum = sum.saturating_add(weight),
                _ => weighted.push((term, weight)),
            }
        }
        let mut bytes = 0;
        weighted.retain(|(term, _)| {
            bytes += term.len();
            bytes <= LARGEST
        });
        let mut hasher = Sha256::new();
        for (term, weight) in &weighted {
            hasher.update(term);
            hasher.update([0]);
            hasher.update(weight.to_le_bytes());
        }
        hasher.update(length.to_le_bytes());
        Self { digest: first_bytes(&hasher.finalize()), weighted, length }
    }

    /// Each term once, with how much it counts, in order.
    pub(super) fn weighted(&self) -> &[(&'w str, u16)] {
        &self.weighted
    }

    /// How many terms, with repetitions.
    pub(super) const fn length(&self) -> u32 {
        self.length
    }

    /// Tells whether the terms are others.
    pub(super) const fn digest(&self) -> i64 {
        self.digest
    }
}

/// The first eight bytes of a term as a number, by which most terms are told apart in order.
fn beginning(term: &str) -> u64 {
    let mut bytes = [0; 8];
    let known = term.len().min(8);
    bytes[..known].copy_from_slice(&term.as_bytes()[..known]);
    u64::from_be_bytes(bytes)
}

/// The terms of a query with what is known of them.
pub(super) struct Query<'r> {
    /// The rarest first.
    terms: Vec<Term<'r>>,
    /// The identifiers among them.
    pub(super) identifiers: Vec<&'r str>,
    /// How many chunks there are.
    chunks: i64,
    /// Terms of a chunk, with repetitions, on average.
    average: f64,
}

/// Which chunks are ranked by a query's terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// Those that have any of the terms.
    All,
    /// Those that have one of the `rarest`, or so many of the next ones `together`.
    Few { rarest: usize, together: Option<usize> },
}

struct Term<'r> {
    text: &'r str,
    /// How many chunks have it.
    chunks: i64,
    /// How much it counts.
    weight: f64,
}

/// What a term of a query may be: as the analyser makes them. What has white space or control
/// characters in it is in no chunk.
fn safe(terms: &[String]) -> impl Iterator<Item = &str> {
    let odd = |char: char| char.is_whitespace() || char.is_control();
    terms
        .iter()
        .map(String::as_str)
        .filter(move |term| !term.is_empty() && term.len() <= 256 && !term.contains(odd))
        .take(LOOKED_FOR)
}

impl<'r> Query<'r> {
    /// Looks up how rare the terms are.
    pub(super) async fn new(
        connection: &mut PgConnection,
        terms: &'r Terms,
    ) -> Result<Self, Fault> {
        let mut texts: Vec<&str> = Vec::new();
        let identifiers: Vec<&str> = {
            let mut seen = Vec::new();
            for identifier in safe(&terms.identifiers).take(LOOKED_FOR) {
                if !seen.contains(&identifier) {
                    seen.push(identifier);
                }
            }
            seen
        };
        for term in identifiers.iter().copied().chain(safe(&terms.stems)) {
            if texts.len() < LOOKED_FOR && !texts.contains(&term) {
                texts.push(term);
            }
        }
        if texts.is_empty() {
            return Ok(Self { terms: Vec::new(), identifiers, chunks: 0, average: 1.0 });
        }
        let row = sqlx::query(
            "SELECT
                c.chunks,
                c.length,
                ARRAY(
                    SELECT coalesce(s.chunks, -1)
                    FROM unnest($1::text[]) WITH ORDINALITY AS q (term, place)
                    LEFT JOIN term_statistics AS s ON s.term = q.term
                    ORDER BY q.place
                ) AS frequencies
            FROM corpus AS c",
        )
        .bind(&texts)
        .fetch_one(&mut *connection)
        .await?;
        let (chunks, length): (i64, i64) = (row.try_get("chunks")?, row.try_get("length")?);
        let frequencies: Vec<i64> = row.try_get("frequencies")?;
        // Those that came after the last tidying, or are nowhere.
        let mut known: Vec<(&str, i64)> = texts.into_iter().zip(frequencies).collect();
        let unknown: Vec<&str> =
            known.iter().filter(|(_, chunks)| *chunks < 0).map(|(text, _)| *text).collect();
        if !unknown.is_empty() {
            let counted = count(connection, &unknown).await?;
            for (text, frequency) in known.iter_mut().filter(|(_, chunks)| *chunks < 0) {
                *frequency = counted.get(*text).copied().unwrap_or(0);
            }
        }
        // What no chunk has would only take the place of what some have.
        let mut known: Vec<Term<'_>> = known
            .into_iter()
            .filter(|(_, chunks)| *chunks > 0)
            .map(|(text, frequency)| Term {
                text,
                chunks: frequency,
                weight: weight(chunks, frequency),
            })
            .collect();
        known.sort_by(|one, other| {
            one.chunks.cmp(&other.chunks).then_with(|| one.text.cmp(other.text))
        });
        #[expect(clippy::cast_precision_loss, reason = "an average")]
        let average = if chunks > 0 { (length as f64 / chunks as f64).max(1.0) } else { 1.0 };
        Ok(Self { terms: known, identifiers, chunks, average })
    }

    /// Whether there is nothing to look for.
    pub(super) fn is_empty(&self) -> bool {
        self.terms.is_empty() && self.identifiers.is_empty()
    }

    /// Which chunks are ranked first: those with one of the rarest terms, as long as these are
    /// rare, and those with several of the others. What has less has lower ranks.
    pub(super) fn few(&self) -> Reach {
        let mut sum = 0_i64;
        let mut rarest = 0;
        for (at, term) in self.terms.iter().enumerate() {
            if sum + term.chunks <= BUDGET || self.identifiers.contains(&term.text) {
                sum += term.chunks;
                rarest = at + 1;
            }
        }
        if rarest == self.terms.len() {
            return Reach::All;
        }
        match self.several(rarest, BUDGET - sum) {
            None if rarest == 0 => Reach::All,
            together => Reach::Few { rarest, together },
        }
    }

    /// As few of the terms behind the `rarest` as leave no more than `left` chunks, if terms
    /// came independently of each other.
    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    fn several(&self, rarest: usize, left: i64) -> Option<usize> {
        let share = |term: &Term<'_>| (term.chunks as f64 / self.chunks.max(1) as f64).min(1.0);
        let shares: Vec<f64> = self.terms.iter().skip(rarest).take(SEVERAL).map(share).collect();
        let expected = |together: usize| -> f64 {
            let choices = combinations(shares.len(), together);
            let both = |places: &Vec<usize>| places.iter().map(|at| shares[*at]).product::<f64>();
            choices.iter().map(both).sum::<f64>() * self.chunks as f64
        };
        let fits = (2..=shares.len()).find(|together| expected(*together) <= left as f64);
        fits.or((rarest == 0 && shares.len() > 1).then_some(shares.len()))
    }

    /// The terms of a reach as PostgreSQL reads them.
    fn expression(&self, reach: Reach) -> String {
        let quoted: Vec<String> = self.terms.iter().map(|term| quoted(term.text)).collect();
        let (rarest, together) = match reach {
            Reach::All => (quoted.len(), None),
            Reach::Few { rarest, together } => (rarest.min(quoted.len()), together),
        };
        let (rare, others) = quoted.split_at(rarest);
        let mut any = rare.to_vec();
        if let Some(together) = together {
            for places in combinations(others.len().min(SEVERAL), together) {
                let all: Vec<&str> = places.iter().map(|at| others[*at].as_str()).collect();
                any.push(format!("({})", all.join(" & ")));
            }
        }
        any.join(" | ")
    }

    /// Writes the tables `scored` and `lexical (chunk, score, place)`: the best `candidates`
    /// of the chunks within `reach`, and of those whose document is called by an identifier.
    pub(super) fn push(
        &self,
        query: &mut QueryBuilder<Postgres>,
        wanted: &Wanted,
        reach: Reach,
        candidates: i64,
    ) {
        query.push("scored AS MATERIALIZED (SELECT t.chunk, 0::float8");
        for term in &self.terms {
            // weight × f (k1 + 1) ÷ (f + k), which has f but once when it is turned around.
            query.push(" + ").push_bind(term.weight * (K1 + 1.0));
            query.push("::float8 * (1 - t.k / (t.k + round(1 / (1.64493406685 * (1 - ts_rank('{1,1,1,1}', t.terms, ");
            query.push_bind(quoted(term.text));
            query.push("::tsquery)::float8)) - 0.5)))");
        }
        query.push(" AS score, ");
        self.push_identifiers(query, wanted);
        query.push(" AS identifiers, ");
        push_called(query, wanted);
        query.push(" AS called FROM (SELECT chunk, document, terms, ");
        query.push_bind(K1).push("::float8 * (").push_bind(1.0 - B).push("::float8 + ");
        query.push_bind(B / self.average).push("::float8 * length) AS k FROM chunk_terms WHERE (");
        query.push("terms @@ ").push_bind(self.expression(reach)).push("::tsquery");
        if !wanted.called.is_empty() {
            let called: Vec<i64> = wanted.called.iter().map(|(_, document)| *document).collect();
            query.push(" OR document = ANY (").push_bind(called).push(")");
        }
        query.push(")");
        if let Some(condition) = &wanted.condition {
            query.push(" AND ");
            condition.push(query, "document");
        }
        query.push(
            ") AS t),
            lexical AS MATERIALIZED (
                SELECT s.chunk, s.score, row_number() OVER (
                    ORDER BY s.called DESC, s.identifiers DESC, s.score DESC, d.path, c.ordinal
                ) AS place
                FROM (
                    SELECT * FROM scored
                    ORDER BY called DESC, identifiers DESC, score DESC
                    FETCH FIRST (",
        );
        query.push_bind(candidates).push(
            ") ROWS WITH TIES
                ) AS s
                JOIN doc_chunks AS c ON c.id = s.chunk
                JOIN docs_meta AS d ON d.id = c.document
                ORDER BY place
                LIMIT ",
        );
        query.push_bind(candidates).push(")");
    }

    /// Writes how many identifiers the chunk `t` holds, or its document is called by.
    pub(super) fn push_identifiers(&self, query: &mut QueryBuilder<Postgres>, wanted: &Wanted) {
        query.push("(0");
        for (at, identifier) in self.identifiers.iter().enumerate() {
            query.push(" + (t.terms @@ ").push_bind(quoted(identifier)).push("::tsquery");
            let called = wanted.called.iter().filter(|(place, _)| *place == at);
            let called: Vec<i64> = called.map(|(_, document)| *document).collect();
            if !called.is_empty() {
                query.push(" OR t.document = ANY (").push_bind(called).push(")");
            }
            query.push(")::int");
        }
        query.push(")");
    }
}

/// Writes whether the document of the chunk `t` is called by an identifier.
pub(super) fn push_called(query: &mut QueryBuilder<Postgres>, wanted: &Wanted) {
    if wanted.called.is_empty() {
        query.push("false");
        return;
    }
    let called: Vec<i64> = wanted.called.iter().map(|(_, document)| *document).collect();
    query.push("(t.document = ANY (").push_bind(called).push("))");
}

/// How many chunks have each of some terms; what more have is common anyhow.
async fn count(
    connection: &mut PgConnection,
    terms: &[&str],
) -> Result<HashMap<String, i64>, sqlx::Error> {
    let expressions: Vec<String> = terms.iter().map(|term| quoted(term)).collect();
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "SELECT q.term, found.chunks
        FROM unnest($1::text[], $2::text[]) AS q (term, expression)
        CROSS JOIN LATERAL (
            SELECT count(*) AS chunks FROM (
                SELECT FROM chunk_terms AS t WHERE t.terms @@ q.expression::tsquery LIMIT 5000
            ) AS few
        ) AS found",
    )
    .bind(terms)
    .bind(expressions)
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().collect())
}

/// What finding a term in a chunk is worth: the inverse document frequency as FTS5 has it.
fn weight(chunks: i64, having: i64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a ratio")]
    let weight = ((chunks - having).max(0) as f64 + 0.5).ln() - (having as f64 + 0.5).ln();
    if weight > 0.0 { weight } else { 1e-6 }
}

/// All choices of `count` places out of `of`.
fn combinations(of: usize, count: usize) -> Vec<Vec<usize>> {
    if count == 0 {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for last in count - 1..of {
        for mut rest in combinations(last, count - 1) {
            rest.push(last);
            all.push(rest);
        }
    }
    all
}

/// A term as PostgreSQL reads one: in quotes, in which only quotes and backslashes mean
/// something.
fn quoted(term: &str) -> String {
    let mut quoted = String::with_capacity(term.len() + 2);
    quoted.push('\'');
    for letter in term.chars() {
        if matches!(letter, '\'' | '\\') {
            quoted.push(letter);
        }
        quoted.push(letter);
    }
    quoted.push('\'');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_count_as_often_as_they_stand_and_more_in_headings() {
        let lexemes = Lexemes::of("b", "a b a  c");
        assert_eq!(lexemes.weighted(), [("a", 2), ("b", 4), ("c", 1)]);
        assert_eq!(lexemes.length(), 5);
        assert_eq!(lexemes.digest(), Lexemes::of("b", "c a a b").digest());
        assert_ne!(lexemes.digest(), Lexemes::of("c", "a b a b").digest());
        assert_eq!(Lexemes::of("", " ").weighted(), []);
    }

    #[test]
    fn rare_terms_bring_chunks_in_and_frequent_ones_do_so_together() {
        let query = |frequencies: &[i64]| Query {
            terms: frequencies
                .iter()
                .map(|chunks| Term { text: "t", chunks: *chunks, weight: 1.0 })
                .collect(),
            identifiers: Vec::new(),
            chunks: 100_000,
            average: 100.0,
        };
        let few = |rarest, together| Reach::Few { rarest, together };
        assert_eq!(query(&[3, 40]).few(), Reach::All);
        assert_eq!(query(&[30, 40, 20_000]).few(), few(2, None));
        assert_eq!(query(&[3, 2_000, 30_000]).few(), few(1, Some(2)));
        assert_eq!(query(&[9_000, 10_000]).few(), few(0, Some(2)));
        assert_eq!(query(&[20_000, 20_000, 20_000]).few(), few(0, Some(3)));
        assert_eq!(query(&[20_000]).few(), Reach::All);
        assert_eq!(query(&[]).few(), Reach::All);
        let three = query(&[1, 9_000, 9_500, 10_000]).expression(few(1, Some(2)));
        assert_eq!(three, "'t' | ('t' & 't') | ('t' & 't') | ('t' & 't')");
    }

    #[test]
    fn choices_are_all_there() {
        assert_eq!(combinations(3, 2), [[0, 1], [0, 2], [1, 2]]);
        assert_eq!((combinations(6, 3).len(), combinations(1, 2).len()), (20, 0));
    }

    #[test]
    fn quotes_end_no_term() {
        assert_eq!(quoted(r"it's \' | x:*"), r"'it''s \\'' | x:*'");
    }

    #[test]
    fn common_terms_weigh_next_to_nothing() {
        assert!(weight(100, 1) > weight(100, 10));
        assert!(weight(100, 80) <= 1e-6 && weight(0, 5) > 0.0);
    }
}
