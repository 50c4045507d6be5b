//! Profiles: which stages an issue goes through, and which may follow which.

use countersign_markup::nearest::suggestion;

use crate::stage::{Step, Trigger};
use crate::{Place, Process, Stage};

/// A name of a profile or stage that stands for nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnknownName {
    /// There is no such profile.
    #[error("there is no profile `{name}`; {help}")]
    Profile {
        /// The name, made fit to be shown.
        name: String,
        /// What to do.
        help: String,
    },
    /// There is no such stage at all.
    #[error("there is no stage `{name}`; {help}")]
    Stage {
        /// The name, made fit to be shown.
        name: String,
        /// What to do.
        help: String,
    },
    /// The profile has no such stage.
    #[error("the profile `{profile}` has no stage `{name}`; {help}")]
    StageOfProfile {
        /// The name, made fit to be shown.
        name: String,
        /// The profile.
        profile: String,
        /// What to do.
        help: String,
    },
}

impl Process {
    /// The stages of a profile, in order.
    ///
    /// # Errors
    ///
    /// [`UnknownName::Profile`] with the profiles that there are.
    pub fn stages_of(&self, profile: &str) -> Result<&[String], UnknownName> {
        match self.profiles.get(profile) {
            Some(stages) => Ok(stages),
            None => Err(UnknownName::Profile {
                name: shown(profile),
                help: suggestion(profile, self.profiles.keys().map(String::as_str)),
            }),
        }
    }

    /// The stages of a profile up to `stage`, that one included.
    ///
    /// # Errors
    ///
    /// [`UnknownName`] with the names that there are.
    pub fn stages_up_to(&self, profile: &str, stage: &str) -> Result<&[String], UnknownName> {
        let stages = self.stages_of(profile)?;
        match stages.iter().position(|known| known == stage) {
            Some(at) => Ok(&stages[..=at]),
            None => Err(UnknownName::StageOfProfile {
                name: shown(stage),
                profile: profile.to_owned(),
                help: suggestion(stage, stages.iter().map(String::as_str)),
            }),
        }
    }

    /// The stage of that name.
    ///
    /// # Errors
    ///
    /// [`UnknownName::Stage`] with the stages that there are.
    pub fn stage(&self, name: &str) -> Result<&Stage, UnknownName> {
        self.stages.get(name).ok_or_else(|| UnknownName::Stage {
            name: shown(name),
            help: suggestion(name, self.stages.keys().map(String::as_str)),
        })
    }

    /// All stages in their order: those of the default profile, then those that only
    /// other profiles have, then those that may follow any stage.
    pub fn in_order(&self) -> impl Iterator<Item = (&str, &Stage)> {
        let mut names: Vec<&str> = Vec::with_capacity(self.stages.len());
        let first = self.profiles.get(&self.default_profile).into_iter();
        let profiles = first.chain(self.profiles.values()).flatten();
        for name in profiles.chain(self.stages.keys()) {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
        names.into_iter().filter_map(|name| Some((name, self.stages.get(name)?)))
    }

    /// The place of a stage in the order of all stages, from 0.
    #[must_use]
    pub fn position(&self, stage: &str) -> Option<usize> {
        self.in_order().position(|(name, _)| name == stage)
    }

    /// The stages that may follow `stage` in the profile: the next one of the profile
    /// first, then those that the stage itself names, then those that may follow any.
    ///
    /// A stage that the profile leaves out is followed by what comes after it in the
    /// order of all stages. `None` stands for an issue that is in no stage yet: the
    /// profile begins.
    ///
    /// # Errors
    ///
    /// [`UnknownName`] if there is no such profile or stage.
    pub fn next<'p>(
        &'p self,
        profile: &str,
        stage: Option<&str>,
    ) -> Result<Vec<&'p str>, UnknownName> {
        let stages = self.stages_of(profile)?;
        let mut next: Vec<&str> = Vec::new();
        match stage {
            None => next.extend(stages.first().map(String::as_str)),
            Some(name) => {
                let stage = self.stage(name)?;
                let after = match stages.iter().position(|known| known == name) {
                    Some(at) => stages.get(at + 1),
                    None if stage.from_any => None,
                    None => {
                        let own = self.position(name);
                        stages.iter().find(|later| self.position(later) > own)
                    }
                };
                next.extend(after.map(String::as_str));
                next.extend(stage.next.iter().map(String::as_str));
            }
        }
        let any = self.in_order().filter(|(name, other)| other.from_any && Some(*name) != stage);
        next.extend(any.map(|(name, _)| name));
        let mut seen = Vec::new();
        next.retain(|name| {
            !seen.contains(name) && {
                seen.push(*name);
                true
            }
        });
        Ok(next)
    }

    /// The stage that comes before `stage` in the profile.
    #[must_use]
    pub fn previous(&self, profile: &str, stage: &str) -> Option<&str> {
        let stages = self.profiles.get(profile)?;
        let at = stages.iter().position(|known| known == stage)?;
        Some(stages.get(at.checked_sub(1)?)?.as_str())
    }

    /// The stage and step that the label with this catalogue key starts.
    #[must_use]
    pub fn started_by(&self, label: &str) -> Option<(&str, Step, &Trigger)> {
        self.stages.iter().find_map(|(name, stage)| {
            let (step, trigger) = stage.triggers().find(|(_, trigger)| trigger.label == label)?;
            Some((name.as_str(), step, trigger))
        })
    }

    /// The types of documents that must be approved before `stage` may start in the
    /// profile, in order, each once.
    ///
    /// # Errors
    ///
    /// [`UnknownName`] if there is no such profile or stage.
    pub fn needed_documents<'p>(
        &'p self,
        profile: &str,
        stage: &str,
    ) -> Result<Vec<&'p str>, UnknownName> {
        let stages = self.stages_of(profile)?;
        let needs = &self.stage(stage)?.needs;
        let mut kinds: Vec<&str> = Vec::new();
        for package in &needs.packages {
            let counted = package.iter().find(|name| stages.contains(name));
            if let Some(producer) = counted.and_then(|name| self.stages.get(name)) {
                kinds.extend(producer.produces.indispensable());
            }
        }
        kinds.extend(needs.documents.iter().map(String::as_str));
        let produced = |kind: &&String| {
            stages.iter().any(|name| {
                self.stages.get(name).is_some_and(|producer| producer.produces.has(kind))
            })
        };
        kinds.extend(needs.if_produced.iter().filter(produced).map(String::as_str));
        let mut seen = Vec::new();
        kinds.retain(|kind| {
            !seen.contains(kind) && {
                seen.push(*kind);
                true
            }
        });
        Ok(kinds)
    }

    /// The stages that documents of the type come out of, in the order of all stages.
    pub fn producers(&self, kind: &str) -> impl Iterator<Item = &str> {
        self.in_order().filter(move |(_, stage)| stage.produces.has(kind)).map(|(name, _)| name)
    }

    /// The globs of the files that `stage` may change.
    pub fn permitted_paths<'p>(&'p self, stage: &'p Stage) -> impl Iterator<Item = &'p str> {
        stage
            .may_change
            .iter()
            .filter_map(|name| self.paths.get(name))
            .flatten()
            .map(String::as_str)
    }

    /// Where the profile is written.
    #[must_use]
    pub fn profile_place(&self, profile: &str) -> Option<&Place> {
        self.profile_places.get(profile)
    }

    /// Whether somebody with that login and number is an owner.
    #[must_use]
    pub fn is_owner(&self, login: &str, id: Option<u64>) -> bool {
        self.owners.iter().any(|owner| owner.is(login, id))
    }
}

fn shown(name: &str) -> String {
    countersign_markup::shown::excerpt(name)
}
