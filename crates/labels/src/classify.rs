//! What a name found on an issue means.
//!
//! A label of the catalogue is found whatever its case. Model and reasoning labels are found
//! with and without their brackets, and a reasoning label by its short form (`ai-high`), as the
//! tools that brought them into use read them; triggers are compared with their brackets. A name
//! that no label has still tells its class by its prefix: `run:whatever` is a trigger to whoever
//! must keep agents from setting triggers, whether or not a workflow listens to it.

use crate::catalogue::{Catalogue, Class, Label};
use crate::name::{fold, without_brackets};

/// How a name was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Match {
    /// It is the name of the label.
    Exact,
    /// It is the name of the label in other case, which is one label to GitHub.
    Case,
    /// It is the label's with brackets added or taken away.
    Brackets,
    /// It is the short form of a reasoning label.
    ShortForm,
    /// It is another name of the label, which `labels sync` would replace.
    Alias,
    /// No label has the name; its prefix is that of a class.
    Prefix,
    /// Nothing is known of it.
    Unknown,
}

impl Match {
    /// The name in output.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Case => "case",
            Self::Brackets => "brackets",
            Self::ShortForm => "short-form",
            Self::Alias => "alias",
            Self::Prefix => "prefix",
            Self::Unknown => "unknown",
        }
    }
}

/// What a name means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Classification<'c> {
    /// The class; `None` if nothing is known of the name.
    pub class: Option<Class>,
    /// The label of the catalogue, if it has one.
    pub label: Option<&'c Label>,
    /// The stage that a trigger starts.
    pub stage: Option<&'c str>,
    /// Whether a trigger starts a revision. For a trigger that the catalogue does not have:
    /// whether it ends in `:revise`.
    pub revise: bool,
    /// How it was found.
    pub found: Match,
}

impl Classification<'_> {
    /// Whether setting the label may start a workflow or a deploy.
    #[must_use]
    pub fn is_trigger(&self) -> bool {
        self.class == Some(Class::Trigger)
    }
}

impl Catalogue {
    /// What the name of a label means. Any text will do.
    #[must_use]
    pub fn classify(&self, name: &str) -> Classification<'_> {
        if let Some(label) = self.by_name(name) {
            let found = if label.name == name { Match::Exact } else { Match::Case };
            return of(label, found);
        }
        if let Some((label, found)) = self.configuring(name) {
            return of(label, found);
        }
        if let Some(label) = self.by_alias(name) {
            return of(label, Match::Alias);
        }
        let class = Class::of_prefix(name);
        Classification {
            class,
            label: None,
            stage: None,
            revise: class == Some(Class::Trigger) && fold(name).ends_with(":revise"),
            found: if class.is_some() { Match::Prefix } else { Match::Unknown },
        }
    }

    /// The model or reasoning label that the name stands for, brackets and short forms
    /// allowed for.
    fn configuring(&self, name: &str) -> Option<(&Label, Match)> {
        let folded = fold(name);
        let bare = without_brackets(&folded);
        let mut configuring = self
            .labels()
            .iter()
            .filter(|label| matches!(label.class, Class::Model | Class::Reasoning));
        let by_brackets = |label: &&Label| fold(without_brackets(&label.name)) == bare;
        if let Some(label) = configuring.clone().find(by_brackets) {
            return Some((label, Match::Brackets));
        }
        let level = bare.strip_prefix("ai-").filter(|level| !level.is_empty())?;
        let by_short_form = |label: &&Label| {
            let name = fold(without_brackets(&label.name));
            label.class == Class::Reasoning && name.strip_prefix("ai-reasoning-") == Some(level)
        };
        configuring.find(by_short_form).map(|label| (label, Match::ShortForm))
    }
}

fn of(label: &Label, found: Match) -> Classification<'_> {
    Classification {
        class: Some(label.class),
        label: Some(label),
        stage: label.stage.as_deref(),
        revise: label.revise,
        found,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::config::LabelsConfig;

    fn shown(name: &str) -> String {
        let catalogue = Catalogue::default();
        let found = catalogue.classify(name);
        format!(
            "{} {} {}{} ({})",
            found.class.map_or("-", Class::as_str),
            found.label.map_or("-", |label| &label.key),
            found.stage.unwrap_or("-"),
            if found.revise { " revise" } else { "" },
            found.found.as_str(),
        )
    }

    #[test]
    fn every_label_is_itself() {
        let catalogue = Catalogue::default();
        for label in catalogue.labels() {
            let found = catalogue.classify(&label.name);
            assert_eq!((found.label, found.found), (Some(label), Match::Exact));
            let upper = catalogue.classify(&label.name.to_uppercase());
            assert_eq!((upper.label, upper.found), (Some(label), Match::Case));
        }
    }

    #[test]
    fn brackets_count_for_triggers_and_not_for_models_and_reasoning() {
        assert_eq!(shown("run:intake"), "trigger run:intake intake (exact)");
        assert_eq!(shown("Run:Dev:Revise"), "trigger run:dev:revise dev revise (case)");
        assert_eq!(shown("[run:intake]"), "- - - (unknown)");
        assert_eq!(shown("ai-model-gpt-5.2"), "model [ai-model-gpt-5.2] - (brackets)");
        assert_eq!(shown("AI-Reasoning-High"), "reasoning [ai-reasoning-high] - (brackets)");
        assert_eq!(shown("ai-high"), "reasoning [ai-reasoning-high] - (short-form)");
        assert_eq!(shown("[ai-extra-high]"), "reasoning [ai-reasoning-extra-high] - (short-form)");
        assert_eq!(shown("ai-"), "- - - (unknown)");
    }

    #[test]
    fn a_prefix_tells_the_class_of_what_no_label_is_called() {
        assert_eq!(shown("run:rm-rf"), "trigger - - (prefix)");
        assert_eq!(shown("RUN:x:REVISE"), "trigger - - revise (prefix)");
        assert_eq!(shown("need:em"), "need - - (prefix)");
        assert_eq!(shown("[ai-model-other]"), "model - - (prefix)");
        assert_eq!(shown("help wanted"), "- - - (unknown)");
        assert_eq!(shown(""), "- - - (unknown)");
        assert_eq!(shown("dry-run:intake"), "- - - (unknown)");
    }

    #[test]
    fn an_earlier_name_still_means_the_label() {
        let file = countersign_config::ConfigFile::new(
            "countersign.yaml",
            "labels: {catalogue: {run:plan: {name: start-plan, aliases: ['[ai-plan]']}}}",
        );
        let catalogue = Catalogue::new(&LabelsConfig::read(&file).unwrap()).unwrap();
        for (name, found) in
            [("start-plan", Match::Exact), ("run:plan", Match::Alias), ("[AI-plan]", Match::Alias)]
        {
            let classification = catalogue.classify(name);
            assert_eq!((classification.found, classification.stage), (found, Some("plan")));
        }
    }

    proptest! {
        #[test]
        fn any_text_can_be_asked_for(name in "\\PC*|[\\[\\]:aiAI run-]{0,12}") {
            let catalogue = Catalogue::default();
            let found = catalogue.classify(&name);
            prop_assert_eq!(found.found == Match::Unknown, found.class.is_none());
        }
    }
}
