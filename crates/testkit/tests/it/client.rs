//! The smallest client that shows everything that comes back.

use std::time::Duration;

use countersign_testkit::FakeGitHub;
use serde_json::{Value, json};
use ureq::http;

pub(crate) struct Client {
    agent: ureq::Agent,
    base: String,
    token: String,
}

#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    headers: http::HeaderMap,
    pub(crate) text: String,
}

impl Response {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// What is under `key` in each item of a list.
    pub(crate) fn each(&self, key: &str) -> Vec<Value> {
        let list = self.json();
        list.as_array().unwrap().iter().map(|item| item[key].clone()).collect()
    }

    /// The address under `rel` in the `Link` header.
    pub(crate) fn link(&self, rel: &str) -> Option<String> {
        let wanted = format!("; rel=\"{rel}\"");
        let link = self.header("link")?;
        let part = link.split(", ").find_map(|part| part.strip_suffix(&wanted))?;
        Some(part.trim_matches(['<', '>']).to_owned())
    }
}

impl Client {
    pub(crate) fn new(github: &FakeGitHub, token: &str) -> Self {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(Duration::from_secs(20)))
            .user_agent("testkit")
            .build()
            .into();
        Self { agent, base: github.url(), token: token.to_owned() }
    }

    pub(crate) fn send(&self, method: &str, path: &str, body: Option<Value>) -> Response {
        self.try_send(method, path, &[], body).unwrap()
    }

    /// Sends a request; `path` may be a whole address.
    pub(crate) fn try_send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Value>,
    ) -> Result<Response, ureq::Error> {
        let address =
            if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.base) };
        let mut request = http::Request::builder().method(method).uri(address);
        if !self.token.is_empty() {
            request = request.header("authorization", format!("Bearer {}", self.token));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut response = match body {
            Some(body) => {
                let request = request.body(body.to_string()).unwrap();
                let run = self.agent.configure_request(request);
                self.agent.run(run.allow_non_standard_methods(true).build())?
            }
            None => self.agent.run(request.body(()).unwrap())?,
        };
        let text = response.body_mut().read_to_string()?;
        let status = response.status().as_u16();
        Ok(Response { status, headers: response.headers().clone(), text })
    }

    pub(crate) fn get(&self, path: &str) -> Response {
        self.send("GET", path, None)
    }

    pub(crate) fn post(&self, path: &str, body: Value) -> Response {
        self.send("POST", path, Some(body))
    }

    pub(crate) fn patch(&self, path: &str, body: Value) -> Response {
        self.send("PATCH", path, Some(body))
    }

    pub(crate) fn put(&self, path: &str, body: Value) -> Response {
        self.send("PUT", path, Some(body))
    }

    pub(crate) fn delete(&self, path: &str) -> Response {
        self.send("DELETE", path, None)
    }

    /// Makes a label and expects that it works.
    pub(crate) fn make_label(&self, repository: &str, name: &str) {
        let body = json!({ "name": name, "color": "ff0000" });
        assert_eq!(self.post(&format!("/repos/{repository}/labels"), body).status, 201);
    }
}
