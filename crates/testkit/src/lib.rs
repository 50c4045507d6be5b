//! What the tests of Countersign run against. Development only: this crate is never published.
//!
//! - [`FakeGitHub`] is a stateful stand-in for GitHub's REST API on loopback. It keeps
//!   repositories, labels, variables, issues, pull requests, comments, permissions and files,
//!   answers as GitHub answers, records every request, and fails where a test wants it to.
//! - [`openapi`] holds what the fake and its clients say to each other against the description
//!   that GitHub publishes of its API, so that the fake cannot drift from the real thing.
//! - `onnxruntime` (feature `onnxruntime`) is the library that embedding models run in.
//! - `Postgres` (feature `postgres`) is a real PostgreSQL with pgvector, started for the tests.
//! - [`GitServer`] serves bare repositories over HTTP, for runners that fetch actions with git.
//!
//! ```
//! use countersign_testkit::{Access, Fault, FakeGitHub, Grant};
//!
//! # fn main() -> std::io::Result<()> {
//! let github = FakeGitHub::start_blocking()?;
//! github.token("owner-token", Grant::owner("olga"));
//! github.token("job-token", Grant::workflow("acme/product").allow("issues", Access::Write));
//!
//! let product = github.repository("acme/product");
//! product.label("run:intake", "1d76db", Some("Starts the intake"));
//! let issue = product.issue("A new product", &["run:intake"]);
//!
//! // The next request is refused, whatever it is; the third deletion of a label works but
//! // its reply is lost.
//! github.fail_next(Fault::RateLimit { reset: std::time::Duration::from_secs(1) });
//! github.fail_next(Fault::BadGateway.after().on("DELETE", "/repos/*/*/labels/*").nth(3));
//!
//! // ... point the client at `github.url()`, then look at what happened. Tests end with
//! // `assert_eq!(github.violations()?, [])`: nobody said what GitHub does not describe.
//! assert_eq!(product.labels_of(issue), ["run:intake"]);
//! assert!(github.requests().is_empty());
//! assert!(github.events().is_empty());
//! # Ok(())
//! # }
//! ```
//!
//! Where it is stricter than GitHub: a request without a token is refused even where GitHub would
//! answer anybody. What it leaves out: GraphQL, reviews, checks, merging, forks, milestones, teams,
//! and the limits on how fast content may be created (inject [`Fault::SecondaryRateLimit`]).
//!
//! The fake runs on a thread of its own, so a test may block (a child process, a synchronous
//! client) as well as await.

mod build_directory;
mod git_server;
mod github;
#[cfg(feature = "onnxruntime")]
mod onnxruntime;
pub mod openapi;
#[cfg(feature = "postgres")]
mod postgres;

pub use git_server::{GitRequest, GitServer};
pub use github::{
    Access, Account, AccountKind, Comment, Event, FakeGitHub, Fault, FaultPlan, FaultRule, Grant,
    Issue, Label, Limit, Moment, PullRequest, Recorded, Repository, RepositoryHandle, Role, State,
    Variable, Visibility,
};
#[cfg(feature = "onnxruntime")]
pub use onnxruntime::{OnnxRuntimeError, onnxruntime};
#[cfg(feature = "postgres")]
pub use postgres::{Database, Postgres, PostgresError};
