//! What went over the wire, kept for counting and for checking.

use serde_json::Value;

use super::fault::{Fault, Moment, path_fits};

/// A request and what became of it.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// In upper case.
    pub method: String,
    /// As sent, percent-encoded, without the query.
    pub path: String,
    /// What followed the question mark, as sent; empty without one.
    pub query: String,
    /// Names in lower case. `authorization` and `cookie` are left out.
    pub headers: Vec<(String, String)>,
    /// The body, if it was JSON.
    pub body: Option<Value>,
    /// Login of whoever the token stands for; `None` if the token was missing or unknown.
    pub actor: Option<String>,
    /// The operation, as in GitHub's description: `DELETE /repos/{owner}/{repo}/labels/{name}`.
    /// `None` if the fake has no such operation.
    pub operation: Option<String>,
    /// The status that the client saw; `None` if the connection went away before.
    pub status: Option<u16>,
    /// Headers of the reply, names in lower case.
    pub reply_headers: Vec<(String, String)>,
    /// The body of the reply, if it was whole and JSON.
    pub reply: Option<Value>,
    /// The fault that this exchange met, and when.
    pub fault: Option<(Fault, Moment)>,
    pub(crate) has_body: bool,
}

impl Recorded {
    /// A header of the request by its name in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether this is a request with the method for a path that the pattern fits; `*` stands
    /// for one segment, and `**` at the end for any number.
    #[must_use]
    pub fn is(&self, method: &str, pattern: &str) -> bool {
        self.method == method && path_fits(pattern, &self.path)
    }
}
