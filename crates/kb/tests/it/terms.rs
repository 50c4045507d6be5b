//! Texts and questions as terms.

use std::collections::HashSet;

use countersign_kb::terms::{MAX_IDENTIFIERS, MAX_STEMS, MAX_TERM, of_query, of_text};
use proptest::prelude::*;

/// That all the words have one term, and that the groups have different ones.
#[track_caller]
fn one_term_each(groups: &[&str]) {
    let mut terms = HashSet::new();
    for group in groups {
        let found: HashSet<String> = group.split(' ').map(of_text).collect();
        assert_eq!(found.len(), 1, "{group}: {found:?}");
        assert!(found.iter().all(|term| !term.is_empty() && !term.contains(' ')), "{found:?}");
        terms.extend(found);
    }
    assert_eq!(terms.len(), groups.len());
}

#[test]
fn inflected_russian_words_have_one_term() {
    one_term_each(&[
        "решение решения решению решением решении решений решениям решениями решениях",
        "вебхук вебхука вебхуку вебхуком вебхуке вебхуки вебхуков вебхукам вебхуками вебхуках",
        "лейбл лейбла лейблы лейблов лейблам лейблами ЛЕЙБЛ",
        "отчёт отчет отчёта отчета отчёты Отчёт",
        "шаблон шаблона шаблоны шаблонов шаблонами",
        "запускать запускает запускают запускали",
        "хранится хранятся хранился",
        "ревизия ревизии ревизию ревизией",
        "документ документа документов документами",
        "новый новая новое новые новых новому",
    ]);
}

#[test]
fn inflected_english_words_have_one_term() {
    one_term_each(&[
        "approval approvals approve approved approving",
        "retry retries retried",
        "connection connections connected connecting",
        "label labels labelled labeled",
        "policy policies",
        "write writes writing",
    ]);
}

#[test]
fn words_without_meaning_are_left_out() {
    assert_eq!(of_text("Почему это так, и что с того? To be or not to be."), "");
    assert!(of_query("что и как?").is_empty());
    assert_eq!(of_text("It isn't the user's fault, they don't know"), "user fault know");
}

#[test]
fn identifiers_are_kept_whole_and_as_their_parts() {
    let table = [
        ("ADR-0013", "adr-0013 adr-13 adr 13"),
        ("LBL-CK8S-0001", "lbl-ck8s-0001 lbl ck8s 1"),
        ("E0502", "e0502"),
        ("flow_events", "flow_events flow event"),
        ("kb.search", "kb.search kb search"),
        ("run:dev:revise", "run.dev.revise run dev revis"),
        ("run:self-improve", "run.self-improve self-improve run self improv"),
        ("std::collections::HashMap", "std.collections.hashmap std collect hashmap hash map"),
        ("v1.2.3", "v1.2.3"),
        ("2026-02-06", "2026-02-06 2026"),
        ("defaultNamespaceTTL", "defaultnamespacettl default namespac ttl"),
        ("HTTPServer", "httpserver http server"),
        ("GitHub", "github"),
        ("IDs", "id"),
        ("__init__", "init"),
        ("docs/a/data_model.md", "docs.a.data_model.md data_model.md data_model doc data model md"),
        (
            "./docs/ADR-0005-run.md",
            "docs.adr-0005-run.md adr-0005-run.md adr-0005-run adr-0005 adr-5 doc adr 5 run md",
        ),
    ];
    for (text, terms) in table {
        assert_eq!(of_text(text), terms, "{text}");
    }
}

#[test]
fn a_query_knows_what_is_meant_literally() {
    let literal = [
        ("что сказано в ADR-0013?", "adr-0013"),
        ("error[E0502] when borrowing", "e0502"),
        ("кто пишет в flow_events", "flow_events"),
        ("what is services.yaml for", "services.yaml"),
        ("почему ставится need:input", "need.input"),
        ("см. docs/product/brief.md", "docs.product.brief.md"),
        ("std::fmt", "std.fmt"),
        ("since v1.2.3", "v1.2.3"),
        ("namespaceTTLByRole", "namespacettlbyrole"),
        ("commit 86f703d", "86f703d"),
    ];
    for (query, identifier) in literal {
        assert_eq!(of_query(query).identifiers, [identifier], "{query}");
    }
    let not_literal = [
        "как работает GitHub OAuth",
        "full-env и code-only",
        "и/или, CI/CD, e.g. this",
        "30-дневный срок",
        "version 0.8 from 2026-02-06 at 12:30",
        "k8s, utf8, p95",
        "PostgreSQL",
        "слово.Слово",
    ];
    for query in not_literal {
        assert_eq!(of_query(query).identifiers, [""; 0], "{query}");
    }
}

#[test]
fn a_number_is_found_with_and_without_zeros_in_front() {
    let terms = of_text("see ADR-0013");
    for query in ["ADR-13", "ADR-0013", "adr-0013"] {
        let [identifier] = &of_query(query).identifiers[..] else { panic!("{query}") };
        assert!(terms.split(' ').any(|term| term == identifier), "{query}");
    }
}

#[test]
fn russian_endings_behind_english_words_are_left_out() {
    assert_eq!(of_text("pod'ов, PR-ы, namespace’ами, slotов"), "pod pr namespac slot");
    assert_eq!(of_text("UI-код"), "ui-код ui код");
    assert_eq!(of_text("backend-сервисов"), "backend-сервисов backend сервис");
}

#[test]
fn what_looks_the_same_is_the_same() {
    // A diaeresis apart, a stress mark, a soft hyphen, a zero-width space, full width, a
    // ligature, a hyphen that does not break.
    for (one, other) in [
        ("отче\u{308}т", "отчёт"),
        ("за\u{301}пуск", "запуск"),
        ("за\u{ad}пуск", "запуск"),
        ("за\u{200b}пуск", "запуск"),
        ("ＡＤＲ－００１３", "ADR-0013"),
        ("ﬁle", "file"),
        ("ADR\u{2011}0013", "ADR-0013"),
        ("\u{feff}й", "и\u{306}"),
        ("№13", "№ 13"),
        ("ΟΔΟΣ", "οδος"),
    ] {
        assert_eq!(of_text(one), of_text(other), "{one:?}");
    }
    assert_eq!(of_text("🙂 👩\u{200d}💻 🇩🇪 1️⃣ ©"), "1");
    assert_eq!(of_text("İstanbul DİŞ"), "istanbul diş");
}

#[test]
fn text_without_spaces_is_kept_as_characters_and_pairs() {
    assert_eq!(of_text("決定は"), "決 決定 定 定は は");
    assert_eq!(of_query("決定は").stems, ["決定", "定は"]);
    assert_eq!(of_query("決").stems, ["決"]);
    assert_eq!(of_text("API決定v2"), "api 決 決定 定 v2");
    assert_eq!(of_query("결정").stems, ["결정"]);
}

#[test]
fn terms_and_queries_are_bounded() {
    let long = "x".repeat(1_000_000);
    assert_eq!(of_text(&long), "x".repeat(MAX_TERM));
    let path = format!("{}end/file.rs", "folder/".repeat(5_000));
    assert!(of_text(&path).split(' ').any(|term| term.ends_with("folder.end.file.rs")));
    let many: String = (0..10_000).map(|number| format!("word{number} id_{number} ")).collect();
    let query = of_query(&many);
    assert_eq!((query.stems.len(), query.identifiers.len()), (MAX_STEMS, MAX_IDENTIFIERS));
    let joined = "a-".repeat(100_000);
    assert!(of_text(&joined).len() < 10 * joined.len());
    let nested: String = (0..50_000).map(|at| ["a_", "b-", "c.", "d:", "e/"][at % 5]).collect();
    assert!(of_text(&nested).len() < 10 * nested.len());
}

/// What identifiers, words and attacks are made of.
const FRAGMENTS: &[&str] = &[
    "-",
    "_",
    ".",
    "/",
    ":",
    "::",
    "'",
    "’",
    "\"",
    "*",
    " NEAR ",
    " OR ",
    "(",
    ")",
    "\0",
    " ",
    "\n",
    "ADR",
    "0013",
    "v1",
    "flow",
    "Events",
    "HTTP",
    "Ё",
    "е\u{308}",
    "решениями",
    "слово",
    "ов",
    "approvals",
    "the",
    "и",
    "\u{301}",
    "\u{200d}",
    "決",
    "定",
    "🙂",
    "ß",
    "İ",
    "ﬁ",
    "Ⅷ",
    "½",
    "ǅ",
    "ա",
    "नमस्ते",
    "ไทย",
    "شَدّة",
    "𝔸",
    "\u{e0041}",
    "ⓐ",
    "a",
    "B",
    "7",
];

fn check(text: &str) {
    let terms = of_text(text);
    assert!(!terms.starts_with(' ') && !terms.ends_with(' ') && !terms.contains("  "), "{terms:?}");
    let kept: HashSet<&str> = terms.split(' ').collect();
    for term in terms.split(' ').filter(|term| !term.is_empty()) {
        assert!(term.len() <= MAX_TERM, "{term:?}");
        assert!(
            term.starts_with(char::is_alphanumeric) && term.ends_with(char::is_alphanumeric),
            "{term:?}"
        );
        for char in term.chars() {
            let allowed = char.is_alphanumeric() || matches!(char, '-' | '_' | '.');
            assert!(allowed && char.to_lowercase().eq([char]), "{char:?} in {term:?}");
        }
    }
    let query = of_query(text);
    for term in query.stems.iter().chain(&query.identifiers) {
        assert!(kept.contains(term.as_str()), "{term:?} is not among {terms:?}");
    }
    let distinct: HashSet<&String> = query.stems.iter().collect();
    assert_eq!(distinct.len(), query.stems.len());
    for identifier in query.identifiers.iter().filter(|term| term.contains(['_', ':'])) {
        assert_eq!(of_query(identifier).identifiers, [identifier.as_str()], "{text:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, ..ProptestConfig::default() })]

    #[test]
    fn terms_hold_nothing_that_a_store_could_misread(
        parts in prop::collection::vec(prop::sample::select(FRAGMENTS), 0..30)
    ) {
        check(&parts.concat());
    }

    #[test]
    fn any_text_has_terms(text in "(?s).{0,120}") {
        check(&text);
    }

    #[test]
    fn words_apart_have_the_terms_of_each(
        words in prop::collection::vec(prop::sample::select(FRAGMENTS), 0..30)
    ) {
        let each: Vec<String> =
            words.iter().map(|word| of_text(word)).filter(|terms| !terms.is_empty()).collect();
        prop_assert_eq!(of_text(&words.join(" ; ")), each.join(" "));
    }

    #[test]
    fn the_case_of_a_plain_word_does_not_matter(word in "[a-z]{1,12}|[а-яё]{1,12}") {
        prop_assert_eq!(of_text(&word), of_text(&word.to_uppercase()));
    }
}
