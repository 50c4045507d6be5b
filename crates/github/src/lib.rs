//! A careful client of GitHub's REST API, on [octocrab](https://docs.rs/octocrab).
//!
//! octocrab gives connections, TLS and request bodies; this crate adds what a program needs
//! that changes many things in other people's repositories and must neither lose nor double
//! one:
//!
//! * **Limits.** Primary and secondary rate limits are waited for, visibly
//!   ([`Event::Waiting`]), up to a bound; then [`GitHubError::RateLimited`] says until when.
//! * **Retries only where safe.** Reads, deletions and changes that set a state are repeated
//!   with backoff and full jitter. A creation is repeated only when nothing can have happened,
//!   or after a look at what did.
//! * **Conditional requests.** What was read before is asked for by its `ETag`; a 304 costs
//!   nothing ([`GitHub::usage`]).
//! * **One server.** The token goes to the address of the API and nowhere else, whatever a
//!   redirection or a link to a next page says; never in clear text over a network; and it is
//!   never shown.
//! * **Bounds.** Time to connect, time of a request, size of an answer, length of a list,
//!   requests in flight: everything has an end.
//! * **Errors that help.** Each names what was being done, what the token lacks where GitHub
//!   says it, and what to do ([`GitHubError::help`]).
//!
//! It knows GitHub's things alone: labels, issues, comments, variables, permissions,
//! repositories, organisations. What they mean to a process is decided elsewhere.

mod account;
mod api_url;
mod client;
mod clock;
mod comment;
mod error;
mod event;
mod issue;
mod label;
mod name;
mod organisation;
mod pagination;
mod path;
mod permission;
mod rate_limit;
mod repository;
mod resolve;
mod shown;
mod token;
mod transport;
mod variable;
mod viewer;

pub use account::{Account, AccountKind, App};
pub use api_url::DEFAULT_API_URL;
pub use client::{GitHub, GitHubBuilder, Usage};
pub use clock::{Clock, SystemClock};
pub use comment::{Comment, LONGEST_COMMENT};
pub use error::{FieldError, GitHubError, Needs, Outcome};
pub use event::{Event, WaitReason};
pub use issue::{Issue, IssueRef, IssueState};
pub use label::{Label, LabelChange, same_name};
pub use name::{NameError, OrganisationName, RepositoryName};
pub use organisation::Organisation;
pub use permission::Permission;
pub use rate_limit::Limit;
pub use repository::{Repository, RepositoryInfo};
pub use token::{Place, Token, TokenError, TokenKind};
pub use variable::{Variable, Visibility};
