//! Which model reranks, and what happens where there is none.

use countersign_markup::shown::escape;
use countersign_report::causes;
use countersign_report::terminal::{Fault, say};

use super::cli::RerankArguments;
use super::model::{Unloadable, Unusable};
use super::progress::Downloads;
use super::root::{Repository, here};
use crate::embed::{Choice, Purpose, RerankError, Reranker, known_rerankers, load_reranker};
use crate::search::{Hit, RERANK_DEPTH, Reranked, rerank};
use crate::store::Ailment;

/// What becomes of the hits of a search.
pub(super) enum Reranking {
    /// Nobody asked for anything: they keep their order.
    NotAsked,
    /// They keep their order, because there is no model here; why.
    Without(String),
    /// A model orders them.
    By(Box<dyn Reranker>),
}

/// A hit as it is shown.
pub(super) struct Found {
    pub(super) hit: Hit,
    /// What the reranker gave it, and its place before.
    pub(super) reranked: Option<(f32, usize)>,
}

/// The reranker that a search is to use.
pub(super) struct Wanted {
    choice: Choice,
    /// Whether it is the configuration that names it.
    is_configured: bool,
}

/// A reranker that fails while it reads hits.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub(super) struct Failed(RerankError);

impl Failed {
    /// What to do.
    pub(super) const HELP: &str =
        "give another reranker, or leave the hits in their order: `--no-rerank`";
}

/// How many of the best hits it reads, if there are so many.
pub(super) fn depth(arguments: &RerankArguments) -> usize {
    arguments.rerank_depth.unwrap_or(RERANK_DEPTH).get()
}

/// The reranker that is asked for, on the command line or by the configuration.
pub(super) fn wanted(
    arguments: &RerankArguments,
    query: &[String],
    repository: &Repository,
) -> Result<Option<Wanted>, Fault> {
    let config = &repository.config;
    let is_asked = arguments.rerank.is_some() || arguments.rerank_dir.is_some();
    let names_one = config.rerank.is_some() || config.rerank_dir.is_some();
    if arguments.no_rerank || !(is_asked || names_one) {
        if arguments.rerank_depth.is_some() {
            let why = match arguments.no_rerank {
                true => "`--no-rerank` leaves the hits in their order",
                false => "nothing reranks; `--rerank` has a model do it",
            };
            say(&format!("note: `--rerank-depth` changes nothing: {why}\n"));
        }
        return Ok(None);
    }
    if let (Some(None), [word, _, ..]) = (&arguments.rerank, query)
        && known_rerankers().any(|known| known.eq_ignore_ascii_case(word))
    {
        let word = escape(word);
        say(&format!(
            "note: `{word}` is part of the query; a model is named by `--rerank={word}`\n"
        ));
    }
    let named = arguments.rerank.clone().flatten();
    let mut choice = configured(repository);
    let is_configured = names_one && arguments.rerank_dir.is_none() && named.is_none();
    match (&arguments.rerank_dir, named) {
        // A folder has the name that is given with it, else its own.
        (Some(folder), named) => {
            choice.model_dir = Some(here()?.join(folder));
            choice.model = named;
        }
        // A name on the command line means that model, not the configured folder.
        (None, Some(named)) => (choice.model, choice.model_dir) = (Some(named), None),
        (None, None) => {}
    }
    Ok(Some(Wanted { choice, is_configured }))
}

/// The reranker of the configuration; the default if it names none.
fn configured(repository: &Repository) -> Choice {
    let config = &repository.config;
    Choice {
        model: config.rerank.clone(),
        model_dir: config.rerank_dir.as_ref().map(|dir| repository.root.join(dir)),
        ..Choice::from_environment()
    }
}

/// What is wrong with the reranker that the configuration names, if it names one. It is not
/// loaded for that, and nothing is downloaded.
pub(super) fn examine(repository: &Repository) -> Option<Ailment> {
    let config = &repository.config;
    if config.rerank.is_none() && config.rerank_dir.is_none() {
        return None;
    }
    let choice = configured(repository);
    let name = choice.name_for(Purpose::Reranking);
    let ailment = |severe, what: &str, help: String| Ailment {
        code: "reranker-unavailable",
        severe,
        message: format!("`{name}`, which countersign.yaml has every search reranked by, {what}"),
        help,
    };
    let error = match choice.is_here(Purpose::Reranking) {
        Ok(true) => return None,
        Ok(false) => {
            let help = "the next search downloads it, and takes as long as that: search once ahead \
                        of time, or take `kb: rerank:` out";
            return Some(ailment(false, "is not downloaded yet", help.to_owned()));
        }
        Err(error) => error,
    };
    let what = format!("cannot be used: {}", causes(&error).join(": "));
    let way = error.ways_to(Purpose::Reranking).into_iter().next().unwrap_or_default();
    Some(match error.is_absence() {
        true => ailment(false, &what, format!("{way}; until then, hits keep the order they have")),
        false => ailment(
            true,
            &what,
            format!("{way}; until then, every search needs `--no-rerank`, or ends with code 2"),
        ),
    })
}

/// Loads the reranker, or says why there is none here.
///
/// # Errors
///
/// If it cannot be had because of a mistake, such as a name that nobody knows or a folder
/// without a model, or because of damage.
pub(super) fn load(wanted: &Wanted) -> Result<Result<Box<dyn Reranker>, Unusable>, Unloadable> {
    let mut downloads = Downloads::default();
    match load_reranker(&wanted.choice, &mut |progress| downloads.tell(progress)) {
        Ok(reranker) => Ok(Ok(reranker)),
        Err(error) if error.is_absence() => Ok(Err(Unusable {
            reason: error.to_string(),
            ways_out: error.help_for(Purpose::Reranking),
        })),
        Err(error) => {
            let help = error.help_for(Purpose::Reranking);
            Err(Unloadable::new(error, wanted.is_configured, help))
        }
    }
}

impl Reranking {
    /// Whether somebody asked for it.
    pub(super) const fn is_asked(&self) -> bool {
        !matches!(self, Self::NotAsked)
    }

    /// The name of the model that orders the hits.
    pub(super) fn model(&self) -> Option<&str> {
        match self {
            Self::By(reranker) => Some(reranker.name()),
            Self::NotAsked | Self::Without(_) => None,
        }
    }

    /// Why there is no model, if somebody asked for one.
    pub(super) const fn without(&self) -> Option<&String> {
        match self {
            Self::Without(reason) => Some(reason),
            Self::NotAsked | Self::By(_) => None,
        }
    }

    /// The first `limit` of the hits, after what becomes of them.
    pub(super) fn apply(
        &mut self,
        mut hits: Vec<Hit>,
        query: &str,
        limit: usize,
    ) -> Result<Vec<Found>, Failed> {
        let Self::By(reranker) = self else {
            hits.truncate(limit);
            return Ok(hits.into_iter().map(|hit| Found { hit, reranked: None }).collect());
        };
        let mut reranked = rerank(hits, query, &mut **reranker).map_err(Failed)?;
        reranked.truncate(limit);
        let found =
            |Reranked { hit, score, before }| Found { hit, reranked: Some((score, before)) };
        Ok(reranked.into_iter().map(found).collect())
    }
}
