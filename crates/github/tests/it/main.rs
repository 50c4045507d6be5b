//! The client against servers: the stateful fake where GitHub's behaviour matters, a server
//! that says exactly these bytes where the wire does.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper that fails fails its test")]

mod clock;
mod fake;
mod wire;

mod access;
mod bounds;
mod described;
mod issues;
mod labels;
mod limits;
mod one_server;
mod retries;
mod variables;
