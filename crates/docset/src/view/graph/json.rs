//! The graph for programs.

use serde_json::{Value, json};

use super::{Graph, Node};
use crate::record::Subject;

/// The graph as JSON: `nodes`, each with an `id`, and `edges` between such ids.
#[must_use]
pub fn json(graph: &Graph<'_>) -> String {
    let documents = graph.documents.values().map(|record| {
        json!({
            "id": id(Node::Document(&record.path)),
            "kind": "document",
            "doc_id": record.id,
            "path": &*record.path,
            "type": record.kind,
            "title": record.title,
            "status": record.status,
        })
    });
    let subjects = graph.subjects.iter().map(|subject| {
        let (kind, number) = match subject {
            Subject::Issue(number) => ("issue", number),
            Subject::PullRequest(number) => ("pr", number),
        };
        json!({ "id": id(Node::Subject(*subject)), "kind": kind, "number": number })
    });
    let nodes: Vec<Value> = documents.chain(subjects).collect();
    let edges: Vec<Value> = graph
        .edges
        .iter()
        .map(|(from, to, tie)| json!({ "from": id(*from), "to": id(*to), "kind": tie.as_str() }))
        .collect();
    // Values made of text and numbers are always JSON.
    let text = format!("{:#}", json!({ "nodes": nodes, "edges": edges }));
    text + "\n"
}

fn id(node: Node<'_>) -> String {
    match node {
        Node::Document(path) => format!("document:{path}"),
        Node::Subject(Subject::Issue(number)) => format!("issue:{number}"),
        Node::Subject(Subject::PullRequest(number)) => format!("pr:{number}"),
    }
}
