//! What is looked for in full text: terms, and the expression of FTS5 that finds them.

use sqlx::SqliteConnection;

use super::bulk::list;
use crate::search::Terms;

/// More terms than that are not looked for: nobody asks that much.
const TERMS: usize = 256;

/// How many chunks are ranked.
///
/// Ranking every chunk that has some frequent word takes longer than all the rest of a search,
/// and puts none of them in front: a chunk must have one of the rarest words of the query, and
/// the others count for its score.
#[derive(Clone, Copy, Debug)]
pub(super) struct Budget {
    /// A word is one of the rarest as long as those before it are in fewer chunks than that, …
    pub(super) enough: i64,
    /// … or are, together with it, in no more than that.
    pub(super) most: i64,
}

/// Measured with 60 queries of five words on the chunks of `cargo xtask bench store`: of the ten
/// best chunks, 99.5 in 100 were found, in half the time that it takes to find 99.8 with `enough`
/// as large as `most`; with 500 it was 98.7.
pub(super) const BUDGET: Budget = Budget { enough: 1_000, most: 5_000 };

/// Terms as an expression of FTS5.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Words {
    /// Every term is a string in quotes, in which nothing is an operator.
    pub(super) expression: String,
    /// Whether chunks that have only frequent terms are left out. Every term is then in the
    /// expression twice, so that scores are twice what they should be.
    pub(super) pruned: bool,
}

impl Words {
    /// What has any of the terms.
    pub(super) fn all(terms: &[&str]) -> Option<Self> {
        let expression = any(terms.iter().copied());
        (!terms.is_empty()).then_some(Self { expression, pruned: false })
    }

    /// What has any of the rarest terms. `counts` tells how many chunks have a term, the
    /// rarest first.
    pub(super) fn of(counts: Vec<(i64, &str)>, budget: Budget) -> Option<Self> {
        let mut chunks = 0;
        let rare = counts.iter().take_while(|(count, _)| {
            let more = chunks < budget.enough || chunks + count <= budget.most;
            chunks += count;
            more
        });
        let rare = rare.count();
        let terms: Vec<&str> = counts.into_iter().map(|(_, term)| term).collect();
        let (rare, frequent) = terms.split_at(rare);
        if frequent.is_empty() {
            return Self::all(rare);
        }
        // A chunk must have a rare one. The rest counts for its score, and each term as often
        // as any other.
        let rare = any(rare.iter().copied());
        let twice = any(frequent.iter().chain(frequent).copied());
        let expression = format!("({rare}) AND ({rare} OR {twice})");
        Some(Self { expression, pruned: true })
    }
}

fn any<'t>(terms: impl Iterator<Item = &'t str>) -> String {
    let quoted: Vec<String> = terms.map(|term| format!("\"{term}\"")).collect();
    quoted.join(" OR ")
}

/// The terms of a query, each once. Identifiers first: they are what a query that is too long
/// must not lose.
pub(super) fn wanted(terms: &Terms) -> Vec<&str> {
    let mut wanted: Vec<&str> = Vec::new();
    for term in safe(&terms.identifiers).chain(safe(&terms.stems)) {
        if wanted.len() == TERMS {
            break;
        }
        if !wanted.contains(&term) {
            wanted.push(term);
        }
    }
    wanted
}

/// Terms as the analyser makes them. What has quotes, white space or control characters in it
/// is in no chunk.
pub(super) fn safe(terms: &[String]) -> impl Iterator<Item = &str> {
    let odd = |char: char| char == '"' || char.is_whitespace() || char.is_control();
    terms
        .iter()
        .map(String::as_str)
        .filter(move |term| !term.is_empty() && term.len() <= 256 && !term.contains(odd))
        .take(TERMS)
}

/// In how many chunks each term is, the rarest first; those that are in none are left out.
pub(super) async fn count<'t>(
    connection: &mut SqliteConnection,
    terms: &[&'t str],
) -> Result<Vec<(i64, &'t str)>, sqlx::Error> {
    let rows: Vec<(i64, i64)> = sqlx::query_as(
        "SELECT q.key, count(*)
        FROM json_each(?) AS q
        CROSS JOIN chunk_terms AS t
        WHERE t.chunk_terms MATCH '\"' || q.value || '\"'
        GROUP BY q.key",
    )
    .bind(list(terms))
    .fetch_all(connection)
    .await?;
    let mut counts: Vec<_> = rows
        .into_iter()
        .filter_map(|(at, count)| Some((count, *terms.get(usize::try_from(at).ok()?)?)))
        .collect();
    counts.sort_unstable();
    Ok(counts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frequent_terms_beside_rare_ones_count_and_do_not_match() {
        let words = |counts: &[(i64, &'static str)]| {
            Words::of(counts.to_vec(), Budget { enough: 10, most: 100 })
        };
        assert_eq!(words(&[]), None);
        assert_eq!(words(&[(20, "a"), (70, "b")]), Words::all(&["a", "b"]));
        assert_eq!(words(&[(900, "a")]), Words::all(&["a"]));
        assert_eq!(words(&[(9, "a"), (900, "b")]), Words::all(&["a", "b"]));
        let pruned = words(&[(20, "a"), (70, "b"), (500, "c")]).unwrap();
        let expression = r#"("a" OR "b") AND ("a" OR "b" OR "c" OR "c")"#;
        assert_eq!((pruned.expression.as_str(), pruned.pruned), (expression, true));
    }
}
