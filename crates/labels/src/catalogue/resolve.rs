//! From what is written to whole labels.

use std::collections::{BTreeMap, BTreeSet};

use countersign_markup::nearest::suggestion;

use super::Label;
use super::check::{CatalogueError, invalid};
use super::file::{CatalogueFile, Class, ClassDefaults, LabelConfig};
use crate::color::Color;
use crate::config::LabelsConfig;
use crate::name::{fold, without_brackets};
use crate::variable;

/// All labels: defaults in their order, then the adopter's in theirs.
pub(super) fn labels(config: &LabelsConfig, default: &str) -> Result<Vec<Label>, CatalogueError> {
    let file = CatalogueFile::parse(default);
    let mut entries = file.catalogue.0;
    let default_keys: BTreeSet<String> = entries.iter().map(|(key, _)| key.clone()).collect();
    for (at, key) in config.without.iter().enumerate() {
        if !default_keys.contains(key) {
            let known = default_keys.iter().map(String::as_str);
            return Err(CatalogueError {
                message: format!("there is no label `{key}` in the default catalogue"),
                help: suggestion(key, known),
                route: vec!["without".to_owned(), at.to_string()],
            });
        }
    }
    entries.retain(|(key, _)| !config.without.contains(key));
    for (key, changes) in &config.catalogue.0 {
        if config.without.contains(key) {
            return Err(invalid(
                key,
                "",
                format!("the label `{key}` is described here and not wanted under `without:`"),
                "keep one of the two",
            ));
        }
        match entries.iter_mut().find(|(known, _)| known == key) {
            Some((_, label)) => label.update(changes),
            None => entries.push((key.clone(), changes.clone())),
        }
    }
    let variables = variables(&entries, &default_keys);
    let mut labels = Vec::with_capacity(entries.len());
    for (key, label) in &entries {
        let variable = variables.get(key.as_str()).cloned().unwrap_or_default();
        labels.push(resolve(key, label, &file.classes, variable)?);
    }
    add_implied_aliases(&mut labels);
    Ok(labels)
}

fn variables<'e>(
    entries: &'e [(String, LabelConfig)],
    default_keys: &BTreeSet<String>,
) -> BTreeMap<&'e str, String> {
    let mut stated = BTreeMap::new();
    let mut unstated = Vec::new();
    for (key, label) in entries {
        match &label.variable {
            Some(variable) => {
                stated.insert(key.as_str(), variable.clone());
            }
            None => unstated.push(key.as_str()),
        }
    }
    let taken: Vec<&str> = stated.values().map(String::as_str).collect();
    let (default, other): (Vec<&str>, Vec<&str>) =
        unstated.into_iter().partition(|key| default_keys.contains(*key));
    let mut names = variable::names(&taken, default, other);
    names.extend(stated);
    names
}

fn resolve(
    key: &str,
    config: &LabelConfig,
    classes: &BTreeMap<Class, ClassDefaults>,
    variable: String,
) -> Result<Label, CatalogueError> {
    let class = config.class.or_else(|| Class::of_prefix(key)).unwrap_or(Class::Semantic);
    let Some(defaults) = classes.get(&class) else {
        unreachable!("the default catalogue describes every class")
    };
    let color = config.color.as_deref().unwrap_or(&defaults.color);
    let color = Color::parse(color).ok_or_else(|| {
        invalid(
            key,
            "color",
            format!("`{color}` is no colour"),
            "write six hexadecimal digits in quotes, such as \"0e8a16\"",
        )
    })?;
    let summary = config.summary.clone().unwrap_or_default();
    Ok(Label {
        key: key.to_owned(),
        name: config.name.clone().unwrap_or_else(|| key.to_owned()),
        class,
        stage: config.stage.clone(),
        revise: config.revise.unwrap_or_default(),
        starts: config.starts.clone(),
        value: config.value.clone().or_else(|| value(class, key)),
        family: config.family.clone().or_else(|| defaults.family.clone()),
        set_by: config.set_by.unwrap_or(defaults.set_by),
        removed_by: config.removed_by.unwrap_or(defaults.removed_by),
        description: config.description.clone().unwrap_or_else(|| summary.clone()),
        summary,
        undo: config.undo.clone().unwrap_or_else(|| defaults.undo.clone()),
        color,
        variable,
        aliases: config.aliases.clone().unwrap_or_default(),
    })
}

/// What a model or reasoning label stands for when nothing says so: the end of its key.
fn value(class: Class, key: &str) -> Option<String> {
    let bare = fold(without_brackets(key));
    let value = bare.strip_prefix(class.prefix()?)?;
    let speaks = matches!(class, Class::Model | Class::Reasoning) && !value.is_empty();
    speaks.then(|| value.to_owned())
}

/// A label that an adopter calls otherwise was called by its key before; a model or reasoning
/// label is the same with and without its brackets. What is another label's name is nobody's
/// alias: one could not tell a label that is to be renamed from one that was.
fn add_implied_aliases(labels: &mut [Label]) {
    let mut taken: BTreeSet<String> = labels
        .iter()
        .flat_map(|label| label.aliases.iter().chain([&label.name]))
        .map(|name| fold(name))
        .collect();
    for label in labels {
        let mut implied = vec![label.key.clone()];
        if matches!(label.class, Class::Model | Class::Reasoning) {
            let bare = without_brackets(&label.name);
            implied.extend([bare.to_owned(), format!("[{bare}]")]);
        }
        for alias in implied {
            if crate::name::fault(&alias).is_none() && taken.insert(fold(&alias)) {
                label.aliases.push(alias);
            }
        }
    }
}
