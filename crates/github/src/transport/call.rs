//! A request as an operation wants it, and what comes of it.

use bytes::Bytes;
use http::{HeaderMap, Method};
use serde::Serialize;

use super::backoff::Repeat;
use crate::error::{GitHubError, Outcome};

/// A request, as an operation wants it.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    pub(super) method: Method,
    /// Path and query below the base, already encoded; or a whole address that belongs to the API.
    pub(super) path: String,
    pub(super) body: Option<Bytes>,
    pub(super) repeat: Repeat,
    /// For errors: "create the label `x` in `acme/product`".
    pub(super) doing: &'a str,
}

impl<'a> Call<'a> {
    pub(crate) fn get(path: String, doing: &'a str) -> Self {
        Self { method: Method::GET, path, body: None, repeat: Repeat::Safe, doing }
    }

    pub(crate) fn delete(path: String, doing: &'a str) -> Self {
        Self { method: Method::DELETE, path, body: None, repeat: Repeat::Safe, doing }
    }

    /// A request that may do something twice if it is sent twice.
    pub(crate) fn post<B: Serialize>(
        path: String,
        body: &B,
        doing: &'a str,
    ) -> Result<Self, GitHubError> {
        Self::with_body(Method::POST, path, body, Repeat::OnlyIfNothingDone, doing)
    }

    /// A POST that only asks, to a whole address.
    pub(crate) fn ask<B: Serialize>(
        address: String,
        body: &B,
        doing: &'a str,
    ) -> Result<Self, GitHubError> {
        Self::with_body(Method::POST, address, body, Repeat::Safe, doing)
    }

    /// Sets a state, whatever it was before.
    pub(crate) fn put<B: Serialize>(
        path: String,
        body: &B,
        doing: &'a str,
    ) -> Result<Self, GitHubError> {
        Self::with_body(Method::PUT, path, body, Repeat::Safe, doing)
    }

    /// Sets the named fields to these values, whatever they were before.
    pub(crate) fn patch<B: Serialize>(
        path: String,
        body: &B,
        doing: &'a str,
    ) -> Result<Self, GitHubError> {
        Self::with_body(Method::PATCH, path, body, Repeat::Safe, doing)
    }

    /// What is being done, for errors.
    pub(crate) fn doing(&self) -> &str {
        self.doing
    }

    fn with_body<B: Serialize>(
        method: Method,
        path: String,
        body: &B,
        repeat: Repeat,
        doing: &'a str,
    ) -> Result<Self, GitHubError> {
        let body = serde_json::to_vec(body).map_err(|error| GitHubError::Protocol {
            doing: doing.to_owned(),
            outcome: Outcome::NothingDone,
            what: format!("the values cannot be written as JSON: {error}"),
        })?;
        Ok(Self { method, path, body: Some(body.into()), repeat, doing })
    }
}

/// A good answer.
#[derive(Debug)]
pub(crate) struct Reply {
    /// Where it came from, after redirections.
    pub(super) address: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// An error, and whether an attempt before it, or itself, may have done what was asked.
#[derive(Debug)]
pub(crate) struct Failed {
    pub(crate) error: GitHubError,
    pub(crate) unsure: bool,
}

impl From<Failed> for GitHubError {
    fn from(failed: Failed) -> Self {
        failed.error
    }
}
