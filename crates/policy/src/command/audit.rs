//! `policy audit`.

use std::io::Write as _;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::{Args, ValueEnum};
use countersign_docset::Checker;
use countersign_docset::document::Date;
use countersign_docset::edit::FolderLock;
use countersign_docset::new::{self, Order, What};
use countersign_report::terminal::{CLEAN, Console, FINDINGS, Fault, say, stopped};
use countersign_runner::{PrintArguments, RootArguments, Step};

use super::step;
use crate::Policy;
use crate::audit::{self, Audit};
use crate::gate::Rules;

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  policy audit --pr 34 --changed-since origin/main
  policy audit --pr 34 --changed-since origin/main --format markdown    for a comment
  policy audit --pr 34 --changed-since origin/main --write              begin the report

The report is a document of the type audit-report. What can be computed is filled in; what
an auditor has to say is left as placeholders, which `docset check` finds.

Exit codes: 0 nothing but minor findings, 1 others, 2 the job could not be done.")]
pub(super) struct AuditArguments {
    /// The pull request
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pr: u64,

    /// The git revision that the change began at: everything that differs from the merge
    /// base with it counts as changed
    #[arg(long, value_name = "REVISION")]
    changed_since: String,

    /// Create the report as a document, and print its path
    #[arg(long)]
    write: bool,

    /// Title of the report. Default: a title with the number of the pull request
    #[arg(long, value_name = "TITLE")]
    title: Option<String>,

    /// Day of the report, YYYY-MM-DD. Default: today in UTC
    #[arg(long, value_name = "DAY", value_parser = day)]
    date: Option<Date>,

    #[command(flatten)]
    print: PrintArguments<AuditFormat>,

    #[command(flatten)]
    root: RootArguments,
}

/// How an audit is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum AuditFormat {
    /// For people
    Human,
    /// JSON, for programs
    Json,
    /// A table, for comments and step summaries
    Markdown,
    /// Workflow commands that GitHub shows as annotations
    Github,
    /// The report that `--write` would create
    Document,
}

fn day(text: &str) -> Result<Date, String> {
    Date::parse(text).ok_or_else(|| "a day is written YYYY-MM-DD".to_owned())
}

pub(super) fn run(
    arguments: &AuditArguments,
    told: Option<&mut Step>,
    out: &mut Console,
) -> Result<u8, Fault> {
    let root = arguments.root.find()?;
    let policy = Policy::load(&root)?;
    let checker = Checker::open(root)?;
    let today = match arguments.date {
        Some(day) => day,
        None => today()?,
    };
    let rules = Rules::new(&policy, checker.catalogue());
    let facts = audit::load(&checker, arguments.pr, &arguments.changed_since, today)?;
    let audit = audit::audit(&facts, rules);
    match arguments.print.format {
        AuditFormat::Human => {
            let text = audit.human(out.styling());
            stopped(out, |out| Ok::<_, Fault>(out.write_all(text.as_bytes())?))?;
        }
        AuditFormat::Json => {
            let mut shape = serde_json::to_value(&audit)?;
            if let Some(shape) = shape.as_object_mut() {
                shape.insert("version".to_owned(), 1.into());
            }
            serde_json::to_writer_pretty(&mut *out, &shape)?;
            writeln!(out)?;
        }
        AuditFormat::Markdown => out.write_all(audit.markdown().as_bytes())?,
        AuditFormat::Github => out.write_all(audit.annotations().as_bytes())?,
        AuditFormat::Document => {
            let plan = plan(arguments, &audit, &checker, today)?;
            let text = plan.documents.into_iter().map(|document| document.text);
            out.write_all(text.collect::<String>().as_bytes())?;
        }
    }
    if arguments.write {
        let waiting = || say(FolderLock::WAITING);
        let _lock = FolderLock::wait_if_possible(checker.root(), waiting)?;
        let plan = plan(arguments, &audit, &checker, today)?;
        plan.write(checker.root())?;
        for document in &plan.documents {
            writeln!(out, "created `{}`", countersign_markup::shown::escape(&document.path))?;
        }
    }
    if let Some(told) = told {
        step::tell_audit(told, &audit, checker.root(), out)?;
    }
    Ok(if audit.is_clean() { CLEAN } else { FINDINGS })
}

/// The report that is to be created.
fn plan(
    arguments: &AuditArguments,
    audit: &Audit,
    checker: &Checker,
    today: Date,
) -> Result<new::Plan, Fault> {
    let language = checker.config().language.clone();
    let usual = match &*language {
        "ru" => format!("Аудит запроса на слияние {}", arguments.pr),
        _ => format!("Audit of pull request {}", arguments.pr),
    };
    let order = Order {
        what: What::Document("audit-report".to_owned()),
        title: arguments.title.clone().unwrap_or(usual),
        issues: audit.issues.iter().copied().collect(),
        pull_requests: vec![arguments.pr],
        stage: None,
        language: None,
        today,
    };
    let mut plan = new::plan_for(&order, checker)?;
    for document in &mut plan.documents {
        document.text = audit::document(&document.text, audit, &language);
    }
    Ok(plan)
}

fn today() -> Result<Date, Fault> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).ok();
    let day = since.and_then(|since| Date::of_unix_time(since.as_secs()));
    day.ok_or_else(|| "the clock shows no day between 1970 and 9999".into())
}
