//! The graph as a picture: issues and pull requests on the left, documents on the right.

use std::collections::{BTreeMap, BTreeSet};

use super::html::{class, escape};
use crate::view::graph::{Graph, Node, Tie};
use crate::view::link::destination;

/// A picture with more documents than this says nothing to anybody.
const DOCUMENTS: usize = 400;
const EDGES: usize = 4 * DOCUMENTS;

/// Distance of two rows.
const ROW: usize = 22;
/// Where the dots of issues and of documents are.
const LEFT: usize = 90;
const RIGHT: usize = 340;
/// From a dot to its label.
const GAP: usize = 10;
/// The width of a character, on the safe side.
const CHARACTER: usize = 8;
/// Longer labels are cut.
const LABEL: usize = 70;

/// The graph as SVG, without documents that nothing ties to anything.
pub(super) fn svg(graph: &Graph<'_>, path: &str) -> String {
    if graph.edges.is_empty() {
        return "<p>Nothing is tied to anything.</p>\n".to_owned();
    }
    if graph.edges.len() > EDGES || graph.documents.len() > DOCUMENTS {
        return "<p>There are too many documents for a picture. <code>docset graph</code> writes \
                the graph for other programs.</p>\n"
            .to_owned();
    }
    let rows = rows(graph);
    let labels: Vec<(String, Node<'_>)> =
        graph.nodes().map(|(_, label, node)| (label.chars().take(LABEL).collect(), node)).collect();
    let longest = labels.iter().map(|(label, _)| label.chars().count()).max().unwrap_or(0);
    let width = RIGHT + GAP + longest * CHARACTER;
    let height = (rows.values().max().copied().unwrap_or(0) + 1) * ROW;
    let mut text = String::from(LEGEND);
    text.push_str(&format!(
        "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-labelledby=\"graph-title\">\n\
         <svg width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         aria-labelledby=\"graph-title\">\n"
    ));
    let y = |node: &Node<'_>| rows.get(node).map(|row| row * ROW);
    for (from, to, tie) in &graph.edges {
        if let (Some(from_y), Some(to_y)) = (y(from), y(to)) {
            text.push_str(&edge(from_y, to_y, *tie));
        }
    }
    for (label, node) in &labels {
        if let Some(y) = y(node) {
            text.push_str(&dot(graph, path, *node, label, y));
        }
    }
    text.push_str("</svg>\n</div>\n");
    text
}

const LEGEND: &str = "<ul class=\"legend\">\
     <li><svg width=\"32\" height=\"10\" aria-hidden=\"true\"><path d=\"M0 5H32\"/></svg>\
     a document of the issue or PR</li>\
     <li><svg width=\"32\" height=\"10\" aria-hidden=\"true\"><path class=\"supersedes\" \
     d=\"M0 5H32\"/></svg>supersedes</li>\
     <li><svg width=\"32\" height=\"10\" aria-hidden=\"true\"><path class=\"refers\" \
     d=\"M0 5H32\"/></svg>refers to</li></ul>\n";

/// The row of every node that is drawn, from 1. The shorter side is spread over the
/// height of the longer one.
fn rows<'g>(graph: &'g Graph<'_>) -> BTreeMap<Node<'g>, usize> {
    let tied: BTreeSet<Node<'_>> =
        graph.edges.iter().flat_map(|(from, to, _)| [*from, *to]).collect();
    let documents = graph.documents.keys().map(|path| Node::Document(path));
    let documents: Vec<Node<'_>> = documents.filter(|node| tied.contains(node)).collect();
    let subjects: Vec<Node<'_>> =
        graph.subjects.iter().map(|subject| Node::Subject(*subject)).collect();
    let height = documents.len().max(subjects.len());
    let mut rows = BTreeMap::new();
    for side in [documents, subjects] {
        let number = side.len().max(1);
        for (at, node) in side.into_iter().enumerate() {
            // In the middle of its share.
            rows.insert(node, 1 + (2 * at + 1) * height / (2 * number));
        }
    }
    rows
}

fn edge(from: usize, to: usize, tie: Tie<'_>) -> String {
    let word = escape(tie.as_str());
    // Ties between documents bend to the left of their column, the further the longer.
    let bend = RIGHT - (30 + from.abs_diff(to) / 4).min(RIGHT - LEFT - 60);
    match tie {
        Tie::About => {
            let middle = LEFT.midpoint(RIGHT);
            format!("<path d=\"M{LEFT} {to}C{middle} {to} {middle} {from} {RIGHT} {from}\"/>\n")
        }
        Tie::Supersedes | Tie::References(_) => {
            let class = if tie == Tie::Supersedes { "supersedes" } else { "refers" };
            format!(
                "<path class=\"{class}\" d=\"M{RIGHT} {from}C{bend} {from} {bend} {to} {RIGHT} {to}\">\
                 <title>{word}</title></path>\n"
            )
        }
    }
}

fn dot(graph: &Graph<'_>, path: &str, node: Node<'_>, label: &str, y: usize) -> String {
    let label = escape(label);
    match node {
        Node::Subject(_) => format!(
            "<circle cx=\"{LEFT}\" cy=\"{y}\" r=\"4\"/><text x=\"{}\" y=\"{}\" \
             text-anchor=\"end\">{label}</text>\n",
            LEFT - GAP,
            y + 4
        ),
        Node::Document(document) => {
            let record = graph.documents.get(document);
            let class = record.map_or_else(String::new, |record| class(record.standing()));
            let address = escape(&destination(path, document));
            format!(
                "<circle class=\"{class}\" cx=\"{RIGHT}\" cy=\"{y}\" r=\"4\"/><a href=\"{address}\">\
                 <text x=\"{}\" y=\"{}\">{label}</text></a>\n",
                RIGHT + GAP,
                y + 4
            )
        }
    }
}
