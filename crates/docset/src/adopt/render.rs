//! The text of a `countersign.yaml` for a surveyed tree.

use super::{BASELINE_FILE, Survey};
use crate::catalogue::{KeyKind, Phase};
use crate::yaml::scalar;

/// The configuration under which the surveyed documents are what they are.
pub(super) fn configuration(survey: &Survey) -> String {
    let mut text = String::from(
        "# Written by `docset adopt` from the documents that were there. Every line may be\n\
         # changed; `docset schema config` describes the whole file.\n\
         docs:\n",
    );
    let mut line = |line: String| {
        text.push_str(&line);
        text.push('\n');
    };
    line(format!("  include: {}", list(&survey.include)));
    if !survey.plain.is_empty() {
        line("  # Markdown that needs no front matter.".to_owned());
        line(format!("  plain: {}", list(&survey.plain)));
    }
    line("  # Findings of the day of adoption: they do not fail a check. Mend them one by one\n  # and write the file again with `docset check --write-baseline`.".to_owned());
    line(format!("  baseline: {BASELINE_FILE}"));
    if !survey.roles.is_empty() {
        line(format!("  roles: {}", list(&survey.roles)));
    }
    if !survey.statuses.is_empty() {
        line("  # Statuses found, with the phase that each seems to belong to: drafting, review,\n  # in-force, rejected, replaced or retired.".to_owned());
        line("  statuses:".to_owned());
        for (name, phase) in &survey.statuses {
            line(format!("    {}: {}", scalar(name), phase_name(*phase)));
        }
    }
    if !survey.keys.is_empty() {
        line("  keys:".to_owned());
        for (name, kind) in &survey.keys {
            line(format!("    {}: {{kind: {}}}", scalar(name), kind_name(*kind)));
        }
    }
    if !survey.types.is_empty() {
        line("  types:".to_owned());
        for (name, kind) in &survey.types {
            line(format!("    {}:", scalar(name)));
            if kind.is_new {
                line(format!("      prefixes: {}", list(&kind.prefixes)));
                line(format!("      owner_roles: {}", list(&kind.owner_roles)));
                if !kind.approvals() {
                    line("      approvals: false".to_owned());
                }
            }
            if !kind.optional.is_empty() {
                line(format!("      optional: {}", list(&kind.optional)));
            }
        }
    }
    text
}

fn list<'i>(items: impl IntoIterator<Item = &'i String>) -> String {
    let items: Vec<String> = items.into_iter().map(|item| scalar(item)).collect();
    format!("[{}]", items.join(", "))
}

const fn phase_name(phase: Phase) -> &'static str {
    match phase {
        Phase::Drafting => "drafting",
        Phase::Review => "review",
        Phase::InForce => "in-force",
        Phase::Rejected => "rejected",
        Phase::Replaced => "replaced",
        Phase::Retired => "retired",
    }
}

const fn kind_name(kind: KeyKind) -> &'static str {
    match kind {
        KeyKind::Text => "text",
        KeyKind::Texts => "texts",
        _ => "any",
    }
}
