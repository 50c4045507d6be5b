//! Pages made of what all documents say of themselves: the map of issues, the
//! index, the graph, the report.
//!
//! Each is a pure function from [`Records`](crate::record::Records) to text. Equal
//! records give equal bytes; one thing takes one line, so that two branches that add
//! different things merge.

pub mod graph;
mod index;
mod issue_map;
mod link;
mod page;
mod relations;
mod report;

pub use graph::Graph;
pub use index::{INDEX, index};
pub use issue_map::{ISSUE_MAP, issue_map};
pub(crate) use link::{markdown, markdown_link, one_line};
pub(crate) use page::Part;
pub use page::{Page, PageError};
pub use relations::{Relations, is_about};
pub use report::{REPORT, REPORT_BEGINNING, report};
