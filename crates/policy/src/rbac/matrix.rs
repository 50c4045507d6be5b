//! The matrix of specification §12.2: what each role may touch.

use std::collections::BTreeMap;

use countersign_process::{Access, Process};

/// What each role may touch, by the role's name. People have no row.
pub type Matrix = BTreeMap<String, Access>;

/// The matrix of a process.
#[must_use]
pub fn matrix(process: &Process) -> Matrix {
    let rows = process.roles.iter();
    rows.filter_map(|(name, role)| Some((name.clone(), role.access.clone()?))).collect()
}
