//! One request and its answer, whole and within its limits, through octocrab.

use std::error::Error as _;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, IF_NONE_MATCH, USER_AGENT};
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use octocrab::{OctoBody, Octocrab};

use crate::error::Outcome;
use crate::shown::shown;

/// The version of the API this client is written for:
/// <https://docs.github.com/en/rest/about-the-rest-api/api-versions>.
const API_VERSION: &str = "2022-11-28";

/// GitHub refuses requests without one:
/// <https://docs.github.com/en/rest/using-the-rest-api/getting-started-with-the-rest-api#user-agent>.
const AGENT: &str = concat!("countersign/", env!("CARGO_PKG_VERSION"));

/// What every exchange of a client shares.
pub(crate) struct Exchange {
    pub(crate) crab: Octocrab,
    /// `Bearer …`, marked as sensitive.
    pub(crate) authorization: Option<HeaderValue>,
    /// From the first byte sent to the last byte read.
    pub(crate) timeout: Duration,
    /// The longest body that is read, in bytes.
    pub(crate) longest_body: usize,
}

/// An answer with its whole body.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The network, or time.
    Lost { reason: String, outcome: Outcome },
    /// The answer is longer than any that GitHub gives.
    TooLong,
    /// The request cannot be written down (an address that is too long).
    Malformed(String),
}

impl Exchange {
    /// Sends it once. `address` must belong to the API: the token goes there.
    pub(crate) async fn once(
        &self,
        method: &Method,
        address: &str,
        body: Option<&Bytes>,
        etag: Option<&HeaderValue>,
    ) -> Result<Answer, Fault> {
        let request = self.request(method, address, body, etag)?;
        match tokio::time::timeout(self.timeout, self.answer(request)).await {
            Ok(answer) => answer,
            Err(_) => Err(Fault::Lost {
                reason: format!("no answer within {} seconds", self.timeout.as_secs_f32()),
                outcome: Outcome::Unknown,
            }),
        }
    }

    fn request(
        &self,
        method: &Method,
        address: &str,
        body: Option<&Bytes>,
        etag: Option<&HeaderValue>,
    ) -> Result<Request<OctoBody>, Fault> {
        let mut builder = Request::builder()
            .method(method)
            .uri(address)
            .header(ACCEPT, "application/vnd.github+json")
            .header("x-github-api-version", API_VERSION)
            .header(USER_AGENT, AGENT);
        // Not by way of octocrab, which does not mark it as sensitive: a log of headers would
        // show it.
        if let Some(authorization) = &self.authorization {
            builder = builder.header(AUTHORIZATION, authorization);
        }
        if let Some(etag) = etag {
            builder = builder.header(IF_NONE_MATCH, etag);
        }
        let body = match body {
            Some(body) => {
                builder = builder.header(CONTENT_TYPE, "application/json");
                OctoBody::from(body.clone())
            }
            None => OctoBody::empty(),
        };
        builder.body(body).map_err(|error| Fault::Malformed(error.to_string()))
    }

    async fn answer(&self, request: Request<OctoBody>) -> Result<Answer, Fault> {
        let response = self.crab.execute(request).await.map_err(|error| lost(&error))?;
        let (parts, body) = response.into_parts();
        let body = match Limited::new(body, self.longest_body).collect().await {
            Ok(body) => body.to_bytes(),
            Err(error) if error.is::<LengthLimitError>() => return Err(Fault::TooLong),
            Err(error) => {
                return Err(Fault::Lost {
                    reason: format!("the answer broke off: {}", causes(&*error)),
                    outcome: Outcome::Unknown,
                });
            }
        };
        Ok(Answer { status: parts.status, headers: parts.headers, body })
    }
}

/// No answer at all. Whether anything was sent is for the connection to know.
fn lost(error: &octocrab::Error) -> Fault {
    let mut cause = error.source();
    while let Some(one) = cause {
        if let Some(client) = one.downcast_ref::<hyper_util::client::legacy::Error>() {
            let (reason, outcome) = if client.is_connect() {
                (format!("cannot connect: {}", deepest(client)), Outcome::NothingDone)
            } else {
                (format!("the connection broke: {}", deepest(client)), Outcome::Unknown)
            };
            return Fault::Lost { reason, outcome };
        }
        cause = one.source();
    }
    Fault::Lost { reason: causes(error), outcome: Outcome::Unknown }
}

/// The causes of an error that say something of their own, outermost first.
fn causes(error: &(dyn std::error::Error + 'static)) -> String {
    let mut said: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(one) = next {
        let text = shown(&one.to_string(), 200);
        if !text.is_empty() && !said.iter().any(|earlier| earlier.contains(&text)) {
            said.push(text);
        }
        next = one.source();
    }
    said.join(": ")
}

/// What lies below an error, without its own words ("client error (Connect)" says nothing).
fn deepest(error: &(dyn std::error::Error + 'static)) -> String {
    match error.source() {
        Some(source) => causes(source),
        None => causes(error),
    }
}
