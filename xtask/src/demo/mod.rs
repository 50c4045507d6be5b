//! `cargo xtask demo`: a guided tour on the example repository.
//!
//! It is a test as well: each stop says what it expects and fails if it sees
//! anything else.

mod faults;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Result, ensure};

use self::faults::{DOCUMENT, FAULTS, ID};
use crate::docset::Docset;
use crate::files;
use crate::process::Finished;
use crate::workspace::Workspace;

/// How much of a rule's page is shown.
const LINES_OF_A_PAGE: usize = 16;

/// How many findings about templates are shown.
const LINES_OF_FINDINGS: usize = 5;

/// Gives the tour.
///
/// # Errors
///
/// If docset behaves unexpectedly.
pub(crate) fn run(workspace: &Workspace) -> Result<ExitCode> {
    Ok(match show(workspace) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("\nthe tour ends here: {error:#}");
            ExitCode::FAILURE
        }
    })
}

/// The tour itself.
///
/// # Errors
///
/// If docset behaves unexpectedly.
pub(crate) fn show(workspace: &Workspace) -> Result<()> {
    say("Building docset and its companions");
    let tour = Tour { docset: Docset::build(workspace)?, workspace };
    tour.clean_repository()?;
    tour.broken_document()?;
    tour.explanation()?;
    tour.approval_of_new_content()?;
    tour.empty_repository()?;
    tour.index_that_cites()?;
    say("That was all: findings name the rule, the place and the remedy, and an approval counts \
         only for the text that was approved");
    Ok(())
}

struct Tour<'a> {
    docset: Docset,
    workspace: &'a Workspace,
}

impl Tour<'_> {
    fn clean_repository(&self) -> Result<()> {
        say("Checking examples/acme: the documents of one initiative, from problem to runbook");
        let checked = self.run(&self.workspace.root().join("examples/acme"), &["check"])?;
        checked.expect_code(0)
    }

    fn broken_document(&self) -> Result<()> {
        say(&format!("Breaking {DOCUMENT} in a copy, in {} ways", FAULTS.len()));
        let copy = self.copy_with_faults()?;
        for fault in &FAULTS {
            println!("- {}", fault.story);
        }
        println!();
        let checked = self.run(&copy, &["check"])?;
        checked.expect_code(1)?;
        let output = checked.output();
        for fault in &FAULTS {
            ensure!(output.contains(fault.rule), "docset did not find `{}`", fault.rule);
        }
        Ok(())
    }

    fn explanation(&self) -> Result<()> {
        say("Asking why a change after the approval matters");
        let arguments = ["explain", "approval-digest-mismatch"];
        println!("$ docset {}", arguments.join(" "));
        let explained = self.docset.run(self.workspace.root(), &arguments)?;
        explained.expect_code(0)?;
        ensure!(explained.stdout.contains("approval-digest-mismatch"), "the page has no title");
        for line in explained.stdout.lines().take(LINES_OF_A_PAGE) {
            println!("{line}");
        }
        println!("…");
        Ok(())
    }

    /// What was approved is edited, and approved again.
    fn approval_of_new_content(&self) -> Result<()> {
        say(&format!("Editing {DOCUMENT} after its approval, in another copy"));
        let copy = self.workspace.target("demo/edited");
        files::make_empty_folder(&copy)?;
        files::copy_folder(&self.workspace.root().join("examples/acme"), &copy)?;
        let path = copy.join(DOCUMENT);
        files::write(&path, &(files::read(&path)? + "\nGift cards, too.\n"))?;
        let verified = self.run(&copy, &["verify"])?;
        verified.expect_code(1)?;
        ensure!(verified.output().contains("1 stale"), "the stale approval was not found");
        self.run(&copy, &["approve", ID, "--by", "marta-acme", "--request-id", "APR-0011"])?
            .expect_code(0)?;
        let verified = self.run(&copy, &["verify"])?;
        verified.expect_code(0)?;
        ensure!(verified.output().contains("APR-0011"), "the new approval does not count");
        self.run(&copy, &["sync", "issue", "41"])?.expect_code(0)?;
        self.run(&copy, &["map"])?.expect_code(0)?;
        self.run(&copy, &["report", "--output", "report.html"])?.expect_code(0)?;
        println!("\nOpen {} in a browser.", copy.join("report.html").display());
        Ok(())
    }

    /// From nothing to the documents of a stage, which wait to be filled in.
    fn empty_repository(&self) -> Result<()> {
        say("Starting in an empty repository");
        let empty = self.workspace.target("demo/empty");
        files::make_empty_folder(&empty)?;
        self.run(&empty, &["init", "--root", "."])?.expect_code(0)?;
        let package = [
            "new",
            "package",
            "intake",
            "--title",
            "Faster checkout",
            "--issue",
            "1",
            "--root",
            ".",
        ];
        self.run(&empty, &package)?.expect_code(0)?;
        // A template is no document before somebody fills it in.
        let check = ["check", "--root", ".", "--format", "concise"];
        println!("$ docset {}", check.join(" "));
        let checked = self.docset.run(&empty, &check)?;
        checked.expect_code(1)?;
        let found = checked.output().contains("left-over-placeholder");
        ensure!(found, "an unfilled template passed");
        for line in checked.stdout.lines().take(LINES_OF_FINDINGS) {
            println!("{line}");
        }
        println!("…");
        println!("{}", checked.stdout.lines().last().unwrap_or_default());
        Ok(())
    }

    /// The documents in one file that can be searched, with nothing installed.
    fn index_that_cites(&self) -> Result<()> {
        say("Indexing a copy into one SQLite file, and asking why something was decided");
        let copy = self.workspace.target("demo/indexed");
        files::make_empty_folder(&copy)?;
        files::copy_folder(&self.workspace.root().join("examples/acme"), &copy)?;
        let kb = self.docset.path().with_file_name(format!("kb{}", std::env::consts::EXE_SUFFIX));
        let run = |arguments: &[&str]| -> Result<Finished> {
            let root = ["--root", ".", "--db", "sqlite:kb.db"];
            let finished =
                Docset::at(kb.clone()).program(&copy).args(arguments).args(root).capture()?;
            println!("$ kb {}", arguments.join(" "));
            println!("{}", finished.output().trim_end());
            finished.expect_code(0)?;
            Ok(finished)
        };
        run(&["index", "--no-embeddings"])?;
        let found = run(&["search", "why are card tokens kept?", "--limit", "2"])?;
        ensure!(
            found.stdout.contains("adr-0002-tokens-of-the-provider.md:"),
            "the decision was not found"
        );
        ensure!(!found.stdout.contains("adr-0001"), "a decision that was superseded was found");
        let again = run(&["index", "--no-embeddings"])?;
        ensure!(again.stdout.starts_with("0 added, 0 changed"), "it was indexed twice");
        Ok(())
    }

    fn copy_with_faults(&self) -> Result<PathBuf> {
        let copy = self.workspace.target("demo/acme");
        files::make_empty_folder(&copy)?;
        files::copy_folder(&self.workspace.root().join("examples/acme"), &copy)?;
        let path = copy.join(DOCUMENT);
        let broken = faults::break_document(&files::read(&path)?)?;
        files::write(&path, &broken)?;
        Ok(copy)
    }

    /// Runs docset and shows what it prints.
    fn run(&self, folder: &Path, arguments: &[&str]) -> Result<Finished> {
        println!("$ docset {}", arguments.join(" "));
        let finished = self.docset.run(folder, arguments)?;
        println!("{}", finished.output().trim_end());
        println!(
            "(exit code {})",
            finished.code.map_or("none".to_owned(), |code| code.to_string())
        );
        Ok(finished)
    }
}

fn say(text: &str) {
    println!("\n== {text}\n");
}
