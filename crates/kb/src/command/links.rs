//! `kb link`, `kb unlink`, `kb links`.

use std::collections::BTreeSet;
use std::io::Write as _;

use countersign_markup::shown::{escape, excerpt};
use countersign_report::terminal::{CLEAN, Console, FINDINGS, Fault, harmless};
use serde_json::json;

use super::cli::{Format, Global, LinkArguments, LinksArguments};
use super::json;
use super::root::{Missing, Repository};
use super::show::path_of;
use crate::store::{Entity, EntityKind, Link, Origin, Store};

pub(super) async fn link(
    arguments: &LinkArguments,
    global: &Global,
    out: &mut Console,
) -> Result<u8, Fault> {
    let link = read(arguments)?;
    let repository = Repository::find(global)?;
    let store = repository.store(global, Missing::Made).await?;
    store.migrate().await?;
    let done = store.link(&link).await?;
    tell(&link, done, ["linked", "it was linked already"], global, out)
}

pub(super) async fn unlink(
    arguments: &LinkArguments,
    global: &Global,
    out: &mut Console,
) -> Result<u8, Fault> {
    let link = read(arguments)?;
    let repository = Repository::find(global)?;
    let store = repository.store(global, Missing::Left).await?;
    let done = store.unlink(&link).await?;
    let own = Link { origin: Origin::Document, ..link.clone() };
    if !done && store.links(Some(&link.from)).await?.contains(&own) {
        return Err(format!(
            "`{} {} {}` stands in the front matter of a document; take it out there",
            link.from, link.relation, link.to
        )
        .into());
    }
    tell(&link, done, ["unlinked", "there was no such link"], global, out)
}

pub(super) async fn run(
    arguments: &LinksArguments,
    global: &Global,
    out: &mut Console,
) -> Result<u8, Fault> {
    let of = arguments.of.as_deref().map(str::parse::<Entity>).transpose()?;
    let repository = Repository::find(global)?;
    let store = repository.store(global, Missing::Left).await?;
    let links = match &of {
        None => store.links(None).await?,
        Some(entity) => {
            let mut links = BTreeSet::new();
            for name in names(entity, &*store, &repository).await? {
                links.extend(store.links(Some(&name)).await?);
            }
            links.into_iter().collect()
        }
    };
    match global.format {
        Format::Json => {
            let links: Vec<_> = links.iter().map(json::link).collect();
            writeln!(out, "{}", json!(links))?;
        }
        Format::Human => {
            let mut text = String::new();
            for Link { from, relation, to, origin } in &links {
                let made = if *origin == Origin::Made { "  (made)" } else { "" };
                let line = format!("{from} {relation} {to}");
                text.push_str(&format!("{}{made}\n", escape(&line)));
            }
            if links.is_empty() {
                text.push_str("no links\n");
            }
            harmless(out, &text)?;
        }
    }
    Ok(CLEAN)
}

/// The names of an entity: a document has a path, and an id perhaps.
async fn names(
    entity: &Entity,
    store: &dyn Store,
    repository: &Repository,
) -> Result<Vec<Entity>, Fault> {
    let mut names = vec![entity.clone()];
    if matches!(entity.kind, EntityKind::Document | EntityKind::Docset) {
        let path = path_of(&entity.key, repository)?;
        if let Some((document, _)) = store.document(&path).await? {
            names.push(Entity { kind: entity.kind, key: document.path });
            if !document.doc_id.is_empty() {
                names.push(Entity { kind: entity.kind, key: document.doc_id });
            }
        }
    }
    names.dedup();
    Ok(names)
}

fn read(arguments: &LinkArguments) -> Result<Link, Fault> {
    let relation = &arguments.relation;
    let is_word = |word: &str| {
        !word.is_empty()
            && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    if relation.len() > 64 || !relation.split('-').all(is_word) {
        return Err(format!(
            "`{}` is no relation; write a word in kebab case, such as `implements` or `part-of`",
            excerpt(relation)
        )
        .into());
    }
    let (from, to) = (arguments.from.parse::<Entity>()?, arguments.to.parse::<Entity>()?);
    if from == to {
        return Err(format!("`{from}` cannot be linked with itself").into());
    }
    Ok(Link { from, relation: relation.clone(), to, origin: Origin::Made })
}

fn tell(
    link: &Link,
    done: bool,
    [yes, no]: [&str; 2],
    global: &Global,
    out: &mut Console,
) -> Result<u8, Fault> {
    match global.format {
        Format::Json => {
            let mut answer = json::link(link);
            answer["done"] = done.into();
            writeln!(out, "{answer}")?;
        }
        Format::Human => {
            let line = format!(
                "{}: {} {} {}",
                if done { yes } else { no },
                link.from,
                link.relation,
                link.to
            );
            harmless(out, &format!("{}\n", escape(&line)))?;
        }
    }
    Ok(if done { CLEAN } else { FINDINGS })
}
