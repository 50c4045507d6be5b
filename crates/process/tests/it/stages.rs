//! Which stage follows which, and what each needs.

use countersign_process::{Process, Step};

#[test]
fn the_next_stage_is_that_of_the_profile() {
    let process = Process::default();
    let next = |profile: &str, stage: &str| process.next(profile, Some(stage)).unwrap()[0];
    assert_eq!(next("full", "intake"), "vision");
    assert_eq!(next("feature", "intake"), "prd");
    assert_eq!(next("quick-fix", "intake"), "plan");
    assert_eq!(next("feature", "doc-audit"), "qa", "a stage that the profile leaves out");
    assert_eq!(next("full", "ops"), "intake", "what was learnt begins the next idea");
    assert_eq!(process.next("full", None).unwrap(), ["intake", "abort", "rethink"]);
    assert_eq!(process.next("full", Some("dev")).unwrap(), ["doc-audit", "abort", "rethink"]);
    assert_eq!(
        process.next("feature", Some("dev")).unwrap(),
        ["qa", "doc-audit", "abort", "rethink"]
    );
}

#[test]
fn what_a_stage_needs_depends_on_the_profile() {
    let process = Process::default();
    let needs = |profile: &str, stage: &str| process.needed_documents(profile, stage).unwrap();
    assert_eq!(needs("full", "prd"), ["charter", "success-metrics", "risks"]);
    assert_eq!(needs("feature", "prd"), ["problem", "personas", "scope", "constraints", "brief"]);
    assert_eq!(needs("feature", "design"), ["prd"]);
    assert_eq!(needs("full", "qa"), ["prd", "design-doc"]);
    assert!(needs("quick-fix", "qa").is_empty());
    assert_eq!(
        needs("full", "dev"),
        ["delivery-plan", "definition-of-done", "roadmap", "epic", "story", "design-doc"]
    );
}

#[test]
fn a_label_starts_one_stage() {
    let process = Process::default();
    let (stage, step, trigger) = process.started_by("run:plan:revise").unwrap();
    assert_eq!(
        (stage, step, &*trigger.workflow),
        ("plan", Step::Revise, "wf_delivery_plan_revise")
    );
    assert!(process.started_by("run:nothing").is_none());
}

#[test]
fn a_misspelt_name_is_told_apart() {
    let process = Process::default();
    let error = process.stages_of("featre").unwrap_err().to_string();
    assert_eq!(error, "there is no profile `featre`; did you mean `feature`?");
    let error = process.stages_up_to("quick-fix", "prd").unwrap_err().to_string();
    assert!(error.contains("the profile `quick-fix` has no stage `prd`"), "{error}");
    let error = process.next("full", Some("desing")).unwrap_err().to_string();
    assert_eq!(error, "there is no stage `desing`; did you mean `design`?");
}
