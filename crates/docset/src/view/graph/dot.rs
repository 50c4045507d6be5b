//! The graph for Graphviz.

use std::fmt::Write as _;

use super::{Graph, Node, Tie};

/// The graph in the DOT language.
#[must_use]
pub fn dot(graph: &Graph<'_>) -> String {
    let mut text = String::from("digraph docset {\n  rankdir=LR;\n  node [shape=box];\n");
    // Writing to a string cannot fail.
    for (name, label, node) in graph.nodes() {
        let shape = match node {
            Node::Document(_) => "",
            Node::Subject(_) => ", shape=ellipse",
        };
        let _ = writeln!(text, "  {name} [label={}{shape}];", quoted(&label));
    }
    let names = graph.names();
    for (from, to, tie) in &graph.edges {
        let (Some(from), Some(to)) = (names.get(from), names.get(to)) else { continue };
        let _ = match tie {
            Tie::About => writeln!(text, "  {from} -> {to} [dir=none];"),
            Tie::Supersedes => {
                writeln!(text, "  {from} -> {to} [label=\"supersedes\", style=bold];")
            }
            Tie::References(key) => {
                writeln!(text, "  {from} -> {to} [label={}, style=dashed];", quoted(key))
            }
        };
    }
    text.push_str("}\n");
    text
}

/// A quoted string. Doubling the backslash also takes the meaning from `\N`, `\G`, ….
fn quoted(label: &str) -> String {
    format!("\"{}\"", label.replace('\\', "\\\\").replace('"', "\\\"").replace('&', "&amp;"))
}
