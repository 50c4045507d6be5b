//! The graph as a picture: issues and pull requests on the left, documents on the right.

use std::collections::BTreeMap;

use super::escape;
use crate::view::graph::{Graph, Node, Tie};

/// A picture with more lines than this says nothing to anybody.
const MOST: usize = 400;

const LINE: usize = 20;
const LEFT: usize = 90;
const RIGHT: usize = 320;

/// The graph as SVG, without documents that nothing ties to anything.
pub(super) fn svg(graph: &Graph<'_>) -> String {
    let is_tied =
        |node: Node<'_>| graph.edges.iter().any(|(from, to, _)| *from == node || *to == node);
    if graph.edges.is_empty() {
        return "<p>Nothing is tied to anything.</p>\n".to_owned();
    }
    if graph.edges.len() > 4 * MOST || graph.documents.len() > MOST {
        let hint = "The graph is too large for a picture; <code>docset graph</code> writes it.";
        return format!("<p>{hint}</p>\n");
    }
    let mut rows: BTreeMap<Node<'_>, usize> = BTreeMap::new();
    let documents = graph.documents.keys().map(|path| Node::Document(path));
    rows.extend(documents.filter(|node| is_tied(*node)).zip(1..));
    // The shorter side is spread over the height of the longer one.
    let height = rows.len().max(graph.subjects.len());
    for (at, subject) in graph.subjects.iter().enumerate() {
        let row = 1 + at * height / graph.subjects.len();
        rows.insert(Node::Subject(*subject), row);
    }
    let mut text = format!(
        "<div class=\"wide\"><svg role=\"img\" aria-label=\"Graph\" width=\"900\" height=\"{}\">\n",
        (height + 1) * LINE
    );
    let y = |node: &Node<'_>| rows.get(node).map(|row| row * LINE);
    for (from, to, tie) in &graph.edges {
        let (Some(from_y), Some(to_y)) = (y(from), y(to)) else { continue };
        text.push_str(&match tie {
            Tie::About => {
                let middle = LEFT.midpoint(RIGHT);
                format!(
                    "<path d=\"M{LEFT} {to_y}C{middle} {to_y} {middle} {from_y} {RIGHT} {from_y}\"/>\n"
                )
            }
            // Ties between documents bend to the left of their column.
            Tie::Supersedes | Tie::References(_) => {
                let bend = RIGHT - 60;
                let class = escape(tie.as_str());
                format!(
                    "<path class=\"{class}\" d=\"M{RIGHT} {from_y}C{bend} {from_y} {bend} {to_y} \
                     {RIGHT} {to_y}\"><title>{class}</title></path>\n"
                )
            }
        });
    }
    for (_, label, node) in graph.nodes() {
        let Some(y) = y(&node).map(|y| y + 4) else { continue };
        let label = escape(&label.chars().take(90).collect::<String>());
        text.push_str(&match node {
            Node::Subject(_) => {
                let x = LEFT - 6;
                format!("<text x=\"{x}\" y=\"{y}\" text-anchor=\"end\">{label}</text>\n")
            }
            Node::Document(_) => {
                let x = RIGHT + 6;
                format!("<text x=\"{x}\" y=\"{y}\">{label}</text>\n")
            }
        });
    }
    text.push_str("</svg></div>\n");
    text
}
