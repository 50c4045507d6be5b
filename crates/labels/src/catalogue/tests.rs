//! The default catalogue, and what an adopter can do to it.

use countersign_config::{ConfigError, ConfigFile};

use super::*;
use crate::color::LEAST_CONTRAST;
use crate::name::LONGEST_DESCRIPTION;

fn read(text: &str) -> Result<Catalogue, ConfigError> {
    let file = ConfigFile::new("countersign.yaml", text);
    LabelsConfig::read(&file).map(|config| Catalogue::new(&config).unwrap())
}

fn error(text: &str) -> String {
    let error = read(text).unwrap_err();
    format!("{error} ({})", error.help().unwrap_or_default())
}

/// Section 8 of the specification, in its order.
const SPECIFIED: [&str; 45] = [
    "run:intake",
    "run:intake:revise",
    "run:vision",
    "run:vision:revise",
    "run:prd",
    "run:prd:revise",
    "run:arch",
    "run:arch:revise",
    "run:design",
    "run:design:revise",
    "run:plan",
    "run:plan:revise",
    "run:dev",
    "run:dev:revise",
    "run:doc-audit",
    "run:qa",
    "run:release",
    "run:postdeploy",
    "run:ops",
    "run:abort",
    "run:rethink",
    "state:blocked",
    "state:in-review",
    "state:approved",
    "state:superseded",
    "state:abandoned",
    "need:input",
    "need:pm",
    "need:sa",
    "need:qa",
    "need:sre",
    "feature",
    "bug",
    "doc",
    "debt",
    "idea",
    "epic",
    "[ai-model-gpt-5.3-codex]",
    "[ai-model-gpt-5.2]",
    "[ai-model-gpt-5.1-codex-max]",
    "[ai-model-gpt-5.1-codex-mini]",
    "[ai-reasoning-low]",
    "[ai-reasoning-medium]",
    "[ai-reasoning-high]",
    "[ai-reasoning-extra-high]",
];

#[test]
fn every_label_of_the_specification_is_there() {
    let catalogue = Catalogue::default();
    let keys: Vec<&str> = catalogue.labels().iter().map(|label| &*label.key).collect();
    assert_eq!(keys, SPECIFIED);
    for label in catalogue.labels() {
        assert_eq!(label.name, label.key);
        assert_eq!(Class::of_prefix(&label.key).unwrap_or(Class::Semantic), label.class);
        for texts in [&label.summary, &label.description, &label.undo] {
            assert!(!texts.en.is_empty() && !texts.ru.is_empty(), "{}", label.key);
        }
        assert!(label.summary.en.chars().count() <= LONGEST_DESCRIPTION, "{}", label.key);
        let is_trigger = label.class == Class::Trigger;
        assert_eq!(label.set_by == Authority::Owner, is_trigger, "{}", label.key);
        assert_eq!(label.starts.is_some(), is_trigger, "{}", label.key);
        assert_eq!(label.stage.is_some(), is_trigger, "{}", label.key);
        assert_eq!(label.revise, label.key.ends_with(":revise"));
        let value = matches!(label.class, Class::Model | Class::Reasoning);
        assert_eq!(label.value.is_some(), value, "{}", label.key);
    }
}

#[test]
fn variables_are_called_as_the_specification_says() {
    let catalogue = Catalogue::default();
    for (key, variable) in [
        ("run:intake", "RUN_INTAKE_LABEL"),
        ("run:intake:revise", "RUN_INTAKE_REVISE_LABEL"),
        ("run:vision", "RUN_VISION_LABEL"),
        ("run:doc-audit", "RUN_DOC_AUDIT_LABEL"),
        ("need:input", "NEED_INPUT_LABEL"),
        ("state:in-review", "STATE_IN_REVIEW_LABEL"),
        ("[ai-model-gpt-5.3-codex]", "AI_MODEL_GPT_5_3_CODEX_LABEL"),
        ("feature", "FEATURE_LABEL"),
    ] {
        assert_eq!(catalogue.by_key(key).unwrap().variable, variable);
        assert_eq!(catalogue.by_variable(variable).unwrap().key, key);
    }
}

#[test]
fn every_label_can_be_read_in_both_themes() {
    for label in Catalogue::default().labels() {
        let contrasts =
            [label.color.contrast_in_light_theme(), label.color.contrast_in_dark_theme()];
        for contrast in contrasts {
            assert!(contrast >= LEAST_CONTRAST, "{} {}: {contrasts:.2?}", label.key, label.color);
        }
    }
}

#[test]
fn one_stage_one_model_one_level_of_reasoning() {
    let catalogue = Catalogue::default();
    assert_eq!(catalogue.family("stage").count(), 21);
    assert_eq!(catalogue.family("model").count(), 4);
    assert_eq!(catalogue.family("reasoning").count(), 4);
    assert_eq!(catalogue.by_name("state:blocked").unwrap().family, None);
    assert_eq!(catalogue.trigger("intake", true).unwrap().key, "run:intake:revise");
    assert_eq!(catalogue.trigger("qa", true), None);
}

#[test]
fn an_adopter_renames_adds_and_drops() {
    let catalogue = read(
        "labels:\n  without: ['[ai-model-gpt-5.2]']\n  catalogue:\n    run:intake: {name: 'Start!'}\n    team:web: {summary: {en: Web team}}\n    deploy:prod: {class: trigger, starts: deploy}\n    '[ai-model-x]': {class: model}\n",
    )
    .unwrap();
    assert_eq!(catalogue.labels().len(), SPECIFIED.len() - 1 + 3);
    let intake = catalogue.by_name("start!").unwrap();
    assert_eq!((&*intake.key, &*intake.variable), ("run:intake", "RUN_INTAKE_LABEL"));
    assert_eq!(intake.aliases, ["run:intake"]);
    assert_eq!(intake.stage.as_deref(), Some("intake"));
    let team = catalogue.by_key("team:web").unwrap();
    assert_eq!((team.class, &*team.description.en), (Class::Semantic, "Web team"));
    let deploy = catalogue.by_key("deploy:prod").unwrap();
    assert_eq!((deploy.set_by, deploy.stage.as_deref()), (Authority::Owner, None));
    assert_eq!(catalogue.by_key("[ai-model-x]").unwrap().value.as_deref(), Some("x"));
    assert!(catalogue.by_key("[ai-model-gpt-5.2]").is_none());
}

#[test]
fn every_fault_names_its_line_and_what_to_do() {
    let label = |text: &str| error(&format!("labels:\n  catalogue:\n    {text}\n"));
    insta::assert_snapshot!(error("labels: {catalog: {}}"), @"countersign.yaml:1:10: unknown key `catalog` (did you mean `catalogue`?)");
    insta::assert_snapshot!(error("labels: {without: [run:intak]}"), @"countersign.yaml:1:20: there is no label `run:intak` in the default catalogue (did you mean `run:intake`?)");
    insta::assert_snapshot!(label("run:qa: {color: blue}"), @r#"countersign.yaml:3:21: `blue` is no colour (write six hexadecimal digits in quotes, such as "0e8a16")"#);
    insta::assert_snapshot!(label("run:qa: {colour: aabbcc}"), @"countersign.yaml:3:14: unknown key `colour` (did you mean `color`?)");
    insta::assert_snapshot!(label("team: {name: Run:QA}"), @"countersign.yaml:3:18: the labels `run:qa` and `team` are both called `Run:QA` (give each label a name of its own; GitHub ignores case)");
    insta::assert_snapshot!(label("team: {variable: github_x}"), @"countersign.yaml:3:22: `github_x` is no name of a variable (use capitals A to Z, digits and underscores, no digit first and no `GITHUB_` in front)");
    insta::assert_snapshot!(label("team: {variable: RUN_QA_LABEL}"), @"countersign.yaml:3:22: the names of `run:qa` and `team` would be in one variable, `RUN_QA_LABEL` (give each label a variable of its own)");
    insta::assert_snapshot!(label("team: {class: triger}"), @"countersign.yaml:3:19: unknown value `triger` (did you mean `trigger`?)");
    insta::assert_snapshot!(label("team: {stage: qa}"), @"countersign.yaml:3:19: a semantic label starts nothing (take `stage` away, or make it `class: trigger`)");
    insta::assert_snapshot!(label("run:x: {revise: true}"), @"countersign.yaml:3:21: a revision needs the stage that it revises (add `stage:`)");
    insta::assert_snapshot!(label("team: {aliases: [old, 'run:qa']}"), @"countersign.yaml:3:27: the alias `run:qa` is the name of the label `run:qa` (one could not tell whether the label was renamed already; to exchange names once, use `labels sync --rename`)");
    insta::assert_snapshot!(label("team: {aliases: [a]}\n    group: {aliases: [A]}"), @"countersign.yaml:4:23: `A` is an alias of `team` and of `group` (a label can only become one other: keep one of the two)");
    insta::assert_snapshot!(label("team: {aliases: [Team]}"), @"countersign.yaml:3:22: `Team` is the name of the label itself (take the alias away)");
    insta::assert_snapshot!(label(&format!("team: {{summary: {{en: {}}}}}", "x".repeat(101))), @"countersign.yaml:3:12: the summary has 101 characters (`en`) (GitHub shows 100 at most; the whole text can stand under `description:`)");
    insta::assert_snapshot!(label(&format!("{}: {{}}", "x".repeat(51))), @"countersign.yaml:3:5: the name `xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx` has more than 50 characters (GitHub takes 1 to 50 characters)");
    insta::assert_snapshot!(error("labels: {without: [bug], catalogue: {bug: {color: aabbcc}}}"), @"countersign.yaml:1:38: the label `bug` is described here and not wanted under `without:` (keep one of the two)");
}
