//! The fake GitHub: state behind a lock, HTTP in front of it, faults in between.
//!
//! One module per concept. [`state`] is what GitHub would hold, [`api`] the operations on it,
//! [`render`] the shape of its replies, [`route`] which request means which operation and what
//! it asks of a token, [`fault`] what goes wrong, [`server`] the bytes.

mod api;
mod clock;
mod event;
mod fake;
mod fault;
mod grant;
mod page;
mod record;
mod render;
mod reply;
mod repository;
mod route;
mod server;
mod service;
mod state;
mod tree;

pub use event::Event;
pub use fake::FakeGitHub;
pub use fault::{Fault, FaultPlan, FaultRule, Moment};
pub use grant::{Access, Grant, Role};
pub use record::Recorded;
pub use repository::RepositoryHandle;
pub(crate) use route::{path_params, query_pairs};
pub use service::Limit;
pub use state::{
    Account, AccountKind, Comment, Issue, Label, PullRequest, Repository, State, Variable,
    Visibility,
};
pub(crate) use tree::hex;
