//! The traceability matrix: issues and pull requests by stage.

use std::collections::BTreeSet;

use super::html::{badge, escape, link, name};
use crate::catalogue::Catalogue;
use crate::record::{Record, Records};
use crate::view::Relations;

/// What no stage produces.
const ANY: &str = "any";

/// One row for each issue and pull request, with its documents by stage.
pub(super) fn table(records: &Records, catalogue: &Catalogue, path: &str) -> String {
    let relations = Relations::new(records);
    if relations.by_subject.is_empty() {
        return "<p>No document names an issue or a pull request.</p>\n".to_owned();
    }
    let stages = stages(&relations, catalogue);
    let mut text = String::from(
        "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-labelledby=\"issues-title\">\n\
         <table class=\"matrix\" aria-labelledby=\"issues-title\">\n<thead>\n\
         <tr><th scope=\"col\">Issue or PR</th>",
    );
    for stage in &stages {
        text.push_str(&format!("<th scope=\"col\">{}</th>", escape(shown(stage))));
    }
    text.push_str("</tr>\n</thead>\n<tbody>\n");
    for (subject, documents) in &relations.by_subject {
        text.push_str(&format!("<tr class=\"row\"><th scope=\"row\">{}</th>", name(*subject)));
        for column in &stages {
            let mut items = String::new();
            for record in documents.iter().filter(|record| stage(record, catalogue) == *column) {
                let badge = badge(record.standing());
                items.push_str(&format!("<li>{} {badge}</li>", link(path, record)));
            }
            if items.is_empty() {
                text.push_str("<td></td>");
            } else {
                // On a phone there are no columns: the cell says what it is.
                let stage = escape(shown(column));
                text.push_str(&format!("<td data-stage=\"{stage}\"><ul>{items}</ul></td>"));
            }
        }
        text.push_str("</tr>\n");
    }
    text.push_str("</tbody>\n</table>\n</div>\n");
    text
}

fn stage<'c>(record: &Record, catalogue: &'c Catalogue) -> &'c str {
    catalogue.types.get(&record.kind).map_or(ANY, |kind| kind.stage.as_str())
}

fn shown(stage: &str) -> &str {
    if stage == ANY { "other" } else { stage }
}

/// The stages that some document came out of: in the order of the process, then those
/// of the team's own, then what belongs to none.
fn stages<'c>(relations: &Relations<'_>, catalogue: &'c Catalogue) -> Vec<&'c str> {
    let process = crate::docset::Process::default();
    let known = process.stages(crate::docset::DEFAULT_PROFILE).unwrap_or_default();
    let place = |stage: &str| known.iter().position(|known| known == stage);
    let related = relations.by_subject.values().flatten();
    let found: BTreeSet<&str> = related.map(|record| stage(record, catalogue)).collect();
    let mut stages: Vec<&str> = found.into_iter().collect();
    stages.sort_by_key(|stage| (*stage == ANY, place(stage).unwrap_or(usize::MAX)));
    stages
}
