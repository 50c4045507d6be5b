//! All documents in one table.

use super::html::{badge, escape, link, name};
use crate::record::Records;
use crate::view::relations::subjects;

/// The table, by path.
pub(super) fn table(records: &Records, path: &str) -> String {
    let mut text = String::from(
        "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-labelledby=\"documents-title\">\n\
         <table class=\"documents\" aria-labelledby=\"documents-title\">\n<thead>\n<tr>\
         <th scope=\"col\">Id</th><th scope=\"col\">Title</th><th scope=\"col\">Type</th>\
         <th scope=\"col\">Status</th><th scope=\"col\">Approval</th><th scope=\"col\">Approved</th>\
         <th scope=\"col\">Issues and PRs</th></tr>\n</thead>\n<tbody>\n",
    );
    for record in records.by_path.values() {
        let said = &record.approval;
        let mut by = vec![escape(&said.approved_by), day(&said.approved_at)];
        by.retain(|text| !text.is_empty());
        let subjects: Vec<String> = subjects(record).map(name).collect();
        text.push_str(&format!(
            "<tr class=\"row\"><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td>\
             <td>{}</td><td>{}</td></tr>\n",
            link(path, record),
            escape(&record.title),
            escape(&record.kind),
            escape(&record.status),
            badge(record.standing()),
            by.join(", "),
            subjects.join(", "),
        ));
    }
    text.push_str("</tbody>\n</table>\n</div>\n");
    text
}

/// A day stays in one piece.
fn day(text: &str) -> String {
    let day = escape(text);
    if day.is_empty() { day } else { format!("<span class=\"day\">{day}</span>") }
}
