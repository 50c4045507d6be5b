//! The definition for people to read: tables and a graph.

mod graph;
mod roles;
mod rules;
mod stages;
mod table;

pub use graph::graph;
pub use roles::roles;
pub use rules::rules;
pub use stages::stages;
pub use table::Table;
