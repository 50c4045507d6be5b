//! What the documents of a tree have in common.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::catalogue::{Catalogue, DocumentType, KeyKind, Phase};
use crate::check::CheckError;
use crate::config::{ConfigError, DocsConfig};
use crate::document::{Document, is_id};
use crate::nearest::nearest;
use crate::settings::Settings;
use crate::tree::{self, Inputs};
use crate::yaml::{Node, NodeKind};

/// Files that repositories have for their own reasons and that are no documents of
/// the process.
const PLAIN_NAMES: [&str; 8] = [
    "readme",
    "changelog",
    "contributing",
    "license",
    "security",
    "code_of_conduct",
    "support",
    "summary",
];

/// What the documents of a tree have in common, and the default catalogue lacks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Survey {
    /// Folders (or files, or globs) that hold the documents.
    pub include: Vec<String>,
    /// Documents that were read.
    pub documents: usize,
    /// Documents without front matter that never have any.
    pub plain: BTreeSet<String>,
    /// Roles.
    pub roles: BTreeSet<String>,
    /// Statuses, each with the phase that its documents speak for.
    pub statuses: BTreeMap<String, Phase>,
    /// Keys, each with the kind that its values speak for.
    pub keys: BTreeMap<String, KeyKind>,
    /// Types by name.
    pub types: BTreeMap<String, SurveyedType>,
}

/// A type that the default catalogue lacks, or whose documents have more keys than
/// it says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SurveyedType {
    /// Whether the default catalogue lacks it.
    pub is_new: bool,
    /// Id prefixes.
    pub prefixes: BTreeSet<String>,
    /// Owner roles.
    pub owner_roles: BTreeSet<String>,
    /// Keys besides those of the catalogue.
    pub optional: BTreeSet<String>,
    /// Documents of the type.
    documents: usize,
    /// Those of them that have an approval block.
    approvals: usize,
    /// Ids, for the prefixes.
    ids: BTreeSet<String>,
}

impl SurveyedType {
    /// Whether documents of the type are approved, as far as one can see.
    #[must_use]
    pub const fn approvals(&self) -> bool {
        self.approvals > 0
    }
}

impl Survey {
    /// Reads the documents at `paths` below `root`.
    pub(super) fn of(root: &Path, paths: &[String]) -> Result<Self, CheckError> {
        let root = root
            .canonicalize()
            .map_err(|source| CheckError::Root { path: root.to_owned(), source })?;
        let settings = Settings::new(&DocsConfig::default()).map_err(ConfigError::from)?;
        let inputs = Inputs { root: &root, patterns: paths, base: &root, ignore_files: true };
        let found = tree::walk(&inputs, &settings);
        let mut survey = Self {
            include: paths.iter().map(|path| path.trim_end_matches('/').to_owned()).collect(),
            ..Self::default()
        };
        let mut evidence: BTreeMap<String, Votes> = BTreeMap::new();
        let mut buffer = Vec::new();
        for (path, document) in &found.documents {
            survey.documents += 1;
            if tree::read(&document.full, &mut buffer).is_ok()
                && let Ok(text) = std::str::from_utf8(&buffer)
            {
                let document = Document::parse(text);
                survey.add(path, &document, &settings.catalogue, &mut evidence);
            }
        }
        survey.conclude(&settings.catalogue, evidence);
        Ok(survey)
    }

    fn add(
        &mut self,
        path: &str,
        document: &Document<'_>,
        catalogue: &Catalogue,
        evidence: &mut BTreeMap<String, Votes>,
    ) {
        let front_matter = &document.front_matter;
        let root = front_matter.root().filter(|root| root.kind() == NodeKind::Mapping);
        let Some(root) = root else {
            let stem =
                path.rsplit('/').next().unwrap_or(path).split('.').next().unwrap_or_default();
            if front_matter.block().is_none() && PLAIN_NAMES.contains(&&*stem.to_lowercase()) {
                // The list holds globs, and a file name may look like one.
                self.plain.insert(globset::escape(path));
            }
            return;
        };
        let text = |key: &str| root.get(key).and_then(|node| node.as_str()).map(str::trim);
        let Some(kind_name) = text("type").filter(|name| is_name(name)) else { return };
        let kind = catalogue.types.get(kind_name);
        let types = catalogue.types.keys().map(String::as_str);
        if kind.is_none() && nearest(kind_name, types).is_some() {
            return;
        }
        if let Some(role) = text("owner_role").filter(|role| is_name(role)) {
            let known = catalogue.roles.iter().map(String::as_str);
            if nearest(role, known).is_none() {
                self.roles.insert(role.to_owned());
            }
        }
        if let Some(status) = text("status").filter(|status| is_name(status)) {
            self.status(status, kind, catalogue, root, evidence);
        }
        let entry = self.types.entry(kind_name.to_owned()).or_default();
        entry.is_new = kind.is_none();
        entry.documents += 1;
        entry.approvals += usize::from(root.get("approvals").is_some());
        entry.ids.extend(text("doc_id").filter(|id| is_id(id)).map(str::to_owned));
        // What is probably a misspelt role stays a finding.
        let is_role = |role: &str| {
            self.roles.contains(role) || catalogue.roles.iter().any(|known| known == role)
        };
        entry
            .owner_roles
            .extend(text("owner_role").filter(|role| is_role(role)).map(str::to_owned));
        let allowed = |key: &str| match kind {
            Some(kind) => kind.allows(key),
            None => {
                DEFAULT_KEYS.contains(&key) || catalogue.required_by_all().any(|known| known == key)
            }
        };
        for key in root.entries().filter_map(|entry| Some((entry.key.as_str()?, entry.value))) {
            let (name, value) = key;
            let known = catalogue.keys.keys().map(String::as_str);
            if allowed(name) || !is_name(name) {
                continue;
            }
            if !catalogue.keys.contains_key(name) {
                if nearest(name, known).is_some() {
                    continue;
                }
                let kind = kind_of(value);
                let seen = self.keys.entry(name.to_owned()).or_insert(kind);
                if *seen != kind {
                    *seen = KeyKind::Any;
                }
            }
            entry.optional.insert(name.to_owned());
        }
    }

    /// Counts what the document says for the phase of an unknown status.
    fn status(
        &self,
        status: &str,
        kind: Option<&DocumentType>,
        catalogue: &Catalogue,
        root: Node<'_, '_>,
        evidence: &mut BTreeMap<String, Votes>,
    ) {
        let known = match kind {
            Some(kind) => kind.statuses.iter().map(|status| &*status.name).collect(),
            None => catalogue.types["brief"]
                .statuses
                .iter()
                .map(|status| &*status.name)
                .collect::<Vec<_>>(),
        };
        if nearest(status, known).is_some() {
            return;
        }
        let approval = root.get("approvals").and_then(|approvals| approvals.get("status"));
        let approved = approval.and_then(|node| node.as_str()) == Some("approved");
        let replaced = root.get("superseded_by").is_some_and(|node| !node.is_blank());
        let votes = evidence.entry(status.to_owned()).or_default();
        votes.documents += 1;
        votes.approved += usize::from(approved);
        votes.replaced += usize::from(replaced);
        // Another lifecycle may know the word already.
        votes.phase = catalogue.status(status).map(|status| status.phase);
    }

    /// Turns counts into decisions.
    fn conclude(&mut self, catalogue: &Catalogue, evidence: BTreeMap<String, Votes>) {
        self.statuses = evidence
            .into_iter()
            .map(|(name, votes)| (votes.phase(&name), name))
            .map(|(phase, name)| (name, phase))
            .collect();
        let infixes = infixes(self.types.values().flat_map(|kind| &kind.ids));
        let mut taken: BTreeSet<String> =
            catalogue.types.values().flat_map(|kind| kind.prefixes.clone()).collect();
        for kind in self.types.values_mut().filter(|kind| kind.is_new) {
            let prefixes: BTreeSet<String> =
                kind.ids.iter().map(|id| prefix(id, &infixes)).collect();
            kind.prefixes = prefixes.difference(&taken).cloned().collect();
            taken.extend(kind.prefixes.iter().cloned());
        }
        self.types.retain(|_, kind| kind.is_new || !kind.optional.is_empty());
    }
}

/// The keys that every type may have without saying so; the required ones apart.
const DEFAULT_KEYS: [&str; 8] = [
    "version",
    "related_issues",
    "related_prs",
    "related_docsets",
    "related_adrs",
    "supersedes",
    "superseded_by",
    "approvals",
];

/// What documents say about the phase of a status.
#[derive(Default)]
struct Votes {
    documents: usize,
    approved: usize,
    replaced: usize,
    phase: Option<Phase>,
}

impl Votes {
    fn phase(&self, name: &str) -> Phase {
        if let Some(phase) = self.phase {
            return phase;
        }
        if self.approved * 2 > self.documents {
            return Phase::InForce;
        }
        if self.replaced * 2 > self.documents {
            return Phase::Replaced;
        }
        match &*name.to_lowercase() {
            "active" | "final" | "published" | "done" | "current" | "living" => Phase::InForce,
            "review" | "under-review" | "pending" => Phase::Review,
            "archived" | "deprecated" | "withdrawn" | "cancelled" | "closed" => Phase::Retired,
            "declined" | "refused" => Phase::Rejected,
            "replaced" => Phase::Replaced,
            _ => Phase::Drafting,
        }
    }
}

/// Whether a text from a document can be a name in the configuration.
fn is_name(text: &str) -> bool {
    let plain = |char: char| char.is_alphanumeric() || matches!(char, '-' | '_' | '.' | '/' | ' ');
    (1..=60).contains(&text.chars().count())
        && text.chars().all(plain)
        && !crate::rule::is_placeholder(text)
}

fn kind_of(node: Node<'_, '_>) -> KeyKind {
    match node.kind() {
        NodeKind::Mapping | NodeKind::Null => KeyKind::Any,
        NodeKind::Scalar => KeyKind::Text,
        NodeKind::Sequence if node.items().len() == 0 => KeyKind::Any,
        NodeKind::Sequence => match node.items().all(|item| item.as_str().is_some()) {
            true => KeyKind::Texts,
            false => KeyKind::Any,
        },
    }
}

/// Parts that stand before the number in more than half of all ids: the name of a
/// project (`CK8S` in `LBL-CK8S-0001`), which says nothing about the type.
fn infixes<'i>(ids: impl Iterator<Item = &'i String>) -> BTreeSet<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut all = 0;
    for id in ids {
        all += 1;
        let parts: Vec<&str> = id.split('-').collect();
        if let [_, .., infix, _] = parts.as_slice() {
            *counts.entry(infix).or_default() += 1;
        }
    }
    counts
        .into_iter()
        .filter(|(_, count)| count * 2 > all)
        .map(|(infix, _)| infix.to_owned())
        .collect()
}

/// The id without its number and the name of the project.
fn prefix(id: &str, infixes: &BTreeSet<String>) -> String {
    let mut parts: Vec<&str> = id.split('-').collect();
    parts.pop();
    while parts.len() > 1 && parts.last().is_some_and(|part| infixes.contains(*part)) {
        parts.pop();
    }
    parts.join("-")
}
