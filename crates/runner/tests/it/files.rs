//! What reaches the runner's files.

use std::fs;

use countersign_runner::{
    LARGEST_SUMMARY, Outputs, Sign, Step, StepError, Summary, Variables, fault,
};
use proptest::prelude::*;

use super::parser;

/// Values as hostile as they come: lines that look like commands, ends and other outputs.
fn hostile() -> impl Strategy<Value = String> {
    let pieces = prop_oneof![
        "\\PC{0,12}",
        Just("\n".to_owned()),
        Just("\r\n".to_owned()),
        Just("\0".to_owned()),
        Just("EOF\nother=x\n".to_owned()),
        Just("countersign_0000000000000000".to_owned()),
        Just("a<<b\n".to_owned()),
        Just("::set-output name=x::y\n".to_owned()),
    ];
    prop::collection::vec(pieces, 0..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn outputs_reach_the_runner_as_they_were_given(
        values in prop::collection::vec(("[a-z_][a-z0-9_-]{0,8}", hostile()), 0..6)
    ) {
        let mut outputs = Outputs::default();
        let mut given = Vec::new();
        for (name, value) in values {
            if outputs.set(&name, value.clone()).is_ok() {
                given.push((name, value));
            }
        }
        prop_assert_eq!(parser::read(&outputs.to_text()).unwrap(), given);
    }

    #[test]
    fn a_summary_has_no_more_lines_than_it_was_given(texts in prop::collection::vec(hostile(), 1..8)) {
        let mut summary = Summary::default();
        let rows = texts.iter().map(|text| vec![text.clone(), text.clone()]);
        summary.table(&["a", "b"], rows);
        let text = summary.to_text(LARGEST_SUMMARY);
        prop_assert_eq!(text.lines().count(), texts.len() + 3);
        for line in text.lines().filter(|line| !line.is_empty()) {
            let escaped = line.replace("\\\\", "").replace("\\|", "");
            prop_assert_eq!(escaped.matches('|').count(), 3, "{}", line);
        }
    }

    #[test]
    fn a_cut_summary_keeps_to_its_size(texts in prop::collection::vec("\\PC{0,80}", 0..60), most in 0usize..4000) {
        let mut summary = Summary::default();
        summary.list(&texts);
        prop_assert!(summary.to_text(most).len() <= most);
    }
}

#[test]
fn a_step_adds_to_the_files_of_the_runner() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::write(folder.path().join("output"), "before=1\n").unwrap();
    let (output, summary) = (path("output"), path("summary"));
    let variables =
        Variables::new([("GITHUB_OUTPUT", &*output), ("GITHUB_STEP_SUMMARY", &*summary)]);
    let mut step = Step::open(&variables).unwrap();
    step.output("errors", 3).unwrap();
    step.list("paths", &["a", "b"]).unwrap();
    step.summary.heading(Sign::Bad, "docset check");
    step.finish().unwrap();
    let read = parser::read(&fs::read_to_string(&output).unwrap()).unwrap();
    let wanted = [("before", "1"), ("errors", "3"), ("paths", r#"["a","b"]"#)];
    assert_eq!(read, wanted.map(|(a, b)| (a.to_owned(), b.to_owned())));
    assert_eq!(fs::read_to_string(&summary).unwrap(), "### ❌ docset check\n\n");
}

#[test]
fn annotations_that_are_not_shown_are_counted_in_the_summary() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("product");
    fs::create_dir(&root).unwrap();
    let output = folder.path().join("output");
    let variables = Variables::new([
        ("GITHUB_OUTPUT", output.to_str().unwrap()),
        ("GITHUB_WORKSPACE", folder.path().to_str().unwrap()),
    ]);
    let mut step = Step::open(&variables).unwrap();
    let commands = "::error title=x,file=docs/a.md,line=1::bad\n".repeat(11);
    let shown = step.annotations(&commands, &root);
    assert_eq!(shown, "::error title=x,file=product/docs/a.md,line=1::bad\n".repeat(10));
    assert!(step.summary.to_text(1000).starts_with("1 more are not shown"));
}

#[test]
fn without_a_runner_there_is_no_step() {
    for variables in [Variables::new([]), Variables::new([("GITHUB_OUTPUT", "")])] {
        let error = Step::open(&variables).unwrap_err();
        assert!(matches!(error, StepError::NoRunner { .. }));
        assert!(error.to_string().contains("`GITHUB_OUTPUT` is not set"), "{error}");
    }
}

#[test]
fn a_file_that_cannot_be_written_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let variables = Variables::new([("GITHUB_OUTPUT", folder.path().to_str().unwrap())]);
    let mut step = Step::open(&variables).unwrap();
    step.output("a", "b").unwrap();
    let error = step.finish().unwrap_err().to_string();
    assert!(error.contains("which `GITHUB_OUTPUT` names"), "{error}");
}

#[test]
fn a_summary_fills_up_what_earlier_text_left() {
    let folder = tempfile::tempdir().unwrap();
    let (output, summary) = (folder.path().join("output"), folder.path().join("summary"));
    fs::write(&summary, "x".repeat(LARGEST_SUMMARY - 1000)).unwrap();
    let variables = Variables::new([
        ("GITHUB_OUTPUT", output.to_str().unwrap()),
        ("GITHUB_STEP_SUMMARY", summary.to_str().unwrap()),
    ]);
    let mut step = Step::open(&variables).unwrap();
    step.summary.list(vec!["line"; 1000]);
    step.finish().unwrap();
    let text = fs::read_to_string(&summary).unwrap();
    assert!(text.len() <= LARGEST_SUMMARY && text.contains("more lines have no room"));
}

#[test]
fn a_fault_is_an_annotation_and_a_summary() {
    let folder = tempfile::tempdir().unwrap();
    let summary = folder.path().join("summary");
    let variables = Variables::new([("GITHUB_STEP_SUMMARY", summary.to_str().unwrap())]);
    let error = std::io::Error::other("error: bad `a`\n::error::x\n\nUsage: docset");
    let shown = fault("docset", &error, Some("mend it"), &variables);
    assert_eq!(shown, "::error title=docset::bad `a`\\n::error::x%0Amend it\n");
    let text = fs::read_to_string(&summary).unwrap();
    assert!(text.contains("docset could not do its job") && text.contains("What to do: mend it"));
}
