//! Inputs of an action as arguments.

use std::ffi::OsString;

use countersign_runner::{Command, Event, Input, StepError, Takes, Usual, Variables, arguments};

const ENTER: &[Input] = &[Input::new("stage", Takes::Value("--stage"))];
const LEAVE: &[Input] =
    &[ENTER[0], Input::new("base", Takes::Value("--changed-since")).usually(Usual::Base)];

const COMMANDS: [Command; 3] = [
    Command {
        words: &["check"],
        inputs: &[
            Input::new("paths", Takes::Words),
            Input::new("changed-since", Takes::Value("--changed-since")),
            Input::new("fix", Takes::Flag("--fix")),
            Input::new(
                "fail-on",
                Takes::OneOf(&[("error", &[]), ("warning", &["--max-warnings=0"])]),
            ),
            Input::new("fact", Takes::Values("--fact")),
            Input::new("filters", Takes::Options(&["type", "status"])),
        ],
    },
    Command {
        words: &["gate"],
        inputs: &[
            Input::new("direction", Takes::Subcommand(&[("enter", ENTER), ("leave", LEAVE)]))
                .usually(Usual::Required),
            Input::new("issue", Takes::Value("--issue")).usually(Usual::Issue),
            Input::new("pull-request", Takes::Value("--pr")).usually(Usual::PullRequest),
            Input::given("--event", Usual::EventFile),
        ],
    },
    Command {
        words: &["sync"],
        inputs: &[
            Input::new("repository", Takes::Words).usually(Usual::Variable("GITHUB_REPOSITORY"))
        ],
    },
];

fn expand(line: &str, variables: &[(&str, &str)]) -> Result<String, StepError> {
    let given: Vec<OsString> = line.split(' ').map(OsString::from).collect();
    let runner = [("GITHUB_OUTPUT", "/dev/null")];
    let variables = Variables::new(runner.iter().chain(variables).copied());
    let all = arguments(given, &COMMANDS, &variables)?;
    Ok(all.iter().map(|it| it.to_str().unwrap()).collect::<Vec<_>>().join(" "))
}

#[test]
fn empty_inputs_are_not_given() {
    let empty = [("INPUT_PATHS", ""), ("INPUT_CHANGED_SINCE", "  \n"), ("INPUT_FIX", "")];
    assert_eq!(expand("docset check --step", &empty).unwrap(), "docset check --step");
}

#[test]
fn values_become_options_and_paths_come_behind_all_options() {
    let given = [
        ("INPUT_PATHS", "docs/a b.md\r\n\n  --fix \n"),
        ("INPUT_CHANGED_SINCE", "--output=/etc/passwd"),
        ("INPUT_FIX", "true"),
        ("INPUT_FAIL_ON", "warning"),
        ("INPUT_FACT", "incident\nflood"),
        ("INPUT_FILTERS", "type=adr\nstatus=approved"),
    ];
    assert_eq!(
        expand("docset check --step --quiet", &given).unwrap(),
        "docset check --step --changed-since=--output=/etc/passwd --fix --max-warnings=0 \
         --fact=incident --fact=flood --type=adr --status=approved --quiet -- docs/a b.md --fix"
    );
}

#[test]
fn an_input_that_cannot_be_is_named_with_what_it_may_be() {
    let error = |name, value| expand("docset check --step", &[(name, value)]).unwrap_err();
    let flag = error("INPUT_FIX", "yes").to_string();
    assert_eq!(flag, "the input `fix` is `yes`; write `true` or `false`");
    let choice = error("INPUT_FAIL_ON", "errors").to_string();
    assert_eq!(choice, "the input `fail-on` is `errors`; write `error` or `warning`");
    let option = error("INPUT_FILTERS", "type=adr\ndatabase-url=x").to_string();
    assert!(option.contains("`database-url=x`; write `name=value` with one of `type` or"));
    let word = expand("policy gate --step", &[("INPUT_DIRECTION", "in")]).unwrap_err();
    assert_eq!(word.to_string(), "the input `direction` is `in`; write `enter` or `leave`");
    let missing = expand("policy gate --step", &[]).unwrap_err().to_string();
    assert_eq!(missing, "the input `direction` is required");
}

#[test]
fn the_event_stands_in_for_numbers_and_revisions() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("event.json");
    let text = r#"{"pull_request": {"number": 34, "base": {"sha": "abc"}}}"#;
    std::fs::write(&path, text).unwrap();
    let path = path.to_str().unwrap();
    let given = [("GITHUB_EVENT_PATH", path), ("INPUT_DIRECTION", "leave"), ("INPUT_ISSUE", "7")];
    assert_eq!(
        expand("policy gate --step", &given).unwrap(),
        format!("policy gate --step leave --changed-since=abc --issue=7 --pr=34 --event={path}")
    );
    let given = [("GITHUB_REPOSITORY", "acme/product")];
    let sync = expand("labels sync --step", &given).unwrap();
    assert_eq!(sync, "labels sync --step -- acme/product");
}

#[test]
fn an_event_is_about_an_issue_or_a_pull_request() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("event.json");
    let event = |text: &str| {
        std::fs::write(&path, text).unwrap();
        let path = path.to_str().unwrap();
        Event::of(&Variables::new([("GITHUB_EVENT_PATH", path), ("GITHUB_EVENT_NAME", "issues")]))
    };
    let issue = event(r#"{"issue": {"number": 12, "title": "\"; rm -rf . #$(id)"}}"#).unwrap();
    assert_eq!((issue.issue, issue.pull_request), (Some(12), None));
    assert_eq!(issue.name.as_deref(), Some("issues"));
    let comment = event(r#"{"issue": {"number": 12, "pull_request": {"url": "x"}}}"#).unwrap();
    assert_eq!((comment.issue, comment.pull_request), (None, Some(12)));
    assert_eq!(event("{}").unwrap().issue, None);
    for text in ["[]", "{", r#"{"issue": {"number": "12"}}"#] {
        assert!(matches!(event(text), Err(StepError::NoEvent { .. })), "{text}");
    }
    let missing = Variables::new([("GITHUB_EVENT_PATH", "/nowhere/event.json")]);
    assert!(matches!(Event::of(&missing), Err(StepError::Event { .. })));
    assert_eq!(Event::of(&Variables::new([])).unwrap(), Event::default());
}

#[test]
fn what_is_no_step_is_refused_and_what_asks_for_none_is_left_alone() {
    let error = expand("docset rules --step", &[]).unwrap_err().to_string();
    assert_eq!(error, "`--step` goes with `check`, `gate`, `sync`");
    let error = arguments(
        ["docset", "check", "--step"].map(OsString::from).to_vec(),
        &COMMANDS,
        &Variables::new([]),
    );
    assert!(matches!(error, Err(StepError::NoRunner { .. })));
    let given = [("INPUT_FIX", "true")];
    for line in ["docset check", "docset check -- --step", "docset check --step --help"] {
        assert_eq!(expand(line, &given).unwrap(), line);
    }
}

#[test]
fn a_command_knows_the_variables_that_it_reads() {
    let wanted =
        ["INPUT_BASE", "INPUT_DIRECTION", "INPUT_ISSUE", "INPUT_PULL_REQUEST", "INPUT_STAGE"];
    assert_eq!(COMMANDS[1].variables(), wanted);
}
