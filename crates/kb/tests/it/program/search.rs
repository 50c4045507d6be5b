//! `kb search`: what is found, and what may be.

use super::Scene;

fn indexed() -> Scene {
    let scene = Scene::russian();
    scene.index(&[]);
    scene
}

const WEBHOOKS: &str = "docs/adr/adr-0002.md";
const POLLING: &str = "docs/adr/adr-0001.md";
const NOTICES: &str = "docs/prd/prd-0001.md";

#[test]
fn inflected_words_are_found_in_russian() {
    let scene = indexed();
    for query in ["почему выбрали вебхуки?", "выбор вебхуков", "вебхуком", "ВЕБХУК"]
    {
        assert_eq!(scene.search(&[query])[0], WEBHOOKS, "{query}");
    }
    assert_eq!(scene.search(&["уведомления покупателям"])[0], NOTICES);
}

#[test]
fn inflected_words_are_found_in_english() {
    let scene = Scene::acme();
    scene.index(&[]);
    let adr = "docs/architecture/adr-0002-tokens-of-the-provider.md";
    for query in ["token of providers", "storing the provider's tokens"] {
        assert_eq!(scene.search(&[query])[0], adr, "{query}");
    }
}

#[test]
fn identifiers_are_found_exactly_and_first() {
    let scene = indexed();
    assert_eq!(scene.search(&["ADR-0002"])[0], WEBHOOKS);
    assert_eq!(scene.search(&["adr-0001", "--all"])[0], POLLING);
    assert_eq!(scene.search(&["что значит E0502"])[0], WEBHOOKS);
    assert_eq!(scene.search(&["E0503"]), [""; 0]);
}

#[test]
fn a_hit_names_path_lines_and_heading() {
    let scene = indexed();
    let answer = scene.json(&["search", "потеря E0502"]);
    assert_eq!(answer["mode"], "lexical");
    let hit = &answer["hits"][0];
    assert_eq!(hit["path"], WEBHOOKS);
    assert_eq!(hit["heading_path"], serde_json::json!(["Вебхуки вместо опроса", "Последствия"]));
    let lines: Vec<String> = scene.read(WEBHOOKS).lines().map(str::to_owned).collect();
    let [first, last] =
        ["first_line", "last_line"].map(|key| usize::try_from(hit[key].as_u64().unwrap()).unwrap());
    let cited = lines[first - 1..last].join("\n");
    assert_eq!(cited.trim(), hit["text"].as_str().unwrap().trim());
}

#[test]
fn only_what_counts_is_found_unless_all_is_asked_for() {
    let scene = indexed();
    let query = "опрос внешней системы";
    assert!(!scene.search(&[query]).contains(&POLLING.to_owned()));
    assert_eq!(scene.search(&[query, "--all"])[0], POLLING);
    assert_eq!(scene.search(&[query, "--status", "superseded"]), [POLLING]);
    assert_eq!(scene.search(&["уведомление"]), [NOTICES]);
    assert!(scene.search(&["уведомление", "--in-force"]).is_empty());
    let text = scene.run(&["search", "уведомление"]);
    assert!(text.contains("docs/prd/prd-0001.md:") && text.contains("(draft)"), "{text}");
}

#[test]
fn every_filter_must_hold_and_any_of_its_values() {
    let scene = indexed();
    let all = |filters: &[&str]| {
        let mut found =
            scene.search(&[&["ADR опрос вебхуки уведомление доставка", "--all"], filters].concat());
        found.sort();
        found
    };
    assert_eq!(all(&[]), [POLLING, WEBHOOKS, NOTICES]);
    assert_eq!(all(&["--issue", "7"]), [POLLING, WEBHOOKS]);
    assert_eq!(all(&["--issue", "7", "--issue", "8"]), [POLLING, WEBHOOKS, NOTICES]);
    assert_eq!(all(&["--pr", "9"]), [WEBHOOKS]);
    assert_eq!(all(&["--docset", "DS-ISSUE-0008"]), [NOTICES]);
    assert_eq!(all(&["--type", "prd"]), [NOTICES]);
    assert_eq!(all(&["--status", "accepted", "--status", "draft"]), [WEBHOOKS, NOTICES]);
    assert_eq!(all(&["--stage", "arch"]), [POLLING, WEBHOOKS]);
    assert_eq!(all(&["--path", "docs/adr"]), [POLLING, WEBHOOKS]);
    assert_eq!(all(&["--path", "./docs/adr/"]), [POLLING, WEBHOOKS]);
    assert_eq!(all(&["--path", "docs/*/*-0001.md"]), [POLLING, NOTICES]);
    assert_eq!(all(&["--path", WEBHOOKS]), [WEBHOOKS]);
    assert_eq!(
        all(&["--path", scene.path(WEBHOOKS).canonicalize().unwrap().to_str().unwrap()]),
        [WEBHOOKS]
    );
    assert_eq!(all(&["--issue", "7", "--type", "prd"]), [""; 0]);
}

#[test]
fn the_limit_is_kept_and_explained_hits_say_their_places() {
    let scene = Scene::acme();
    scene.index(&[]);
    let answer = scene.json(&["search", "checkout payment", "-n", "3"]);
    assert_eq!(answer["hits"].as_array().unwrap().len(), 3);
    let text = scene.run(&["search", "checkout payment", "-n", "1", "--explain"]);
    assert!(text.contains("by words: 1 ("), "{text}");
    assert!(text.contains("by meaning: not found"), "{text}");
}

#[test]
fn a_search_without_a_model_says_so_once_and_on_standard_error() {
    let scene = indexed();
    let output = scene.output(&["search", "вебхуки"]);
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(error.matches("searching by words alone").count(), 1, "{error}");
    let output = scene.output(&["search", "вебхуки", "--mode", "lexical"]);
    assert!(output.stderr.is_empty());
    let text = scene.run(&["search", "вебхуки", "--mode", "vector"]);
    assert!(text.starts_with("exit 2\n"), "{text}");
}

#[test]
fn paths_of_filters_count_from_the_working_directory_or_from_the_root() {
    let scene = indexed();
    let found = |path: &str| {
        let query = ["search", "опрос вебхуки", "--all", "--mode", "lexical", "--path", path];
        let mut command = scene.command(&query);
        let output = command.current_dir(scene.path("docs/adr")).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let documents = ["docs/adr/adr-0001.md:", "docs/adr/adr-0002.md:"];
        documents.iter().filter(|path| text.contains(**path)).count()
    };
    assert_eq!(["adr-0002.md", ".", "..", WEBHOOKS, "docs/adr"].map(found), [1, 2, 2, 1, 2]);
    assert_eq!(found("adr-0003.md"), 0);
}

#[test]
fn a_search_in_an_index_of_nothing_says_how_to_fill_it() {
    let scene = Scene::new();
    scene.run(&["migrate"]);
    let text = scene.run(&["search", "вебхуки"]);
    assert!(text.contains("there is nothing in the index; `kb index` fills it"), "{text}");
}

#[test]
fn a_search_that_finds_nothing_says_where_it_looked() {
    let scene = indexed();
    for (arguments, said) in [
        (&["и на с"][..], "nothing found: there is no word in the query"),
        (&["нетакогослова"], "nothing found in documents that count; --all"),
        (&["нетакогослова", "--all"], "nothing found\n"),
        (&["вебхуки", "--type", "adrr"], "nothing found with these filters"),
        (&["уведомление", "--in-force"], "nothing found with these filters"),
    ] {
        let text = scene.run(&[&["search", "--mode", "lexical"], arguments].concat());
        assert!(text.starts_with("exit 0\n") && text.contains(said), "{text}");
    }
}

#[test]
fn any_query_has_a_right_answer_or_a_clear_error() {
    let scene = indexed();
    let long = "слово ".repeat(200_000);
    for (query, error) in [
        ("", "the query is empty"),
        (" \t\n", "the query is empty"),
        (&long[..40_000], "the query has 40000 bytes; it may have 32768"),
    ] {
        let text = scene.run(&["search", query]);
        assert!(text.starts_with("exit 2\n") && text.contains(error), "{error}: {text}");
    }
    for query in [
        "\"",
        "*",
        "NEAR",
        "NEAR(a b, 2)",
        "вебхуки*",
        "\"вебхуки",
        "a AND",
        "OR",
        "NOT вебхуки",
        "body:вебхуки",
        "^вебхуки",
        "'; DROP TABLE docs_meta; --",
        "%",
        "_",
        "\\",
        "🙂",
        "\u{301}",
        "()",
        "{}",
        "-вебхуки",
        "$1",
        "?1",
        "\u{202e}вебхуки",
    ] {
        let text = scene.run(&["search", "--mode", "lexical", "--", query]);
        assert!(text.starts_with("exit 0\n"), "{query}: {text}");
    }
    assert_eq!(scene.search(&["вебхуки"])[0], WEBHOOKS);
}

#[test]
fn text_of_documents_is_shown_escaped() {
    let scene = Scene::new();
    scene.write(
        "docs/a.md",
        "# Bad \u{1b}[31m title\n\nneedle \u{1b}]0;x\u{7} \u{202e} ::error::x\n\n::error::needle\n",
    );
    scene.index(&[]);
    for arguments in [&["search", "needle"][..], &["show", "docs/a.md"]] {
        let output = scene.output(arguments);
        assert!(!output.stdout.contains(&0x1b), "{}", String::from_utf8_lossy(&output.stdout));
    }
    let output =
        scene.command(&["show", "docs/a.md"]).env("GITHUB_ACTIONS", "true").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("::stop-commands::"), "{text}");
}

#[test]
fn matched_words_are_marked_where_there_are_colours() {
    let scene = indexed();
    let output = scene.output(&["search", "вебхук", "--color", "always"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("\u{1b}[1;33mвебхуки\u{1b}[0m"), "{text}");
}

#[test]
fn a_filter_that_nothing_can_meet_is_told_with_the_nearest_name() {
    let scene = Scene::russian();
    scene.write("docs/own.md", "---\ntype: memo\n---\n# Памятка\n\nпокупатель\n");
    scene.index(&[]);
    let said = |arguments: &[&str]| {
        let output = scene.output(&[&["search", "вебхуки"], arguments].concat());
        assert_eq!(output.status.code(), Some(0));
        String::from_utf8(output.stderr).unwrap()
    };
    let text = said(&["--type", "ard", "--format", "json"]);
    assert!(text.contains("note: no document has the type `ard`; did you mean `adr`?"), "{text}");
    let text = said(&["--type", "mem"]);
    assert!(text.contains("did you mean `memo`?"), "{text}");
    let text = said(&["--status", "aproved", "--stage", "desing", "--type", "\u{1b}[31m"]);
    assert!(text.contains("has no status `aproved`; did you mean `approved`?"), "{text}");
    assert!(text.contains("has no stage `desing`; did you mean `design`?"), "{text}");
    assert!(text.contains("known are adr, "), "{text}");
    assert!(!text.contains('\u{1b}'), "{text}");
    // Known names, and names that something has, are not worth a word.
    assert!(!said(&["--type", "memo"]).contains("no document has"));
    assert!(!said(&["--type", "adr"]).contains("no document has"));
}

#[test]
fn a_snippet_does_not_say_the_headings_again() {
    let scene = Scene::russian();
    scene.index(&[]);
    let text = scene.run(&["search", "вебхуки опрос", "-n", "1"]);
    assert!(text.contains("  Вебхуки вместо опроса > Решение\n  Выбрали вебхуки:"), "{text}");
}
