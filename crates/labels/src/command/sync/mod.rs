//! `labels sync`.

mod report;
mod tell;
mod text;

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use countersign_files::{read, write_atomically};
use countersign_github::{GitHub, RepositoryName};
use countersign_report::terminal::{Console, Fault};
use tokio::sync::Semaphore;

use self::report::{Problem, Report, Run};
use super::catalogue;
use super::cli::SyncArguments;
use super::remote::{self, Progress};
use crate::catalogue::Catalogue;
use crate::plan::{Plan, PlanFile, Progress as Left, Request, Step, plan};
use crate::sync::{Outcome, carry_out, in_use, observe};

pub(super) fn run(
    arguments: &SyncArguments,
    step: Option<&mut countersign_runner::Step>,
    out: &mut Console,
) -> Result<u8, Fault> {
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
    if let Some(step) = step {
        tell::tell(step, &run, apply, out)?;
    }
    Ok(run.code(apply))
}

/// What is to be done with every repository.
struct Job {
    catalogue: Catalogue,
    request: Request,
    /// Plans that somebody reviewed.
    reviewed: Option<Reviewed>,
    apply: bool,
}

impl Job {
    fn new(arguments: &SyncArguments) -> Result<Self, Fault> {
        let catalogue = catalogue::load(&arguments.root)?;
        let request = Request {
            renames: arguments.rename.clone(),
            merges: arguments.merge.clone(),
            prune: arguments.prune,
            ..Request::default()
        };
        // A request that contradicts itself is refused before anything is asked.
        plan(&catalogue, &request, &[])?;
        let reviewed = arguments.plan.as_deref().map(Reviewed::read).transpose()?;
        Ok(Self { catalogue, request, reviewed, apply: arguments.apply })
    }
}

/// A file of plans, and the file on disk, which remembers how far they are.
struct Reviewed {
    plans: BTreeMap<RepositoryName, Plan>,
    file: Mutex<PlanFile>,
    path: PathBuf,
}

impl Reviewed {
    fn read(path: &Path) -> Result<Self, Fault> {
        let shown = path.display();
        let mut bytes = Vec::new();
        read(path, &mut bytes).map_err(|error| format!("cannot read `{shown}`: {error}"))?;
        let text = String::from_utf8(bytes)
            .map_err(|_| format!("cannot read `{shown}`: it is no UTF-8 text"))?;
        let file = PlanFile::parse(&text).map_err(|error| format!("{shown}: {error}"))?;
        let mut plans = BTreeMap::new();
        for (name, plan) in file.plans() {
            let name: RepositoryName = name.parse().map_err(|error| format!("{shown}: {error}"))?;
            plans.insert(name, plan.clone());
        }
        Ok(Self { plans, file: Mutex::new(file), path: path.to_owned() })
    }

    /// How many steps are known to have been taken.
    fn taken(&self, name: &RepositoryName) -> usize {
        self.file.lock().unwrap_or_else(PoisonError::into_inner).taken(&name.to_string())
    }

    /// Remembers, in the file, how many steps were taken.
    fn remember(&self, name: &RepositoryName, taken: usize) -> Result<(), Problem> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.set_taken(&name.to_string(), taken);
        let text = file.to_text().map_err(|error| Problem::Journal(error.to_string()))?;
        write_atomically(&self.path, text.as_bytes())
            .map_err(|error| Problem::Journal(error.to_string()))
    }
}

async fn work(arguments: &SyncArguments, job: Job, progress: &Arc<Progress>) -> Result<Run, Fault> {
    let github = remote::client(progress)?;
    let mut named = arguments.targets.repositories.clone();
    if let Some(reviewed) = &job.reviewed {
        if named.is_empty() {
            named.extend(reviewed.plans.keys().cloned());
        } else if let Some(name) = named.iter().find(|name| !reviewed.plans.contains_key(name)) {
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
        let name = report.repository.clone();
        let reviewed = self.job.reviewed.as_ref();
        let plan_of = |file: &Reviewed| file.plans.get(&name).cloned();
        let steps: Vec<Step> = match reviewed.and_then(|file| Some((file, plan_of(file)?))) {
            Some((file, reviewed)) => {
                report.plan = Some(reviewed.clone());
                match reviewed.progress(&observed, file.taken(&name)) {
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
        // A circle of names ends as it began: before it is closed, the file learns of it.
        let mut rest = &steps[..];
        while !rest.is_empty() {
            if let (Some(file), Some(plan)) = (reviewed, &report.plan)
                && rest[0].closes_circle()
            {
                file.remember(&name, plan.taken(rest))?;
            }
            let next = rest.iter().skip(1).position(Step::closes_circle);
            let (now, later) = rest.split_at(next.map_or(rest.len(), |at| at + 1));
            let effects = &mut report.effects;
            let outcome = carry_out(&repository, now, &mut |effect| {
                self.progress.changed();
                effects.0.push(effect);
                match self.stop.load(Ordering::Relaxed) {
                    true => ControlFlow::Break(()),
                    false => ControlFlow::Continue(()),
                }
            })
            .await?;
            if let Outcome::Stopped(_) = outcome {
                return Err(Problem::Stopped);
            }
            rest = later;
        }
        Ok(())
    }
}
