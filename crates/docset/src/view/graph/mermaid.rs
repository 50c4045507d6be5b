//! The graph for Mermaid, which GitHub draws in Markdown.

use std::fmt::Write as _;

use super::{Graph, Node, Tie};

/// The graph as a Mermaid flowchart.
#[must_use]
pub fn mermaid(graph: &Graph<'_>) -> String {
    let mut text = String::from("flowchart LR\n");
    // Writing to a string cannot fail.
    for (name, label, node) in graph.nodes() {
        let (open, close) = match node {
            Node::Document(_) => ("[\"", "\"]"),
            Node::Subject(_) => ("([\"", "\"])"),
        };
        let _ = writeln!(text, "  {name}{open}{}{close}", escape(&label));
    }
    let names = graph.names();
    for (from, to, tie) in &graph.edges {
        let (Some(from), Some(to)) = (names.get(from), names.get(to)) else { continue };
        let _ = match tie {
            Tie::About => writeln!(text, "  {from} --- {to}"),
            Tie::Supersedes => writeln!(text, "  {from} ==>|supersedes| {to}"),
            Tie::References(key) => writeln!(text, "  {from} -.->|\"{}\"| {to}", escape(key)),
        };
    }
    text
}

/// Everything that is not a letter, a digit or harmless becomes an entity: labels are
/// read for Markdown, HTML, directives (`%%{…}`) and the ends of shapes.
fn escape(label: &str) -> String {
    let mut escaped = String::new();
    for char in label.chars() {
        if char.is_alphanumeric() || " -.,:/".contains(char) {
            escaped.push(char);
        } else {
            let _ = write!(escaped, "#{};", u32::from(char));
        }
    }
    escaped
}
