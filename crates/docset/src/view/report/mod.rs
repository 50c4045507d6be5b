//! The report: one HTML page that needs nothing but itself.

mod drawing;

use super::link::destination;
use super::relations::subjects;
use super::{Graph, Relations, one_line};
use crate::catalogue::Catalogue;
use crate::output::count;
use crate::record::{Record, Records, Standing, Subject};

/// Where the report stands unless somebody says otherwise.
pub const REPORT: &str = "docs/_index/report.html";

/// The report as the page at `path`: approvals, the matrix of issues and documents,
/// and the graph.
#[must_use]
pub fn report(records: &Records, catalogue: &Catalogue, path: &str) -> String {
    let documents = documents(records, path);
    let matrix = matrix(records, catalogue, path);
    let drawing = drawing::svg(&Graph::new(records));
    let summary = summary(records);
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>Documents</title>\n<style>\n{}</style>\n</head>\n<body>\n<h1>Documents</h1>\n\
         <p>{summary}</p>\n\
         <input id=\"search\" type=\"search\" placeholder=\"Search\" aria-label=\"Search\">\n\
         <p id=\"found\" role=\"status\"></p>\n\
         <h2>Issues and pull requests</h2>\n{matrix}\
         <h2>Approvals</h2>\n{documents}\
         <h2>Graph</h2>\n{drawing}\
         <script>\n{}</script>\n</body>\n</html>\n",
        include_str!("report.css"),
        include_str!("report.js"),
    )
}

/// Text of documents in HTML, as content or as the value of an attribute.
fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for char in one_line(text).chars() {
        match char {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(char),
        }
    }
    escaped
}

fn link(path: &str, record: &Record) -> String {
    let label = if record.id.is_empty() { &record.path } else { &*record.id };
    format!("<a href=\"{}\">{}</a>", escape(&destination(path, &record.path)), escape(label))
}

fn summary(records: &Records) -> String {
    let mut text = count(records.by_path.len(), "document");
    for standing in
        [Standing::Approved, Standing::Stale, Standing::Forged, Standing::Unbound, Standing::Open]
    {
        let documents = records.by_path.values();
        let number = documents.filter(|record| record.standing() == standing).count();
        text.push_str(&format!(", {number} {}", standing.name()));
    }
    text
}

/// Where the approval of a document stands, in a word that is its class, too.
fn badge(record: &Record) -> String {
    let word = record.standing().name();
    format!("<span class=\"{}\">{word}</span>", word.replace(' ', "-"))
}

fn documents(records: &Records, path: &str) -> String {
    let mut text = String::from(
        "<div class=\"wide\"><table>\n<thead><tr><th>Id</th><th>Title</th><th>Type</th>\
         <th>Status</th><th>Approval</th><th>Approved by</th><th>Issues and PRs</th></tr></thead>\n\
         <tbody>\n",
    );
    for record in records.by_path.values() {
        let by = [&record.approval.approved_by, &record.approval.approved_at];
        let by: Vec<String> =
            by.iter().filter(|text| !text.is_empty()).map(|text| escape(text)).collect();
        let subjects: Vec<String> = subjects(record).map(name).collect();
        text.push_str(&format!(
            "<tr><td class=\"id\">{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td>\
             <td>{}</td></tr>\n",
            link(path, record),
            escape(&record.title),
            escape(&record.kind),
            escape(&record.status),
            badge(record),
            by.join(", "),
            subjects.join(", "),
        ));
    }
    text.push_str("</tbody>\n</table></div>\n");
    text
}

fn name(subject: Subject) -> String {
    match subject {
        Subject::Issue(number) => format!("Issue {number}"),
        Subject::PullRequest(number) => format!("PR {number}"),
    }
}

/// One line for each issue and pull request, with its documents by stage.
fn matrix(records: &Records, catalogue: &Catalogue, path: &str) -> String {
    let relations = Relations::new(records);
    if relations.by_subject.is_empty() {
        return "<p>No document names an issue or a pull request.</p>\n".to_owned();
    }
    let stage = |record: &Record| {
        let kind = catalogue.types.get(&record.kind);
        kind.map_or("any", |kind| kind.stage.as_str()).to_owned()
    };
    // Stages in the order of the process, then those of the team's own.
    let process = crate::docset::Process::default();
    let known = process.stages(crate::docset::DEFAULT_PROFILE).unwrap_or_default();
    let place = |stage: &String| known.iter().position(|known| known == stage);
    let related = relations.by_subject.values().flatten();
    let mut stages: Vec<String> = related.map(|record| stage(record)).collect();
    stages.sort_by_key(|stage| (place(stage).unwrap_or(usize::MAX), stage.clone()));
    stages.dedup();
    let heads: String = stages.iter().map(|stage| format!("<th>{}</th>", escape(stage))).collect();
    let mut text = format!(
        "<div class=\"wide\"><table>\n<thead><tr><th>Issue/PR</th>{heads}</tr></thead>\n<tbody>\n"
    );
    for (subject, documents) in &relations.by_subject {
        text.push_str(&format!("<tr><th>{}</th>", name(*subject)));
        for column in &stages {
            text.push_str("<td><ul>");
            for record in documents.iter().filter(|record| stage(record) == *column) {
                let badge = badge(record);
                text.push_str(&format!("<li>{} {badge}</li>", link(path, record)));
            }
            text.push_str("</ul></td>");
        }
        text.push_str("</tr>\n");
    }
    text.push_str("</tbody>\n</table></div>\n");
    text
}
