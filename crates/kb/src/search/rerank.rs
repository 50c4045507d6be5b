//! A second look at the best hits: a model reads each of them together with the query.

use std::cmp::{Ordering, Reverse};
use std::num::NonZeroUsize;

use super::Hit;
use crate::embed::{RerankError, Reranker};
use crate::terms;

/// So many of the best hits are read by a reranker, unless somebody says otherwise.
///
/// The time that reading takes grows with the number. A page of ten hits has forty more to
/// choose from, all of which some ranking found good.
pub const RERANK_DEPTH: NonZeroUsize = NonZeroUsize::new(50).unwrap();

/// A hit that a reranker has read.
#[derive(Clone, Debug)]
pub struct Reranked {
    /// The hit, with its fused score and its places.
    pub hit: Hit,
    /// What the reranker gave it; more is better, on a scale of the model's own.
    pub score: f32,
    /// Its place among the hits that were given, 1 for the first.
    pub before: usize,
}

/// Has `reranker` read `hits`, best first as a store gives them, and orders them by its
/// scores; hits with one score stay in their order.
///
/// What the model reads is the [passage](crate::store::ChunkRow::passage): headings and text,
/// as they are embedded. Identifiers of the query keep their lead, as in a
/// [search](super::Terms::identifiers): chunks of documents that are called by one come first,
/// then what holds more of them, and scores decide among equals. To a model, `ADR-0013` and
/// `ADR-0031` are nearly the same; to who asks, they are not. Where a ranking knows nothing of
/// identifiers, as that by vector alone, there is no lead to keep.
///
/// # Errors
///
/// If the reranker cannot be run, or does not give a finite number for every hit.
pub fn rerank(
    hits: Vec<Hit>,
    query: &str,
    reranker: &mut dyn Reranker,
) -> Result<Vec<Reranked>, RerankError> {
    if hits.is_empty() {
        return Ok(Vec::new());
    }
    let passages: Vec<String> = hits.iter().map(|hit| hit.chunk.passage()).collect();
    let passages: Vec<&str> = passages.iter().map(String::as_str).collect();
    let scores = reranker.score(query, &passages)?;
    let model = || reranker.name().to_owned();
    if scores.len() != hits.len() {
        let (expected, found) = (hits.len(), scores.len());
        return Err(RerankError::Count { model: model(), expected, found });
    }
    if let Some(&score) = scores.iter().find(|score| !score.is_finite()) {
        return Err(RerankError::Score { model: model(), score });
    }
    let identifiers = terms::of_query(query).identifiers;
    let lead = |hit: &Hit| {
        let called =
            hit.identifiers > 0 && identifiers.contains(&hit.document.doc_id.to_lowercase());
        Reverse((called, hit.identifiers))
    };
    let mut reranked: Vec<Reranked> = hits
        .into_iter()
        .zip(scores)
        .enumerate()
        .map(|(at, (hit, score))| Reranked { hit, score, before: at + 1 })
        .collect();
    reranked.sort_by(|one, other| {
        let by_score = other.score.partial_cmp(&one.score).unwrap_or(Ordering::Equal);
        lead(&one.hit).cmp(&lead(&other.hit)).then(by_score)
    });
    Ok(reranked)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chunk::ContentHash;
    use crate::store::{ChunkId, ChunkRow, DocumentRow};

    /// Gives scores by what passages end with.
    struct Scripted(Vec<(&'static str, f32)>);

    impl Reranker for Scripted {
        fn name(&self) -> &str {
            "scripted"
        }

        fn score(&mut self, _: &str, passages: &[&str]) -> Result<Vec<f32>, RerankError> {
            let score = |passage: &&str| {
                self.0.iter().find(|(text, _)| passage.ends_with(text)).map(|(_, score)| *score)
            };
            Ok(passages.iter().filter_map(score).collect())
        }
    }

    fn hit(text: &str, doc_id: &str, identifiers: usize) -> Hit {
        Hit {
            id: ChunkId(0),
            chunk: ChunkRow {
                ordinal: 0,
                hash: ContentHash::of(text),
                heading_path: vec!["Heading".to_owned()],
                lead: String::new(),
                text: text.to_owned(),
                start: 0,
                end: 0,
                first_line: 1,
                last_line: 1,
                kind: "text".to_owned(),
                language: "en".to_owned(),
                tokens: 1,
            },
            document: DocumentRow {
                path: String::new(),
                doc_id: doc_id.to_owned(),
                title: String::new(),
                kind: String::new(),
                status: String::new(),
                phase: String::new(),
                owner_role: String::new(),
                version: String::new(),
                updated_at: String::new(),
                stages: Vec::new(),
                hash: String::new(),
                commit: String::new(),
            },
            score: 0.0,
            lexical: None,
            vector: None,
            identifiers,
        }
    }

    fn order(
        hits: &[Hit],
        query: &str,
        scores: &[(&'static str, f32)],
    ) -> Result<Vec<(String, usize)>, String> {
        let reranked = rerank(hits.to_vec(), query, &mut Scripted(scores.to_vec()));
        let reranked = reranked.map_err(|error| error.to_string())?;
        Ok(reranked.into_iter().map(|hit| (hit.hit.chunk.text, hit.before)).collect())
    }

    fn texts(order: Result<Vec<(String, usize)>, String>) -> Vec<String> {
        order.unwrap().into_iter().map(|(text, _)| text).collect()
    }

    #[test]
    fn scores_decide_and_equals_stay_in_their_order() {
        let hits = ["a", "b", "c", "d"].map(|text| hit(text, "", 0));
        let scores = [("a", -3.0), ("b", 0.0), ("c", 2.5), ("d", -0.0)];
        let found = order(&hits, "query", &scores).unwrap();
        let expected = [("c", 3), ("b", 2), ("d", 4), ("a", 1)];
        assert_eq!(found, expected.map(|(text, before)| (text.to_owned(), before)));
    }

    #[test]
    fn identifiers_of_the_query_keep_their_lead() {
        let hits = [
            hit("own 1", "ADR-0013", 1),
            hit("own 2", "ADR-0013", 1),
            hit("both", "PRD-1", 2),
            hit("mention", "PRD-1", 1),
            hit("other", "PRD-1", 0),
        ];
        let scores =
            [("own 1", 0.0), ("own 2", 1.0), ("both", 2.0), ("mention", 3.0), ("other", 9.0)];
        let found = texts(order(&hits, "ADR-0013 and E0502", &scores));
        assert_eq!(found, ["own 2", "own 1", "both", "mention", "other"]);
        // A ranking that counts no identifiers has no lead to keep.
        let hits = hits.map(|hit| Hit { identifiers: 0, ..hit });
        let found = texts(order(&hits, "ADR-0013 and E0502", &scores));
        assert_eq!(found, ["other", "mention", "both", "own 2", "own 1"]);
    }

    #[test]
    fn scores_that_order_nothing_are_an_error() {
        let hits = ["a", "b"].map(|text| hit(text, "", 0));
        for (score, said) in [(f32::NAN, "NaN"), (f32::INFINITY, "inf")] {
            let error = order(&hits, "query", &[("a", 1.0), ("b", score)]).unwrap_err();
            assert_eq!(error, format!("the reranker `scripted` gave the score {said}"));
        }
        let error = order(&hits, "query", &[("a", 1.0)]).unwrap_err();
        assert_eq!(error, "the reranker `scripted` gave 1 scores for 2 passages");
        assert_eq!(order(&[], "query", &[]), Ok(Vec::new()));
    }
}
