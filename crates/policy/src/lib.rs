//! Decides who may do what, and whether a stage may start or end, and says why.
//!
//! A [`Policy`] is the process of a repository with its labels. [`Policy::decide`] takes a
//! [`Request`] (who asks, with what identity, for which operation, with which arguments,
//! in what context) and gives a [`Verdict`]: allow, needs approval, or deny, with a tree
//! of [reasons](Reason).
//!
//! ```
//! use countersign_policy::{Decision, Policy, Request};
//!
//! let policy = Policy::parse("countersign.yaml", "process: {owners: [octavia]}")?;
//! let request: Request = serde_json::from_str(r#"{
//!     "actor": {"kind": "agent", "login": "dev-agent", "role": "Dev", "verified": true},
//!     "operation": "github_request_label",
//!     "arguments": {"issue": 12, "label": "run:dev", "action": "add"}
//! }"#)?;
//! let verdict = policy.decide(&request);
//! let Decision::NeedsApproval(approval) = &verdict.decision else { panic!("{verdict:?}") };
//! assert_eq!(approval.by, ["octavia"]);
//! assert_eq!(verdict.reason.because[0].rule, "starting-labels");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! All of it is made of pure functions: no clock, no network. Time and identity are facts
//! of the request, and a fact that is not given never loosens a verdict. Text of requests
//! is hostile: it is escaped and cut where it is shown.
//!
//! # Features
//!
//! * `cli` (default): the `policy` program.

pub mod audit;
pub mod check;
#[cfg(feature = "cli")]
pub mod command;
pub mod decision;
pub mod digest;
pub mod fact;
pub mod gate;
pub mod invariant;
pub mod output;
mod policy;
pub mod rbac;
pub mod reason;
pub mod request;
pub mod show;
pub mod simulate;

pub use decision::{Decision, Verdict};
pub use policy::{LoadError, Policy};
pub use reason::{Judgement, Reason};
pub use request::Request;
