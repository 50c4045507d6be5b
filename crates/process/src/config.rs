//! The process as written: in `process.yaml` and under `process:`.
//!
//! Everything is optional, so that an adopter writes down what differs. Two of these are
//! merged key by key, as deep as mappings go; lists and single values replace; an entry
//! that is `~` is taken away.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::owner::DelegationConfig;
use crate::{Access, Account, Condition, DecideConfig, Effect, RunMode, Severity, Who};

/// Entries by name; `None` takes one away.
pub type Entries<T> = BTreeMap<String, Option<T>>;

/// Something that an adopter can change.
trait Change {
    /// Lets `changes` go over `self`.
    fn change(&mut self, changes: Self);
}

impl<T: Change> Change for Option<T> {
    fn change(&mut self, changes: Self) {
        match (self.as_mut(), changes) {
            (Some(own), Some(changes)) => own.change(changes),
            (_, None) => {}
            (None, changes) => *self = changes,
        }
    }
}

impl<T: Change> Change for Entries<T> {
    fn change(&mut self, changes: Self) {
        for (name, change) in changes {
            match (self.get_mut(&name), change) {
                (Some(Some(own)), Some(change)) => own.change(change),
                (_, change) => {
                    self.insert(name, change);
                }
            }
        }
    }
}

/// Lists and single values replace.
macro_rules! replaced {
    ($($type:ty),+ $(,)?) => {
        $(impl Change for $type {
            fn change(&mut self, changes: Self) {
                *self = changes;
            }
        })+
    };
}

replaced!(
    String,
    bool,
    RunMode,
    Effect,
    DecideConfig,
    Vec<String>,
    Vec<Who>,
    Vec<Effect>,
    Vec<Account>,
    Vec<DelegationConfig>,
    Vec<OneOrMany>,
    Condition,
    Access,
    Severity,
);

/// A mapping with known keys, all optional, merged key by key.
macro_rules! mapping {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $field:ident: $type:ty,)+ }) => {
        $(#[$about])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(default, deny_unknown_fields)]
        pub struct $name {
            $($(#[$doc])* pub $field: $type,)+
        }

        impl Change for $name {
            fn change(&mut self, changes: Self) {
                $(self.$field.change(changes.$field);)+
            }
        }
    };
}

mapping! {
    /// The process: stages, roles, profiles, rules.
    ProcessConfig {
        /// Who the product belongs to: logins, or `{login: …, id: …}`. Default: nobody.
        owners: Option<Vec<Account>>,
        /// What an owner has handed to somebody else for a while. Default: nothing.
        delegations: Option<Vec<DelegationConfig>>,
        /// Globs of files by name, for `may_change` of stages.
        paths: Entries<Vec<String>>,
        /// What stages need and give besides documents, by name.
        things: Entries<TitleConfig>,
        /// Roles by name.
        roles: Entries<RoleConfig>,
        /// Stages by name.
        stages: Entries<StageConfig>,
        /// The profile of an issue that says nothing else. Default: `full`.
        default_profile: Option<String>,
        /// The stages of each profile, in order.
        profiles: Entries<Vec<String>>,
        /// What can be asked for, by name.
        operations: Entries<OperationConfig>,
        /// Rules by id.
        rules: Entries<RuleConfig>,
        /// What audits look for, by id.
        audit: Entries<AuditConfig>,
    }
}

impl ProcessConfig {
    /// Lets `changes` go over `self`.
    pub(crate) fn apply(&mut self, changes: Self) {
        self.change(changes);
    }
}

mapping! {
    /// Documents that are easily forgotten: a change of these files asks for them.
    AuditConfig {
        /// Globs of the files.
        changed: Option<Vec<String>>,
        /// Globs of files that do not count. Default: none.
        except: Option<Vec<String>>,
        /// Types of documents that the issue or pull request must have.
        needs: Option<Vec<String>>,
        /// How bad it is if they are missing: `blocker`, `major` or `minor`. Default:
        /// `major`.
        severity: Option<Severity>,
        /// Why.
        because: Option<TitleConfig>,
    }
}

mapping! {
    /// A text in the languages of the project.
    TitleConfig {
        /// English.
        en: Option<String>,
        /// Russian. Default: as in English.
        ru: Option<String>,
    }
}

mapping! {
    /// A role.
    RoleConfig {
        /// What people call it. Default: its name.
        title: Option<TitleConfig>,
        /// Whether only people have it. Default: false.
        human: Option<bool>,
        /// The catalogue key of the label that asks for the role. Default: none.
        label: Option<String>,
        /// What it answers for, by language (`en`, `ru`).
        responsibilities: Entries<Vec<String>>,
        /// What its agents may touch in their environment. Default: nothing, which `policy check` finds.
        access: Option<Access>,
    }
}

mapping! {
    /// A stage.
    StageConfig {
        /// What people call it. Default: its name.
        title: Option<TitleConfig>,
        /// The roles that work on it, the leading one first.
        roles: Option<Vec<String>>,
        /// How its agents are run. Default: as the leading role is.
        run_mode: Option<RunMode>,
        /// Names of `paths` that it may change. Default: `[docs]`.
        may_change: Option<Vec<String>>,
        /// Whether it may follow any stage, and belongs to no profile. Default: false.
        from_any: Option<bool>,
        /// How it is started.
        start: Option<StartConfig>,
        /// What must be approved or there before it starts. Default: nothing.
        needs: Option<NeedsConfig>,
        /// What must be there before it ends. Default: nothing.
        produces: Option<ProducesConfig>,
        /// How it is done again after the owner's comments. Default: it is not.
        revise: Option<ReviseConfig>,
        /// Stages that may follow besides the next one of the profile. Default: none.
        next: Option<Vec<String>>,
    }
}

mapping! {
    /// How a stage is started.
    StartConfig {
        /// The catalogue key of the label.
        label: Option<String>,
        /// The name of the workflow, without `.yml`.
        workflow: Option<String>,
        /// When an owner sets it, in words.
        when: Option<TitleConfig>,
    }
}

mapping! {
    /// How a stage is done again.
    ReviseConfig {
        /// The catalogue key of the label.
        label: Option<String>,
        /// The name of the workflow, without `.yml`.
        workflow: Option<String>,
        /// When an owner sets it, in words.
        when: Option<TitleConfig>,
        /// Things that it needs.
        needs: Option<Vec<String>>,
        /// Things that it gives.
        produces: Option<Vec<String>>,
    }
}

mapping! {
    /// What a stage needs.
    NeedsConfig {
        /// Stages whose products must be approved; of a list inside the list, the first
        /// one that the profile goes through.
        packages: Option<Vec<OneOrMany>>,
        /// Types of documents that must be approved.
        documents: Option<Vec<String>>,
        /// The same, where a stage of the profile produces them.
        if_produced: Option<Vec<String>>,
        /// Things that must be there.
        things: Option<Vec<String>>,
    }
}

mapping! {
    /// What comes out of a stage.
    ProducesConfig {
        /// Types of which there must be a document.
        required: Option<Vec<String>>,
        /// Types of which there must be a document, and may be more.
        one_or_more: Option<Vec<String>>,
        /// Types of which there may be documents.
        optional: Option<Vec<String>>,
        /// Types of which there must be a document if the fact holds.
        conditional: Entries<String>,
        /// Things.
        things: Option<Vec<String>>,
    }
}

mapping! {
    /// Something that can be asked for.
    OperationConfig {
        /// What it can bring about.
        effect: Option<Effect>,
        /// What it does, in English, as an order. Default: its name.
        en: Option<String>,
        /// The same in Russian. Default: as in English.
        ru: Option<String>,
    }
}

mapping! {
    /// A rule.
    RuleConfig {
        /// Whom it is about.
        who: Option<Vec<Who>>,
        /// Operations by name; `kb_*` are all that begin with `kb_`.
        operations: Option<Vec<String>>,
        /// Operations by what they bring about.
        effects: Option<Vec<Effect>>,
        /// What must hold, by fact.
        when: Entries<Condition>,
        /// What must not hold, by fact.
        unless: Entries<Condition>,
        /// What it decides: `allow`, `deny`, or `approval: {…}`.
        decide: Option<DecideConfig>,
        /// Why it is there, in half a sentence.
        because: Option<String>,
        /// What to do about its verdict; may name facts in braces.
        remedy: Option<String>,
    }
}

/// One name, or several of which the first that fits counts.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged, expecting = "expected a name or a list of names")]
pub enum OneOrMany {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

impl OneOrMany {
    /// All of them.
    pub(crate) fn into_vec(self) -> Vec<String> {
        match self {
            Self::One(name) => vec![name],
            Self::Many(names) => names,
        }
    }
}
