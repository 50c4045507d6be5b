//! What was recorded: requests, and events of GitHub.

use serde_json::Value;

use super::request_of_event;
use crate::request::Request;

/// Something that was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The file, and the place in it where it holds several.
    pub name: String,
    /// What was asked for; `None` for an event that asks for nothing.
    pub request: Option<Request>,
}

/// A file that holds no records.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name}: {message}; {help}")]
pub struct RecordError {
    /// The file, and the place in it.
    pub name: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: &'static str,
}

/// The records in a file: one request or event, a list of them, or one on each line.
///
/// # Errors
///
/// [`RecordError`] for the first thing that is neither.
pub fn records(name: &str, text: &str) -> Result<Vec<Recorded>, RecordError> {
    let mut values = Vec::new();
    for value in serde_json::Deserializer::from_str(text).into_iter::<Value>() {
        let value = value.map_err(|error| RecordError {
            name: format!("{name}:{}:{}", error.line(), error.column()),
            message: error.to_string().split(" at line ").next().unwrap_or_default().to_owned(),
            help: "write JSON, or JSON Lines",
        })?;
        match value {
            Value::Array(items) => values.extend(items),
            one => values.push(one),
        }
    }
    let several = values.len() > 1;
    let record = |(at, value): (usize, Value)| {
        let name = if several { format!("{name}#{}", at + 1) } else { name.to_owned() };
        // A request says who; an event has a sender instead.
        let request = if value.get("actor").is_some() {
            let request = serde_json::from_value(value).map_err(|error| RecordError {
                name: name.clone(),
                message: error.to_string(),
                help: "a request is {\"actor\": {…}, \"operation\": \"…\", \"arguments\": {…}}",
            });
            Some(request?)
        } else if value.get("sender").is_some() || value.get("repository").is_some() {
            request_of_event(&value)
        } else {
            return Err(RecordError {
                name,
                message: "it is neither a request nor an event of GitHub".to_owned(),
                help: "a request has an `actor`, an event a `sender`",
            });
        };
        Ok(Recorded { name, request })
    };
    values.into_iter().enumerate().map(record).collect()
}
