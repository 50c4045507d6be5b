//! SARIF 2.1.0, for code scanning and other tools that collect findings.
//!
//! Format: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>.

use std::io::{self, Write};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{Output, Place, places};
use crate::diagnostic::Severity;
use crate::rule::{RULES, Rule};

/// What may stand in a path of a URI as it is (RFC 3986, section 3.3).
const PATH: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

pub(super) fn write(output: &Output<'_>, out: &mut dyn Write) -> io::Result<()> {
    let rules: Vec<Value> = RULES.iter().map(|rule| descriptor(rule)).collect();
    let results: Vec<Value> =
        places(output.diagnostics, output.sources).map(|place| result(&place)).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "docset",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": { "ROOT": {
                "description": { "text": "The root of the repository." },
            }},
            "results": results,
        }],
    });
    serde_json::to_writer_pretty(&mut *out, &log)?;
    writeln!(out)
}

fn descriptor(rule: &Rule) -> Value {
    json!({
        "id": rule.id,
        "name": rule.id,
        "shortDescription": { "text": format!("{}.", rule.summary) },
        "help": { "text": rule.page, "markdown": rule.page },
        "defaultConfiguration": { "level": level(rule.severity) },
    })
}

fn result(place: &Place<'_>) -> Value {
    let diagnostic = place.diagnostic;
    let text = match &diagnostic.help {
        Some(help) => format!("{}; {help}", diagnostic.message),
        None => diagnostic.message.clone(),
    };
    json!({
        "ruleId": diagnostic.rule,
        "ruleIndex": crate::rule::index(diagnostic.rule),
        "level": level(diagnostic.severity),
        "message": { "text": text },
        "locations": [{ "physicalLocation": {
            "artifactLocation": {
                "uri": utf8_percent_encode(&diagnostic.path, PATH).to_string(),
                "uriBaseId": "ROOT",
            },
            "region": {
                "startLine": place.start.line,
                "startColumn": place.start.column,
                "endLine": place.end.line,
                "endColumn": place.end.column,
            },
        }}],
        "partialFingerprints": { "docset/v1": fingerprint(place) },
    })
}

/// The same for the same finding when lines move: rule, path and message say which
/// finding it is.
fn fingerprint(place: &Place<'_>) -> String {
    let diagnostic = place.diagnostic;
    let mut hasher = Sha256::new();
    for part in [diagnostic.rule, &diagnostic.path, &diagnostic.message] {
        hasher.update(part);
        hasher.update([0]);
    }
    hasher.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}
