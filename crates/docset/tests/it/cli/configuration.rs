//! `countersign.yaml`, as the program reads it.

use insta::assert_snapshot;

use super::harness::{Repo, altered, index};

/// Two documents with one finding each, under this configuration.
fn with(configuration: &str) -> Repo {
    Repo::new(&[
        ("countersign.yaml", configuration),
        ("docs/a.md", &index("IDX-0001", "\n[x](no.md)\n")),
        ("docs/old/b.md", &altered("IDX-0002", "draft", "Draft")),
    ])
}

#[test]
fn a_rule_can_be_switched_off() {
    assert_snapshot!(with("docs:\n  rules:\n    broken-link: off\n").concise(&[]), @"
    exit 1
    --- stdout
    docs/old/b.md:5:9: error[invalid-status] the type `index` has no status `Draft`
    2 documents: 1 error (1 can be fixed with `--fix`)
    ");
}

#[test]
fn a_rule_can_be_graded_anew() {
    let repo = with("docs:\n  rules:\n    broken-link: warning\n    invalid-status: note\n");
    assert_snapshot!(repo.concise(&[]), @"
    exit 0
    --- stdout
    docs/a.md:17:1: warning[broken-link] there is no `docs/no.md`
    docs/old/b.md:5:9: note[invalid-status] the type `index` has no status `Draft`
    2 documents: 1 warning, 1 note (1 can be fixed with `--fix`)
    ");
    assert_eq!(repo.check(&["--max-warnings=0"]).code, 1);
}

#[test]
fn a_rule_can_be_kept_to_some_documents() {
    let only = "docs:\n  rules:\n    broken-link: {only: [docs/old]}\n";
    assert_snapshot!(with(only).concise(&[]), @"
    exit 1
    --- stdout
    docs/old/b.md:5:9: error[invalid-status] the type `index` has no status `Draft`
    2 documents: 1 error (1 can be fixed with `--fix`)
    ");
    let except =
        "docs:\n  rules:\n    invalid-status: {severity: warning, except: ['docs/**/b.md']}\n";
    assert_snapshot!(with(except).concise(&[]), @"
    exit 1
    --- stdout
    docs/a.md:17:1: error[broken-link] there is no `docs/no.md`
    2 documents: 1 error
    ");
}

#[test]
fn documents_can_be_excluded_or_plain() {
    assert_snapshot!(with("docs:\n  exclude: [docs/old]\n").concise(&[]), @"
    exit 1
    --- stdout
    docs/a.md:17:1: error[broken-link] there is no `docs/no.md`
    1 document: 1 error
    ");
    let plain = with("docs:\n  plain: ['**/README.md']\n  exclude: [docs/old, docs/a.md]\n");
    plain.write("docs/README.md", "# Readme\n\n[x](no.md)\n");
    assert_snapshot!(plain.concise(&[]), @"
    exit 1
    --- stdout
    docs/README.md:3:1: error[broken-link] there is no `docs/no.md`
    1 document: 1 error
    ");
}

#[test]
fn types_statuses_roles_and_keys_can_be_added() {
    let configuration = "\
docs:
  roles: [Chef]
  statuses: {served: in-force}
  keys: {taste: {kind: text}}
  types:
    recipe: {prefixes: [RCP], owner_roles: [Chef], approvals: false, optional: [taste]}
";
    let recipe = index("RCP-0001", "")
        .replace("type: index", "type: recipe\ntaste: sweet")
        .replace("draft", "served")
        .replace("KM", "Chef");
    let repo = Repo::new(&[("docs/a.md", &recipe)]);
    assert_eq!(repo.check(&[]).code, 1);
    repo.write("countersign.yaml", configuration);
    assert_snapshot!(repo.check(&[]), @"
    exit 0
    --- stdout
    1 document: nothing to report
    ");
}

/// What the program says of a configuration, which must be refused.
fn refused(configuration: &str) -> String {
    let repo = with(configuration);
    let outcome = repo.check(&[]);
    assert_eq!((outcome.code, &*outcome.stdout), (2, ""));
    // Commands that list things need the configuration too.
    let list = repo.docset(&["rules"]).outcome();
    assert_eq!((list.code, &*list.stdout, &list.stderr), (2, "", &outcome.stderr));
    outcome.stderr
}

#[test]
fn what_is_wrong_with_a_configuration_is_named_with_its_place() {
    let key = refused("docs:\n  inclde: [docs]\n");
    assert_snapshot!(key, @"
    error: countersign.yaml:2:3: unknown key `inclde`
      help: did you mean `include`?
    ");
    let top = refused("docs: {}\ndosc: {}\n");
    assert_snapshot!(top, @"
    error: countersign.yaml:2:1: unknown key `dosc`
      help: did you mean `docs`?
    ");
    let kind = refused("docs:\n  include: docs\n");
    assert_snapshot!(kind, @"
    error: countersign.yaml:2:12: expected a list, found `docs`
      help: write `[one, two]`
    ");
    let rule = refused("docs:\n  rules:\n    broken-lnk: off\n");
    assert_snapshot!(rule, @"
    error: countersign.yaml:3:5: there is no rule `broken-lnk`
      help: did you mean `broken-link`?
    ");
    let level = refused("docs:\n  rules:\n    broken-link: of\n");
    assert_snapshot!(level, @"
    error: countersign.yaml:3:18: unknown value `of`
      help: did you mean `off`?
    ");
    let option = refused("docs:\n  rules:\n    broken-link: {names: [a]}\n");
    assert_snapshot!(option, @"
    error: countersign.yaml:3:19: the rule `broken-link` has no option `names`
      help: `broken-link` knows extensions
    ");
    let regex = refused("docs:\n  rules:\n    malformed-id: {patterns: ['[']}\n");
    assert_snapshot!(regex, @"
    error: countersign.yaml:3:31: `[` is no regular expression
      help: unclosed character class
    ");
    let glob = refused("docs:\n  exclude:\n    - ok/**\n    - 'a['\n");
    assert_snapshot!(glob, @"
    error: countersign.yaml:4:7: `a[` is no glob
      help: unclosed character class; missing ']'
    ");
    let yaml = refused("docs:\n  include: [docs\n");
    assert_snapshot!(yaml, @"error: countersign.yaml:2:12: unclosed bracket '['");
    let hostile = refused("docs:\n  \"x\\e[31m\": 1\n");
    assert_snapshot!(hostile, @r"
    error: countersign.yaml:2:3: unknown key `x\u{1b}[31m`
      help: use one of include, exclude, plain, language, baseline, roles, statuses, lifecycles, keys, types, rules
    ");
}

#[test]
fn a_configuration_that_is_not_text_is_refused() {
    let repo = with("");
    repo.write("countersign.yaml", b"docs:\n  \xff\n");
    assert_snapshot!(repo.check(&[]), @"
    exit 2
    --- stderr
    error: cannot read `[ROOT]/countersign.yaml`
      caused by: invalid utf-8 sequence of 1 bytes from index 8
    ");
}

#[test]
fn keys_of_other_programs_are_left_to_them() {
    let repo = with("labels: {anything: [1]}\nprocess: x\nkb:\ngateway: []\n");
    assert_eq!(repo.check(&[]).code, 1);
}
