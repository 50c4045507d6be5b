//! The fake GitHub, looked at over HTTP as its users look at it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper that fails fails its test")]

mod client;
mod comments;
mod contents;
mod faults;
mod git_server;
mod issues;
mod labels;
mod openapi;
#[cfg(feature = "postgres")]
mod postgres;
mod protocol;
mod pulls;
mod reactions;
mod repositories;
mod tokens;
mod variables;

use countersign_testkit::{FakeGitHub, Grant};

use client::Client;

/// A fake with an owner's token, and a client that holds it.
fn owner() -> (FakeGitHub, Client) {
    let github = FakeGitHub::start_blocking().unwrap();
    github.token("owner-token", Grant::owner("olga"));
    let client = Client::new(&github, "owner-token");
    (github, client)
}
