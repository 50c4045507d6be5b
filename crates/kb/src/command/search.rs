//! `kb search`.

use std::io::Write as _;

use countersign_markup::shown::escape;
use countersign_report::terminal::{CLEAN, Console, Fault, harmless};
use countersign_report::{Styling, count};
use countersign_runner::{Sign, Step};
use serde_json::json;

use super::cli::{Format, Global, Mode, SearchArguments};
use super::model::{Unusable, Without, of_index, say_without};
use super::rerank::{self, Found, Reranking};
use super::root::{Missing, Repository};
use super::show::path_of;
use super::unknown::say_unknown;
use crate::embed::Reranker;
use crate::search::{self, Filters, Hit, Place, Request, Standing, Terms, below_headings, snippet};
use crate::store::{Entity, EntityKind, Store};
use crate::terms;

/// The longest query: 32 KiB, more than any model reads.
const LONGEST_QUERY: usize = 32 * 1024;
/// The most hits that one search gives.
const MOST_HITS: usize = 1_000;
/// How many of the best by words, and by meaning, are fused at least.
const CANDIDATES: usize = 100;
/// The length of a snippet, in characters.
const SNIPPET: usize = 280;

pub(super) async fn run(
    arguments: &SearchArguments,
    global: &Global,
    step: Option<&mut Step>,
    out: &mut Console,
) -> Result<u8, Fault> {
    let query = query(&arguments.query)?;
    let repository = Repository::find(global)?;
    if step.is_some() {
        repository.mask(global, out)?;
    }
    let filters = filters(arguments, &repository)?;
    let store = repository.store(global, Missing::Left).await?;
    let terms = match arguments.mode {
        Mode::Vector => Terms::default(),
        Mode::Hybrid | Mode::Lexical => terms::of_query(&query),
    };
    let limit = arguments.limit.get().min(MOST_HITS);
    let mut request =
        Request { terms, filters, limit, candidates: CANDIDATES.max(limit), ..Request::default() };
    let vector = match arguments.mode {
        Mode::Lexical => Ok(()),
        Mode::Hybrid | Mode::Vector => {
            add_vector(&mut request, &*store, arguments, &repository, &query).await?
        }
    };
    let without = match vector {
        Ok(()) => None,
        Err(Unusable { reason, ways_out }) => {
            // The best way is enough, beside an answer.
            let way = ways_out.first().cloned();
            if arguments.mode == Mode::Vector {
                let way = way.map(|way| format!("; {way}")).unwrap_or_default();
                return Err(format!("nothing can be found by meaning: {reason}{way}").into());
            }
            say_without(&reason, "searching by words alone", way.as_slice());
            Some(reason)
        }
    };
    let mode = match (arguments.mode, &request.vector) {
        (Mode::Vector, _) => "vector",
        (_, Some(_)) => "hybrid",
        (_, None) => "lexical",
    };
    let is_answerable = !request.terms.is_empty() || request.vector.is_some();
    let mut reranking = match rerank::wanted(&arguments.rerank, &arguments.query, &repository)? {
        None => Reranking::NotAsked,
        Some(_) if !is_answerable => Reranking::Without("there is nothing to rerank".to_owned()),
        Some(wanted) => told(tokio::task::block_in_place(|| rerank::load(&wanted))?),
    };
    if let Reranking::By(_) = reranking {
        request.limit = rerank::depth(&arguments.rerank).clamp(limit, MOST_HITS);
        request.candidates = CANDIDATES.max(request.limit);
    }
    let hits = if is_answerable { store.search(&request).await? } else { Vec::new() };
    let hits = tokio::task::block_in_place(|| reranking.apply(hits, &query, limit))?;
    if let Some(step) = step {
        tell(step, &query, &hits, without.as_deref(), &reranking)?;
    }
    if hits.is_empty() {
        say_unknown(&request.filters, &repository, &*store).await?;
    }
    let terms = request.terms;
    match global.format {
        Format::Json => {
            let hit = |found| super::json::found(found, reranking.is_asked());
            let mut answer = json!({
                "query": query,
                "mode": mode,
                "without_model": without,
                "hits": hits.iter().map(hit).collect::<Vec<_>>(),
            });
            if reranking.is_asked() {
                answer["reranker"] = json!(reranking.model());
                answer["without_reranker"] = json!(reranking.without());
            }
            writeln!(out, "{answer}")?;
        }
        Format::Human => {
            let terms = if terms.is_empty() { terms::of_query(&query) } else { terms };
            let is_empty = hits.is_empty() && store.statistics().await?.chunks == 0;
            human(&hits, &terms, arguments, is_empty, out)?;
        }
    }
    Ok(CLEAN)
}

/// Goes on without a reranker where there is none, and says so.
fn told(loaded: Result<Box<dyn Reranker>, Unusable>) -> Reranking {
    match loaded {
        Ok(reranker) => Reranking::By(reranker),
        Err(Unusable { reason, ways_out }) => {
            let way = ways_out.first().cloned();
            say_without(&reason, "the hits are not reranked", way.as_slice());
            Reranking::Without(reason)
        }
    }
}

/// Tells the runner what was found.
fn tell(
    step: &mut Step,
    query: &str,
    hits: &[Found],
    without: Option<&str>,
    reranking: &Reranking,
) -> Result<(), Fault> {
    let sign = if hits.is_empty() { Sign::Note } else { Sign::Good };
    step.summary.heading(sign, "kb search");
    step.summary.paragraph(&format!("{} for: {query}", count(hits.len(), "hit")));
    if let Some(reason) = without {
        step.summary.paragraph(&format!("Searched by words alone: {reason}"));
    }
    if let Some(reason) = reranking.without() {
        step.summary.paragraph(&format!("Not reranked: {reason}"));
    }
    let row = |Found { hit, .. }: &Found| {
        let place =
            format!("{}:{}-{}", hit.document.path, hit.chunk.first_line, hit.chunk.last_line);
        vec![place, hit.chunk.heading_path.join(" > "), standing(hit).to_owned()]
    };
    step.summary.table(&["Where", "Heading", "Standing"], hits.iter().map(row));
    let hit = |found| super::json::found(found, reranking.is_asked());
    let hits: Vec<_> = hits.iter().map(hit).collect();
    step.output("count", hits.len())?;
    step.list("hits", &hits)?;
    Ok(())
}

/// The query in one text, if it is one.
fn query(words: &[String]) -> Result<String, Fault> {
    let query = words.join(" ");
    if query.trim().is_empty() {
        return Err("the query is empty; say in words what to look for".into());
    }
    if query.len() > LONGEST_QUERY {
        return Err(format!(
            "the query has {} bytes; it may have {LONGEST_QUERY}: ask a question, and not a document",
            query.len()
        )
        .into());
    }
    if query.contains('\0') {
        return Err("there is a NUL in the query; take it out".into());
    }
    Ok(query)
}

fn filters(arguments: &SearchArguments, repository: &Repository) -> Result<Filters, Fault> {
    let numbered = |kind: EntityKind, numbers: &[u32]| -> Vec<String> {
        numbers.iter().map(|number| format!("{}:{number}", kind.as_str())).collect()
    };
    let mut linked = numbered(EntityKind::Issue, &arguments.issue);
    linked.extend(numbered(EntityKind::PullRequest, &arguments.pr));
    linked.extend(arguments.docset.iter().map(|docset| format!("docset:{docset}")));
    let linked: Result<Vec<Entity>, _> = linked.iter().map(|entity| entity.parse()).collect();
    let standing = match (arguments.all || !arguments.status.is_empty(), arguments.in_force) {
        (true, _) => Standing::Any,
        (false, true) => Standing::InForce,
        (false, false) => Standing::Current,
    };
    let path = |given: &String| -> Result<String, Fault> {
        let path = path_of(given, repository)?;
        let path = path.trim_end_matches('/');
        Ok(if path.is_empty() { "**".to_owned() } else { path.to_owned() })
    };
    let paths: Result<Vec<String>, _> = arguments.path.iter().map(path).collect();
    Ok(Filters {
        linked: linked?,
        kinds: arguments.kind.clone(),
        statuses: arguments.status.clone(),
        paths: paths?,
        stages: arguments.stage.clone(),
        standing,
    })
}

/// Adds the query as a vector of the active model, or says why there is none. A folder that
/// somebody named and that holds no model ends the search.
async fn add_vector(
    request: &mut Request,
    store: &dyn Store,
    arguments: &SearchArguments,
    repository: &Repository,
    query: &str,
) -> Result<Result<(), Unusable>, Fault> {
    let Some(active) = store.models().await?.into_iter().find(|model| model.active) else {
        return Ok(Err(Unusable {
            reason: "the index has no embeddings".to_owned(),
            ways_out: vec!["`kb index` makes them where it finds a model".to_owned()],
        }));
    };
    tokio::task::block_in_place(|| {
        let mut embedder = match of_index(&active, &arguments.source, repository) {
            Ok(embedder) => embedder,
            Err(Without::Absent(reason)) => return Ok(Err(reason)),
            Err(Without::Mistaken(error)) => return Err(error.into()),
        };
        search::add_vector(request, query, active.id, &mut *embedder)?;
        let model = &active.description.name;
        Ok(match &request.vector {
            Some(_) => Ok(()),
            None => Err(Unusable {
                reason: format!("the model `{model}` does not know the language of the query"),
                ways_out: Vec::new(),
            }),
        })
    })
}

fn human(
    hits: &[Found],
    terms: &Terms,
    arguments: &SearchArguments,
    is_empty: bool,
    out: &mut Console,
) -> Result<(), Fault> {
    if hits.is_empty() {
        let is_filtered = arguments.in_force
            || !(arguments.issue.is_empty()
                && arguments.pr.is_empty()
                && arguments.docset.is_empty()
                && arguments.kind.is_empty()
                && arguments.status.is_empty()
                && arguments.path.is_empty()
                && arguments.stage.is_empty());
        let next = if is_empty {
            "nothing found: there is nothing in the index; `kb index` fills it"
        } else if terms.is_empty() {
            "nothing found: there is no word in the query that tells documents apart"
        } else if is_filtered {
            "nothing found with these filters"
        } else if arguments.all {
            "nothing found"
        } else {
            "nothing found in documents that count; --all searches the others, too"
        };
        writeln!(out, "{next}")?;
        return Ok(());
    }
    let mut text = String::new();
    for (at, found) in hits.iter().enumerate() {
        let hit = &found.hit;
        if at > 0 {
            text.push('\n');
        }
        let place = format!(
            "{}:{}-{}",
            escape(&hit.document.path),
            hit.chunk.first_line,
            hit.chunk.last_line
        );
        text.push_str(&out.bold(&place));
        for part in [hit.document.doc_id.as_str(), standing(hit)] {
            if !part.is_empty() {
                text.push_str("  ");
                text.push_str(&escape(part));
            }
        }
        text.push_str(&format!("  #{}\n", hit.id.0));
        let headings = match hit.chunk.heading_path.as_slice() {
            [] => escape(&hit.document.title),
            path => escape(&path.join(" > ")),
        };
        if !headings.is_empty() {
            text.push_str(&format!("  {headings}\n"));
        }
        let below = below_headings(&hit.chunk.text, &hit.chunk.heading_path);
        if !below.is_empty() {
            text.push_str("  ");
            for part in snippet(below, terms, SNIPPET) {
                let shown = escape(&part.text);
                match (part.matched, out.styling()) {
                    (true, Styling::Ansi) => {
                        text.push_str(&format!("\u{1b}[1;33m{shown}\u{1b}[0m"));
                    }
                    _ => text.push_str(&shown),
                }
            }
            text.push('\n');
        }
        if arguments.explain {
            text.push_str(&explained(found));
        }
    }
    harmless(out, &text)?;
    Ok(())
}

/// What a reader must know of a document that is not in force.
fn standing(hit: &Hit) -> &str {
    match hit.document.phase.as_str() {
        "in-force" => "",
        "drafting" => "(draft)",
        "review" => "(in review)",
        "rejected" => "(rejected)",
        "replaced" => "(superseded)",
        "retired" => "(no longer in force)",
        _ => "",
    }
}

fn explained(Found { hit, reranked }: &Found) -> String {
    let place = |place: Option<Place>| {
        place
            .map_or("not found".to_owned(), |place| format!("{} ({:.3})", place.place, place.score))
    };
    let reranked = reranked.map_or_else(String::new, |(score, before)| {
        format!("; by the reranker: {score:.3}, before that in place {before}")
    });
    format!(
        "  score {:.5}; by words: {}; by meaning: {}; identifiers: {}{reranked}\n",
        hit.score,
        place(hit.lexical),
        place(hit.vector),
        hit.identifiers
    )
}
