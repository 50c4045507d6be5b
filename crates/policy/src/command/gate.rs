//! `policy gate` and `policy next`.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::PathBuf;
use std::time::SystemTime;

use clap::{Args, Subcommand, ValueEnum};
use countersign_docset::Checker;
use countersign_process::{Instant, Process};
use countersign_report::terminal::{CLEAN, Console, FINDINGS, Fault, stopped};
use countersign_runner::{PrintArguments, RootArguments, Step};
use serde::Serialize;

use super::cli::TableFormat;
use super::{input, step};
use crate::Policy;
use crate::gate::{self, Given, Outcome, Rules};

#[derive(Debug, Subcommand)]
pub(super) enum GateCommand {
    /// Say whether a stage may start
    Enter(EnterArguments),
    /// Say whether a stage may end
    Leave(LeaveArguments),
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  policy gate enter --stage prd --issue 12 --event \"$GITHUB_EVENT_PATH\"
  policy gate enter --issue 12 --event event.json     the stage that the label starts
  policy gate enter --stage prd:revise --issue 12 --event event.json --format markdown
  policy gate enter --stage prd --issue 12 --label run:prd    without knowing who set it

Exit codes: 0 pass, 1 refused or a question (JSON says which), 2 the job could not be done.")]
pub(super) struct EnterArguments {
    /// The stage, with `:revise` for its revision. Default: the one that the trigger label
    /// of the issue starts
    #[arg(long, value_name = "STAGE")]
    stage: Option<String>,

    /// The request, as JSON, that the label was set for, with the approvals that it has
    #[arg(long, value_name = "FILE")]
    approved: Option<PathBuf>,

    #[command(flatten)]
    about: About,

    #[command(flatten)]
    root: RootArguments,

    #[command(flatten)]
    print: PrintArguments<GateFormat>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  policy gate leave --stage prd --issue 12 --changed-since origin/main
  policy gate leave --stage dev --issue 12 --pr 34 --changed-since origin/main --format github
  policy gate leave --stage postdeploy --issue 12 --fact incident --changed-since HEAD~1

Exit codes: 0 pass, 1 refused, 2 the job could not be done.")]
pub(super) struct LeaveArguments {
    /// The stage
    #[arg(long, value_name = "STAGE")]
    stage: String,

    /// The git revision that the work began at: everything that differs from the merge base
    /// with it counts as changed
    #[arg(long, value_name = "REVISION")]
    changed_since: Option<String>,

    #[command(flatten)]
    about: About,

    #[command(flatten)]
    root: RootArguments,

    #[command(flatten)]
    print: PrintArguments<GateFormat>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  policy next --issue 12
  policy next --issue 12 --format markdown     a table, for a comment

Exit codes: 0 said, 2 the job could not be done.")]
pub(super) struct NextArguments {
    #[command(flatten)]
    about: About,

    #[command(flatten)]
    root: RootArguments,

    #[command(flatten)]
    print: PrintArguments<TableFormat>,
}

/// What is known of the issue besides its documents.
#[derive(Debug, Args)]
struct About {
    /// The issue
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    issue: u64,

    /// The pull request that the work is in
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pr: Option<u64>,

    /// File of the event, as GitHub sent it: labels of the issue, and who set which
    #[arg(long, value_name = "FILE")]
    event: Option<PathBuf>,

    /// A label that the issue has, where there is no event; may be repeated
    #[arg(long, value_name = "NAME", conflicts_with = "event")]
    label: Vec<String>,

    /// The profile of the issue. Default: what its docset file says, else that of the
    /// configuration
    #[arg(long, value_name = "PROFILE")]
    profile: Option<String>,

    /// A fact that makes a document required, such as `incident`; may be repeated
    #[arg(long, value_name = "NAME")]
    fact: Vec<String>,

    /// What time it is, as `2026-12-31T00:00:00Z`. Default: now
    #[arg(long, value_name = "TIME")]
    now: Option<Instant>,
}

/// For whom a verdict is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum GateFormat {
    /// For people
    Human,
    /// JSON, for programs
    Json,
    /// Tables, for step summaries and comments
    Markdown,
    /// Workflow commands that GitHub shows as annotations
    Github,
}

/// The version of the JSON shapes.
const VERSION: u32 = 1;

/// JSON for programs.
#[derive(Serialize)]
struct Versioned<'a, T> {
    version: u32,
    policy: crate::digest::Digest,
    #[serde(flatten)]
    what: &'a T,
}

/// A repository whose issues are looked at.
struct Repository {
    policy: Policy,
    checker: Checker,
}

impl Repository {
    fn open(arguments: &RootArguments) -> Result<Self, Fault> {
        let root = arguments.find()?;
        Ok(Self { policy: Policy::load(&root)?, checker: Checker::open(root)? })
    }

    fn rules(&self) -> Rules<'_> {
        Rules::new(&self.policy, self.checker.catalogue())
    }
}

impl About {
    fn given(&self, process: &Process) -> Result<Given, Fault> {
        if let Some(profile) = &self.profile {
            process.stages_of(profile)?;
        }
        let event = self.event.as_ref();
        let event = event.map(|path| Ok::<_, Fault>((path.clone(), input::text(path)?)));
        let now = match self.now {
            Some(now) => Some(now),
            None => SystemTime::now()
                .duration_since(SystemTime::UNIX_EPOCH)
                .ok()
                .map(|since| Instant::from_unix(since.as_secs())),
        };
        Ok(Given {
            issue: self.issue,
            pull_request: self.pr,
            event: event.transpose()?,
            labels: self.label.clone(),
            profile: self.profile.clone(),
            facts: self.fact.iter().cloned().collect::<BTreeSet<_>>(),
            now,
            ..Given::default()
        })
    }
}

/// Runs `policy gate`.
pub(super) fn run(
    command: &GateCommand,
    told: Option<&mut Step>,
    out: &mut Console,
) -> Result<u8, Fault> {
    let (verdict, repository, format) = match command {
        GateCommand::Enter(arguments) => enter(arguments)?,
        GateCommand::Leave(arguments) => leave(arguments)?,
    };
    let code = write(&verdict, &repository, format, out)?;
    if let Some(told) = told {
        step::tell_gate(told, &verdict, repository.checker.root(), out)?;
    }
    Ok(code)
}

/// What a gate says about which repository, and how it is to be written.
type Said = (gate::Verdict, Repository, GateFormat);

fn enter(arguments: &EnterArguments) -> Result<Said, Fault> {
    let repository = Repository::open(&arguments.root)?;
    let process = repository.policy.process();
    let stage = arguments.stage.as_deref().map(|stage| match stage.strip_suffix(":revise") {
        Some(stage) => (stage, true),
        None => (stage, false),
    });
    if let Some((name, revise)) = stage {
        let definition = process.stage(name)?;
        if revise && definition.revise.is_none() {
            return Err(
                format!("the stage `{name}` is never revised; give `--stage {name}`").into()
            );
        }
    }
    let mut given = arguments.about.given(process)?;
    if let Some(path) = &arguments.approved {
        let text = input::text(path)?;
        given.approved = Some(input::request(&path.display().to_string(), &text)?);
    }
    let facts = gate::load(&repository.checker, process, &given, None)?;
    let verdict = gate::enter(&facts, repository.rules(), stage);
    Ok((verdict, repository, arguments.print.format))
}

fn leave(arguments: &LeaveArguments) -> Result<Said, Fault> {
    let repository = Repository::open(&arguments.root)?;
    let process = repository.policy.process();
    let name = arguments.stage.as_str();
    // What comes out of a revision is what comes out of the stage.
    let name = name.strip_suffix(":revise").unwrap_or(name);
    process.stage(name)?;
    let mut given = arguments.about.given(process)?;
    given.changed_since = arguments.changed_since.clone();
    let facts = gate::load(&repository.checker, process, &given, Some(name))?;
    let verdict = gate::leave(&facts, repository.rules(), name);
    Ok((verdict, repository, arguments.print.format))
}

fn write(
    verdict: &gate::Verdict,
    repository: &Repository,
    format: GateFormat,
    out: &mut Console,
) -> Result<u8, Fault> {
    match format {
        GateFormat::Human => {
            let text = verdict.human(out.styling());
            stopped(out, |out| Ok::<_, Fault>(out.write_all(text.as_bytes())?))?;
        }
        GateFormat::Json => json(verdict, repository, out)?,
        GateFormat::Markdown => out.write_all(verdict.markdown().as_bytes())?,
        GateFormat::Github => out.write_all(verdict.annotations().as_bytes())?,
    }
    Ok(if verdict.outcome == Outcome::Pass { CLEAN } else { FINDINGS })
}

fn json(what: &impl Serialize, repository: &Repository, out: &mut Console) -> Result<(), Fault> {
    let what = Versioned { version: VERSION, policy: repository.policy.digest(), what };
    serde_json::to_writer_pretty(&mut *out, &what)?;
    writeln!(out)?;
    Ok(())
}

/// Runs `policy next`.
pub(super) fn next(arguments: &NextArguments, out: &mut Console) -> Result<u8, Fault> {
    let repository = Repository::open(&arguments.root)?;
    let process = repository.policy.process();
    let given = arguments.about.given(process)?;
    let facts = gate::load(&repository.checker, process, &given, None)?;
    let next = gate::next(&facts, repository.rules());
    match arguments.print.format {
        TableFormat::Human => {
            let text = next.human(out.styling());
            stopped(out, |out| Ok::<_, Fault>(out.write_all(text.as_bytes())?))?;
        }
        TableFormat::Json => json(&next, &repository, out)?,
        TableFormat::Markdown => out.write_all(next.markdown().as_bytes())?,
    }
    Ok(CLEAN)
}
