//! `labels guard`.

use std::error::Error;
use std::fmt;
use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use clap::{Args, ValueEnum};
use countersign_github::{GitHub, GitHubError, RepositoryName, TokenKind};
use countersign_report::annotation;
use countersign_report::terminal::{CLEAN, Console, FINDINGS, Fault, stopped};
use countersign_runner::{PrintArguments, RootArguments, Step};
use serde_json::{Value, json};

use super::owners;
use crate::catalogue::Catalogue;
use crate::config::LabelsConfig;
use crate::event::{Event, LARGEST};
use crate::guard::apply::{Done, TokenStatement, apply, own_account};
use crate::guard::{
    Approval, Decision, Facts, GuardSettings, KnownAccount, Permission, Reason, Verdict, decide,
    human, markdown, permission_wanted,
};

/// The arguments of `labels guard`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  labels guard                             in a workflow: decide about its own event
  labels guard --apply                     and do it: take the label off, comment
  labels guard --event payload.json --permission read --format json
  labels guard --apply --approval request.json --own 'countersign[bot]'

An approval is good for one use. Whether it was used before is for the gateway to say, which
keeps the requests; the guard has no memory.

Exit codes: 0 the label stays, 1 it was taken off, set again or commented on (or would be,
without --apply), 2 nothing could be decided or done.")]
pub(super) struct GuardArguments {
    /// The payload of the event; `-` for standard input
    #[arg(long, value_name = "FILE", env = "GITHUB_EVENT_PATH")]
    event: Option<PathBuf>,

    /// GitHub's name of the event. Without it, the payload tells
    #[arg(long, value_name = "NAME", env = "GITHUB_EVENT_NAME")]
    event_name: Option<String>,

    /// The record of the approved request that an app carries out
    #[arg(long, value_name = "FILE")]
    approval: Option<PathBuf>,

    /// The sender's permission in the repository. Default: GitHub is asked, if it matters
    #[arg(long, value_enum, value_name = "LEVEL")]
    permission: Option<Permission>,

    /// The login that the token acts as, for an app's: `countersign[bot]`. Default: told by
    /// the token
    #[arg(long, value_name = "LOGIN")]
    own: Option<String>,

    /// The time to hold approvals against, as 2026-03-01T12:00:00Z. Default: now
    #[arg(long, value_name = "TIME")]
    now: Option<DateTime<Utc>>,

    /// Do on GitHub what was decided
    #[arg(long)]
    apply: bool,

    #[command(flatten)]
    print: PrintArguments<GuardFormat>,

    #[command(flatten)]
    root: RootArguments,
}

/// How a decision is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum GuardFormat {
    /// Text, for people
    Human,
    /// JSON, for programs
    Json,
    /// Markdown, for step summaries
    Markdown,
}

/// What kept the guard from its work, and what to do.
#[derive(Debug)]
pub(super) struct GuardFault {
    what: String,
    help: String,
    source: Option<Box<dyn Error>>,
}

impl GuardFault {
    fn new(what: impl Into<String>, help: impl Into<String>) -> Self {
        Self { what: what.into(), help: help.into(), source: None }
    }

    pub(super) fn help(&self) -> &str {
        &self.help
    }
}

impl fmt::Display for GuardFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.what)
    }
}

impl Error for GuardFault {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref()
    }
}

impl From<GitHubError> for GuardFault {
    fn from(error: GitHubError) -> Self {
        Self::new(error.to_string(), error.help())
    }
}

/// All there is to print.
struct Report {
    verdict: Verdict,
    token: Option<TokenStatement>,
    /// `None` without `--apply`.
    done: Option<Vec<Done>>,
}

pub(super) fn run(
    arguments: &GuardArguments,
    step: Option<&mut Step>,
    out: &mut Console,
) -> Result<u8, Fault> {
    let root = arguments.root.find()?;
    let config = LabelsConfig::load(&root)?;
    let settings = owners::settings(&root, &config)?;
    let catalogue = Catalogue::new(&config)?;
    let event = read_event(arguments)?;
    let approval = arguments.approval.as_deref().map(read_approval).transpose()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let judged = runtime.block_on(judge(arguments, &settings, &catalogue, &event, approval));
    let report = judged?;
    match arguments.print.format {
        GuardFormat::Json => {
            serde_json::to_writer_pretty(&mut *out, &data(&report)?)?;
            writeln!(out)?;
        }
        GuardFormat::Markdown => write!(out, "{}", markdown(&report.verdict))?,
        GuardFormat::Human => stopped(out, |out| write_human(&report, out))?,
    }
    if let Some(step) = step {
        tell(step, &report, event.label.as_deref(), out)?;
    }
    Ok(if report.verdict.decision == Decision::Keep { CLEAN } else { FINDINGS })
}

/// Tells the runner what was decided and done.
fn tell(
    step: &mut Step,
    report: &Report,
    label: Option<&str>,
    out: &mut Console,
) -> Result<(), Fault> {
    let verdict = &report.verdict;
    step.summary.markdown(&markdown(verdict));
    match &report.done {
        Some(done) => step.summary.list(done.iter().map(sentence)),
        None if verdict.decision == Decision::Keep => {}
        None => step.summary.paragraph("Nothing was changed; `apply: true` does it."),
    }
    if let Some(token) = &report.token {
        step.summary.paragraph(&token.sentence());
    }
    let mut commands = String::new();
    for reason in verdict.refused().flat_map(|finding| &finding.reasons) {
        let title = format!("labels guard: {}", reason.rule.id());
        let remedy = reason.remedy.as_ref().map(|remedy| format!("\n{remedy}"));
        let message = format!("{}{}", reason.fact, remedy.unwrap_or_default());
        commands.push_str(&annotation("error", &title, None, &message));
        commands.push('\n');
    }
    let here = std::env::current_dir()?;
    out.write_all(step.annotations(&commands, &here).as_bytes())?;
    let word = match (verdict.decision, &report.done) {
        (Decision::Keep, _) => "allowed",
        (Decision::Comment, _) => "questioned",
        (Decision::Restore | Decision::Remove, None) => "refused",
        (Decision::Restore | Decision::Remove, Some(_)) => "undone",
    };
    step.output("verdict", word)?;
    let refused = verdict.refused().find_map(|finding| finding.label.as_deref());
    step.output("label", label.or(refused).unwrap_or_default())?;
    let reasons: Vec<&Reason> =
        verdict.findings.iter().flat_map(|finding| &finding.reasons).collect();
    step.list("reasons", &reasons)?;
    Ok(())
}

async fn judge(
    arguments: &GuardArguments,
    settings: &GuardSettings,
    catalogue: &Catalogue,
    event: &Event,
    approval: Option<Approval>,
) -> Result<Report, GuardFault> {
    let github = client(arguments)?;
    let token = github.as_ref().map(|github| TokenStatement::of(github.token_kind()));
    let mut facts = Facts { approval, ..Facts::at(arguments.now.unwrap_or_else(Utc::now)) };
    facts.permission = arguments.permission;
    facts.own = match (&arguments.own, &github) {
        (Some(login), _) => Some(KnownAccount { login: login.clone(), id: None }),
        (None, Some(github)) if arguments.apply => own_account(github).await?,
        (None, _) => None,
    };
    let judge = |facts: &Facts| {
        decide(event, catalogue, settings, facts).map_err(|undecided| {
            let help = "pass the whole payload, as GitHub wrote it to GITHUB_EVENT_PATH";
            GuardFault::new(undecided.to_string(), help)
        })
    };
    let mut verdict = judge(&facts)?;
    if verdict.decision != Decision::Keep
        && facts.permission.is_none()
        && let Some(login) = permission_wanted(event, settings)
    {
        // Only now it matters what the sender may do.
        facts.permission = Some(permission(github.as_ref(), event, login).await?);
        verdict = judge(&facts)?;
    }
    let mut done = None;
    if arguments.apply {
        let effects = verdict.effects();
        done = Some(Vec::new());
        if let (Some(number), false) = (verdict.place.number, effects.is_empty()) {
            let github = github.as_ref().ok_or_else(no_token)?;
            let repository = github.repository(&repository_of(event)?);
            let own = facts.own.as_ref();
            done = Some(apply(&repository, number, &effects, own).await?);
        }
    }
    Ok(Report { verdict, token, done })
}

/// A client, if there is a token. Only who needs one misses it.
fn client(arguments: &GuardArguments) -> Result<Option<GitHub>, GuardFault> {
    let variable = |name: &str| std::env::var(name).ok();
    let given = |name: &str| variable(name).is_some_and(|text| !text.trim().is_empty());
    if !given("GH_TOKEN") && !given("GITHUB_TOKEN") {
        return Ok(None);
    }
    let mut builder = GitHub::builder().environment(variable)?;
    let app = arguments.own.as_deref().is_some_and(|own| {
        own.ends_with("[bot]") && !own.eq_ignore_ascii_case("github-actions[bot]")
    });
    if app {
        // In a workflow, an app's token looks like the workflow's own.
        builder = builder.token_kind(TokenKind::Installation);
    }
    Ok(Some(builder.build()?))
}

fn no_token() -> GuardFault {
    GuardFault::new("there is no token for GitHub", "set GITHUB_TOKEN or GH_TOKEN")
}

async fn permission(
    github: Option<&GitHub>,
    event: &Event,
    login: &str,
) -> Result<Permission, GuardFault> {
    let Some(github) = github else {
        return Err(GuardFault::new(
            "no owner is configured, and the permission of the sender is not known",
            "name the owners under `process: owners` in countersign.yaml, pass --permission, or set GITHUB_TOKEN so that GitHub can be asked",
        ));
    };
    let repository = github.repository(&repository_of(event)?);
    Ok(match repository.permission_of(login).await {
        // Nobody of that login any more: the account is gone.
        Err(error) if error.is_not_found() => Permission::None,
        Err(error) => return Err(error.into()),
        Ok(countersign_github::Permission::None) => Permission::None,
        Ok(countersign_github::Permission::Read) => Permission::Read,
        Ok(countersign_github::Permission::Triage) => Permission::Triage,
        Ok(countersign_github::Permission::Write) => Permission::Write,
        Ok(countersign_github::Permission::Maintain) => Permission::Maintain,
        Ok(countersign_github::Permission::Admin) => Permission::Admin,
    })
}

fn repository_of(event: &Event) -> Result<RepositoryName, GuardFault> {
    let name = event.repository.as_ref().and_then(|it| it.full_name.as_deref());
    let name = name.ok_or_else(|| {
        let help = "pass the whole payload, as GitHub wrote it to GITHUB_EVENT_PATH";
        GuardFault::new("the event gives no `repository.full_name`", help)
    })?;
    name.parse::<RepositoryName>().map_err(|error| GuardFault::new(error.to_string(), error.help()))
}

fn read_event(arguments: &GuardArguments) -> Result<Event, GuardFault> {
    let (path, bytes) = match &arguments.event {
        Some(path) if path == Path::new("-") => ("standard input".to_owned(), read_stdin()),
        Some(path) => (path.display().to_string(), read_file(path)),
        None => {
            return Err(GuardFault::new(
                "no event is given",
                "pass --event FILE; in a workflow GITHUB_EVENT_PATH is taken",
            ));
        }
    };
    let help = "pass the payload of an event, as GitHub wrote it to GITHUB_EVENT_PATH";
    let fault = |source: Box<dyn Error>| GuardFault {
        what: format!("cannot read the event `{path}`"),
        help: help.to_owned(),
        source: Some(source),
    };
    let bytes = bytes.map_err(|error| fault(error.into()))?;
    Event::read(&bytes, arguments.event_name.as_deref()).map_err(|error| fault(error.into()))
}

fn read_approval(path: &Path) -> Result<Approval, GuardFault> {
    let fault = |source: Box<dyn Error>| GuardFault {
        what: format!("cannot read the approval `{}`", path.display()),
        help: "pass the record of one approved request, as the gateway writes it".to_owned(),
        source: Some(source),
    };
    let bytes = read_file(path).map_err(|error| fault(error.into()))?;
    Approval::read(&bytes).map_err(|error| fault(error.into()))
}

fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    countersign_files::read(path, &mut bytes).map_err(io::Error::from)?;
    Ok(bytes)
}

fn read_stdin() -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    // One more than is read at most, so that more is seen to be more.
    io::stdin().lock().take(LARGEST as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn write_human(report: &Report, out: &mut Console) -> Result<(), Fault> {
    let decision = report.verdict.decision.as_str();
    let text = human(&report.verdict);
    let rest = text.strip_prefix(decision).unwrap_or(&text);
    write!(out, "{}{rest}", out.bold(decision))?;
    if let Some(done) = &report.done {
        for done in done {
            writeln!(out, "{}", sentence(done))?;
        }
    } else if report.verdict.decision != Decision::Keep {
        writeln!(out, "nothing was changed; --apply does it")?;
    }
    if let Some(token) = &report.token {
        writeln!(out, "{}", token.sentence())?;
    }
    Ok(())
}

fn sentence(done: &Done) -> String {
    use countersign_markup::shown::excerpt;
    match done {
        Done::Removed { label } => format!("took `{}` off", excerpt(label)),
        Done::AlreadyOff { label } => format!("`{}` was off already", excerpt(label)),
        Done::Added { label } => format!("set `{}` again", excerpt(label)),
        Done::AlreadySet { label } => format!("`{}` was set already", excerpt(label)),
        Done::LabelDeleted { label } => {
            format!("the repository has no label `{}` any more; none was made", excerpt(label))
        }
        Done::Commented { comment } => format!("wrote the comment {comment}"),
        Done::CommentUpdated { comment } => format!("brought the comment {comment} up to date"),
        Done::CommentUnchanged { comment } => format!("the comment {comment} says so already"),
    }
}

fn data(report: &Report) -> Result<Value, serde_json::Error> {
    Ok(json!({
        "version": 1,
        "verdict": serde_json::to_value(&report.verdict)?,
        "effects": serde_json::to_value(report.verdict.effects())?,
        "done": serde_json::to_value(&report.done)?,
        "token": serde_json::to_value(&report.token)?,
    }))
}
