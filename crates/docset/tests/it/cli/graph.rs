//! `docset graph`.

use insta::assert_snapshot;

use super::harness::{Repo, altered, index};

fn tree() -> Repo {
    let hostile = r#""\"]; A --> B %%{init: {}}%% <script>\\N</script>\nend""#;
    let old = altered("IDX-0011", "title: Guide", &format!("title: {hostile}"));
    let new = "owner_role: KM\nrelated_issues: [12]\nrelated_prs: [5]\nsupersedes: IDX-0011\n\
               related_docsets: [docs/c.md, ../docs/c.md, IDX-9999]";
    Repo::new(&[
        ("docs/a.md", &old.replace("owner_role", "superseded_by: [IDX-0012]\nowner_role")),
        ("docs/b.md", &altered("IDX-0012", "owner_role: KM", new)),
        ("docs/c.md", &index("IDX-0013", "")),
    ])
}

#[test]
fn mermaid() {
    let repo = tree();
    assert_snapshot!(repo.docset(&["graph"]).outcome(), @r#"
    exit 0
    --- stdout
    flowchart LR
      d1["IDX-0011 #34;#93;#59; A --#62; B #37;#37;#123;init: #123;#125;#125;#37;#37; #60;script#62;#92;N#60;/script#62; end"]
      d2["IDX-0012 Guide"]
      d3["IDX-0013 Guide"]
      issue12(["Issue 12"])
      pr5(["PR 5"])
      d2 ==>|supersedes| d1
      d2 -.->|"related#95;docsets"| d3
      d2 --- issue12
      d2 --- pr5
    "#);
}

#[test]
fn dot() {
    let repo = tree();
    assert_snapshot!(repo.docset(&["graph", "--format", "dot"]).outcome(), @r#"
    exit 0
    --- stdout
    digraph docset {
      rankdir=LR;
      node [shape=box];
      d1 [label="IDX-0011 \"]; A --> B %%{init: {}}%% <script>\\N</script> end"];
      d2 [label="IDX-0012 Guide"];
      d3 [label="IDX-0013 Guide"];
      issue12 [label="Issue 12", shape=ellipse];
      pr5 [label="PR 5", shape=ellipse];
      d2 -> d1 [label="supersedes", style=bold];
      d2 -> d3 [label="related_docsets", style=dashed];
      d2 -> issue12 [dir=none];
      d2 -> pr5 [dir=none];
    }
    "#);
}

#[test]
fn json() {
    let repo = tree();
    assert_snapshot!(repo.docset(&["graph", "--format", "json"]).outcome(), @r#"
    exit 0
    --- stdout
    {
      "nodes": [
        {
          "id": "document:docs/a.md",
          "kind": "document",
          "doc_id": "IDX-0011",
          "path": "docs/a.md",
          "type": "index",
          "title": "\"]; A --> B %%{init: {}}%% <script>\\N</script>\nend",
          "status": "draft"
        },
        {
          "id": "document:docs/b.md",
          "kind": "document",
          "doc_id": "IDX-0012",
          "path": "docs/b.md",
          "type": "index",
          "title": "Guide",
          "status": "draft"
        },
        {
          "id": "document:docs/c.md",
          "kind": "document",
          "doc_id": "IDX-0013",
          "path": "docs/c.md",
          "type": "index",
          "title": "Guide",
          "status": "draft"
        },
        {
          "id": "issue:12",
          "kind": "issue",
          "number": 12
        },
        {
          "id": "pr:5",
          "kind": "pr",
          "number": 5
        }
      ],
      "edges": [
        {
          "from": "document:docs/b.md",
          "to": "document:docs/a.md",
          "kind": "supersedes"
        },
        {
          "from": "document:docs/b.md",
          "to": "document:docs/c.md",
          "kind": "related_docsets"
        },
        {
          "from": "document:docs/b.md",
          "to": "issue:12",
          "kind": "about"
        },
        {
          "from": "document:docs/b.md",
          "to": "pr:5",
          "kind": "about"
        }
      ]
    }
    "#);
}

#[test]
fn a_committed_graph_is_checked() {
    let repo = tree();
    let arguments = ["graph", "--output", "docs/graph.mmd"];
    assert_eq!(repo.docset(&arguments).outcome().code, 0);
    let check = ["graph", "--output", "docs/graph.mmd", "--check"];
    assert_eq!(repo.docset(&check).outcome().code, 0);
    repo.remove("docs/c.md");
    let stale = repo.docset(&check).outcome();
    assert_eq!(stale.code, 1, "{stale}");
    assert!(stale.stdout.contains("-  d3["), "{stale}");
}

#[test]
fn one_format_may_take_the_place_of_another() {
    let repo = tree();
    for format in ["mermaid", "dot", "json", "mermaid"] {
        let arguments = ["graph", "--output", "docs/graph.txt", "--format", format];
        let outcome = repo.docset(&arguments).outcome();
        assert_eq!(outcome.code, 0, "{format}: {outcome}");
    }
}
