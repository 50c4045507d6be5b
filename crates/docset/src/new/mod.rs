//! New documents: from a type and a title to a path and a text.
//!
//! [`plan`] is a function of what is there and what is asked for; [`Plan::write`]
//! puts it on disk, all of it or nothing. Between the two nobody else may create a
//! document of the same id: [`create`] holds a lock, reads the tree, plans and
//! writes.

mod branches;
mod folder;
mod id;
mod slug;
mod write;

use std::path::Path;
use std::sync::Arc;

pub use branches::ids_on_branches;
pub use id::Taken;
pub use slug::slug;
pub(crate) use write::stays_inside;

use crate::catalogue::{Catalogue, DocumentType, Phase};
use crate::check::Checker;
use crate::config::{ConfigError, DocsConfig};
use crate::docset::Process;
use crate::document::Date;
use crate::edit::{FolderLock, WriteError};
use crate::front_matter::FrontMatter;
use crate::nearest::suggestion;
use crate::record::Records;
use crate::template::{self, TemplateError, Values};

/// What to create.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// One document, or those of a stage.
    pub what: What,
    /// The title; blanks and line ends count as one blank.
    pub title: String,
    /// Issues that it serves.
    pub issues: Vec<u64>,
    /// Pull requests that carry it.
    pub pull_requests: Vec<u64>,
    /// The stage whose folder it goes into, instead of the folder of its type.
    pub stage: Option<String>,
    /// Language of the template; `None` for that of the configuration.
    pub language: Option<String>,
    /// The day.
    pub today: Date,
}

/// One document, or those of a stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A document of this type.
    Document(String),
    /// A document of every type that this stage produces.
    Package(String),
}

/// What is there.
#[derive(Clone, Copy, Debug)]
pub struct Present<'a> {
    /// The root, for the adopter's templates.
    pub root: &'a Path,
    /// The configuration.
    pub config: &'a DocsConfig,
    /// The types.
    pub catalogue: &'a Catalogue,
    /// The stages.
    pub process: &'a Process,
    /// The documents.
    pub records: &'a Records,
    /// Ids that are in use elsewhere, such as on other branches.
    pub elsewhere: &'a [String],
}

/// Documents that are to be created, in the order of their types.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The documents.
    pub documents: Vec<NewDocument>,
}

/// A document that is to be created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDocument {
    /// Its id.
    pub id: String,
    /// From the root, with `/`.
    pub path: String,
    /// The whole text.
    pub text: String,
}

/// Why a document cannot be created.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NewError {
    /// What was asked for makes no sense.
    #[error("{message}; {help}")]
    Order {
        /// The fact.
        message: String,
        /// What to do.
        help: String,
    },
    /// The template cannot be used.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// The template makes another document than the one that was asked for.
    #[error(
        "{template} makes a document whose `{key}` is `{found}`, not `{wanted}`; write `{key}: {{{{ {variable} }}}}`"
    )]
    Mismatch {
        /// The template.
        template: String,
        /// The key of front matter.
        key: &'static str,
        /// The value that it has.
        found: String,
        /// The value that it should have.
        wanted: String,
        /// The variable of templates that holds it.
        variable: &'static str,
    },
    /// The documents cannot be written; none of them is.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// `process:` of the configuration cannot be used.
    #[error(transparent)]
    Process(#[from] ConfigError),
    /// Somebody else writes documents, and does not end.
    #[error("cannot write documents now")]
    Busy(#[source] std::io::Error),
    /// A symbolic link leads out of the repository.
    #[error("`{0}` leads out of the repository, and nothing is written there")]
    Outside(String),
}

/// Plans the documents of `order`. Nothing is written.
///
/// # Errors
///
/// [`NewError`] for an unknown type, stage or language, an empty title, or a template
/// that cannot be used.
pub fn plan(order: &Order, present: Present<'_>) -> Result<Plan, NewError> {
    let title = order.title.split_whitespace().collect::<Vec<_>>().join(" ");
    if title.is_empty() {
        return Err(NewError::Order {
            message: "the title is empty".to_owned(),
            help: "say in a few words what the document is about".to_owned(),
        });
    }
    let language = order.language.as_deref().unwrap_or(&present.config.language);
    let kinds = kinds(order, present)?;
    if let Some(stage) = &order.stage {
        known_stage(stage, present)?;
    }
    let documents = folder::documents(&present.config.include);
    let mut taken = taken(present.records, present.elsewhere);
    let mut plan = Plan::default();
    for kind in kinds {
        let Some(prefix) = kind.prefixes.first() else {
            return Err(NewError::Order {
                message: format!("the type `{}` has no id prefix", kind.name),
                help: format!("give it one: `docs: types: {}: prefixes: […]`", kind.name),
            });
        };
        let id = taken.next(prefix);
        let folder = match &order.stage {
            Some(stage) => folder::of_stage(stage, documents),
            None => folder::folder(kind, present.records, documents),
        };
        let name = file_name(&id, &title);
        let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
        let own = match order.what {
            What::Document(_) => title.clone(),
            // Documents of a package would not be told apart by their titles.
            What::Package(_) => {
                let name = if language == "ru" { &kind.title.ru } else { &kind.title.en };
                format!("{name}: {title}")
            }
        };
        let text = text(kind, &id, &own, language, order, present.root)?;
        plan.documents.push(NewDocument { id, path, text });
    }
    Ok(plan)
}

/// Plans and writes the documents of `order`, while nobody else does. `tell` is called once
/// if somebody else takes long.
///
/// # Errors
///
/// [`NewError`] as for [`plan`] and [`Plan::write`].
pub fn create(order: &Order, checker: &Checker, tell: impl FnOnce()) -> Result<Plan, NewError> {
    // Held until the documents are there. Where the file system has no locks, documents
    // are still never overwritten.
    let _lock = FolderLock::wait_if_possible(checker.root(), tell).map_err(NewError::Busy)?;
    let plan = plan_for(order, checker)?;
    plan.write(checker.root())?;
    Ok(plan)
}

/// Plans the documents of `order` for the tree of `checker` and the branches of its
/// repository.
///
/// # Errors
///
/// [`NewError`] as for [`plan`].
pub fn plan_for(order: &Order, checker: &Checker) -> Result<Plan, NewError> {
    let records = checker.records();
    let elsewhere = ids_on_branches(checker.root());
    let process = Process::load(checker.root())?;
    plan(
        order,
        Present {
            root: checker.root(),
            config: checker.config(),
            catalogue: checker.catalogue(),
            process: &process,
            records: &records,
            elsewhere: &elsewhere,
        },
    )
}

fn kinds<'c>(order: &'c Order, present: Present<'c>) -> Result<Vec<&'c DocumentType>, NewError> {
    let catalogue = present.catalogue;
    match &order.what {
        What::Document(name) => match catalogue.types.get(name) {
            Some(kind) => Ok(vec![kind]),
            None => Err(NewError::Order {
                message: format!("there is no document type `{name}`"),
                help: match known_stage(name, present) {
                    Ok(()) => format!(
                        "`docset new package {name}` makes all documents of the stage `{name}`"
                    ),
                    Err(_) => suggestion(name, catalogue.types.keys().map(String::as_str)),
                },
            }),
        },
        What::Package(stage) => {
            known_stage(stage, present)?;
            Ok(present.process.package(stage, catalogue).collect())
        }
    }
}

/// Documents of no stage in particular are no package, and have a folder each.
fn known_stage(stage: &str, present: Present<'_>) -> Result<(), NewError> {
    let Present { catalogue, process, .. } = present;
    let own = catalogue.types.values().map(|kind| kind.stage.as_str());
    let defined = process.definition().stages.keys().map(String::as_str);
    let mut stages: Vec<&str> = own.chain(defined).collect();
    stages.retain(|stage| {
        let is_name = crate::tree::is_plain_name(stage) && *stage != "any";
        is_name && process.package(stage, catalogue).next().is_some()
    });
    stages.sort_unstable();
    stages.dedup();
    if stages.contains(&stage) {
        return Ok(());
    }
    Err(NewError::Order {
        message: format!("no document comes from a stage `{stage}`"),
        help: suggestion(stage, stages),
    })
}

/// The name of the file of a document: `adr-0007-keep-tokens.md`.
pub(crate) fn file_name(id: &str, title: &str) -> String {
    let slug = slug(title);
    let hyphen = if slug.is_empty() { "" } else { "-" };
    format!("{}{hyphen}{slug}.md", id.to_lowercase())
}

/// All ids in use, those of documents that cannot be read as far as their names say.
pub(crate) fn taken(records: &Records, elsewhere: &[String]) -> Taken {
    let mut taken: Taken = records.by_path.values().map(|record| &record.id).collect();
    for path in records.unread.keys() {
        taken.add(&id_of_name(path));
    }
    for id in elsewhere {
        taken.add(id);
    }
    taken
}

/// The id at the beginning of a file name: `ADR-0007` of `docs/adr-0007-cache.md`.
fn id_of_name(path: &Arc<str>) -> String {
    let name = path.rsplit('/').next().unwrap_or_default();
    let stem = name.split('.').next().unwrap_or_default().to_uppercase();
    let mut end = 0;
    for part in stem.split('-') {
        end += part.len();
        if !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()) {
            return stem[..end].to_owned();
        }
        end += 1;
    }
    String::new()
}

fn text(
    kind: &DocumentType,
    id: &str,
    title: &str,
    language: &str,
    order: &Order,
    root: &Path,
) -> Result<String, NewError> {
    let sorted = |numbers: &[u64]| {
        let mut numbers = numbers.to_vec();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    };
    let template = template::find(root, language, &kind.name)?;
    let values = Values {
        id,
        kind: &kind.name,
        title,
        status: first_status(kind),
        owner_role: kind.owner_roles.first().map_or("Owner", String::as_str),
        today: order.today,
        issues: &sorted(&order.issues),
        pull_requests: &sorted(&order.pull_requests),
    };
    let text = template::render(&template.name, &template.text, &values)?;
    let front_matter = FrontMatter::parse(&text);
    for (key, variable, wanted) in [("doc_id", "id", id), ("type", "type", &*kind.name)] {
        let found = front_matter.text(key).unwrap_or_default();
        if found != wanted {
            return Err(NewError::Mismatch {
                template: template.name,
                key,
                found: crate::diagnostic::excerpt(found),
                wanted: wanted.to_owned(),
                variable,
            });
        }
    }
    Ok(text)
}

/// The status that a document of the type begins with.
pub(crate) fn first_status(kind: &DocumentType) -> &str {
    let usual = ["draft", "proposed"].into_iter().find_map(|name| kind.status(name));
    let drafting = || kind.statuses.iter().find(|status| status.phase == Phase::Drafting);
    let first = usual.filter(|status| status.phase == Phase::Drafting).or_else(drafting);
    first.or(kind.statuses.first()).map_or("draft", |status| &status.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_may_hold_an_id() {
        for (path, id) in [
            ("docs/adr-0007-cache.md", "ADR-0007"),
            ("ALT-ALR-7.md", "ALT-ALR-7"),
            ("docs/a/notes.md", ""),
            ("2026-plan.md", "2026"),
        ] {
            assert_eq!(id_of_name(&Arc::from(path)), id);
        }
    }
}
