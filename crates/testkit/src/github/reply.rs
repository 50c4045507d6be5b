//! Replies of the API, and the ways in which it refuses.

use serde_json::{Value, json};

/// Status, headers and body of a reply.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Body,
}

#[derive(Debug, Clone)]
pub(crate) enum Body {
    /// None, as with 204 and 304.
    Empty,
    Json(Value),
    /// What proxies in front of the API answer.
    Html(String),
    /// Something that is said to be JSON.
    Raw(Vec<u8>),
}

/// What an operation comes to. Both sides are replies; the second one changed nothing.
pub(crate) type Answer = Result<Reply, Reply>;

impl Reply {
    fn new(status: u16, body: Body) -> Self {
        Self { status, headers: Vec::new(), body }
    }

    pub(crate) fn ok(value: Value) -> Self {
        Self::new(200, Body::Json(value))
    }

    /// 201 with the address of what was made.
    pub(crate) fn created(value: Value) -> Self {
        let location = value["url"].as_str().map(ToOwned::to_owned);
        let mut reply = Self::new(201, Body::Json(value));
        reply.headers.extend(location.map(|url| ("location", url)));
        reply
    }

    pub(crate) fn no_content() -> Self {
        Self::new(204, Body::Empty)
    }

    pub(crate) fn not_modified() -> Self {
        Self::new(304, Body::Empty)
    }

    pub(crate) fn html(status: u16, text: &str) -> Self {
        Self::new(status, Body::Html(text.to_owned()))
    }

    pub(crate) fn raw(status: u16, bytes: &[u8]) -> Self {
        Self::new(status, Body::Raw(bytes.to_vec()))
    }

    /// An error with nothing but a message. `documentation_url` is filled in later, by whoever
    /// knows the operation.
    pub(crate) fn error(status: u16, message: &str) -> Self {
        Self::new(status, Body::Json(json!({ "message": message, "status": status.to_string() })))
    }

    pub(crate) fn not_found() -> Self {
        Self::error(404, "Not Found")
    }

    /// 422 because a field is not as it should be. `code` is one of GitHub's: `missing`,
    /// `missing_field`, `invalid`, `already_exists`, `unprocessable`, `custom`; the last two
    /// come with a message.
    ///
    /// <https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api#validation-failed>
    pub(crate) fn invalid(resource: &str, field: &str, code: &str, message: Option<&str>) -> Self {
        let mut error = json!({ "resource": resource, "code": code, "field": field });
        if let Some(message) = message {
            error["message"] = message.into();
        }
        let mut reply = Self::error(422, "Validation Failed");
        if let Body::Json(body) = &mut reply.body {
            body["errors"] = json!([error]);
        }
        reply
    }

    /// 422 because the body does not fit the operation at all.
    pub(crate) fn malformed(what: &str) -> Self {
        Self::error(422, &format!("Invalid request.\n\n{what}"))
    }

    pub(crate) fn missing(field: &str) -> Self {
        Self::malformed(&format!("\"{field}\" wasn't supplied."))
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The bytes to send, and their type.
    pub(crate) fn bytes(&self) -> (Vec<u8>, Option<&'static str>) {
        match &self.body {
            Body::Empty => (Vec::new(), None),
            Body::Json(value) => (value.to_string().into_bytes(), Some(JSON)),
            Body::Html(text) => (text.clone().into_bytes(), Some("text/html; charset=utf-8")),
            Body::Raw(bytes) => (bytes.clone(), Some(JSON)),
        }
    }
}

const JSON: &str = "application/json; charset=utf-8";
