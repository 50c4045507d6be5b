//! `labels sync`.

mod report;
mod text;

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use countersign_files::{read, write_atomically};
use countersign_github::{GitHub, RepositoryName};
use countersign_report::terminal::{Console, Fault};
use tokio::sync::Semaphore;

use self::report::{Effects, Problem, Report, Run};
use super::cli::SyncArguments;
use super::remote::{self, Progress};
use super::root;
use crate::catalogue::Catalogue;
use crate::plan::{Plan, PlanFile, Progress as Left, Request, Step, plan};
use crate::sync::{Outcome, carry_out, in_use, observe};

pub(super) fn run(arguments: &SyncArguments, out: &mut Console) -> Result<u8, Fault> {
    let job = Job::new(arguments)?;
    let apply = job.apply;
    let progress = Arc::new(Progress::new(arguments.output.quiet));
    let run = remote::block_on(work(arguments, job, &progress))?;
    progress.end();
    if let Some(file) = &arguments.save_plan {
        let plans = run.reports.iter().filter_map(|report| {
            report.plan.clone().map(|plan| (report.repository.to_string(), plan))
        });
        write_atomically(file, PlanFile::new(plans).to_text()?.as_bytes())?;
    }
    report::write(&run, apply, arguments, out)?;
    Ok(run.code(apply))
}

/// What is to be done with every repository.
struct Job {
    catalogue: Catalogue,
    request: Request,
    /// Plans that somebody reviewed, by repository.
    reviewed: Option<BTreeMap<RepositoryName, Plan>>,
    apply: bool,
}

impl Job {
    fn new(arguments: &SyncArguments) -> Result<Self, Fault> {
        let catalogue = root::catalogue(arguments.catalogue.root.as_deref())?;
        let request = Request {
            renames: arguments.rename.clone(),
            merges: arguments.merge.clone(),
            prune: arguments.prune,
            ..Request::default()
        };
        // A request that contradicts itself is refused before anything is asked.
        plan(&catalogue, &request, &[])?;
        let reviewed = arguments.plan.as_deref().map(reviewed).transpose()?;
        Ok(Self { catalogue, request, reviewed, apply: arguments.apply })
    }
}

/// The plans of a file.
fn reviewed(file: &Path) -> Result<BTreeMap<RepositoryName, Plan>, Fault> {
    let shown = file.display();
    let mut bytes = Vec::new();
    read(file, &mut bytes).map_err(|error| format!("cannot read `{shown}`: {error}"))?;
    let text = String::from_utf8(bytes)
        .map_err(|_| format!("cannot read `{shown}`: it is no UTF-8 text"))?;
    let plans = PlanFile::parse(&text).map_err(|error| format!("{shown}: {error}"))?;
    let mut by_name = BTreeMap::new();
    for (name, plan) in plans.plans() {
        let name: RepositoryName = name.parse().map_err(|error| format!("{shown}: {error}"))?;
        by_name.insert(name, plan.clone());
    }
    Ok(by_name)
}

async fn work(arguments: &SyncArguments, job: Job, progress: &Arc<Progress>) -> Result<Run, Fault> {
    let github = remote::client(progress)?;
    let mut named = arguments.targets.repositories.clone();
    if let Some(reviewed) = &job.reviewed {
        if named.is_empty() {
            named.extend(reviewed.keys().cloned());
        } else if let Some(name) = named.iter().find(|name| !reviewed.contains_key(name)) {
            return Err(format!("the plan has nothing for `{name}`").into());
        }
    }
    let names = remote::repositories(&github, &named, &arguments.organisation, progress).await?;
    progress.repositories(names.len());
    let stop = remote::stop_flag(progress);
    let job = Arc::new(job);
    let turns = Arc::new(Semaphore::new(usize::from(arguments.output.jobs)));
    let mut tasks = Vec::new();
    for name in names {
        let one = One {
            github: github.clone(),
            job: Arc::clone(&job),
            progress: Arc::clone(progress),
            stop: Arc::clone(&stop),
        };
        let turns = Arc::clone(&turns);
        tasks.push(tokio::task::spawn_local(async move {
            // The semaphore is never closed.
            let _turn = turns.acquire().await;
            one.work(name).await
        }));
    }
    let mut reports = Vec::new();
    for task in tasks {
        reports.push(task.await?);
    }
    Ok(Run { reports, usage: github.usage() })
}

/// One repository's turn.
struct One {
    github: GitHub,
    job: Arc<Job>,
    progress: Arc<Progress>,
    stop: Arc<AtomicBool>,
}

impl One {
    async fn work(self, name: RepositoryName) -> Report {
        let mut report = Report::new(name);
        if let Err(problem) = self.try_work(&mut report).await {
            report.problem = Some(problem);
        }
        self.progress.finished(&text::headline(&report, self.job.apply));
        report
    }

    async fn try_work(&self, report: &mut Report) -> Result<(), Problem> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(Problem::Stopped);
        }
        let repository = self.github.repository(&report.repository);
        let observed = observe(&repository).await?;
        let reviewed = self.job.reviewed.as_ref().and_then(|plans| plans.get(&report.repository));
        let steps: Vec<Step> = match reviewed {
            Some(reviewed) => {
                report.plan = Some(reviewed.clone());
                match reviewed.progress(&observed) {
                    Left::Left(steps) => steps,
                    Left::Changed(changes) => return Err(Problem::Changed(changes)),
                }
            }
            None => {
                let mut planned = plan(&self.job.catalogue, &self.job.request, &observed)?;
                if !self.job.apply {
                    // Carrying it out looks this up again, so that nothing is asked twice.
                    let used = in_use(&repository, &planned).await?;
                    if !used.is_empty() {
                        let mut request = self.job.request.clone();
                        request.in_use = used.into_iter().collect();
                        planned = plan(&self.job.catalogue, &request, &observed)?;
                    }
                }
                let steps = planned.steps.clone();
                report.plan = Some(planned);
                steps
            }
        };
        report.left.clone_from(&steps);
        if !self.job.apply {
            return Ok(());
        }
        self.progress.planned(steps.len());
        let effects = &mut report.effects;
        let outcome = carry_out(&repository, &steps, &mut |effect| {
            self.progress.changed();
            effects.add(effect);
            match self.stop.load(Ordering::Relaxed) {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        })
        .await?;
        match outcome {
            Outcome::Done => Ok(()),
            Outcome::Stopped(_) => Err(Problem::Stopped),
        }
    }
}

impl Effects {
    fn add(&mut self, effect: crate::sync::Effect) {
        self.0.push(effect);
    }
}
