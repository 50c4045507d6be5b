//! Indexes with embeddings: the tiny model of `tests/model`.

use std::path::Path;

use serde_json::Value;

use super::{Scene, counts};

impl Scene {
    /// A command with ONNX Runtime and the tiny model under a name.
    fn with_model(&self, name: &str, arguments: &[&str]) -> Value {
        let model = model();
        let model = ["--model-dir", &model, "--format", "json"];
        let mut command = self.command(&[arguments, &model].concat());
        if !name.is_empty() {
            command.args(["--model", name]);
        }
        command.env("ORT_DYLIB_PATH", countersign_testkit::onnxruntime().unwrap());
        let output = command.output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{error}");
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

fn model() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/model").display().to_string()
}

fn embeddings(summary: &Value) -> [u64; 2] {
    ["made", "kept"].map(|key| summary["embeddings"][key].as_u64().unwrap())
}

#[test]
fn every_passage_is_embedded_once() {
    let scene = Scene::russian();
    let first = scene.with_model("", &["index"]);
    assert_eq!(first["model"], "model");
    let [made, kept] = embeddings(&first);
    assert_eq!((made, kept), (first["chunks"]["added"].as_u64().unwrap(), 0));
    assert_eq!(embeddings(&scene.with_model("", &["index"])), [0, 0]);
    // What moves keeps its vectors, and so do the other chunks of what changes.
    std::fs::rename(scene.path("docs/prd/prd-0001.md"), scene.path("docs/moved.md")).unwrap();
    let moved = scene.with_model("", &["index"]);
    assert_eq!(counts(&moved), [0, 0, 2, 0]);
    assert_eq!(moved["moved"].as_array().unwrap().len(), 1);
    assert_eq!(embeddings(&moved)[0], 0);
    scene.edit("docs/adr/adr-0002.md", "пятью попытками", "шестью попытками");
    let edited = scene.with_model("", &["index"]);
    assert_eq!(embeddings(&edited)[0], 1);
    assert!(embeddings(&edited)[1] >= 1, "{edited}");
}

#[test]
fn a_dry_run_with_a_folder_says_what_the_run_does() {
    let scene = Scene::russian();
    scene.with_model("", &["index"]);
    std::fs::rename(scene.path("docs/prd/prd-0001.md"), scene.path("docs/moved.md")).unwrap();
    let dry = scene.with_model("", &["index", "--dry-run"]);
    let moved = serde_json::json!([{"from": "docs/prd/prd-0001.md", "to": "docs/moved.md"}]);
    assert_eq!((counts(&dry), &dry["moved"]), ([0, 0, 2, 0], &moved));
    assert_eq!(dry["model"], "model");
    let run = scene.with_model("", &["index"]);
    assert_eq!((counts(&run), &run["moved"]), ([0, 0, 2, 0], &moved));
}

#[test]
fn a_run_without_embeddings_counts_what_moved_as_that_and_a_change_of_models_does_so_too() {
    let scene = Scene::russian();
    scene.with_model("first", &["index"]);
    let [from, to, next] = ["docs/prd/prd-0001.md", "docs/moved.md", "docs/again.md"];
    std::fs::rename(scene.path(from), scene.path(to)).unwrap();
    let moved = serde_json::json!([{"from": from, "to": to}]);
    let dry = scene.index(&["--dry-run"]);
    assert_eq!((counts(&dry), &dry["moved"]), ([0, 0, 2, 0], &moved));
    let run = scene.index(&[]);
    assert_eq!((counts(&run), &run["moved"]), ([0, 0, 2, 0], &moved));
    // An estimate has cut it, which no model takes.
    assert_eq!(counts(&scene.with_model("first", &["index"])), [0, 1, 2, 0]);
    std::fs::rename(scene.path(to), scene.path(next)).unwrap();
    let run = scene.with_model("second", &["index"]);
    let moved = serde_json::json!([{"from": to, "to": next}]);
    assert_eq!((counts(&run), &run["moved"]), ([0, 2, 0, 0], &moved));
    let next = scene.with_model("second", &["index"]);
    assert_eq!((counts(&next), embeddings(&next)), ([0, 0, 3, 0], [0, 0]));
}

#[test]
fn a_search_with_a_model_is_hybrid() {
    let scene = Scene::russian();
    scene.with_model("", &["index"]);
    let answer = scene.with_model("", &["search", "вебхуки вместо опроса"]);
    assert_eq!(answer["mode"], "hybrid");
    assert_eq!(answer["without_model"], Value::Null);
    let hit = &answer["hits"][0];
    assert_eq!(hit["path"], "docs/adr/adr-0002.md");
    assert!(hit["lexical"]["place"].is_u64() && hit["vector"]["place"].is_u64(), "{hit}");
    let answer = scene.with_model("", &["search", "вебхуки вместо опроса", "--mode", "vector"]);
    assert_eq!(answer["mode"], "vector");
    assert!(answer["hits"].as_array().unwrap().iter().all(|hit| hit["lexical"].is_null()));
    // Without the runtime the same index answers by words.
    let answer = scene.json(&["search", "вебхуки вместо опроса"]);
    assert_eq!(answer["mode"], "lexical");
    assert!(answer["without_model"].is_string());
}

#[test]
fn a_run_without_embeddings_loses_none_and_the_next_makes_what_is_missing() {
    let scene = Scene::russian();
    scene.with_model("", &["index"]);
    let all = |scene: &Scene| -> [u64; 2] {
        let statistics = scene.json(&["stats"]);
        [
            statistics["chunks"].as_u64().unwrap(),
            statistics["models"][0]["chunks"].as_u64().unwrap(),
        ]
    };
    let [chunks, embedded] = all(&scene);
    assert_eq!(chunks, embedded);
    scene.write("docs/new.md", "# New\n\nNobody has embedded this yet.\n");
    assert_eq!(counts(&scene.index(&[])), [1, 0, 3, 0]);
    assert_eq!(all(&scene), [chunks + 1, embedded]);
    let next = scene.with_model("", &["index"]);
    assert_eq!(embeddings(&next)[0], 1);
    assert_eq!(all(&scene), [chunks + 1, embedded + 1]);
}

#[test]
fn another_model_takes_over_when_everything_is_embedded() {
    let scene = Scene::russian();
    scene.with_model("first", &["index"]);
    let chunks = scene.json(&["stats"])["chunks"].as_u64().unwrap();
    scene.edit("docs/adr/adr-0002.md", "пятью попытками", "шестью попытками");
    let switched = scene.with_model("second", &["index"]);
    assert_eq!(switched["model"], "second");
    assert_eq!(embeddings(&switched)[0], chunks, "every passage, the changed one too");
    let models = scene.json(&["models", "list"]);
    let of = |name: &str| -> Value {
        models.as_array().unwrap().iter().find(|model| model["name"] == name).unwrap().clone()
    };
    assert_eq!(of("second")["active"], true);
    assert_eq!(of("second")["chunks"], chunks);
    assert_eq!(of("first")["active"], false);
    assert_eq!(embeddings(&scene.with_model("second", &["index"]))[0], 0);
    let refused = scene.run(&["models", "remove", "second"]);
    assert!(
        refused.starts_with("exit 2\n") && refused.contains("switch to another one first"),
        "{refused}"
    );
    assert_eq!(scene.run(&["models", "remove", "first"]), "exit 0\nremoved first\n");
    assert_eq!(scene.json(&["models", "list"]).as_array().unwrap().len(), 1);
}

#[test]
fn an_export_has_the_vectors_as_they_are() {
    let scene = Scene::russian();
    scene.write("docs/empty.md", "");
    scene.with_model("first", &["index"]);
    let lines = |arguments: &[&str]| -> Vec<Value> {
        let output = scene.output(arguments);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let plain = lines(&["export"]);
    let with_vectors = lines(&["export", "--with-vectors"]);
    let model = &with_vectors[0]["model"];
    assert_eq!((&model["name"], &model["dimensions"]), (&"first".into(), &256.into()));
    assert!(model["id"].is_null() && model["active"].is_null(), "{model}");
    let mut seen = 0;
    let without = with_vectors[1..].iter().map(|line| {
        let mut line = line.clone();
        let vector = line.as_object_mut().unwrap().remove("vector");
        assert_eq!(vector.is_some(), line["record"] == "chunk");
        if let Some(vector) = vector {
            let numbers = vector.as_array().unwrap().iter().map(|number| number.as_f64().unwrap());
            let length = numbers.map(|number| number * number).sum::<f64>().sqrt();
            assert!((length - 1.0).abs() < 1e-5, "{length}");
            seen += 1;
        }
        line
    });
    assert_eq!(without.collect::<Vec<_>>(), plain);
    assert!(seen >= 4);
    // Another model, by its name and by its number; the old one until it is complete.
    scene.with_model("second", &["index"]);
    assert_eq!(lines(&["export", "--with-vectors", "--model", "first"]), with_vectors);
    assert_eq!(lines(&["export", "--with-vectors", "--model", "1"]), with_vectors);
    let second = lines(&["export", "--with-vectors"]);
    assert_eq!(second[0]["model"]["name"], "second");
    // What has no vector yet is said to have none.
    scene.write("docs/new.md", "# New\n\nNobody has embedded this yet.\n");
    scene.index(&[]);
    let text = scene.run(&["export", "--with-vectors"]);
    assert!(text.contains(r#""record":"chunk","vector":null}"#), "{text}");
    assert!(text.contains("note: 1 chunk has no vector of `second` yet"), "{text}");
    let text = scene.run(&["export", "--with-vectors", "--model", "third"]);
    assert!(text.starts_with("exit 2\n") && text.contains("has no model `third`"), "{text}");
    assert!(scene.run(&["export", "--model", "first"]).contains("--with-vectors"));
}

#[test]
fn an_index_without_vectors_exports_none() {
    let scene = Scene::russian();
    scene.index(&[]);
    let text = scene.run(&["export", "--with-vectors"]);
    assert!(text.starts_with("exit 2\n"), "{text}");
    assert!(text.contains("no model has embedded anything"), "{text}");
}

#[test]
fn a_model_from_a_folder_that_nobody_names_is_asked_for_by_its_folder() {
    let scene = Scene::russian();
    scene.with_model("ours", &["index"]);
    scene.write("docs/new.md", "# New\n\nwords\n");
    for arguments in [&["search", "вебхуки"][..], &["doctor"], &["index"]] {
        let output = scene.output(arguments);
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8(said).unwrap();
        assert!(said.contains("the index has the model `ours` from a folder"), "{said}");
        assert!(said.contains("--model-dir"), "{said}");
    }
}

#[test]
fn a_model_that_was_asked_for_and_cannot_be_had_ends_the_run_with_the_ways_out() {
    let scene = Scene::russian();
    let model = model();
    for (arguments, variable) in [
        (&["index", "--model-dir", &model][..], "no/such/library.so"),
        (&["index", "--model", "no/such-model"], ""),
        (&["index", "--model-dir", "docs"], ""),
    ] {
        let mut command = scene.command(arguments);
        if !variable.is_empty() {
            command.env("ORT_DYLIB_PATH", variable);
        }
        let output = command.output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert!(error.contains("help: ") && error.contains("--no-embeddings"), "{error}");
    }
}

#[test]
fn a_folder_that_was_named_and_holds_no_model_ends_index_and_search_alike() {
    let scene = Scene::russian();
    scene.with_model("", &["index"]);
    for folder in ["no/such/folder", "docs"] {
        for (arguments, instead) in [
            (["index", "--model-dir", folder].as_slice(), "--no-embeddings"),
            (&["search", "вебхуки", "--model-dir", folder], "--mode lexical"),
        ] {
            let text = scene.run(arguments);
            assert!(text.starts_with("exit 2\nstderr:\nerror: "), "{text}");
            assert!(text.contains(folder) && text.contains(instead), "{text}");
            assert!(!text.contains("countersign.yaml"), "{text}");
        }
    }
    let section = "docs: {include: [docs]}\nkb: {model: model, model_dir: no/such/folder}\n";
    scene.write("countersign.yaml", section);
    for arguments in [&["index"][..], &["search", "вебхуки"]] {
        let text = scene.run(arguments);
        assert!(text.starts_with("exit 2\nstderr:\nerror: "), "{text}");
        assert!(text.contains("help: countersign.yaml names it, under `kb:`"), "{text}");
    }
    // The doctor looks, and says what is wrong.
    let doctor = scene.run(&["doctor"]);
    assert!(doctor.contains("no/such/folder`: No such file"), "{doctor}");
    // Who asks for words needs no model.
    let words = scene.run(&["search", "вебхуки", "--mode", "lexical"]);
    assert!(words.starts_with("exit 0\n") && !words.contains("stderr"), "{words}");
    // A machine without the runtime is nobody's mistake.
    let text = scene.run(&["search", "вебхуки", "--model-dir", &model()]);
    assert!(text.starts_with("exit 0\n"), "{text}");
    assert!(text.contains("note: searching by words alone: ONNX Runtime was not found"), "{text}");
}

#[test]
fn a_missing_folder_is_told_with_its_cause_once() {
    let scene = Scene::russian();
    scene.with_model("", &["index"]);
    insta::assert_snapshot!(scene.run(&["index", "--model-dir", "models/ours"]), @r"
    exit 2
    stderr:
    error: cannot use `[ROOT]/models/ours`
      caused by: No such file or directory (os error 2)
      help: give a folder with a model in the ONNX format by `--model-dir`
            or go on without vectors: `--no-embeddings`
    ");
    insta::assert_snapshot!(scene.run(&["search", "вебхуки", "--model-dir", "models/ours"]), @r"
    exit 2
    stderr:
    error: cannot use `[ROOT]/models/ours`
      caused by: No such file or directory (os error 2)
      help: give a folder with a model in the ONNX format by `--model-dir`
            or search by words alone: `--mode lexical`
    ");
    let rerank = ["search", "вебхуки", "--mode", "lexical", "--rerank-dir", "models/ours"];
    insta::assert_snapshot!(scene.run(&rerank), @r"
    exit 2
    stderr:
    error: cannot use `[ROOT]/models/ours`
      caused by: No such file or directory (os error 2)
      help: give a folder with a model in the ONNX format by `--rerank-dir`
            or leave the hits in their order: `--no-rerank`
    ");
}
