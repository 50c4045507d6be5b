//! What `process:` does to the default.

use countersign_process::{Process, Ruling};

fn process(text: &str) -> Process {
    Process::parse("countersign.yaml", text).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn mappings_are_merged_and_lists_replace() {
    let process = process(
        "process:
  stages:
    intake:
      produces: {required: [brief]}
      start: {workflow: my_intake}
",
    );
    let intake = &process.stages["intake"];
    assert_eq!(intake.produces.required, ["brief"]);
    assert_eq!(intake.produces.things, ["questions", "docset"], "a key that is not named stays");
    assert_eq!(intake.start.workflow, "my_intake");
    assert_eq!(intake.start.label, "run:intake");
    assert_eq!(intake.place.to_string(), "countersign.yaml:3:5", "the adopter's place counts");
    assert_eq!(&*process.stages["vision"].place.path, "process.yaml");
}

#[test]
fn a_tilde_takes_an_entry_away() {
    let process = process("process: {rules: {guests: ~}, profiles: {quick-fix: ~}}");
    assert!(!process.rules.contains_key("guests"));
    assert!(!process.profiles.contains_key("quick-fix"));
    assert!(process.profiles.contains_key("feature"));
}

#[test]
fn a_stage_of_ones_own_fits_into_a_profile() {
    let process = process(
        "process:
  stages:
    legal:
      roles: [PM]
      start: {label: run:legal, workflow: wf_legal}
      needs: {packages: [prd]}
      produces: {required: [opinion]}
  profiles:
    bank: [intake, prd, legal, plan, dev]
",
    );
    assert_eq!(process.next("bank", Some("prd")).unwrap()[0], "legal");
    assert_eq!(process.started_by("run:legal").unwrap().0, "legal");
    assert_eq!(process.producers("opinion").collect::<Vec<_>>(), ["legal"]);
    let legal = &process.stages["legal"];
    assert_eq!(process.permitted_paths(legal).collect::<Vec<_>>(), ["docs/**"]);
}

#[test]
fn a_rule_is_changed_by_its_id() {
    let process = process(
        "process:
  rules:
    drafts: {decide: {approval: {quorum: 2, expires: 2h}}}
",
    );
    let drafts = &process.rules["drafts"];
    let Ruling::Approval(approval) = &drafts.decide else { panic!("{drafts:?}") };
    assert_eq!((approval.quorum, approval.expires.as_secs()), (2, 7200));
    assert_eq!(approval.by, ["owner"]);
    assert!(drafts.operations.iter().any(|name| name == "github_create_pr"));
}
