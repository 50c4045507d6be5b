//! The process that is compiled in.

use countersign_process::{Effect, Process, RunMode, Who};

#[test]
fn the_default_can_be_read_and_has_every_stage_of_the_specification() {
    let process = Process::default();
    let order: Vec<&str> = process.in_order().map(|(name, _)| name).collect();
    assert_eq!(
        order,
        [
            "intake",
            "vision",
            "prd",
            "arch",
            "design",
            "plan",
            "dev",
            "doc-audit",
            "qa",
            "release",
            "postdeploy",
            "ops",
            "abort",
            "rethink"
        ]
    );
    assert!(process.owners.is_empty(), "nobody is an owner until somebody is named");
}

#[test]
fn every_role_of_the_specification_has_responsibilities_in_both_languages() {
    let process = Process::default();
    let names: Vec<&str> = process.roles.keys().map(String::as_str).collect();
    assert_eq!(names, ["Auditor", "Dev", "EM", "KM", "Owner", "PM", "QA", "SA", "SRE"]);
    for (name, role) in &process.roles {
        let [en, ru] = ["en", "ru"].map(|language| role.responsibilities[language].len());
        assert!(en > 0 && en == ru, "{name}");
        assert_eq!(role.human, name == "Owner");
        assert_eq!(role.access.is_none(), role.human);
    }
}

/// Specification §12.1.
#[test]
fn roles_run_as_the_specification_says() {
    let process = Process::default();
    for (name, role) in &process.roles {
        let mode = role.run_mode();
        match name.as_str() {
            "Owner" => assert_eq!(mode, None),
            "PM" => assert_eq!(mode, Some(RunMode::CodeOnly)),
            _ => assert_eq!(mode, Some(RunMode::FullEnv), "{name}"),
        }
    }
}

#[test]
fn every_rule_says_why_and_where_it_stands() {
    let process = Process::default();
    for (name, rule) in &process.rules {
        assert!(!rule.because.is_empty(), "{name}");
        assert_eq!(&*rule.place.path, "process.yaml");
        assert!(rule.place.line > 300, "{name} stands at {}", rule.place);
    }
    let lines: Vec<&str> = include_str!("../../src/process.yaml").lines().collect();
    let place = &process.rules["starting-labels"].place;
    assert_eq!(lines[place.line - 1].trim(), "starting-labels:");
    assert_eq!(place.column, 5);
}

#[test]
fn no_rule_is_about_agents_and_leaves_authority_open() {
    let process = Process::default();
    let authority =
        process.operations.iter().filter(|(_, operation)| operation.effect == Effect::Authority);
    for (name, _) in authority {
        let rules = process.rules.values();
        let mut allowing = rules.filter(|rule| {
            rule.operations.contains(name) && rule.decide == countersign_process::Ruling::Allow
        });
        assert!(allowing.all(|rule| rule.who == [Who::Owner, Who::Delegate]), "{name}");
    }
}

#[test]
fn the_same_definition_has_the_same_bytes_however_it_is_written() {
    let one = "process:\n  owners: [b]\n  default_profile: feature\n";
    let other = "# a comment\nprocess: {default_profile: 'feature', owners: [\"b\"]}\n";
    let bytes = |text| serde_json::to_string(&Process::parse("x", text).unwrap()).unwrap();
    assert_eq!(bytes(one), bytes(other));
    assert_ne!(bytes(one), bytes(""));
}
