//! What is wrong with a catalogue that was written by somebody.

use std::collections::BTreeMap;

use countersign_markup::shown::excerpt;

use super::{Class, Label, Texts};
use crate::config::LabelsConfig;
use crate::name::{self, LONGEST_DESCRIPTION, fold};
use crate::variable;

/// Why a catalogue cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct CatalogueError {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
    /// The keys that lead to the offending value, below `labels:`.
    pub route: Vec<String>,
}

/// An error in `field` of the label `key`; in the label as a whole if `field` is empty.
pub(super) fn invalid(
    key: &str,
    field: &str,
    message: String,
    help: impl Into<String>,
) -> CatalogueError {
    let mut route = vec!["catalogue".to_owned(), key.to_owned()];
    if !field.is_empty() {
        route.push(field.to_owned());
    }
    CatalogueError { message, help: help.into(), route }
}

pub(super) fn check(labels: &[Label], config: &LabelsConfig) -> Result<(), CatalogueError> {
    // Where the default and an adopter's label disagree, the adopter's line is the one to show.
    let written = |label: &Label| config.catalogue.0.iter().any(|(key, _)| *key == label.key);
    let mut in_order: Vec<&Label> = labels.iter().collect();
    in_order.sort_by_key(|label| written(label));
    for label in &in_order {
        check_alone(label)?;
    }
    let mut names: BTreeMap<String, &Label> = BTreeMap::new();
    let mut variables: BTreeMap<&str, &Label> = BTreeMap::new();
    for label in &in_order {
        if let Some(other) = names.insert(fold(&label.name), label) {
            return Err(invalid(
                &label.key,
                "name",
                format!(
                    "the labels `{}` and `{}` are both called `{}`",
                    other.key, label.key, label.name
                ),
                "give each label a name of its own; GitHub ignores case",
            ));
        }
        if let Some(other) = variables.insert(&label.variable, label) {
            return Err(invalid(
                &label.key,
                "variable",
                format!(
                    "the names of `{}` and `{}` would be in one variable, `{}`",
                    other.key, label.key, label.variable
                ),
                "give each label a variable of its own",
            ));
        }
    }
    let mut aliases: BTreeMap<String, &Label> = BTreeMap::new();
    for label in &in_order {
        for (at, alias) in label.aliases.iter().enumerate() {
            check_alias(label, at, alias, &names)?;
            let other = aliases.insert(fold(alias), label);
            if let Some(other) = other {
                return Err(alias_error(
                    label,
                    at,
                    format!("`{alias}` is an alias of `{}` and of `{}`", other.key, label.key),
                    "a label can only become one other: keep one of the two",
                ));
            }
        }
    }
    Ok(())
}

fn alias_error(label: &Label, at: usize, message: String, help: &str) -> CatalogueError {
    let mut error = invalid(&label.key, "aliases", message, help);
    error.route.push(at.to_string());
    error
}

fn check_alias(
    label: &Label,
    at: usize,
    alias: &str,
    names: &BTreeMap<String, &Label>,
) -> Result<(), CatalogueError> {
    if let Some(fault) = name::fault(alias) {
        let message = format!("the alias `{}` {fault}", excerpt(alias));
        return Err(alias_error(label, at, message, "no label on GitHub has such a name"));
    }
    match names.get(&fold(alias)) {
        None => Ok(()),
        Some(other) if other.key == label.key => Err(alias_error(
            label,
            at,
            format!("`{alias}` is the name of the label itself"),
            "take the alias away",
        )),
        Some(other) => Err(alias_error(
            label,
            at,
            format!("the alias `{alias}` is the name of the label `{}`", other.key),
            "one could not tell whether the label was renamed already; to exchange names once, \
             use `labels sync --rename`",
        )),
    }
}

fn check_alone(label: &Label) -> Result<(), CatalogueError> {
    if let Some(fault) = name::fault(&label.name) {
        return Err(invalid(
            &label.key,
            "name",
            format!("the name `{}` {fault}", excerpt(&label.name)),
            "GitHub takes 1 to 50 characters",
        ));
    }
    for (language, text) in [("en", &label.summary.en), ("ru", &label.summary.ru)] {
        check_text(label, "summary", language, text)?;
        let length = text.chars().count();
        if length > LONGEST_DESCRIPTION {
            return Err(invalid(
                &label.key,
                "summary",
                format!("the summary has {length} characters (`{language}`)"),
                format!(
                    "GitHub shows {LONGEST_DESCRIPTION} at most; the whole text can stand under \
                     `description:`"
                ),
            ));
        }
    }
    for (field, Texts { en, ru }) in [("description", &label.description), ("undo", &label.undo)] {
        check_text(label, field, "en", en)?;
        check_text(label, field, "ru", ru)?;
    }
    if !variable::is_legal(&label.variable) {
        return Err(invalid(
            &label.key,
            "variable",
            format!("`{}` is no name of a variable", excerpt(&label.variable)),
            "use capitals A to Z, digits and underscores, no digit first and no `GITHUB_` in front",
        ));
    }
    if label.class != Class::Trigger {
        for (field, given) in [
            ("stage", label.stage.is_some()),
            ("revise", label.revise),
            ("starts", label.starts.is_some()),
        ] {
            if given {
                return Err(invalid(
                    &label.key,
                    field,
                    format!("a {} label starts nothing", label.class.as_str()),
                    format!("take `{field}` away, or make it `class: trigger`"),
                ));
            }
        }
    }
    if label.revise && label.stage.is_none() {
        return Err(invalid(
            &label.key,
            "revise",
            "a revision needs the stage that it revises".to_owned(),
            "add `stage:`",
        ));
    }
    Ok(())
}

fn check_text(
    label: &Label,
    field: &str,
    language: &str,
    text: &str,
) -> Result<(), CatalogueError> {
    if text.chars().any(char::is_control) {
        return Err(invalid(
            &label.key,
            field,
            format!("the {field} holds a control character (`{language}`)"),
            "write it in one line",
        ));
    }
    Ok(())
}
