//! YAML with a byte span on every key and value.
//!
//! One dialect serves front matter, the configuration and the catalogue: YAML 1.2
//! as [`granit_parser`] reads it, without tags, with these decisions:
//!
//! * A scalar stays the text that the writer typed. `no`, `on` and `2026-02-06`
//!   are strings; who wants a number or a boolean asks for one with
//!   [`Node::as_integer`] or [`Node::as_bool`] (`true` and `false` only).
//! * Duplicate keys are kept and left to the caller, who can point at both.
//! * An alias points at its anchor instead of copying it, so that memory stays
//!   linear; the size that copying *would* give is counted against [`Budget`],
//!   which stops "billion laughs" documents.
//! * Spans are those that a reader would point at, see `extent`: an empty value
//!   stands behind its colon, a list begins at its first dash.
//!
//! Two parsers share the work: `simple` reads the plain YAML that nearly all
//! documents hold, `parse` anything; they never disagree.

mod decode;
mod extent;
mod node;
mod parse;
mod scalar;
mod simple;
#[cfg(test)]
mod tests;

pub use decode::{DecodeError, from_node};
pub use node::{Entry, Node, NodeId, NodeKind, Yaml};
pub use parse::{Budget, YamlError, YamlErrorKind, parse};
pub use scalar::scalar;
pub use scalar::{double_quoted, is_word, needs_escape};
#[doc(hidden)]
pub use {parse::parse_reference, simple::parse_simple};
