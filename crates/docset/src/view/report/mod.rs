//! The report: one HTML page that needs nothing but itself.
//!
//! It is read where it lies: from a folder, as an artifact of CI, on a phone. So it asks
//! for nothing (its policy forbids that), shows everything without its script, and the
//! script only hides rows.

mod attention;
mod documents;
mod drawing;
mod html;
mod matrix;

use self::html::class;
use super::Graph;
use crate::catalogue::Catalogue;
use crate::output::count;
use crate::record::{Records, Standing};

/// Where the report stands unless somebody says otherwise.
pub const REPORT: &str = "docs/_index/report.html";

/// What every report begins with, and hardly any other page.
pub const REPORT_BEGINNING: &str = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta \
    charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
    base-uri 'none';";

const STYLE: &str = include_str!("report.css");
const SCRIPT: &str = include_str!("report.js");

/// What the page may do: nothing but apply this one style sheet and run this one script,
/// which it names by their SHA-256 (Content Security Policy Level 3, section 2.3.1). Text
/// of a document that got into the page as markup could do neither.
const POLICY: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; \
     style-src 'sha256-m+8VaAZqohAR9DetozgxAHQOMq+ArGaXlB3Q3Q5c8ss='; script-src 'sha256-LIYt9dXKGRYBZDHNpZ8+hAH6FXck/gH3I9kH7Rzz+Xc='";

/// The report as the page at `path`: approvals that do not count, the matrix of issues
/// and documents, all documents, and the graph.
#[must_use]
pub fn report(records: &Records, catalogue: &Catalogue, path: &str) -> String {
    let attention = attention::list(records, path);
    let matrix = matrix::table(records, catalogue, path);
    let documents = documents::table(records, path);
    let drawing = drawing::svg(&Graph::new(records), path);
    let summary = summary(records);
    let (here, there) = match attention.is_empty() {
        true => ("", ""),
        false => (attention.as_str(), "<a href=\"#attention\">Approvals that do not count</a>\n"),
    };
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>Report on documents</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <header>\n<h1>Documents</h1>\n{summary}\
         <nav aria-label=\"Parts of the report\">\n{there}<a href=\"#issues\">Issues and pull \
         requests</a>\n<a href=\"#documents\">Documents</a>\n<a href=\"#graph\">Graph</a>\n</nav>\n\
         </header>\n\
         <div id=\"search\" role=\"search\" hidden>\n<label for=\"words\">Search</label>\n\
         <input id=\"words\" type=\"search\" autocomplete=\"off\" spellcheck=\"false\" \
         placeholder=\"id, title, type, status, issue, …\" aria-describedby=\"found\">\n\
         <output id=\"found\" for=\"words\"></output>\n</div>\n\
         <main>\n{here}\
         <section id=\"issues\" aria-labelledby=\"issues-title\">\n\
         <h2 id=\"issues-title\">Issues and pull requests</h2>\n{matrix}</section>\n\
         <section id=\"documents\" aria-labelledby=\"documents-title\">\n\
         <h2 id=\"documents-title\">Documents and their approvals</h2>\n{documents}</section>\n\
         <section id=\"graph\" aria-labelledby=\"graph-title\">\n\
         <h2 id=\"graph-title\">Graph</h2>\n{drawing}</section>\n</main>\n\
         <footer><p>Written by <code>docset report</code> from the front matter of the documents. \
         <code>docset report --check</code> says whether it is up to date.</p></footer>\n\
         <script>{SCRIPT}</script>\n</body>\n</html>\n",
    )
}

/// The order of the first line: what is done, what needs somebody, the rest.
const SUMMARY: [Standing; 7] = [
    Standing::Approved,
    Standing::Stale,
    Standing::Forged,
    Standing::Unbound,
    Standing::Open,
    Standing::NotNeeded,
    Standing::Over,
];

/// How many documents there are, in all and of each standing. With the script, a standing
/// is a button that shows its documents.
fn summary(records: &Records) -> String {
    let mut text = format!(
        "<ul id=\"summary\">\n<li><strong>{}</strong></li>\n",
        count(records.by_path.len(), "document")
    );
    for standing in SUMMARY {
        let documents = records.by_path.values();
        let number = documents.filter(|record| record.standing() == standing).count();
        if number > 0 {
            let (class, name) = (class(standing), standing.name());
            let item =
                format!("<li class=\"{class}\" data-words=\"{name}\">{number} {name}</li>\n");
            text.push_str(&item);
        }
    }
    text.push_str("</ul>\n");
    text
}

#[cfg(test)]
mod tests {
    use sha2::{Digest as _, Sha256};

    use super::*;

    /// The value of a base64 text (RFC 4648, section 4), without padding.
    fn bytes(text: &str) -> Vec<u8> {
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let mut bits = String::new();
        for char in text.trim_end_matches('=').chars() {
            bits.push_str(&format!("{:06b}", alphabet.find(char).unwrap()));
        }
        let whole = bits.as_bytes().chunks_exact(8);
        whole
            .map(|bits| u8::from_str_radix(std::str::from_utf8(bits).unwrap(), 2).unwrap())
            .collect()
    }

    #[test]
    fn the_policy_names_the_style_sheet_and_the_script() {
        for (name, content) in [("style-src", STYLE), ("script-src", SCRIPT)] {
            let (_, rest) = POLICY.split_once(&format!("{name} 'sha256-")).unwrap();
            let (named, _) = rest.split_once('\'').unwrap();
            let hash = Sha256::digest(content.as_bytes());
            assert_eq!(
                bytes(named),
                hash[..],
                "write the hash of the changed file into POLICY: openssl dgst -sha256 -binary FILE | base64"
            );
        }
    }
}
