//! The templates that are compiled in, and adopters' own: every one of them makes a
//! document that passes the rules once it is filled in, and not before.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

use countersign_docset::catalogue::Catalogue;
use countersign_docset::config::DocsConfig;
use countersign_docset::diagnostic::Severity;
use countersign_docset::docset::Process;
use countersign_docset::document::{Date, Document};
use countersign_docset::edit::write_atomically;
use countersign_docset::new::{NewError, Order, Plan, Present, What, plan};
use countersign_docset::record::Records;
use countersign_docset::span::LineIndex;
use countersign_docset::template::{LANGUAGES, TemplateError, Values, render};
use countersign_docset::{Checker, Request};
use proptest::prelude::*;
use tempfile::TempDir;

use crate::tree::shown;

/// Read once: it is large for a build without optimization.
static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(Catalogue::default);

fn order(kind: &str, language: &str, title: &str) -> Order {
    Order {
        what: What::Document(kind.to_owned()),
        title: title.to_owned(),
        issues: vec![41, 7, 41],
        pull_requests: vec![52],
        stage: None,
        language: Some(language.to_owned()),
        today: Date::parse("2026-02-06").unwrap(),
    }
}

/// What `order` comes to in an empty repository at `root`.
fn planned(root: &Path, order: &Order) -> Result<Plan, NewError> {
    let config = DocsConfig::default();
    let catalogue = Catalogue::default();
    let records = Records::default();
    let process = Process::default();
    plan(
        order,
        Present {
            root,
            config: &config,
            catalogue: &catalogue,
            process: &process,
            records: &records,
            elsewhere: &[],
        },
    )
}

/// A repository with one document of every type, each changed by `change`.
fn one_of_each(language: &str, change: impl Fn(&str) -> String) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for kind in CATALOGUE.types.keys() {
        let plan = planned(folder.path(), &order(kind, language, "Faster checkout")).unwrap();
        let [document] = &*plan.documents else { panic!("{plan:?}") };
        let path = folder.path().join(&document.path);
        write_atomically(&path, change(&document.text).as_bytes()).unwrap();
    }
    folder
}

/// The lines outside of code, with their numbers.
fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut in_code = false;
    text.lines().enumerate().filter_map(move |(at, line)| {
        let fence = line.starts_with("```");
        in_code ^= fence;
        (!in_code && !fence).then_some((at + 1, line))
    })
}

/// The numbers of the lines with something to fill in.
fn lines_to_fill(text: &str) -> BTreeSet<usize> {
    let to_fill = |line: &str| {
        let is_place = line.split_once('<').is_some_and(|(_, rest)| rest.contains('>'));
        is_place && !line.starts_with("<!--")
    };
    prose(text).filter(|(_, line)| to_fill(line)).map(|(number, _)| number).collect()
}

/// `text` with a sample in the place of everything that is to be filled in.
pub(crate) fn filled(text: &str) -> String {
    let mut filled = String::new();
    for line in text.lines() {
        let mut rest = line;
        if line.starts_with("<!--") {
            filled.push_str(line);
            rest = "";
        }
        while let Some((before, (inside, after))) =
            rest.split_once('<').and_then(|(before, rest)| Some((before, rest.split_once('>')?)))
        {
            filled.push_str(before);
            filled.push_str(match inside {
                "YYYY-MM-DD" => "2026-02-06",
                _ if line.starts_with("  number:") => "7",
                _ => "sample text",
            });
            rest = after;
        }
        filled.push_str(rest);
        filled.push('\n');
    }
    filled
}

#[test]
fn a_filled_document_passes() {
    for language in LANGUAGES {
        let folder = one_of_each(language, filled);
        let checker = Checker::open(folder.path()).unwrap();
        let report = checker.check(&Request::default()).unwrap();
        assert_eq!(report.documents.len(), checker.catalogue().types.len());
        let worse = report.diagnostics.iter().filter(|finding| finding.severity > Severity::Note);
        let found: Vec<String> = worse.map(|finding| shown(&checker, finding)).collect();
        assert!(found.is_empty(), "{}", found.concat());
    }
}

#[test]
fn an_unfilled_document_fails_at_every_place_to_fill_in() {
    for language in LANGUAGES {
        let folder = one_of_each(language, str::to_owned);
        let checker = Checker::open(folder.path()).unwrap();
        let report = checker.check(&Request::default()).unwrap();
        for path in &report.documents {
            let text = checker.sources().text(path).unwrap();
            let index = LineIndex::new(&text);
            let mut found = BTreeSet::new();
            for finding in report.diagnostics.iter().filter(|finding| finding.path == *path) {
                assert_eq!(finding.rule, "left-over-placeholder", "{}", shown(&checker, finding));
                assert_eq!(finding.severity, Severity::Error);
                found.insert(index.position(&text, finding.span.start).line);
            }
            assert_eq!(found, lines_to_fill(&text), "{language} {path}");
            assert!(!found.is_empty(), "{language} {path}");
        }
    }
}

#[test]
fn every_section_says_what_to_write() {
    for language in LANGUAGES {
        for kind in CATALOGUE.types.keys() {
            let root = Path::new("nowhere");
            let plan = planned(root, &order(kind, language, "Faster checkout")).unwrap();
            let text = &plan.documents[0].text;
            let to_fill = lines_to_fill(text);
            let headings: Vec<usize> = prose(text)
                .filter(|(_, line)| line.starts_with('#'))
                .map(|(number, _)| number)
                .chain([text.lines().count() + 1])
                .collect();
            for pair in headings.windows(2) {
                let [from, to] = *pair else { panic!("two at a time") };
                // A heading right above a deeper one, or the title.
                if to == from + 2 {
                    continue;
                }
                assert!(to_fill.range(from..to).next().is_some(), "{language} {kind}:{from}");
            }
        }
    }
}

#[test]
fn required_headings_are_in_the_language_of_the_template() {
    for language in LANGUAGES {
        for (name, kind) in &CATALOGUE.types {
            let root = Path::new("nowhere");
            let plan = planned(root, &order(name, language, "Faster checkout")).unwrap();
            let headings: Vec<String> = prose(&plan.documents[0].text)
                .filter_map(|(_, line)| line.strip_prefix("## "))
                .map(|title| title.trim_start_matches(|char: char| !char.is_alphabetic()))
                .map(str::to_lowercase)
                .collect();
            for wanted in &kind.headings {
                let names = &wanted.get(language).unwrap().0;
                let has = |name: &String| {
                    headings.iter().any(|heading| heading.starts_with(&name.to_lowercase()))
                };
                assert!(names.iter().any(has), "{language} {name}: {names:?} {headings:?}");
            }
            if kind.summary {
                assert_eq!(headings[0], "tl;dr", "{language} {name}");
            }
        }
    }
}

#[test]
fn front_matter_is_complete() {
    let root = Path::new("nowhere");
    let plan = planned(root, &order("adr", "en", "Keep tokens")).unwrap();
    let [document] = &*plan.documents else { panic!("{plan:?}") };
    assert_eq!((&*document.id, &*document.path), ("ADR-0001", "docs/arch/adr-0001-keep-tokens.md"));
    let (front_matter, _) = document.text.split_once("---\n\n").unwrap();
    assert_eq!(
        front_matter,
        "---\ndoc_id: ADR-0001\ntype: adr\ntitle: Keep tokens\nstatus: proposed\nowner_role: SA\n\
         created_at: 2026-02-06\nupdated_at: 2026-02-06\nrelated_issues: [7, 41]\n\
         related_prs: [52]\nsupersedes: []\nsuperseded_by: []\napprovals:\n  required: [Owner]\n  \
         status: pending\n  request_id: \"\"\n"
    );
    for (name, kind) in &CATALOGUE.types {
        let plan = planned(root, &order(name, "en", "Keep tokens")).unwrap();
        let text = &plan.documents[0].text;
        assert_eq!(text.contains("\napprovals:\n"), kind.approvals, "{name}");
        assert!(kind.required.iter().all(|key| text.contains(&format!("\n{key}: "))), "{name}");
    }
}

#[test]
fn a_hostile_title_is_a_title_and_nothing_else() {
    let root = Path::new("nowhere");
    let innocent = planned(root, &order("adr", "en", "Innocent")).unwrap();
    let sections = Document::parse(&innocent.documents[0].text).outline.headings.len();
    for title in [
        "a: b # c",
        "\"quoted\" and 'quoted'",
        "first\n---\ndoc_id: ADR-9999\n",
        "{{ id }} {% raw %} {# c #}",
        "{{ 7 * 7 }}",
        "[link](http://example.com) ![image](x)",
        "<script>alert(1)</script>",
        "# heading\n## heading",
        "- [ ] `code` ~~struck~~",
        "*a* _b_ | c | \\",
        "&amp; \u{202e}backwards \u{0}",
        "../../../etc/passwd",
        "null",
        "- a",
        "@owner & !tag",
        "%TAG ! x",
    ] {
        let plan = planned(root, &order("adr", "en", title)).unwrap();
        let [document] = &*plan.documents else { panic!("{plan:?}") };
        assert_eq!(document.path.matches('/').count(), 2, "{}", document.path);
        let parsed = Document::parse(&document.text);
        let one_line = title.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(parsed.front_matter.text("title"), Some(&*one_line));
        assert_eq!(parsed.front_matter.text("doc_id"), Some("ADR-0001"));
        assert_eq!(parsed.outline.headings.len(), sections, "{title}");
        assert!(parsed.outline.links.is_empty(), "{title}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_title_comes_back_from_the_front_matter(title in any::<String>()) {
        let one_line = title.split_whitespace().collect::<Vec<_>>().join(" ");
        match planned(Path::new("nowhere"), &order("decision", "ru", &title)) {
            Ok(plan) => {
                let parsed = Document::parse(&plan.documents[0].text);
                prop_assert_eq!(parsed.front_matter.text("title"), Some(&*one_line));
                prop_assert_eq!(parsed.outline.headings.len(), 6);
            }
            Err(error) => prop_assert!(one_line.is_empty(), "{}", error),
        }
    }
}

#[test]
fn an_adopters_template_wins() {
    let folder = tempfile::tempdir().unwrap();
    let own = |path: &str, text: &str| {
        write_atomically(&folder.path().join(path), text.as_bytes()).unwrap();
    };
    let make = |language: &str| planned(folder.path(), &order("adr", language, "Keep: tokens"));
    let text = |language: &str| make(language).unwrap().documents[0].text.clone();
    let head = "---\ndoc_id: {{ id }}\ntype: {{ type }}\ntitle: {{ title }}\n---\n";
    own("docs/templates/adr.md", &format!("{head}\n# Ours: {{{{ title }}}}\n"));
    let ours =
        "---\ndoc_id: ADR-0001\ntype: adr\ntitle: \"Keep: tokens\"\n---\n\n# Ours: Keep: tokens\n";
    assert_eq!(text("en"), ours);
    assert_eq!(text("ru"), ours, "for all languages");
    assert_eq!(text("de"), ours, "also for those without built-in templates");
    own("docs/templates/ru/adr.md", &format!("{head}\n# Наш\n"));
    assert!(text("ru").ends_with("# Наш\n"));
    assert_eq!(text("en"), ours);

    // It must make the document that was asked for.
    own("docs/templates/adr.md", "---\ndoc_id: ADR-XXXX\ntype: adr\n---\n");
    assert_eq!(
        make("en").unwrap_err().to_string(),
        "docs/templates/adr.md makes a document whose `doc_id` is `ADR-XXXX`, not `ADR-0001`; \
         write `doc_id: {{ id }}`"
    );
    own("docs/templates/adr.md", &format!("{head}\n\n{{{{ titel }}}}\n"));
    let error = make("en").unwrap_err();
    let NewError::Template(TemplateError::Syntax { path, line, .. }) = &error else {
        panic!("{error:?}")
    };
    assert_eq!((&**path, *line), ("docs/templates/adr.md", 8));
    own(
        "docs/templates/adr.md",
        &format!(
            "{head}{{% for i in range(99999) %}}{{% for j in range(99999) %}}.{{% endfor %}}{{% endfor %}}"
        ),
    );
    assert!(make("en").is_err(), "a template that does not come to an end");
}

#[test]
fn a_type_without_a_template_says_where_to_put_one() {
    let error = planned(Path::new("nowhere"), &order("adr", "de", "Tokens")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "there is no template for the type `adr` in the language `de`; \
         write `docs/templates/adr.md`"
    );
}

#[test]
fn markup_has_to_be_asked_for() {
    let values = Values {
        id: "ADR-0001",
        kind: "adr",
        title: "a *b*",
        status: "proposed",
        owner_role: "SA",
        today: Date::parse("2026-02-06").unwrap(),
        issues: &[],
        pull_requests: &[1, 2],
    };
    let template = "---\nlist: {{ prs }}\n---\n{{ title }} {{ title | safe }} {{ prs }}\n";
    assert_eq!(
        render("a template", template, &values).unwrap(),
        "---\nlist: [1, 2]\n---\na \\*b\\* a *b* 1, 2\n"
    );
}

#[test]
fn a_template_as_deep_as_it_is_long_is_an_error_or_a_document() {
    let values = Values {
        id: "ADR-0001",
        kind: "adr",
        title: "T",
        status: "proposed",
        owner_role: "SA",
        today: Date::parse("2026-02-06").unwrap(),
        issues: &[],
        pull_requests: &[],
    };
    // On the stack of a test, which is smaller than that of a program.
    let room = (32 << 10) - 20;
    for (first, again) in
        [("1", "|abs"), ("1", "+1"), ("1", "[0]"), ("", "-"), ("", "not "), ("", "("), ("", "[")]
    {
        let last = if first.is_empty() { "1" } else { "" };
        let deep = again.repeat(room / again.len());
        let template = format!("---\n---\n{{{{ {first}{deep}{last} }}}}\n");
        drop(render("a template", &template, &values));
    }
    let long = "-".repeat((32 << 10) + 1);
    let error = render("a template", &long, &values).unwrap_err();
    assert!(error.to_string().contains("a template has at most 32768 bytes"), "{error}");
}
