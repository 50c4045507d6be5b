//! `kb index`: what changes, what stays, what goes.

use super::{Scene, counts};

const ADR: &str = "docs/architecture/adr-0002-tokens-of-the-provider.md";

#[test]
fn the_first_run_indexes_everything_and_the_second_one_nothing() {
    let scene = Scene::acme();
    let first = scene.index(&[]);
    assert_eq!(counts(&first), [19, 0, 0, 0]);
    assert!(first["chunks"]["added"].as_u64().unwrap() > 50, "{first}");
    assert_eq!(scene.read(".countersign/.gitignore"), "*\n");
    let second = scene.index(&[]);
    assert_eq!(counts(&second), [0, 0, 19, 0]);
    assert_eq!(second["chunks"], serde_json::json!({"added": 0, "kept": 0, "removed": 0}));
    scene.assert_up_to_date();
}

#[test]
fn an_edited_document_keeps_the_chunks_that_did_not_change() {
    let scene = Scene::acme();
    scene.index(&[]);
    let before = scene.json(&["show", ADR]);
    scene.edit(ADR, "## Alternatives", "## Options");
    let summary = scene.index(&[]);
    assert_eq!(counts(&summary), [0, 1, 18, 0]);
    let after = scene.json(&["show", ADR]);
    let ids = |document: &serde_json::Value| -> Vec<i64> {
        document["chunks"]
            .as_array()
            .unwrap()
            .iter()
            .map(|chunk| chunk["chunk"].as_i64().unwrap())
            .collect()
    };
    let (before, after) = (ids(&before), ids(&after));
    assert_eq!(before.len(), after.len());
    let kept = after.iter().filter(|id| before.contains(id)).count();
    assert_eq!(kept, after.len() - 1, "one chunk has another heading");
    assert_eq!(summary["chunks"]["kept"].as_u64().unwrap(), kept as u64);
    scene.assert_up_to_date();
}

#[test]
fn a_moved_document_is_found_at_its_new_place_alone() {
    let scene = Scene::acme();
    scene.index(&[]);
    let chunks = scene.json(&["show", ADR])["chunks"].as_array().unwrap().len();
    std::fs::rename(scene.path(ADR), scene.path("docs/moved.md")).unwrap();
    let dry = scene.run(&["index", "--no-embeddings", "--dry-run"]);
    assert!(dry.contains(&format!("\n> {ADR} -> docs/moved.md\n")), "{dry}");
    assert!(dry.contains("0 added, 1 moved, 0 changed, 18 unchanged, 0 removed"), "{dry}");
    let summary = scene.index(&[]);
    assert_eq!(counts(&summary), [0, 0, 18, 0]);
    assert_eq!(summary["moved"], serde_json::json!([{"from": ADR, "to": "docs/moved.md"}]));
    let of_chunks = serde_json::json!({"added": 0, "kept": chunks, "removed": 0});
    assert_eq!(summary["chunks"], of_chunks);
    assert_eq!(scene.search(&["ADR-0002", "-n", "1"]), ["docs/moved.md"]);
    scene.assert_up_to_date();
}

#[test]
fn what_moves_and_changes_is_added_and_removed() {
    let scene = Scene::acme();
    scene.index(&[]);
    let chunks = scene.json(&["show", ADR])["chunks"].as_array().unwrap().len();
    std::fs::rename(scene.path(ADR), scene.path("docs/moved.md")).unwrap();
    scene.edit("docs/moved.md", "Alternatives", "Options");
    let summary = scene.index(&[]);
    assert_eq!(counts(&summary), [1, 0, 18, 1]);
    assert_eq!(summary["moved"], serde_json::json!([]));
    let of_chunks = serde_json::json!({"added": chunks, "kept": 0, "removed": chunks});
    assert_eq!(summary["chunks"], of_chunks);
    scene.assert_up_to_date();
}

#[test]
fn a_deleted_document_leaves() {
    let scene = Scene::acme();
    scene.index(&[]);
    scene.remove(ADR);
    assert_eq!(counts(&scene.index(&[])), [0, 0, 18, 1]);
    assert!(!scene.search(&["tokens of the provider", "-n", "50"]).contains(&ADR.to_owned()));
    scene.assert_up_to_date();
}

#[test]
fn paths_restrict_what_is_looked_at_and_what_can_be_gone() {
    let scene = Scene::acme();
    assert_eq!(counts(&scene.index(&["docs/architecture"])), [3, 0, 0, 0]);
    assert_eq!(counts(&scene.index(&["docs/qa/test-plan.md", "docs/intake/*.md"])), [6, 0, 0, 0]);
    scene.remove(ADR);
    scene.remove("docs/intake/scope.md");
    assert_eq!(counts(&scene.index(&["docs/qa"])), [0, 0, 1, 0], "nobody looked at what is gone");
    assert_eq!(
        scene.index(&[ADR])["removed"],
        serde_json::json!([ADR]),
        "a path that is gone is gone"
    );
    let gone = scene.index(&["docs/intake/*.md"]);
    assert_eq!(gone["removed"], serde_json::json!(["docs/intake/scope.md"]));
    std::fs::remove_dir_all(scene.path("docs/architecture")).unwrap();
    assert_eq!(counts(&scene.index(&["docs/architecture"])), [0, 0, 0, 2]);
}

#[test]
fn a_path_that_stands_for_nothing_is_told() {
    let scene = Scene::acme();
    scene.index(&[]);
    let text = scene.run(&["index", "--no-embeddings", "docs/nowhere.md", "docs/qa"]);
    assert!(text.starts_with("exit 1\n"), "{text}");
    assert!(
        text.contains("docs/nowhere.md: there is no document here, nor was one indexed"),
        "{text}"
    );
    assert!(text.contains("0 added, 0 changed, 1 unchanged, 0 removed"), "{text}");
}

#[test]
fn an_empty_tree_forgets_nothing() {
    let scene = Scene::acme();
    scene.index(&[]);
    let before = scene.export();
    std::fs::rename(scene.path("docs"), scene.path("elsewhere")).unwrap();
    let text = scene.run(&["index", "--no-embeddings"]);
    assert!(text.starts_with("exit 2\n"), "{text}");
    assert!(text.contains("there is no document in `docs`"), "{text}");
    assert_eq!(scene.export(), before);
    assert_eq!(counts(&scene.index(&["docs"])), [0, 0, 0, 19]);
}

#[test]
fn a_dry_run_says_what_it_would_do_and_does_nothing() {
    let scene = Scene::acme();
    let text = scene.run(&["index", "--no-embeddings", "--dry-run"]);
    assert!(text.contains("\n+ docs/glossary.md\n"), "{text}");
    assert!(text.contains("would be: 19 added, 0 changed, 0 unchanged, 0 removed"), "{text}");
    assert!(!scene.path(".countersign").exists());
    scene.index(&[]);
    let before = scene.export();
    scene.edit(ADR, "Alternatives", "Options");
    scene.remove("docs/glossary.md");
    let summary = scene.index(&["--dry-run"]);
    assert_eq!(counts(&summary), [0, 1, 17, 1]);
    assert_eq!(scene.export(), before);
}

#[test]
fn changed_since_looks_at_what_differs_alone() {
    let scene = Scene::acme();
    scene.commit();
    scene.index(&[]);
    scene.git(&["checkout", "--quiet", "-b", "work"]);
    scene.edit(ADR, "Alternatives", "Options");
    scene.git(&["mv", "docs/glossary.md", "docs/words.md"]);
    scene.commit();
    scene.write("docs/new.md", "# New\n\nNot yet committed.\n");
    scene.remove("docs/qa/test-plan.md");
    let summary = scene.index(&["--changed-since", "main"]);
    assert_eq!(summary["added"], serde_json::json!(["docs/new.md"]));
    let moved = serde_json::json!([{"from": "docs/glossary.md", "to": "docs/words.md"}]);
    assert_eq!(summary["moved"], moved);
    assert_eq!(summary["changed"], serde_json::json!([ADR]));
    assert_eq!(summary["removed"], serde_json::json!(["docs/qa/test-plan.md"]));
    assert_eq!(summary["unchanged"], 0);
    scene.assert_up_to_date();
    let text = scene.run(&["index", "--no-embeddings", "--changed-since", "--output=x"]);
    assert!(text.starts_with("exit 2\n"), "{text}");
    let text = scene.run(&["index", "--no-embeddings", "--changed-since", "nowhere"]);
    assert!(text.contains("git cannot compare with `nowhere`: Not a valid"), "{text}");
    for arguments in
        [&["--commit", "nowhere"][..], &["--commit", "nowhere", "--changed-since", "main"]]
    {
        let text = scene.run(&[&["index", "--no-embeddings"], arguments].concat());
        let said = "error: git cannot find the commit `nowhere`: there is no such commit\n";
        assert!(text.contains(said), "{text}");
    }
    let both = ["index", "--no-embeddings", "--commit", "HEAD", "--changed-since", "nowhere"];
    let text = scene.run(&both);
    assert!(text.contains("git cannot compare with `nowhere`: Not a valid"), "{text}");
}

#[test]
fn what_a_shallow_clone_lacks_is_said_to_be_lacking_there() {
    let scene = Scene::acme();
    scene.commit();
    scene.edit(ADR, "Alternatives", "Options");
    scene.commit();
    let from = format!("file://{}", scene.root().display());
    scene.git(&["clone", "--quiet", "--depth", "1", &from, "shallow"]);
    for arguments in [
        &["--changed-since", "HEAD~1"][..],
        &["--commit", "HEAD~1"],
        &["--commit", "HEAD", "--changed-since", "HEAD~1"],
    ] {
        let command = ["index", "--no-embeddings", "--root", "shallow"];
        let text = scene.run(&[&command, arguments].concat());
        assert!(text.starts_with("exit 2\n"), "{text}");
        assert!(text.contains("this clone is shallow: fetch the whole history"), "{text}");
    }
    let outside = tempfile::tempdir().unwrap();
    let root = outside.path().display().to_string();
    let text = scene.run(&["index", "--no-embeddings", "--root", &root, "--commit", "HEAD"]);
    assert!(text.contains("not a git repository"), "{text}");
}

#[test]
fn a_commit_is_indexed_whatever_the_work_tree_holds() {
    let scene = Scene::acme();
    let first = scene.commit();
    scene.edit(ADR, "Alternatives", "Options");
    scene.remove("docs/glossary.md");
    scene.write("docs/new.md", "# New\n");
    let summary = scene.index(&["--commit", &first[..10]]);
    assert_eq!(counts(&summary), [19, 0, 0, 0]);
    let document = scene.json(&["show", "docs/glossary.md"]);
    assert_eq!(document["commit"], first.as_str());
    let second = scene.commit();
    let summary = scene.index(&["--commit", "HEAD"]);
    assert_eq!(counts(&summary), [1, 1, 17, 1]);
    assert_eq!(scene.json(&["show", "docs/qa/test-plan.md"])["commit"], second.as_str());
    let summary = scene.index(&["--commit", &second, "--changed-since", &first]);
    assert_eq!(counts(&summary), [0, 0, 2, 0]);
    let text = scene.run(&["index", "--no-embeddings", "--commit", "0123456789"]);
    assert!(text.contains("there is no such commit"), "{text}");
    assert!(text.starts_with("exit 2\n"), "{text}");
}

#[test]
fn a_repository_below_the_root_of_git_has_paths_of_its_own() {
    let scene = Scene::new();
    scene.write("team/countersign.yaml", "");
    scene.write("team/docs/a.md", "# A\n\nText.\n");
    let commit = scene.commit();
    let summary = scene.index(&["--root", "team", "--commit", &commit]);
    assert_eq!(summary["added"], serde_json::json!(["docs/a.md"]));
}

#[test]
fn a_document_that_cannot_be_read_is_told_and_keeps_what_was_indexed() {
    let scene = Scene::acme();
    scene.index(&[]);
    let before = scene.json(&["show", "docs/glossary.md"]);
    scene.write("docs/glossary.md", "---\ndoc_id: [\n---\n# Glossary\n");
    scene.write("docs/latin.md", b"# Title\n\ncaf\xe9\n");
    scene.write("docs/open.md", "---\ndoc_id: X\n");
    scene.write("docs/good.md", "# Good\n\nIt is indexed all the same.\n");
    let text = scene.run(&["index", "--no-embeddings"]);
    assert!(text.starts_with("exit 1\n"), "{text}");
    for line in [
        "docs/glossary.md:",
        "docs/latin.md:3: the text is not UTF-8: byte 12 is 0xE9",
        "docs/open.md:1: the front matter has no end",
        "1 added, 0 changed, 18 unchanged, 0 removed",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    assert_eq!(scene.json(&["show", "docs/glossary.md"]), before);
}

#[test]
fn other_sizes_of_chunks_cut_every_document_anew() {
    let scene = Scene::acme();
    scene.index(&[]);
    let text = scene.read("countersign.yaml") + "\nkb:\n  chunks: {max_tokens: 40}\n";
    scene.write("countersign.yaml", text);
    assert_eq!(counts(&scene.index(&[])), [0, 19, 0, 0]);
    assert_eq!(counts(&scene.index(&[])), [0, 0, 19, 0]);
    scene.assert_up_to_date();
}

#[test]
fn a_status_that_gets_another_meaning_is_read_again() {
    let scene = Scene::new();
    scene.write(
        "docs/a.md",
        "---\ndoc_id: NOTE-1\ntype: prd\nstatus: parked\n---\n# Parked\n\nText.\n",
    );
    scene.index(&[]);
    assert_eq!(scene.search(&["parked"]), ["docs/a.md"]);
    scene.write("countersign.yaml", "docs: {include: [docs], statuses: {parked: retired}}\n");
    assert_eq!(counts(&scene.index(&[])), [0, 1, 0, 0]);
    assert!(scene.search(&["parked"]).is_empty());
}

#[test]
fn docset_files_bring_links_of_their_members() {
    let scene = Scene::russian();
    scene.write(
        "docs/_docset/issues/issue-12.yaml",
        "version: 1\nissue: {number: 12}\nstage: arch\ndocuments:\n  - {id: ADR-0002, path: docs/adr/adr-0002.md}\n",
    );
    scene.index(&[]);
    assert_eq!(scene.search(&["вебхуки", "--issue", "12"]), ["docs/adr/adr-0002.md"]);
    let docset = "docs/_docset/issues/issue-12.yaml";
    assert_eq!(scene.search(&["вебхуки", "--docset", docset]), ["docs/adr/adr-0002.md"]);
    scene.remove(docset);
    assert_eq!(scene.index(&[])["removed"], serde_json::json!([docset]));
    assert!(scene.search(&["вебхуки", "--issue", "12"]).is_empty());
}

#[test]
fn what_the_configuration_leaves_out_is_not_indexed() {
    let scene = Scene::acme();
    scene.index(&[]);
    let text = scene.read("countersign.yaml") + "\nkb:\n  exclude: [docs/intake]\n";
    scene.write("countersign.yaml", text);
    assert_eq!(counts(&scene.index(&[])), [0, 0, 14, 5]);
    let named = scene.run(&["index", "--no-embeddings", "docs/intake/scope.md"]);
    assert!(named.contains("docs/intake/scope.md: the configuration excludes it"), "{named}");
}

#[test]
fn a_path_that_no_index_can_hold_is_told_and_the_others_are_indexed() {
    let scene = Scene::new();
    let long = vec!["x".repeat(200); 6].join("/");
    scene.write(&format!("docs/{long}/a.md"), "# Too deep\n");
    scene.write("docs/a.md", "# Fine\n");
    for arguments in [&["index", "--dry-run"][..], &["index"]] {
        let said = scene.run(arguments);
        assert!(said.starts_with("exit 1\n"), "{said}");
        assert!(said.contains("its path has 1215 bytes; it may have 1024"), "{said}");
        assert!(said.contains("1 added"), "{said}");
    }
}
