//! `labels vars`.

use std::future::Future;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use countersign_github::{
    GitHubError, Organisation, Repository, Variable, Visibility as RemoteVisibility,
};
use countersign_markup::shown::{escape, excerpt};
use countersign_report::annotation;
use countersign_report::terminal::{CLEAN, Console, FAILED, FINDINGS, Fault};
use countersign_runner::{OutputFormat, Sign, Step};
use serde_json::{Value, json};

use super::catalogue;
use super::cli::{VarsArguments, Visibility};
use super::remote::{self, Progress};
use crate::catalogue::Catalogue;
use crate::drift::{Drift, RemoteVariable, drift};

pub(super) fn run(
    arguments: &VarsArguments,
    step: Option<&mut Step>,
    out: &mut Console,
) -> Result<u8, Fault> {
    let catalogue = catalogue::load(&arguments.root)?;
    let progress = Arc::new(Progress::new(arguments.output.quiet));
    let reports = remote::block_on(work(arguments, &catalogue, &progress))?;
    progress.end();
    let code = reports.iter().map(|report| report.code(arguments.apply)).max();
    if arguments.output.print.format == OutputFormat::Json {
        let values: Vec<Value> = reports.iter().map(Report::value).collect();
        serde_json::to_writer_pretty(&mut *out, &values)?;
        writeln!(out)?;
    } else {
        for report in &reports {
            report.write(arguments.apply, out)?;
        }
    }
    let code = code.unwrap_or(CLEAN);
    if let Some(step) = step {
        tell(step, &reports, code, arguments.apply, out)?;
    }
    Ok(code)
}

/// Tells the runner what differs, or was written.
fn tell(
    step: &mut Step,
    reports: &[Report],
    code: u8,
    apply: bool,
    out: &mut Console,
) -> Result<(), Fault> {
    let sign = if code == CLEAN { Sign::Good } else { Sign::Bad };
    step.summary.heading(sign, "labels vars");
    step.summary.list(reports.iter().map(|it| format!("{}: {}", it.place, it.summary(apply))));
    let rows = reports.iter().flat_map(|report| {
        let Drift { missing, different, .. } = &report.drift;
        let missing = missing.iter().map(|it| (it.name.clone(), "missing".to_owned(), &it.value));
        let differs = |from: &str| format!("is {}", excerpt(from));
        let different =
            different.iter().map(move |(name, from, to)| (name.clone(), differs(from), to));
        let row = |(name, state, wanted): (String, String, &String)| {
            vec![report.place.clone(), name, state, excerpt(wanted)]
        };
        missing.chain(different).map(row).collect::<Vec<_>>()
    });
    step.summary.table(&["Where", "Variable", "Before", "Wanted"], rows);
    let mut commands = String::new();
    for report in reports.iter().filter(|report| report.code(apply) != CLEAN) {
        let help = match &report.error {
            Some(error) => error.help(),
            None => "run it with `apply: true`".to_owned(),
        };
        let message = format!("{}: {}\n{help}", report.place, report.summary(apply));
        commands.push_str(&annotation("error", "labels vars", None, &escape_lines(&message)));
        commands.push('\n');
    }
    out.write_all(step.annotations(&commands, &std::env::current_dir()?).as_bytes())?;
    let count = |report: &Report| match apply {
        true => report.done,
        false => report.drift.missing.len() + report.drift.different.len(),
    };
    step.output("changes", reports.iter().map(count).sum::<usize>())?;
    Ok(())
}

fn escape_lines(text: &str) -> String {
    text.lines().map(escape).collect::<Vec<_>>().join("\n")
}

/// Where variables are.
enum Place {
    Repository(Repository),
    Organisation(Organisation, RemoteVisibility),
}

impl Place {
    fn name(&self) -> String {
        match self {
            Self::Repository(repository) => repository.name().to_string(),
            Self::Organisation(organisation, _) => organisation.name().to_string(),
        }
    }

    async fn observe(&self) -> Result<Vec<RemoteVariable>, GitHubError> {
        let variables: Vec<Variable> = match self {
            Self::Repository(repository) => repository.variables().await?,
            Self::Organisation(organisation, _) => organisation.variables().await?,
        };
        let remote =
            |variable: Variable| RemoteVariable { name: variable.name, value: variable.value };
        Ok(variables.into_iter().map(remote).collect())
    }

    async fn create(&self, variable: &RemoteVariable) -> Result<(), GitHubError> {
        let RemoteVariable { name, value } = variable;
        match self {
            Self::Repository(repository) => repository.create_variable(name, value).await,
            Self::Organisation(organisation, visibility) => {
                organisation.create_variable(name, value, *visibility).await
            }
        }
    }

    async fn update(&self, name: &str, value: &str) -> Result<(), GitHubError> {
        match self {
            Self::Repository(repository) => repository.update_variable(name, value).await,
            Self::Organisation(organisation, _) => {
                organisation.update_variable(name, value, None).await
            }
        }
    }
}

/// What came of one place.
struct Report {
    place: String,
    drift: Drift,
    /// How many variables were made or changed.
    done: usize,
    stopped: bool,
    error: Option<GitHubError>,
}

async fn work(
    arguments: &VarsArguments,
    catalogue: &Catalogue,
    progress: &Arc<Progress>,
) -> Result<Vec<Report>, Fault> {
    let github = remote::client(progress)?;
    let visibility = match arguments.visibility {
        Visibility::All => RemoteVisibility::All,
        Visibility::Private => RemoteVisibility::Private,
    };
    let mut places = Vec::new();
    for name in &arguments.organisation {
        places.push(Place::Organisation(github.organisation(name), visibility));
    }
    if places.is_empty() || !arguments.targets.repositories.is_empty() {
        let named = &arguments.targets.repositories;
        for name in remote::repositories(&github, named, &[], progress).await? {
            places.push(Place::Repository(github.repository(&name)));
        }
    }
    progress.repositories(places.len());
    let stop = remote::stop_flag(progress);
    let is_stopped = || stop.load(Ordering::Relaxed);
    // Changes are sent one after the other anyway, and there is one list to read in each place.
    let mut reports = Vec::new();
    for place in places {
        let mut report = Report {
            place: place.name(),
            drift: Drift::default(),
            done: 0,
            stopped: false,
            error: None,
        };
        let result = one(&place, catalogue, arguments.apply, &mut report, progress, &is_stopped);
        report.error = catch(result).await;
        progress.finished(&format!("{}: {}", report.place, report.summary(arguments.apply)));
        reports.push(report);
    }
    Ok(reports)
}

async fn catch(result: impl Future<Output = Result<(), GitHubError>>) -> Option<GitHubError> {
    result.await.err()
}

async fn one(
    place: &Place,
    catalogue: &Catalogue,
    apply: bool,
    report: &mut Report,
    progress: &Progress,
    is_stopped: &dyn Fn() -> bool,
) -> Result<(), GitHubError> {
    report.drift = drift(catalogue, &place.observe().await?);
    if !apply {
        return Ok(());
    }
    let Drift { missing, different, .. } = &report.drift;
    progress.planned(missing.len() + different.len());
    for (name, _, value) in different {
        if is_stopped() {
            report.stopped = true;
            return Ok(());
        }
        place.update(name, value).await?;
        report.done += 1;
        progress.changed();
    }
    for variable in missing {
        if is_stopped() {
            report.stopped = true;
            return Ok(());
        }
        place.create(variable).await?;
        report.done += 1;
        progress.changed();
    }
    Ok(())
}

impl Report {
    fn code(&self, apply: bool) -> u8 {
        if self.error.is_some() || self.stopped {
            FAILED
        } else if !apply && !self.drift.is_empty() {
            FINDINGS
        } else {
            CLEAN
        }
    }

    fn summary(&self, apply: bool) -> String {
        let (missing, different) = (self.drift.missing.len(), self.drift.different.len());
        let stopped = if self.stopped { "; stopped, run it again to go on" } else { "" };
        match &self.error {
            Some(error) if self.done > 0 => {
                format!("{} variables written; then {error}", self.done)
            }
            Some(error) => error.to_string(),
            None if self.drift.is_empty() => "nothing to change".to_owned(),
            None if apply => format!("{} variables written{stopped}", self.done),
            None => format!("{missing} missing, {different} different"),
        }
    }

    fn write(&self, apply: bool, out: &mut Console) -> Result<(), Fault> {
        let place = out.bold(&self.place);
        writeln!(out, "{place}: {}", escape(&self.summary(apply)))?;
        if !apply {
            for (name, from, to) in &self.drift.different {
                let (from, to) = (excerpt(from), excerpt(to));
                writeln!(out, "  change  {name}: {from} -> {to}")?;
            }
            for variable in &self.drift.missing {
                writeln!(out, "  create  {}: {}", variable.name, excerpt(&variable.value))?;
            }
        }
        for RemoteVariable { name, value } in &self.drift.stray {
            let (name, value) = (excerpt(name), excerpt(value));
            writeln!(out, "  stray   {name}: {value} (no label of the catalogue has it)")?;
        }
        if let Some(error) = &self.error {
            writeln!(out, "  help: {}", escape(&error.help()))?;
        }
        Ok(())
    }

    fn value(&self) -> Value {
        let pairs = |variables: &[RemoteVariable]| -> Vec<Value> {
            let pair = |variable: &RemoteVariable| json!({ "name": variable.name, "value": variable.value });
            variables.iter().map(pair).collect()
        };
        let different: Vec<Value> = self
            .drift
            .different
            .iter()
            .map(|(name, from, to)| json!({ "name": name, "value": from, "wanted": to }))
            .collect();
        json!({
            "place": self.place,
            "missing": pairs(&self.drift.missing),
            "different": different,
            "stray": pairs(&self.drift.stray),
            "written": self.done,
            "stopped": self.stopped,
            "error": self.error.as_ref().map(|error| {
                json!({ "message": error.to_string(), "help": error.help() })
            }),
        })
    }
}
