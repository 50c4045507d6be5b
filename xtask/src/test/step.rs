//! The steps of `cargo xtask test`.

use anyhow::Result;

use super::{act, browser, documents, hooks, kubernetes, model, readers, setup, workflows};
use crate::workspace::Workspace;
use crate::{demo, generate};

/// One thing that must hold.
#[derive(Debug)]
pub(super) struct Step {
    /// What `--only` calls it.
    pub(super) name: &'static str,
    /// What it shows, in one line.
    pub(super) what: &'static str,
    pub(super) run: fn(&Workspace) -> Result<Outcome>,
}

/// How a step that did not fail ended.
#[derive(Debug)]
pub(super) enum Outcome {
    Passed,
    /// There is nothing to look at, and why.
    Skipped(&'static str),
}

/// Features of `countersign-kb` that leave out most of what the others use: chunks alone, with
/// the schema of the configuration, and what stores have in common. Every set of features would take
/// a minute, since each builds the libraries below anew.
const FEATURES_OF_KB: [&str; 3] = ["", "schema", "store"];

/// All steps: quick ones first, then in the order in which they can use each
/// other's builds.
pub(super) static STEPS: [Step; 15] = [
    Step {
        name: "format",
        what: "the code is formatted",
        run: |workspace| cargo(workspace, &["fmt", "--all", "--check"]),
    },
    Step {
        name: "lint",
        what: "clippy has nothing to say",
        run: |workspace| {
            let selection = ["--workspace", "--all-targets", "--all-features"];
            let clippy = workspace.cargo().args(["clippy", "--quiet"]).args(selection);
            clippy.args(["--", "-D", "warnings"]).run()?;
            for features in FEATURES_OF_KB {
                let clippy = workspace.cargo().args(["clippy", "--quiet"]);
                let clippy = clippy.args(["--package", "countersign-kb", "--no-default-features"]);
                clippy.args(["--features", features, "--", "-D", "warnings"]).run()?;
            }
            Ok(Outcome::Passed)
        },
    },
    Step {
        name: "unit",
        what: "unit, integration and doc tests pass",
        run: |workspace| cargo(workspace, &["test", "--quiet", "--workspace", "--all-features"]),
    },
    Step {
        name: "docs",
        what: "the library's documentation builds without warnings",
        run: |workspace| {
            // What a feature leaves out must not be linked to without it.
            for features in [&[][..], &["--all-features"][..]] {
                let doc = workspace.cargo().args(["doc", "--quiet", "--workspace", "--no-deps"]);
                doc.args(features).env("RUSTDOCFLAGS", "-D warnings").run()?;
            }
            Ok(Outcome::Passed)
        },
    },
    Step {
        name: "generated",
        what: "generated files are as the code would write them",
        run: |workspace| {
            generate::check(workspace)?;
            Ok(Outcome::Passed)
        },
    },
    Step {
        name: "model",
        what: "the models of the tests are as their script writes them",
        run: |workspace| {
            model::run(workspace)?;
            Ok(Outcome::Passed)
        },
    },
    Step {
        name: "documents",
        what: "this repository's documents pass docset",
        run: documents::run,
    },
    Step {
        name: "demo",
        what: "the guided tour shows what it promises",
        run: |workspace| {
            demo::show(workspace)?;
            Ok(Outcome::Passed)
        },
    },
    Step {
        name: "readers",
        what: "other people's programs read what docset writes",
        run: |workspace| {
            readers::run(workspace)?;
            Ok(Outcome::Passed)
        },
    },
    Step {
        name: "kubernetes",
        what: "the RBAC manifests are valid; a server, if KUBECONFIG names one, grants what they say",
        run: |workspace| {
            kubernetes::run(workspace)?;
            Ok(Outcome::Passed)
        },
    },
    Step {
        name: "workflows",
        what: "actions, workflows and forms pass every checker, and each checker finds what is broken",
        run: |workspace| {
            workflows::run(workspace)?;
            Ok(Outcome::Passed)
        },
    },
    Step {
        name: "act",
        what: "an adopter's workflows do what they should, from the event to GitHub's state",
        run: act::run,
    },
    Step {
        name: "browser",
        what: "the report works in a browser, on a screen and on a phone",
        run: browser::run,
    },
    Step {
        name: "setup",
        what: "the action `setup` finds, downloads or builds programs, and refuses wrong ones",
        run: |workspace| {
            setup::run(workspace)?;
            Ok(Outcome::Passed)
        },
    },
    Step {
        name: "hooks",
        what: "the hook works with pre-commit and prek, from another repository",
        run: |workspace| {
            hooks::run(workspace)?;
            Ok(Outcome::Passed)
        },
    },
];

fn cargo(workspace: &Workspace, arguments: &[&str]) -> Result<Outcome> {
    workspace.cargo().args(arguments).run()?;
    Ok(Outcome::Passed)
}
