//! `kb search --rerank`: a second look at what was found.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::Scene;

const HOLDS: &str = "docs/adr/adr-0001.md";
const REPEATS: &str = "docs/adr/adr-0002.md";

fn reranker() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/model/reranker")
}

/// What a program said, with its exit code.
struct Said {
    code: Option<i32>,
    output: String,
    error: String,
}

impl Said {
    #[track_caller]
    fn json(&self) -> Value {
        assert_eq!(self.code, Some(0), "{}", self.error);
        serde_json::from_str(&self.output).unwrap()
    }

    /// The paths of the hits, in order.
    #[track_caller]
    fn paths(&self) -> Vec<String> {
        let answer = self.json();
        let hits = answer["hits"].as_array().unwrap().iter();
        hits.map(|hit| hit["path"].as_str().unwrap().to_owned()).collect()
    }
}

impl Scene {
    /// Two documents that both speak of what is asked: one repeats a rare word of it in its
    /// headings, the other one answers.
    fn with_two_answers() -> Self {
        let scene = Self::new();
        let front = |id: &str, title: &str| {
            format!(
                "---\ndoc_id: {id}\ntype: adr\ntitle: {title}\nstatus: accepted\nowner_role: SA\n\
                 created_at: 2026-01-10\nupdated_at: 2026-01-10\n---\n"
            )
        };
        scene.write(
            HOLDS,
            front("ADR-0001", "Delivery")
                + "# Delivery\n\nWe chose webhooks instead of polling, for the partner asked for \
                   it and the budget allows for no more servers that do nothing most of the \
                   day.\n",
        );
        scene.write(
            REPEATS,
            front("ADR-0002", "Webhooks") + "# Webhooks\n\nWebhooks: webhooks for webhooks.\n",
        );
        for number in 3..30 {
            let id = format!("ADR-{number:04}");
            scene.write(
                &format!("docs/adr/adr-{number:04}.md"),
                front(&id, "Polling")
                    + "# Polling\n\nWe chose polling instead of something else.\n",
            );
        }
        scene.index(&[]);
        scene
    }

    /// The program with ONNX Runtime.
    fn said(&self, arguments: &[&str]) -> Said {
        let mut command = self.command(arguments);
        command.env("ORT_DYLIB_PATH", countersign_testkit::onnxruntime().unwrap());
        Self::listen(&mut command)
    }

    /// The program without.
    fn said_without_runtime(&self, arguments: &[&str]) -> Said {
        Self::listen(&mut self.command(arguments))
    }

    fn listen(command: &mut std::process::Command) -> Said {
        let output = command.output().unwrap();
        let [stdout, stderr] =
            [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
        Said { code: output.status.code(), output: stdout, error: stderr }
    }
}

/// A search by words for what only one document answers.
const SEARCH: [&str; 6] =
    ["search", "webhooks chose instead of polling", "--mode", "lexical", "--format", "json"];

fn search<'a>(more: &[&'a str]) -> Vec<&'a str> {
    SEARCH.into_iter().chain(more.iter().copied()).collect()
}

#[test]
fn what_answers_comes_before_what_repeats_a_word() {
    let scene = Scene::with_two_answers();
    let plain = scene.said(&search(&[]));
    assert_eq!(plain.paths()[0], REPEATS);
    let folder = reranker().display().to_string();
    let reranked = scene.said(&search(&["--rerank-dir", &folder]));
    assert_eq!(reranked.paths()[0], HOLDS);
    assert_eq!(reranked.error, "");
    let answer = reranked.json();
    assert_eq!(answer["reranker"], "reranker");
    assert_eq!(answer["without_reranker"], Value::Null);
    let first = &answer["hits"][0];
    assert_eq!(first["rerank"]["score"], 4.0);
    let before = usize::try_from(first["rerank"]["place_before"].as_u64().unwrap()).unwrap();
    assert_eq!(plain.json()["hits"][before - 1]["path"], HOLDS);
    assert_eq!(plain.json()["hits"][before - 1]["score"], first["score"], "the fused score stays");

    let mut arguments = search(&["--rerank-dir", &folder, "--explain"]);
    arguments.retain(|argument| !["--format", "json"].contains(argument));
    let shown = scene.said(&arguments).output;
    let expected = format!("; by the reranker: 4.000, before that in place {before}\n");
    assert!(shown.contains(&expected), "{shown}");
}

#[test]
fn a_search_without_a_reranker_is_as_it_was() {
    let scene = Scene::with_two_answers();
    let answer = scene.said(&search(&[])).json();
    let keys =
        |value: &Value| -> Vec<String> { value.as_object().unwrap().keys().cloned().collect() };
    let mut found = keys(&answer);
    found.sort();
    assert_eq!(found, ["hits", "mode", "query", "without_model"]);
    assert!(!keys(&answer["hits"][0]).contains(&"rerank".to_owned()));
    // Nothing to read, and so no model to load: not even one that is not there.
    let said = scene.said_without_runtime(&[
        "search", "?!", "--mode", "lexical", "--rerank", "--format", "json",
    ]);
    assert_eq!(said.error, "");
    let answer = said.json();
    assert_eq!(answer["hits"], Value::Array(Vec::new()));
    assert_eq!(answer["without_reranker"], "there is nothing to rerank");
}

#[test]
fn hits_from_behind_the_limit_can_come_in_front() {
    let scene = Scene::with_two_answers();
    let folder = reranker().display().to_string();
    let one = scene.said(&search(&["--rerank-dir", &folder, "-n", "1"]));
    assert_eq!(one.paths(), [HOLDS]);
    let before = one.json()["hits"][0]["rerank"]["place_before"].as_u64().unwrap();
    assert!(before > 1);
    // As far as the depth goes, and at least as far as the limit.
    let shallow = scene.said(&search(&["--rerank-dir", &folder, "-n", "1", "--rerank-depth", "1"]));
    assert_eq!(shallow.paths(), [REPEATS]);
    let limit = scene.said(&search(&["--rerank-dir", &folder, "--rerank-depth", "1"]));
    assert_eq!(limit.paths().len(), 10);
    let all = scene.said(&search(&["--rerank-dir", &folder, "-n", "200"]));
    assert_eq!(all.paths().len(), 29);
}

#[test]
fn identifiers_are_first_whatever_a_reranker_says() {
    let scene = Scene::with_two_answers();
    let folder = reranker().display().to_string();
    let found = scene.said(&[
        "search",
        "ADR-0017: webhooks chose instead of polling",
        "--mode",
        "lexical",
        "--format",
        "json",
        "--rerank-dir",
        &folder,
    ]);
    let paths = found.paths();
    assert_eq!(paths[..2], ["docs/adr/adr-0017.md".to_owned(), HOLDS.to_owned()]);
}

#[test]
fn two_hundred_hits_are_read() {
    let scene = Scene::new();
    for number in 0..200 {
        let text = format!("# Part {number}\n\nneedle {}\n", "hay ".repeat(number));
        scene.write(&format!("docs/part-{number}.md"), text);
    }
    scene.write("docs/long.md", format!("# Long\n\n{}\n", "needle in words ".repeat(5_000)));
    scene.index(&[]);
    let folder = reranker().display().to_string();
    let found = scene.said(&[
        "search",
        "needle",
        "--mode",
        "lexical",
        "--format",
        "json",
        "-n",
        "200",
        "--rerank-dir",
        &folder,
    ]);
    let answer = found.json();
    let hits = answer["hits"].as_array().unwrap();
    assert_eq!(hits.len(), 200);
    let score = |hit: &Value| hit["rerank"]["score"].as_f64().unwrap();
    assert!(hits.windows(2).all(|pair| score(&pair[0]) >= score(&pair[1])));
}

#[test]
fn where_there_is_no_reranker_the_search_answers_and_says_so_once() {
    let scene = Scene::with_two_answers();
    let plain = scene.said(&search(&[])).paths();
    let said = [
        // No runtime; where the system has one, no model in the cache, as for the others.
        scene.said_without_runtime(&search(&["--rerank"])),
        scene.said(&search(&["--rerank"])),
        scene.said(&search(&["--rerank=jinaai/jina-reranker-v1-turbo-en"])),
    ];
    for said in said {
        assert_eq!(said.paths(), plain);
        assert_eq!(said.error.matches("the hits are not reranked: ").count(), 1, "{}", said.error);
        assert!(said.error.contains("  help: "), "{}", said.error);
        let answer = said.json();
        assert_eq!(answer["reranker"], Value::Null);
        assert!(answer["without_reranker"].is_string());
        assert_eq!(answer["hits"][0]["rerank"], Value::Null);
    }
    let mut command = scene.command(&search(&["--rerank"]));
    command.env("ORT_DYLIB_PATH", countersign_testkit::onnxruntime().unwrap());
    command.env("HF_HUB_OFFLINE", "0").env("HF_ENDPOINT", "http://127.0.0.1:9");
    let said = Scene::listen(&mut command);
    assert_eq!(said.paths(), plain);
    assert!(said.error.contains("from http://127.0.0.1:9"), "{}", said.error);
    // A folder that is named is of no use without a runtime, which nobody named. Unless this
    // system has one where systems keep libraries.
    let folder = reranker().display().to_string();
    let said = scene.said_without_runtime(&search(&["--rerank-dir", &folder]));
    if said.json()["reranker"].is_null() {
        assert_eq!(said.paths(), plain);
        assert!(said.error.contains("ONNX Runtime was not found"), "{}", said.error);
    }
}

#[test]
fn hits_by_words_and_by_meaning_are_reranked() {
    let scene = Scene::with_two_answers();
    let [model, reranker] =
        [reranker().parent().unwrap(), &reranker()].map(|folder| folder.display().to_string());
    let indexed = scene.said(&["index", "--model-dir", &model]);
    assert_eq!(indexed.code, Some(0), "{}", indexed.error);
    let found = |mode: &str, more: &[&str]| {
        let arguments = ["search", SEARCH[1], "--format", "json", "--model-dir", &model];
        scene.said(&[&arguments[..], &["--mode", mode], more].concat())
    };
    for mode in ["hybrid", "vector"] {
        let plain = found(mode, &["-n", "29"]);
        let reranked = found(mode, &["--rerank-dir", &reranker]);
        assert_eq!(reranked.error, "");
        let answer = reranked.json();
        assert_eq!((&answer["mode"], &answer["reranker"]), (&mode.into(), &"reranker".into()));
        assert_eq!(reranked.paths()[0], HOLDS, "{mode}");
        let before = answer["hits"][0]["rerank"]["place_before"].as_u64().unwrap();
        assert_eq!(plain.paths()[usize::try_from(before).unwrap() - 1], HOLDS);
        assert!(answer["hits"][0]["vector"]["place"].is_u64());
    }
}

#[test]
fn a_step_of_a_workflow_says_why_nothing_was_reranked() {
    let scene = Scene::with_two_answers();
    let configured = "docs: {include: [docs]}\nkb: {rerank: BAAI/bge-reranker-base}\n";
    scene.write("countersign.yaml", configured);
    let told = super::step::step(&scene, "search", &[("INPUT_QUERY", "webhooks")]);
    assert_eq!(told.code, Some(0), "{}", told.log);
    assert!(told.summary.contains("Not reranked: "), "{}", told.summary);
    let hits: Value = serde_json::from_str(told.output("hits")).unwrap();
    assert_eq!(hits[0]["rerank"], Value::Null);
}

#[test]
fn a_reranker_that_was_named_and_is_none_ends_the_search_with_the_ways_out() {
    let scene = Scene::with_two_answers();
    let damaged = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(reranker()).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), damaged.path().join(entry.file_name())).unwrap();
    }
    let damaged = damaged.path().display().to_string();
    countersign_files::write_atomically(&Path::new(&damaged).join("model.onnx"), b"noise").unwrap();
    for (option, reason) in [
        (["--rerank-dir", "no/such/folder"], "no/such/folder"),
        (["--rerank-dir", "docs"], "docs` holds no model: there is no model.onnx in it"),
        (["--rerank-dir", &damaged], "model.onnx` cannot be used: "),
        (["--rerank=BAAI/bge-reranker-v2-m3", "--all"], "did you mean `rozgo/bge-reranker-v2-m3`?"),
    ] {
        let said = scene.said(&search(&option));
        assert_eq!((said.code, said.output.as_str()), (Some(2), ""), "{}", said.error);
        assert!(said.error.contains(reason), "{}", said.error);
        assert!(
            said.error.contains("help: ") && said.error.contains("--no-rerank"),
            "{}",
            said.error
        );
    }
}

#[test]
fn the_configuration_can_ask_for_a_reranker_and_a_search_can_leave_it_out() {
    let scene = Scene::with_two_answers();
    let folder = scene.path("models/ours");
    std::fs::create_dir_all(&folder).unwrap();
    for entry in std::fs::read_dir(reranker()).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), folder.join(entry.file_name())).unwrap();
    }
    let configured = "docs: {include: [docs]}\nkb: {rerank: team/ours, rerank_dir: models/ours}\n";
    scene.write("countersign.yaml", configured);
    let reranked = scene.said(&search(&[]));
    assert_eq!(reranked.paths()[0], HOLDS);
    assert_eq!(reranked.json()["reranker"], "team/ours");
    assert_eq!(scene.said(&search(&["--rerank"])).json()["reranker"], "team/ours");
    let plain = scene.said(&search(&["--no-rerank"]));
    assert_eq!(plain.paths()[0], REPEATS);
    assert_eq!(plain.json().get("reranker"), None);
    // A name on the command line is that model, and not the configured folder.
    let named = scene.said(&search(&["--rerank=BAAI/bge-reranker-base"]));
    assert!(
        named.error.contains("the model `BAAI/bge-reranker-base` is not in"),
        "{}",
        named.error
    );
    let both = scene.said(&search(&["--rerank", "--no-rerank"]));
    assert_eq!(both.code, Some(2));
}

#[test]
fn a_configured_reranker_that_cannot_be_had_is_told_with_its_place() {
    let scene = Scene::with_two_answers();
    let place = "countersign.yaml names it, under `kb:`";
    for configured in ["rerank: true", "rerank_dir: docs"] {
        scene.write(
            "countersign.yaml",
            format!("docs: {{include: [docs]}}\nkb: {{{configured}}}\n"),
        );
        let said = scene.said(&search(&[]));
        assert!(said.code == Some(2) && said.error.contains(place), "{}", said.error);
        let named = scene.said(&search(&["--rerank=nosuch"]));
        assert!(named.code == Some(2) && !named.error.contains(place), "{}", named.error);
    }
}

#[test]
fn a_model_that_is_named_without_a_sign_is_part_of_the_query_and_told_so() {
    let scene = Scene::with_two_answers();
    let model = "baai/bge-reranker-base";
    let said = scene.said(&["search", "--rerank", model, "webhooks", "--format", "json"]);
    assert_eq!(said.json()["query"], "baai/bge-reranker-base webhooks");
    let note =
        format!("note: `{model}` is part of the query; a model is named by `--rerank={model}`");
    assert!(said.error.contains(&note), "{}", said.error);
    let said = scene.said(&["search", "webhooks", model, "--rerank"]);
    assert!(!said.error.contains("is part of the query"), "{}", said.error);
}

#[test]
fn a_depth_for_no_reranker_is_told_and_changes_nothing() {
    let scene = Scene::with_two_answers();
    let plain = scene.said(&search(&[]));
    for (more, why) in [
        (&["--rerank-depth", "7"][..], "nothing reranks; `--rerank` has a model do it"),
        (&["--rerank-depth", "7", "--no-rerank"], "`--no-rerank` leaves the hits in their order"),
    ] {
        let said = scene.said(&search(more));
        assert_eq!(said.error, format!("note: `--rerank-depth` changes nothing: {why}\n"));
        assert_eq!((said.code, &said.output), (Some(0), &plain.output));
    }
    // Whoever reranks by configuration is told nothing.
    let folder = reranker().display().to_string();
    scene.write(
        "countersign.yaml",
        format!("docs: {{include: [docs]}}\nkb: {{rerank_dir: {folder}}}\n"),
    );
    assert_eq!(scene.said(&search(&["--rerank-depth", "7"])).error, "");
    let help = scene.said(&["search", "--help"]).output;
    let default = format!("Default: {}", countersign_kb::search::RERANK_DEPTH);
    let help: Vec<&str> = help.split_whitespace().collect();
    assert!(help.join(" ").contains(&default), "{help:?}");
}

#[test]
fn the_doctor_looks_whether_the_configured_reranker_is_there_and_downloads_nothing() {
    let scene = Scene::with_two_answers();
    let cache = tempfile::tempdir().unwrap();
    // Nobody listens at the hub, and nobody has to.
    let doctor = |configured: &str, offline: &str| {
        let section = format!("docs: {{include: [docs]}}\nkb: {{{configured}}}\n");
        scene.write("countersign.yaml", section);
        let mut command = scene.command(&["doctor", "--format", "json"]);
        command
            .env("ORT_DYLIB_PATH", countersign_testkit::onnxruntime().unwrap())
            .env("HF_HUB_OFFLINE", offline)
            .env("HF_ENDPOINT", "http://127.0.0.1:9")
            .env("HF_HUB_CACHE", cache.path());
        let said = Scene::listen(&mut command);
        let answer: Value = serde_json::from_str(&said.output).unwrap();
        let ailments = answer["ailments"].as_array().unwrap().clone();
        assert_eq!(said.code, Some(i32::from(!ailments.is_empty())), "{}", said.error);
        ailments
    };
    let folder = reranker().display().to_string();
    assert_eq!(doctor(&format!("rerank_dir: {folder}"), "0"), [Value::Null; 0]);
    // What is called like the files of a model, and is none.
    for file in ["model.onnx", "tokenizer.json"] {
        for name in ["model.onnx", "tokenizer.json"] {
            scene.write(&format!("models/{file}/{name}"), "{}");
        }
        std::fs::remove_file(scene.path(&format!("models/{file}/{file}"))).unwrap();
        std::fs::create_dir(scene.path(&format!("models/{file}/{file}"))).unwrap();
    }
    let model = "rozgo/bge-reranker-v2-m3";
    for (configured, offline, severe, what, help) in [
        ("rerank_dir: models/model.onnx", "0", true, "it is no regular file", "--no-rerank"),
        ("rerank_dir: models/tokenizer.json", "0", true, "it is no regular file", "--no-rerank"),
        ("rerank_dir: models/none", "0", true, "models/none`: No such file", "--no-rerank"),
        ("rerank_dir: docs", "0", true, "there is no model.onnx in it", "--no-rerank"),
        ("rerank: nosuch", "0", true, "there is no reranker `nosuch`", "--no-rerank"),
        (&format!("rerank: {model}"), "0", false, "is not downloaded yet", "next search"),
        (&format!("rerank: {model}"), "1", false, "is not in `", "unset HF_HUB_OFFLINE"),
    ] {
        let ailments = doctor(configured, offline);
        let [ailment] = ailments.as_slice() else { panic!("{configured}: {ailments:?}") };
        assert_eq!(ailment["code"], "reranker-unavailable");
        assert_eq!(ailment["severe"], severe);
        assert!(ailment["message"].as_str().unwrap().contains(what), "{ailment}");
        assert!(ailment["help"].as_str().unwrap().contains(help), "{ailment}");
    }
    assert_eq!(std::fs::read_dir(cache.path()).unwrap().count(), 0);
    // Who reranks by nothing but an option has nothing to be told.
    assert_eq!(doctor("model: intfloat/multilingual-e5-small", "0"), [Value::Null; 0]);
}
