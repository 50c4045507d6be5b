//! What an audit finds.

use std::collections::BTreeSet;

use countersign_docset::docset::{
    self, Changed, Identity, Order, Present, Sources, State as Progress, issue_path, pr_path, renew,
};
use countersign_docset::record::{Record, Standing, Subject};
use countersign_docset::view::is_about;
use countersign_markup::shown::excerpt as shown;
use countersign_process::{AuditRule, Process, Severity};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use super::{Audit, AuditFacts, Covered, Finding};
use crate::Reason;
use crate::gate::{self, DocsetFile, Look as _, Rules, command, fails};

/// The rules of the audit itself; those of the process come on top.
const OWN: [&str; 10] = [
    "change-outside-of-stage",
    "document-not-in-docset",
    "docset-without-issue",
    "invalid-document",
    "listed-document-gone",
    "missing-docset",
    "promised-artifact",
    "stale-approval",
    "stale-docset",
    "stale-view",
];

/// Audits the change of `facts`.
#[must_use]
pub fn audit(facts: &AuditFacts, rules: Rules<'_>) -> Audit {
    let mut findings = Vec::new();
    let issues = issues(facts);
    docset_of_change(facts, rules, &issues, &mut findings);
    changed_documents(facts, &mut findings);
    for issue in &issues {
        promises(facts, rules, *issue, &mut findings);
    }
    let documents = belonging(facts, &issues);
    for (id, rule) in &rules.process.audit {
        findings.extend(forgotten(facts, &documents, id, rule));
    }
    for (path, renew) in &facts.stale_views {
        let message = format!("`{}` is not what it would be if it were generated now", shown(path));
        let reason = fails("stale-view", message).in_file(path).remedy(*renew);
        findings.push(Finding { severity: Severity::Minor, reason });
    }
    findings.sort_by(|one, other| {
        let key = |finding: &Finding| {
            let reason = &finding.reason;
            (finding.severity, reason.place.clone(), reason.rule.clone(), reason.message.clone())
        };
        key(one).cmp(&key(other))
    });
    let mut known: Vec<String> = OWN.iter().map(ToString::to_string).collect();
    known.extend(rules.process.audit.keys().cloned());
    known.sort();
    let covered = documents.iter().map(|record| Covered {
        id: gate::name(record).to_owned(),
        path: record.path.to_string(),
        kind: record.kind.clone(),
        state: docset::state(record)
            .map_or_else(|| record.status.clone(), |progress| progress.as_str().to_owned()),
        changed: facts.changed.contains(&*record.path),
    });
    Audit {
        pull_request: facts.pull_request,
        revision: facts.revision.clone(),
        commit: facts.commit.clone(),
        changed_files: facts.changed.len(),
        documents: covered.collect(),
        findings,
        rules: known,
        policy: rules.policy.digest(),
        issues,
    }
}

/// The issues that the change is for: those that its docset names, and those of its
/// documents.
fn issues(facts: &AuditFacts) -> BTreeSet<u64> {
    let subject = Subject::PullRequest(facts.pull_request);
    let mut issues = BTreeSet::new();
    if let DocsetFile::Read(docset) = &facts.docset {
        issues.extend(&docset.issues);
    }
    let own = facts
        .records
        .by_path
        .values()
        .filter(|record| is_about(record, subject) || facts.changed.contains(&*record.path));
    issues.extend(own.flat_map(|record| &record.issues));
    issues
}

/// The documents that belong to the change, by path: those of the pull request and of its
/// issues, and those that it changes.
fn belonging<'f>(facts: &'f AuditFacts, issues: &BTreeSet<u64>) -> Vec<&'f Record> {
    let documents = facts.records.by_path.values().filter(|record| {
        is_about(record, Subject::PullRequest(facts.pull_request))
            || facts.changed.contains(&*record.path)
            || issues.iter().any(|issue| is_about(record, Subject::Issue(*issue)))
    });
    documents.collect()
}

/// The docset file of the pull request.
fn docset_of_change(
    facts: &AuditFacts,
    rules: Rules<'_>,
    issues: &BTreeSet<u64>,
    findings: &mut Vec<Finding>,
) {
    let number = facts.pull_request.to_string();
    let path = pr_path(facts.pull_request);
    let sync = command(&["docset", "sync", "pr", &number, "--changed-since", &facts.revision]);
    let mut push = |severity, reason: Reason| findings.push(Finding { severity, reason });
    let docset = match &facts.docset {
        DocsetFile::Read(docset) => docset,
        DocsetFile::Missing => {
            let message = format!("pull request {number} has no docset file");
            push(Severity::Blocker, fails("missing-docset", message).in_file(path).remedy(sync));
            return;
        }
        DocsetFile::Unreadable(why) => {
            let message = format!("the docset file cannot be read: {}", shown(why));
            let reason = fails("missing-docset", message).in_file(path);
            push(
                Severity::Blocker,
                reason.remedy(format!("mend it, or remove it and run `{sync}`")),
            );
            return;
        }
    };
    if issues.is_empty() {
        let message = "neither the docset nor its documents name the issue of the change";
        let remedy = "name the issue under `related_issues` of the documents, then run the sync";
        let reason = fails("docset-without-issue", message).in_file(&path);
        push(Severity::Major, reason.remedy(format!("{remedy}: `{sync}`")));
    }
    let listed = |wanted: &str| docset.documents.iter().any(|document| document.path == wanted);
    let changed = facts.records.by_path.values();
    for record in changed.filter(|record| facts.changed.contains(&*record.path)) {
        if !listed(&record.path) {
            let id = shown(gate::name(record));
            let message = format!("`{id}` changed and is not in the docset of the pull request");
            let reason = fails("document-not-in-docset", message).in_file(&record.path);
            push(Severity::Major, reason.remedy(sync.clone()));
        }
    }
    for listed in &docset.documents {
        if !facts.records.by_path.contains_key(listed.path.as_str()) {
            let message = format!("the docset lists `{}`, which is gone", shown(&listed.path));
            let reason = fails("listed-document-gone", message).in_file(&path);
            push(Severity::Major, reason.remedy(sync.clone()));
        }
    }
    let paths = facts.records.by_path.keys().filter(|path| facts.changed.contains(&***path));
    let changed = Changed::Paths(paths.map(ToString::to_string).collect());
    let sources = Sources {
        records: &facts.records,
        catalogue: rules.types,
        process: &docset::Process::default(),
    };
    let known = facts.issues.iter().filter_map(|(number, file)| match file {
        DocsetFile::Read(docset) => Some((*number, docset.clone())),
        DocsetFile::Missing | DocsetFile::Unreadable(_) => None,
    });
    let order = Order {
        subject: Subject::PullRequest(facts.pull_request),
        identity: Identity::default(),
        changed,
        today: facts.today,
    };
    let present =
        Present { file: facts.docset_text.clone(), pages: Vec::new(), issues: known.collect() };
    let fresh = renew(sources, &order, &present).ok().map(|renewed| renewed.file.1);
    if fresh != facts.docset_text {
        let message = "the docset file is behind its documents: digests, statuses or what changed";
        let reason = fails("stale-docset", message).in_file(path).remedy(sync);
        push(Severity::Major, reason);
    }
}

/// The documents that the change touches.
fn changed_documents(facts: &AuditFacts, findings: &mut Vec<Finding>) {
    let changed = facts.records.by_path.values();
    for record in changed.filter(|record| facts.changed.contains(&*record.path)) {
        let id = shown(gate::name(record));
        let approve = gate::approve(record);
        let judgement = record.judgement();
        if judgement.standing.is_bad() {
            let message = match judgement.standing {
                Standing::Stale => format!("`{id}` changed after it was approved"),
                _ => format!(
                    "the approval of `{id}` does not count: {}",
                    judgement.reasons.join(", ")
                ),
            };
            let reason = fails("stale-approval", message)
                .in_file(&record.path)
                .remedy(format!("an owner reads it again: `{approve}`"));
            findings.push(Finding { severity: Severity::Blocker, reason });
        }
    }
    for (path, faults) in &facts.faults {
        // What the approval comes to was said already.
        for fault in faults.iter().filter(|fault| fault.rule != "approval-digest-mismatch") {
            let reason = fails("invalid-document", format!("{}: {}", fault.rule, fault.message))
                .in_line(path, fault.line)
                .remedy(command(&["docset", "explain", &fault.rule]));
            findings.push(Finding { severity: Severity::Blocker, reason });
        }
    }
}

/// What the docset of an issue promises: the products of its stages so far, and changes of
/// permitted files alone.
fn promises(facts: &AuditFacts, rules: Rules<'_>, issue: u64, findings: &mut Vec<Finding>) {
    let mut push = |severity, reason: Reason| findings.push(Finding { severity, reason });
    let sync = command(&["docset", "sync", "issue", &issue.to_string()]);
    let docset = match facts.issues.get(&issue) {
        Some(DocsetFile::Read(docset)) => docset,
        Some(DocsetFile::Unreadable(why)) => {
            let message = format!("the docset file cannot be read: {}", shown(why));
            let reason = fails("missing-docset", message).in_file(issue_path(issue));
            return push(Severity::Major, reason.remedy(format!("mend it, then `{sync}`")));
        }
        Some(DocsetFile::Missing) | None => {
            let message = format!("issue {issue} has no docset file");
            let reason = fails("missing-docset", message).in_file(issue_path(issue));
            return push(Severity::Major, reason.remedy(sync));
        }
    };
    let process = rules.process;
    let profile = docset.profile.as_deref().unwrap_or(&process.default_profile);
    let Some(name) = docset.stage.as_deref() else { return };
    let Some(stage) = process.stages.get(name) else { return };
    let permitted = globs(process.permitted_paths(stage));
    for path in facts.changed.iter().filter(|path| !permitted.is_match(path)) {
        let message =
            format!("issue {issue} is in `{name}`, which may not change `{}`", shown(path));
        let reason = fails("change-outside-of-stage", message)
            .in_file(path)
            .remedy("take the change out, or make it in a stage that may");
        push(Severity::Major, reason);
    }
    for (stage, kind) in promised(process, profile, name) {
        if !gate::is_approved(kind, rules) {
            continue;
        }
        let documents = facts.records.by_path.values();
        let of_kind = documents
            .filter(|record| record.kind == kind && is_about(record, Subject::Issue(issue)));
        let counted: Vec<(&Record, Progress)> =
            of_kind.filter_map(|record| Some((record, docset::state(record)?))).collect();
        if counted.is_empty() {
            let new = command(&[
                "docset",
                "new",
                kind,
                "--issue",
                &issue.to_string(),
                "--title",
                "TITLE",
            ]);
            let message = format!("`{stage}` promises a `{kind}`, and issue {issue} has none");
            let reason = fails("promised-artifact", message).in_file(issue_path(issue));
            push(Severity::Major, reason.remedy(new));
        }
        // What is stale because of this change is said of the document already.
        let changed = |record: &Record| facts.changed.contains(&*record.path);
        for (record, progress) in counted {
            let (id, approve) = (shown(gate::name(record)), gate::approve(record));
            let (severity, message) = match progress {
                Progress::Approved => continue,
                Progress::Stale if changed(record) => continue,
                Progress::Stale => (
                    Severity::Blocker,
                    format!("`{id}` of `{stage}` changed after it was approved"),
                ),
                _ => (Severity::Major, format!("`{id}` of `{stage}` is not approved")),
            };
            let reason = fails("promised-artifact", message)
                .in_file(&record.path)
                .saw("state", progress.as_str());
            push(severity, reason.remedy(format!("an owner: `{approve}`")));
        }
    }
}

/// The types that the stages before `name` promise, with their stage.
fn promised<'p>(process: &'p Process, profile: &str, name: &str) -> Vec<(&'p str, &'p str)> {
    let stages = process.profiles.get(profile).map_or(&[][..], Vec::as_slice);
    let before = stages.iter().take_while(|stage| *stage != name);
    let stages = before.filter_map(|stage| process.stages.get_key_value(stage));
    let kinds = stages.flat_map(|(name, stage)| {
        stage.produces.indispensable().map(move |kind| (name.as_str(), kind))
    });
    kinds.collect()
}

/// Documents that a change of such files asks for, and that nobody has written.
fn forgotten(
    facts: &AuditFacts,
    documents: &[&Record],
    id: &str,
    rule: &AuditRule,
) -> Vec<Finding> {
    let (wanted, except) = (globs(rule.changed.iter()), globs(rule.except.iter()));
    let hits: Vec<&String> = facts
        .changed
        .iter()
        .filter(|path| wanted.is_match(path) && !except.is_match(path))
        .collect();
    let Some(first) = hits.first() else { return Vec::new() };
    let missing = rule.needs.iter().filter(|kind| {
        !documents.iter().any(|record| record.kind == **kind && docset::state(record).is_some())
    });
    let findings = missing.map(|kind| {
        let number = facts.pull_request.to_string();
        let others = match hits.len() {
            1 => String::new(),
            more => format!(" and {} more", more - 1),
        };
        let message = format!(
            "`{}`{others} changed, and there is no `{}`: {}",
            shown(first),
            shown(kind),
            shown(&rule.because.en)
        );
        let reason = fails(id, message)
            .in_file(first)
            .saw("needs", shown(kind))
            .remedy(command(&["docset", "new", kind, "--pr", &number, "--title", "TITLE"]));
        Finding { severity: rule.severity, reason }
    });
    findings.collect()
}

fn globs(globs: impl Iterator<Item = impl AsRef<str>>) -> GlobSet {
    let mut set = GlobSetBuilder::new();
    for glob in globs {
        if let Ok(glob) = GlobBuilder::new(glob.as_ref()).literal_separator(true).build() {
            set.add(glob);
        }
    }
    set.build().unwrap_or_else(|_| GlobSet::empty())
}
