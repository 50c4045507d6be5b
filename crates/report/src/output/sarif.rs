//! SARIF 2.1.0, for code scanning and other tools that collect findings.
//!
//! Format: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>.

use std::collections::HashMap;
use std::io::{self, Write};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{Output, Place, RuleDescriptor, place, places};
use crate::diagnostic::Severity;
use countersign_markup::span::Position;

/// What may stand in a path of a URI as it is (RFC 3986, section 3.3).
const PATH: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

pub(super) fn write(output: &Output<'_>, out: &mut dyn Write) -> io::Result<()> {
    let rules: Vec<Value> = output.tool.rules.iter().map(descriptor).collect();
    let mut seen = HashMap::new();
    let results: Vec<Value> = places(output.diagnostics, output.sources)
        .map(|place| {
            let same = seen.entry(identity(&place)).or_insert(0);
            *same += 1;
            result(&place, *same, output)
        })
        .collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": output.tool.name,
                "version": output.tool.version,
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

fn descriptor(rule: &RuleDescriptor) -> Value {
    json!({
        "id": rule.id,
        "name": rule.id,
        "shortDescription": { "text": format!("{}.", rule.summary) },
        "help": { "text": rule.page, "markdown": rule.page },
        "defaultConfiguration": { "level": level(rule.severity) },
    })
}

/// `occurrence` tells findings apart that are the same in all but their line.
fn result(place: &Place<'_>, occurrence: usize, output: &Output<'_>) -> Value {
    let diagnostic = place.diagnostic;
    let text = match &diagnostic.help {
        Some(help) => format!("{}; {help}", diagnostic.message),
        None => diagnostic.message.clone(),
    };
    let related: Vec<Value> = diagnostic
        .related
        .iter()
        .map(|related| {
            let path = related.path.as_deref().unwrap_or(&diagnostic.path);
            let other = related.path.as_ref().map(|path| place::Source::read(output.sources, path));
            let source = other.as_ref().unwrap_or(&place.source);
            let start = source.position(related.span.start);
            let end = source.position(related.span.end);
            let mut location = location(path, start, end);
            if let Some(object) = location.as_object_mut() {
                object.insert("message".to_owned(), json!({ "text": plain(&related.label) }));
            }
            location
        })
        .collect();
    json!({
        "ruleId": diagnostic.rule,
        "ruleIndex": output.tool.rules.iter().position(|rule| rule.id == diagnostic.rule),
        "level": level(diagnostic.severity),
        "message": { "text": plain(&text) },
        "locations": [location(&diagnostic.path, place.start, place.end)],
        "relatedLocations": related,
        "partialFingerprints": { format!("{}/v1", output.tool.name): fingerprint(place, occurrence) },
    })
}

fn location(path: &str, start: Position, end: Position) -> Value {
    let uri = utf8_percent_encode(path, PATH).to_string();
    // A path that is outside of the root is not below it either.
    let artifact = match path.starts_with('/') {
        true => json!({ "uri": format!("file://{uri}") }),
        false => json!({ "uri": uri, "uriBaseId": "ROOT" }),
    };
    json!({
        "physicalLocation": {
            "artifactLocation": artifact,
            "region": {
                "startLine": start.line,
                "startColumn": start.column,
                "endLine": end.line,
                "endColumn": end.column,
            },
        },
    })
}

/// Text that is no link: `[text](place)` has a meaning in messages (section 3.11.6).
fn plain(text: &str) -> String {
    text.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
}

/// What says which finding it is when lines move.
fn identity<'d>(place: &Place<'d>) -> [&'d str; 3] {
    let diagnostic = place.diagnostic;
    [diagnostic.rule, &diagnostic.path, &diagnostic.message]
}

/// The same for the same finding when lines move.
fn fingerprint(place: &Place<'_>, occurrence: usize) -> String {
    let mut hasher = Sha256::new();
    for part in identity(place) {
        hasher.update(part);
        hasher.update([0]);
    }
    hasher.update(occurrence.to_string());
    hasher.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}
