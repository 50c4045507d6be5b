//! Holds exchanges against the description.

use std::fmt;

use serde_json::{Value, json};

use super::description::{Compiled, Description, Operation, Parameter};
use crate::github::{Fault, Recorded, path_params, query_pairs};

/// In characters: what a schema finds to say can be long.
const LONGEST: usize = 400;

/// Something in an exchange that GitHub's description does not allow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Which exchange, counted from 0 in the order of the requests.
    pub exchange: usize,
    /// Method and path, as sent.
    pub request: String,
    /// Where in the exchange.
    pub place: Place,
    /// What is wrong, in one line.
    pub message: String,
}

/// A part of an exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// There is no such operation, or the fake does not have it.
    Operation,
    /// A parameter in the path.
    Path,
    /// A parameter after the question mark.
    Query,
    /// The body of the request.
    RequestBody,
    /// The status of the reply.
    Status,
    /// The body of the reply.
    ReplyBody,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = match self.place {
            Place::Operation => "operation",
            Place::Path => "path",
            Place::Query => "query",
            Place::RequestBody => "body",
            Place::Status => "status of the reply",
            Place::ReplyBody => "reply",
        };
        write!(f, "#{} {}: {place}: {}", self.exchange, self.request, self.message)
    }
}

impl Description {
    /// What of these exchanges does not fit.
    ///
    /// A request that was refused is not looked at, for the fake and the description agree on
    /// it. Replies that a fault replaced are not looked at either.
    #[must_use]
    pub fn check(&self, exchanges: &[Recorded]) -> Vec<Violation> {
        let mut violations = Vec::new();
        for (exchange, it) in exchanges.iter().enumerate() {
            let mut report = |place, message: String| {
                violations.push(Violation {
                    exchange,
                    request: format!("{} {}", it.method, it.path),
                    place,
                    message: message.chars().take(LONGEST).collect(),
                });
            };
            let Some(name) = &it.operation else {
                report(Place::Operation, "the fake has no such operation".to_owned());
                continue;
            };
            let Some(operation) = self.operation(name) else {
                report(Place::Operation, format!("GitHub does not describe {name}"));
                continue;
            };
            if it.fault.is_some() || it.status.is_some_and(|status| status < 400) {
                check_request(&operation, name, it, &mut report);
            }
            let github_s_own = match &it.fault {
                None => true,
                Some((fault, _)) => matches!(
                    fault,
                    Fault::Slow(_) | Fault::RateLimit { .. } | Fault::SecondaryRateLimit { .. }
                ),
            };
            if let Some(status) = it.status.filter(|_| github_s_own) {
                check_reply(&operation, status, it, &mut report);
            }
        }
        violations
    }
}

fn check_request(
    operation: &Operation,
    name: &str,
    it: &Recorded,
    report: &mut impl FnMut(Place, String),
) {
    let query = query_pairs(&it.query);
    for (name, value) in &query {
        match operation.parameters.iter().find(|known| known.in_query && known.name == *name) {
            None => report(Place::Query, format!("there is no parameter `{name}`")),
            Some(known) => parameter(known, value, Place::Query, report),
        }
    }
    let template = name.split_once(' ').map_or(name, |(_, template)| template);
    let path = path_params(template, &it.path);
    for known in &operation.parameters {
        let values = if known.in_query { &query } else { &path };
        match values.iter().find(|(name, _)| *name == known.name) {
            Some((_, value)) if !known.in_query => parameter(known, value, Place::Path, report),
            None if known.in_query && known.required => {
                report(Place::Query, format!("`{}` is missing", known.name));
            }
            _ => {}
        }
    }
    let Some(expected) = &operation.body else {
        if it.has_body {
            report(Place::RequestBody, "there should be none".to_owned());
        }
        return;
    };
    match &it.body {
        Some(body) => {
            if let (Some(keys), Some(fields)) = (&expected.keys, body.as_object()) {
                for name in fields.keys().filter(|name| !keys.contains(name)) {
                    report(Place::RequestBody, format!("there is no field `{name}`"));
                }
            }
            against(&expected.schema, body, Place::RequestBody, report);
        }
        None if it.has_body => report(Place::RequestBody, "it is not JSON".to_owned()),
        None if expected.required => report(Place::RequestBody, "it is missing".to_owned()),
        None => {}
    }
}

/// Texts become what the schema wants if they look like it.
fn parameter(known: &Parameter, text: &str, place: Place, report: &mut impl FnMut(Place, String)) {
    let value = match known.type_name.as_deref() {
        Some("integer" | "number") => text.parse::<i64>().map_or_else(|_| json!(text), Value::from),
        Some("boolean") => text.parse::<bool>().map_or_else(|_| json!(text), Value::from),
        Some("array") => text.split(',').map(Value::from).collect(),
        _ => json!(text),
    };
    let name = known.name.clone();
    let mut named = |place, message: String| report(place, format!("`{name}`: {message}"));
    against(&known.schema, &value, place, &mut named);
}

fn check_reply(
    operation: &Operation,
    status: u16,
    it: &Recorded,
    report: &mut impl FnMut(Place, String),
) {
    let schema = match operation.replies.get(&status) {
        Some(schema) => schema.as_ref(),
        // Conditional requests work everywhere; the description tells of them now and then.
        None if status == 304 && it.method == "GET" => None,
        // Every operation may refuse, with errors of one shape.
        None if status >= 400 => Some(&operation.error),
        None => {
            report(Place::Status, format!("{status} is not described"));
            return;
        }
    };
    match (&it.reply, schema) {
        (Some(body), Some(schema)) => {
            if status >= 400 && !body["message"].is_string() {
                report(Place::ReplyBody, "an error has a `message`".to_owned());
            }
            against(schema, body, Place::ReplyBody, report);
        }
        (Some(_), None) => report(Place::ReplyBody, format!("{status} has no body")),
        // Before the API there is a gate that speaks HTML to those without a user agent.
        (None, Some(_)) if status != 403 => {
            report(Place::ReplyBody, format!("{status} has a body, in JSON"));
        }
        (None, _) => {}
    }
}

fn against(schema: &Compiled, value: &Value, place: Place, report: &mut impl FnMut(Place, String)) {
    let schema = match schema {
        Ok(schema) => schema,
        Err(error) => return report(place, format!("the description cannot be used: {error}")),
    };
    for error in schema.iter_errors(value) {
        let at = error.instance_path().to_string();
        report(
            place.clone(),
            if at.is_empty() { error.to_string() } else { format!("{at}: {error}") },
        );
    }
}
