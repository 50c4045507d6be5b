//! What the front matter of a document links it with.

use std::collections::BTreeSet;

use countersign_docset::docset::Docset;
use countersign_docset::front_matter::FrontMatter;
use countersign_docset::record::{Record, Subject};

use crate::store::{Entity, EntityKind, Link, Origin};

/// The links of a document, in order, each once.
pub(super) fn of_document(record: &Record, front_matter: &FrontMatter<'_>) -> Vec<Link> {
    let Some(own) = document(&record.id, &record.path) else { return Vec::new() };
    let mut links = Links::default();
    for number in &record.issues {
        links.add(Some(own.clone()), "related", number_of(EntityKind::Issue, *number));
    }
    for number in &record.pull_requests {
        links.add(Some(own.clone()), "related", number_of(EntityKind::PullRequest, *number));
    }
    for reference in &record.references {
        let (relation, kind) = match reference.key.as_str() {
            "related_docsets" => ("part-of", EntityKind::Docset),
            _ => ("references", EntityKind::Document),
        };
        links.add(Some(own.clone()), relation, named(kind, &reference.to, &record.path));
    }
    for earlier in &record.supersedes {
        let earlier = named(EntityKind::Document, earlier, &record.path);
        links.add(Some(own.clone()), "supersedes", earlier);
    }
    for later in &record.superseded_by {
        links.add(
            named(EntityKind::Document, later, &record.path),
            "supersedes",
            Some(own.clone()),
        );
    }
    let services =
        front_matter.get("related_services").into_iter().flat_map(|node| node.one_or_many());
    for service in services.filter_map(|node| node.as_str()) {
        links.add(Some(own.clone()), "about", entity(EntityKind::Service, service));
    }
    let release = front_matter.get("release").and_then(|node| node.get("version"));
    if let Some(version) = release.and_then(|node| node.as_str()) {
        links.add(Some(own.clone()), "about", entity(EntityKind::Release, version));
    }
    if let (Some(root), "docset-issue" | "docset-pr") = (front_matter.root(), record.kind.as_str())
    {
        let docset = Docset::from_node(root);
        links.docset(&docset, &record.id, &record.path);
    }
    links.0.into_iter().collect()
}

/// The links of a docset file in YAML, in order, each once.
pub(super) fn of_docset(docset: &Docset, path: &str) -> Vec<Link> {
    let mut links = Links::default();
    links.docset(docset, "", path);
    links.0.into_iter().collect()
}

#[derive(Default)]
struct Links(BTreeSet<Link>);

impl Links {
    /// Adds a link, unless one of its ends has no name.
    fn add(&mut self, from: Option<Entity>, relation: &str, to: Option<Entity>) {
        let (Some(from), Some(to)) = (from, to) else { return };
        if from != to {
            let relation = relation.to_owned();
            self.0.insert(Link { from, relation, to, origin: Origin::Document });
        }
    }

    /// What a docset says of itself and of its documents.
    fn docset(&mut self, docset: &Docset, id: &str, path: &str) {
        let own = entity(EntityKind::Docset, if id.is_empty() { path } else { id });
        let subject = docset.subject.and_then(|subject| match subject {
            Subject::Issue(number) => number_of(EntityKind::Issue, number),
            Subject::PullRequest(number) => number_of(EntityKind::PullRequest, number),
        });
        self.add(own.clone(), "about", subject.clone());
        for number in &docset.pull_requests {
            self.add(own.clone(), "related", number_of(EntityKind::PullRequest, *number));
        }
        for number in &docset.issues {
            self.add(own.clone(), "related", number_of(EntityKind::Issue, *number));
        }
        for listed in &docset.documents {
            let member = document(&listed.id, &listed.path);
            self.add(member.clone(), "part-of", own.clone());
            self.add(member, "related", subject.clone());
        }
    }
}

/// A document by its id; by its path if it has none, or one that reads as the path of
/// another, or that no link can name.
fn document(id: &str, path: &str) -> Option<Entity> {
    let by_id = Some(id).filter(|id| !is_file(id));
    let by_id = by_id.and_then(|id| entity(EntityKind::Document, id));
    by_id.or_else(|| entity(EntityKind::Document, path))
}

/// Whether a name is that of a file.
fn is_file(name: &str) -> bool {
    [".md", ".markdown", ".yaml"].iter().any(|end| name.ends_with(end))
}

fn number_of(kind: EntityKind, number: u64) -> Option<Entity> {
    entity(kind, &number.to_string())
}

/// What is named by an id, or by a path: from the root, or, as `./a.md`, `../a.md` and
/// `a.md`, from the document at `from`.
fn named(kind: EntityKind, name: &str, from: &str) -> Option<Entity> {
    let is_relative = name.starts_with("./") || name.starts_with("../");
    if !is_relative && (!is_file(name) || name.contains('/')) {
        return entity(kind, name);
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in name.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    entity(kind, &parts.join("/"))
}

/// The entity, if the key can be one.
fn entity(kind: EntityKind, key: &str) -> Option<Entity> {
    format!("{}:{}", kind.as_str(), key.trim()).parse().ok()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use countersign_docset::catalogue::Catalogue;

    use super::*;

    fn links(path: &str, text: &str) -> String {
        let front_matter = FrontMatter::parse(text);
        let record = Record::of(Arc::from(path), text, &front_matter, &Catalogue::default());
        shown(&of_document(&record, &front_matter))
    }

    fn shown(links: &[Link]) -> String {
        let lines = links.iter().map(|link| format!("{} {} {}", link.from, link.relation, link.to));
        lines.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn every_key_that_names_something_is_a_link() {
        insta::assert_snapshot!(links("docs/adr/adr-7.md", "---
doc_id: ADR-0007
type: adr
related_issues: [41, 7, 41, 0, -1, 99999999999]
related_prs: [50]
related_docsets: [DS-ISSUE-0041, ../../docs/_docset/issues/issue-41.yaml]
related_adrs: [ADR-0001, docs/adr/adr-2.md, adr-3.md, \"\"]
supersedes: ADR-0006
superseded_by: [ADR-0008, ../../../outside.md]
related_services: [billing]
release: {version: v1.2.0}
---
"), @r"
        doc:ADR-0007 about service:billing
        doc:ADR-0007 about release:v1.2.0
        doc:ADR-0007 part-of docset:DS-ISSUE-0041
        doc:ADR-0007 part-of docset:docs/_docset/issues/issue-41.yaml
        doc:ADR-0007 references doc:ADR-0001
        doc:ADR-0007 references doc:docs/adr/adr-2.md
        doc:ADR-0007 references doc:docs/adr/adr-3.md
        doc:ADR-0007 related issue:41
        doc:ADR-0007 related issue:7
        doc:ADR-0007 related pr:50
        doc:ADR-0007 supersedes doc:ADR-0006
        doc:ADR-0008 supersedes doc:ADR-0007
        ");
    }

    #[test]
    fn a_docset_brings_its_members() {
        let docset = Docset::read("issue: {number: 12}\ndocuments:\n  - {id: PRD-0001, path: docs/prd.md}\n  - {path: docs/b.md}\npull_requests: [3]\n").unwrap();
        insta::assert_snapshot!(shown(&of_docset(&docset, "docs/_docset/issues/issue-12.yaml")), @r"
        doc:PRD-0001 part-of docset:docs/_docset/issues/issue-12.yaml
        doc:PRD-0001 related issue:12
        doc:docs/b.md part-of docset:docs/_docset/issues/issue-12.yaml
        doc:docs/b.md related issue:12
        docset:docs/_docset/issues/issue-12.yaml about issue:12
        docset:docs/_docset/issues/issue-12.yaml related pr:3
        ");
    }

    #[test]
    fn a_document_without_an_id_is_called_by_its_path() {
        assert_eq!(
            links("docs/a.md", "---\nrelated_issues: 3\n---\n"),
            "doc:docs/a.md related issue:3"
        );
        assert_eq!(links("docs/a.md", "no front matter\n"), "");
    }

    #[test]
    fn a_document_with_an_id_that_is_none_is_called_by_its_path() {
        for id in ["docs/b.md", "\"a\\nb\"", "\"\\e[31m\"", &"x".repeat(600)] {
            assert_eq!(
                links("docs/a.md", &format!("---\ndoc_id: {id}\nrelated_issues: 3\n---\n")),
                "doc:docs/a.md related issue:3"
            );
        }
    }
}
