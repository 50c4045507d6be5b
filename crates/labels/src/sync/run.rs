//! The steps of a plan as requests.

use std::ops::ControlFlow;

use countersign_github::{GitHubError, Label, LabelChange, Repository};
use countersign_markup::shown::excerpt;

use super::merge::merge;
use crate::plan::{Plan, RemoteLabel, Step};

/// Something that was done. The names are those on GitHub.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// A label was added.
    Created(String),
    /// A label got another name.
    Renamed(String, String),
    /// A label looks otherwise, or has its name in other case.
    Updated(String),
    /// An issue or pull request of this number got a label that it had under another name.
    Labelled(u64, String),
    /// All issues of the first label have the second; the first was deleted.
    Merged(String, String),
    /// An unused label was deleted.
    Deleted(String),
    /// A label turned out to be in use and was not deleted.
    Kept(String),
}

/// How far it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All steps were taken.
    Done,
    /// It was stopped after this many whole steps; a new plan has the rest.
    Stopped(usize),
}

/// Why a plan was not carried out to its end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SyncError {
    /// GitHub said no, or nothing.
    #[error(transparent)]
    GitHub(#[from] GitHubError),
    /// While the issues of a label were moved over, others got it, again and again, or an issue
    /// could not be labelled.
    #[error(
        "`{}` is not deleted: {left} issues have it and cannot get `{}`",
        excerpt(from),
        excerpt(into)
    )]
    StillInUse {
        /// The label that was to go away.
        from: String,
        /// The label that its issues were to get.
        into: String,
        /// How many issues have the first and not the second.
        left: usize,
    },
}

/// The labels that the repository has: one request for every hundred.
///
/// # Errors
///
/// Any [`GitHubError`].
pub async fn observe(repository: &Repository) -> Result<Vec<RemoteLabel>, GitHubError> {
    let labels = repository.labels().await?;
    Ok(labels.into_iter().map(RemoteLabel::from).collect())
}

/// The labels that the plan would delete and that are in use: one request for each deletion.
///
/// # Errors
///
/// Any [`GitHubError`].
pub async fn in_use(repository: &Repository, plan: &Plan) -> Result<Vec<String>, GitHubError> {
    let mut used = Vec::new();
    for step in &plan.steps {
        if let Step::Delete { label } = step
            && repository.label_in_use(&label.name).await?
        {
            used.push(label.name.clone());
        }
    }
    Ok(used)
}

/// Takes the steps. `on_effect` is told of each effect after it happened, and may stop there.
///
/// # Errors
///
/// [`SyncError`]; what was done until then stays, and a new plan has the rest.
pub async fn carry_out(
    repository: &Repository,
    steps: &[Step],
    on_effect: &mut (dyn FnMut(Effect) -> ControlFlow<()> + Send),
) -> Result<Outcome, SyncError> {
    for (done, step) in steps.iter().enumerate() {
        if take(repository, step, on_effect).await?.is_break() {
            return Ok(Outcome::Stopped(done));
        }
    }
    Ok(Outcome::Done)
}

async fn take(
    repository: &Repository,
    step: &Step,
    on_effect: &mut (dyn FnMut(Effect) -> ControlFlow<()> + Send),
) -> Result<ControlFlow<()>, SyncError> {
    let effect = match step {
        Step::Create { label } => {
            repository.create_label(&Label::from(label.clone())).await?;
            Effect::Created(label.name.clone())
        }
        Step::Rename { from, to } => {
            repository.update_label(&from.name, &change(from, to)).await?;
            Effect::Renamed(from.name.clone(), to.name.clone())
        }
        Step::Update { from, to } => {
            repository.update_label(&from.name, &change(from, to)).await?;
            Effect::Updated(to.name.clone())
        }
        Step::Merge { from, into } => return merge(repository, from, into, on_effect).await,
        Step::Delete { label } => {
            if repository.label_in_use(&label.name).await? {
                Effect::Kept(label.name.clone())
            } else {
                repository.delete_label(&label.name).await?;
                Effect::Deleted(label.name.clone())
            }
        }
    };
    Ok(on_effect(effect))
}

/// Only what differs.
fn change(from: &RemoteLabel, to: &RemoteLabel) -> LabelChange {
    let differs = |one: &String, other: &String| (one != other).then(|| other.clone());
    LabelChange {
        new_name: differs(&from.name, &to.name),
        color: differs(&from.color, &to.color),
        description: differs(&from.description, &to.description),
    }
}

impl From<Label> for RemoteLabel {
    fn from(label: Label) -> Self {
        Self {
            name: label.name,
            color: label.color,
            description: label.description.unwrap_or_default(),
        }
    }
}

impl From<RemoteLabel> for Label {
    fn from(label: RemoteLabel) -> Self {
        let description = Some(label.description).filter(|text| !text.is_empty());
        Self { name: label.name, color: label.color, description }
    }
}
