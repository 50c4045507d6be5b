//! The other commands, and what they say when they cannot.

use super::Scene;

#[test]
fn links_are_made_listed_and_taken_out() {
    let scene = Scene::russian();
    scene.index(&[]);
    let link = ["doc:ADR-0002", "implements", "issue:42"];
    let run = |command: &str| scene.run(&[&[command][..], &link].concat());
    assert_eq!(run("link"), "exit 0\nlinked: doc:ADR-0002 implements issue:42\n");
    assert_eq!(run("link"), "exit 1\nit was linked already: doc:ADR-0002 implements issue:42\n");
    insta::assert_snapshot!(scene.run(&["links", "doc:docs/adr/adr-0002.md"]), @r"
    exit 0
    doc:ADR-0002 implements issue:42  (made)
    doc:ADR-0002 related issue:7
    doc:ADR-0002 related pr:9
    doc:ADR-0002 supersedes doc:ADR-0001
    ");
    assert_eq!(scene.search(&["вебхуки", "--issue", "42"]), ["docs/adr/adr-0002.md"]);
    // It is no document's, and outlives what documents say.
    scene.edit("docs/adr/adr-0002.md", "related_issues: [7]", "related_issues: [6]");
    scene.index(&[]);
    assert_eq!(run("unlink"), "exit 0\nunlinked: doc:ADR-0002 implements issue:42\n");
    assert_eq!(run("unlink"), "exit 1\nthere was no such link: doc:ADR-0002 implements issue:42\n");
    let own = scene.run(&["unlink", "doc:ADR-0002", "related", "issue:6"]);
    assert!(own.starts_with("exit 2\n") && own.contains("front matter"), "{own}");
}

#[test]
fn what_is_no_link_is_refused() {
    let scene = Scene::russian();
    let refused = |arguments: [&str; 3]| {
        let text = scene.run(&[&["link"][..], &arguments].concat());
        assert!(text.starts_with("exit 2\n"), "{text}");
        text
    };
    assert!(refused(["ADR-1", "about", "issue:1"]).contains("write `KIND:KEY`"));
    assert!(refused(["doc:a", "About It", "issue:1"]).contains("kebab case"));
    assert!(refused(["doc:a", "a--b", "issue:1"]).contains("kebab case"));
    assert!(refused(["doc:a", "about", "issue:0"]).contains("a number from 1 on"));
    assert!(refused(["doc:a", "about", "doc:a"]).contains("with itself"));
}

#[test]
fn a_chunk_is_shown_by_its_number_and_a_document_by_its_path() {
    let scene = Scene::russian();
    scene.index(&[]);
    let answer = scene.json(&["search", "E0502"]);
    let id = answer["hits"][0]["chunk"].as_i64().unwrap().to_string();
    let text = scene.run(&["show", &id]);
    assert!(text.contains("docs/adr/adr-0002.md:") && text.contains("ошибка E0502"), "{text}");
    let document = scene.json(&["show", "docs/adr/adr-0002.md"]);
    let whole: String = document["chunks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|chunk| chunk["text"].as_str().unwrap())
        .collect();
    assert!(scene.read("docs/adr/adr-0002.md").ends_with(&whole), "the chunks are the body");
    assert!(scene.run(&["show", "999999"]).contains("there is no chunk 999999"));
    assert!(scene.run(&["show", "docs/no.md"]).contains("neither the number of a chunk"));
}

#[test]
fn an_index_that_is_not_there_is_told_with_what_to_do() {
    let scene = Scene::russian();
    for arguments in [
        &["search", "a"][..],
        &["stats"],
        &["doctor"],
        &["export"],
        &["links"],
        &["models", "list"],
    ] {
        let text = scene.run(arguments);
        assert!(text.starts_with("exit 2\n"), "{text}");
        assert!(text.contains("has no knowledge base yet"), "{text}");
        assert!(text.contains("help: run `kb index` to fill it"), "{text}");
        assert!(!scene.path(".countersign").exists(), "{arguments:?} made something");
    }
}

#[test]
fn a_document_is_shown_by_its_id_whatever_its_status_unless_several_have_it() {
    let scene = Scene::russian();
    scene.index(&[]);
    for (id, path) in [("ADR-0001", "docs/adr/adr-0001.md"), ("adr-0002", "docs/adr/adr-0002.md")] {
        assert_eq!(scene.json(&["show", id])["path"], path);
    }
    scene.write("docs/other.md", "---\ndoc_id: ADR-0002\n---\n# Another\n\nwords\n");
    scene.index(&[]);
    let text = scene.run(&["show", "ADR-0002"]);
    let said = "several documents are called `ADR-0002`: name the path, `docs/adr/adr-0002.md` or \
                `docs/other.md`";
    assert!(text.starts_with("exit 2\n") && text.contains(said), "{text}");
    for none in ["ADR-0099", "ADR", "", "#", "\"", "99999999999999999999"] {
        let text = scene.run(&["show", none]);
        assert!(text.starts_with("exit 2\n") && text.contains("neither the number"), "{text}");
    }
}

#[test]
fn the_database_is_the_one_that_was_named_nearest() {
    let scene = Scene::russian();
    let configured = "kb: {db: 'sqlite:configured.db'}\n";
    scene.write("countersign.yaml", configured);
    scene.index(&[]);
    assert!(scene.path("configured.db").exists());
    let mut command = scene.command(&["index", "--no-embeddings"]);
    assert!(command.env("DATABASE_URL", "sqlite:environment.db").status().unwrap().success());
    assert!(scene.path("environment.db").exists());
    scene.index(&["--db", "sqlite:some/where/given.db"]);
    assert!(scene.path("some/where/given.db").exists());
    let mut command = scene.command(&["stats"]);
    let output = command.env("DATABASE_URL", "mysql://me:s3cret@host/db").output().unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("DATABASE_URL") && !text.contains("s3cret"), "{text}");
    assert!(text.contains("help: "), "{text}");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn files_that_are_no_knowledge_base_are_refused_and_left_alone() {
    let scene = Scene::russian();
    scene.write("notes.txt", "not a database, and long enough not to be taken for an empty one");
    for command in [&["index", "--no-embeddings"][..], &["search", "a"], &["stats"]] {
        let text = scene.run(&[command, &["--db", "sqlite:notes.txt"]].concat());
        assert!(text.starts_with("exit 2\n"), "{text}");
        assert!(text.contains("sqlite:notes.txt"), "{text}");
    }
    assert_eq!(scene.read("notes.txt").len(), 64);
    let text = scene.run(&["index", "--no-embeddings", "--db", "sqlite:docs"]);
    assert!(text.starts_with("exit 2\n"), "{text}");
}

#[test]
fn statistics_and_the_doctor_speak_of_what_is_there() {
    let scene = Scene::russian();
    scene.index(&[]);
    let statistics = scene.json(&["stats"]);
    assert_eq!(statistics["documents"], 3);
    assert_eq!(statistics["types"], serde_json::json!({"adr": 2, "prd": 1}));
    assert!(scene.run(&["doctor"]).contains("nothing is wrong"));
    scene.edit("docs/prd/prd-0001.md", "доставке", "оплате");
    scene.remove("docs/adr/adr-0001.md");
    let text = scene.run(&["doctor"]);
    assert!(text.starts_with("exit 1\n"), "{text}");
    assert!(
        text.contains("warning[stale-documents]: 0 documents not indexed, 1 changed since, 1 gone"),
        "{text}"
    );
    assert!(text.contains("help: run `kb index`"), "{text}");
}

#[test]
fn migrating_twice_does_nothing_the_second_time() {
    let scene = Scene::russian();
    let first = scene.json(&["migrate"]);
    assert!(!first["migrations"].as_array().unwrap().is_empty());
    assert_eq!(scene.json(&["migrate"])["migrations"], serde_json::json!([]));
    assert_eq!(scene.json(&["models", "list"]), serde_json::json!([]));
    assert!(scene.run(&["models", "remove", "x"]).contains("the index has no model `x`"));
}

#[test]
fn help_has_examples_and_completions_are_printed() {
    let scene = Scene::new();
    for command in
        [&["--help"][..], &["index", "--help"], &["search", "--help"], &["link", "--help"]]
    {
        let text = scene.run(command);
        assert!(text.starts_with("exit 0\n") && text.contains("Examples:"), "{text}");
    }
    for shell in ["bash", "zsh", "fish"] {
        assert!(scene.run(&["completions", shell]).contains("search"));
    }
    let text = scene.run(&["serch"]);
    assert!(text.starts_with("exit 2\n") && text.contains("search"), "{text}");
}

#[test]
fn a_fault_of_the_configuration_names_its_line() {
    let scene = Scene::new();
    scene.write("countersign.yaml", "kb:\n  chunks: {max_tokens: 0}\n");
    let text = scene.run(&["index"]);
    assert!(text.starts_with("exit 2\n"), "{text}");
    assert!(text.contains("countersign.yaml:2:24: 0 tokens are no size of a chunk"), "{text}");
}

#[test]
fn an_empty_path_in_the_configuration_is_told_with_its_line_and_is_not_the_root() {
    let scene = Scene::new();
    scene.write("docs/a.md", "# A\n\nwords\n");
    scene.index(&[]);
    for key in ["rerank_dir", "model_dir"] {
        let section = format!("docs: {{include: [docs]}}\nkb:\n  {key}: \"\"\n");
        scene.write("countersign.yaml", section);
        let text = scene.run(&["search", "words"]);
        assert!(text.starts_with("exit 2\n"), "{text}");
        let place = "countersign.yaml:3:";
        assert!(text.contains(place) && text.contains(&format!("`{key}` is empty")), "{text}");
        assert!(text.contains("help: give the path of a folder"), "{text}");
    }
}
