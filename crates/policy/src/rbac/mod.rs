//! What each role may touch in Kubernetes: the matrix of specification §12.2 as data,
//! and the objects that say it.
//!
//! Everything is granted in one namespace. An agent's own account never touches
//! secrets and never writes where people rely on what runs; what needs an approval is
//! bound to the account of the gateway, which lives in a namespace where agents may do
//! nothing.
//!
//! What this cannot say, and a cluster has to see to: whoever may start a pod in a
//! namespace may mount every secret and be every account of that namespace. So a slot
//! must hold neither.

mod access;
mod manifest;
mod matrix;
mod name;
mod network;
mod rule;
mod table;
mod yaml;

pub use access::allows;
pub use manifest::{RbacError, Target, account, accounts, manifests};
pub use matrix::{Matrix, matrix};
pub use name::{LONGEST, Name, NameError};
pub use rule::{Environment, Optional, Rule, gateway_rules, own_rules, usual_run_mode};
pub use table::table;
pub use yaml::stream;

/// The account of the gateway, in its own namespace.
fn gateway_account() -> Name {
    match "countersign-gateway".parse() {
        Ok(name) => name,
        Err(error) => unreachable!("{error}"),
    }
}
