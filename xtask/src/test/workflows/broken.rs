//! Something of everything that can be wrong, and who must find it.

use std::path::Path;

use anyhow::{Context as _, Result, bail, ensure};

use super::checkers::Checkers;
use super::subjects::Subject;
use crate::files;
use crate::gha::Role;
use crate::workspace::Workspace;

/// A small repository in which everything is right.
const SAMPLE: &str = "xtask/gha/sample";
const ACTION: &str = "actions/greet/action.yml";
const SCRIPT: &str = "actions/greet/greet.sh";
const CALLED: &str = ".github/workflows/wf_called.yml";
const CALLER: &str = ".github/workflows/caller.yml";
const FORM: &str = ".github/ISSUE_TEMPLATE/request.yml";

/// A change of the sample after which something is wrong.
struct Fault {
    /// What is wrong then.
    what: &'static str,
    file: &'static str,
    /// Replaced, once.
    from: &'static str,
    to: &'static str,
    /// Who finds it, and a part of what each says.
    found_by: &'static [(&'static str, &'static str)],
}

const FAULTS: &[Fault] = &[
    Fault {
        what: "an expression that is none",
        file: CALLER,
        from: "vars.GREET_LABEL != '' &&",
        to: "vars.GREET_LABEL != &&",
        found_by: &[("parser", "Unexpected symbol"), ("actionlint", "unexpected token")],
    },
    Fault {
        what: "a function that does not exist",
        file: CALLER,
        from: "github.event.label.name ==",
        to: "lower(github.event.label.name) ==",
        found_by: &[
            ("parser", "Unrecognized function: 'lower'"),
            ("actionlint", "undefined function \"lower\""),
        ],
    },
    Fault {
        what: "a condition that is always true",
        file: CALLER,
        from: "if: vars.GREET_LABEL != '' && github.event.label.name == vars.GREET_LABEL",
        to: "if: ${{ github.event.label.name }} == 'greet'",
        found_by: &[
            ("parser", "literal text outside replacement tokens"),
            ("actionlint", "always evaluated to true"),
            ("zizmor", "unsound-condition"),
        ],
    },
    Fault {
        what: "an output that no step has",
        file: CALLED,
        from: "GREETING: ${{ steps.greet.outputs.greeting }}",
        to: "GREETING: ${{ steps.great.outputs.greeting }}",
        found_by: &[("parser", "great"), ("actionlint", "property \"great\" is not defined")],
    },
    Fault {
        what: "an activity that GitHub does not know",
        file: CALLER,
        from: "types: [labeled]",
        to: "types: [labelled]",
        found_by: &[("parser", "labelled"), ("actionlint", "invalid activity type \"labelled\"")],
    },
    Fault {
        what: "a key that is misspelt",
        file: CALLED,
        from: "timeout-minutes",
        to: "timeout-minute",
        found_by: &[
            ("parser", "timeout-minute"),
            ("actionlint", "unexpected key \"timeout-minute\""),
            ("schema", "::$.jobs.greet"),
            ("habits", "has no `timeout-minutes`"),
        ],
    },
    Fault {
        what: "an input that an action does not have",
        file: CALLED,
        from: "name: ${{ inputs.name }}",
        to: "nam: ${{ inputs.name }}",
        found_by: &[
            ("parser", "Invalid action input 'nam'"),
            ("actionlint", "input \"nam\" is not defined"),
        ],
    },
    Fault {
        what: "an input that a called workflow needs and does not get",
        file: CALLER,
        from: "      name: ${{ github.event.issue.user.login }}\n",
        to: "",
        found_by: &[
            ("parser", "Input name is required"),
            ("actionlint", "input \"name\" is required"),
        ],
    },
    Fault {
        what: "a secret that a called workflow needs and does not get",
        file: CALLER,
        from: "    secrets:\n      token: ${{ secrets.GREET_TOKEN }}\n",
        to: "",
        found_by: &[
            ("parser", "Secret token is required"),
            ("actionlint", "secret \"token\" is required"),
        ],
    },
    Fault {
        what: "a called workflow that is not there",
        file: CALLER,
        from: "wf_called.yml",
        to: "wf_gone.yml",
        found_by: &[("parser", "Unable to find reusable workflow"), ("actionlint", "wf_gone.yml")],
    },
    Fault {
        what: "an action that is not there",
        file: CALLED,
        from: "$/actions/greet",
        to: "$/actions/gone",
        found_by: &[("parser", "Unable to resolve action `$/actions/gone`")],
    },
    Fault {
        what: "a text for an input that is a boolean",
        file: CALLER,
        from: "loud: true",
        to: "loud: \"yes\"",
        found_by: &[("calls", "\"yes\" for `loud`, which is a boolean")],
    },
    Fault {
        what: "a called workflow that asks for more than its caller has",
        file: CALLER,
        from: "issues: write # to comment",
        to: "issues: read # to look",
        found_by: &[("calls", "job `greet` wants `issues: write`, its caller has `read`")],
    },
    Fault {
        what: "a stranger's text in a script",
        file: CALLED,
        from: "echo \"$GREETING\"",
        to: "echo \"${{ github.event.issue.title }}\"",
        found_by: &[
            ("actionlint", "potentially untrusted"),
            ("zizmor", "template-injection"),
            ("habits", "give it by `env:`"),
        ],
    },
    Fault {
        what: "an action of somebody else's that may change",
        file: CALLED,
        from: "actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2",
        to: "actions/checkout@v4",
        found_by: &[("zizmor", "unpinned-uses"), ("habits", "not pinned to a full commit hash")],
    },
    Fault {
        what: "a commit of which nobody knows the version",
        file: CALLED,
        from: " # v4.2.2",
        to: "",
        found_by: &[("habits", "which version it is")],
    },
    Fault {
        what: "a token that may do everything",
        file: CALLED,
        from: "permissions: {}",
        to: "permissions: write-all",
        found_by: &[("zizmor", "excessive-permissions")],
    },
    Fault {
        what: "a permission without a reason",
        file: CALLED,
        from: "issues: write # to comment\n    outputs",
        to: "issues: write\n    outputs",
        found_by: &[("zizmor", "undocumented-permissions")],
    },
    Fault {
        what: "a token that stays in the checkout",
        file: CALLED,
        from: "        with:\n          persist-credentials: false\n",
        to: "",
        found_by: &[("zizmor", "artipacked")],
    },
    Fault {
        what: "all secrets for a called workflow",
        file: CALLER,
        from: "secrets:\n      token: ${{ secrets.GREET_TOKEN }}",
        to: "secrets: inherit",
        found_by: &[("zizmor", "secrets-inherit"), ("habits", "name those it needs")],
    },
    Fault {
        what: "a finding that is ignored without a reason",
        file: CALLED,
        from: "persist-credentials: false",
        to: "persist-credentials: true # zizmor: ignore[artipacked]",
        found_by: &[("habits", "ignored without a reason")],
    },
    Fault {
        what: "a folder that only this repository has",
        file: CALLED,
        from: "$/actions/greet",
        to: "./actions/greet",
        found_by: &[("habits", "a folder of whoever calls this"), ("zizmor", "self-repository")],
    },
    Fault {
        what: "a step of an action without a shell",
        file: ACTION,
        from: "      shell: bash\n",
        to: "",
        found_by: &[
            ("parser", "Required property is missing: shell"),
            ("zizmor", "action.yml"),
            ("schema", "action.yml"),
        ],
    },
    Fault {
        what: "an input that the action itself does not have",
        file: ACTION,
        from: "${{ inputs.name }}",
        to: "${{ inputs.nme }}",
        found_by: &[("actionlint", "\"nme\" is not defined")],
    },
    Fault {
        what: "a secret in an action",
        file: ACTION,
        from: "${{ inputs.name }}",
        to: "${{ secrets.NAME }}",
        found_by: &[("parser", "secrets")],
    },
    Fault {
        what: "a script of a step that splits words",
        file: ACTION,
        from: ">> \"$GITHUB_OUTPUT\"",
        to: ">> $GITHUB_OUTPUT",
        found_by: &[("shellcheck", "SC2086")],
    },
    Fault {
        what: "a script of a step that goes on after an error",
        file: ACTION,
        from: "set -euo pipefail",
        to: "set -e",
        found_by: &[("habits", "`set -euo pipefail`")],
    },
    Fault {
        what: "a script that splits words",
        file: SCRIPT,
        from: "\"$1\"",
        to: "$1",
        found_by: &[("shellcheck", "SC2086")],
    },
    Fault {
        what: "a form with a field that does not exist",
        file: FORM,
        from: "type: input",
        to: "type: inputs",
        found_by: &[("schema", "request.yml")],
    },
];

/// Breaks the sample in every way and asks the checkers, all at once.
///
/// # Errors
///
/// If the sample itself is found fault with, or a fault is not found by whoever should.
pub(super) fn run(workspace: &Workspace, checkers: &Checkers) -> Result<()> {
    let sample = workspace.root().join(SAMPLE);
    let folder = workspace.target("tmp/workflows/broken");
    files::make_empty_folder(&folder)?;
    let mut subjects = vec![copy(&sample, &folder.join("whole"), "the sample")?];
    for (number, fault) in FAULTS.iter().enumerate() {
        let root = folder.join(format!("{:02}", number + 1));
        let mut subject = copy(&sample, &root, fault.what)?;
        // The others would only cost time.
        subject.checkers = Some(fault.found_by.iter().map(|(checker, _)| *checker).collect());
        let path = root.join(fault.file);
        let text = files::read(&path)?;
        let times = text.matches(fault.from).count();
        ensure!(times == 1, "{}: `{}` is {times} times in {}", fault.what, fault.from, fault.file);
        files::write(&path, &text.replacen(fault.from, fault.to, 1))?;
        subjects.push(subject);
    }
    let answers = checkers.check(&subjects)?;
    let (whole, broken) = answers.split_first().context("no answer")?;
    ensure!(whole.is_empty(), "the sample is not whole: {whole:#?}");
    let mut missed = Vec::new();
    let mut found = 0;
    for (fault, complaints) in FAULTS.iter().zip(broken) {
        for (checker, says) in fault.found_by {
            let prefix = format!("{checker}: ");
            let of_checker = complaints.iter().filter(|it| it.starts_with(&prefix));
            if of_checker.clone().any(|complaint| complaint.contains(says)) {
                found += 1;
            } else {
                let heard: Vec<_> = of_checker.collect();
                missed.push(format!(
                    "\n  {}: {checker} does not say `{says}`: {heard:?}",
                    fault.what
                ));
            }
        }
    }
    if !missed.is_empty() {
        bail!("{} faults were missed:{}", missed.len(), missed.concat());
    }
    println!("  {} faults are found, {found} times", FAULTS.len());
    Ok(())
}

fn copy(sample: &Path, root: &Path, name: &str) -> Result<Subject> {
    files::copy_folder(sample, root)?;
    // By this actionlint knows where a repository begins.
    files::make_folder(&root.join(".git"))?;
    Subject::of(name, root, root, Role::Ours)
}
