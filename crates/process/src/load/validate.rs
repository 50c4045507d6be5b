//! Whether every name of a process stands for something.

use std::collections::BTreeMap;

use countersign_markup::nearest::suggestion;
use countersign_markup::shown::excerpt;

use super::DEFAULT_PATH;
use crate::defect::Defect;
use crate::{Account, Process, Rule, Ruling, Stage, Step};

/// That an account can be a person's.
pub(super) fn person(account: &Account, route: &[&str]) -> Result<(), Defect> {
    if !account.can_be_a_person() {
        return Err(no_person(route, &account.login));
    }
    if account.has_number_of_a_person() {
        return Ok(());
    }
    let (login, id) = (&account.login, account.id.unwrap_or_default());
    let message = format!("`{login}` with the number {id} is no account of a person");
    let help = format!("write `id` of https://api.github.com/users/{login}, or leave it out");
    Err(Defect::new(route, message, help))
}

fn no_person(route: &[&str], login: &str) -> Defect {
    let login = excerpt(login);
    let help = "write the login of a person on GitHub; an agent can be neither owner nor delegate";
    Defect::new(route, format!("`{login}` is no login of a person"), help)
}

/// Looks whether every name stands for something.
pub(super) fn validate(process: &Process) -> Result<(), Defect> {
    for (at, owner) in process.owners.iter().enumerate() {
        person(owner, &["owners", &at.to_string()])?;
    }
    known(&process.default_profile, &["default_profile"], "profile", process.profiles.keys())?;
    for (name, stages) in &process.profiles {
        if stages.is_empty() {
            let message = format!("the profile `{name}` has no stages");
            return Err(Defect::new(&["profiles", name], message, "name them in their order"));
        }
        for (at, stage) in stages.iter().enumerate() {
            let index = at.to_string();
            let route = ["profiles", name.as_str(), index.as_str()];
            known(stage, &route, "stage", process.stages.keys())?;
            if stages[..at].contains(stage) {
                let message = format!("the profile `{name}` has the stage `{stage}` twice");
                return Err(Defect::new(&route, message, "keep one of the two"));
            }
            if process.stages.get(stage).is_some_and(|stage| stage.from_any) {
                let message = format!("the stage `{stage}` may follow any stage");
                return Err(Defect::new(&route, message, "leave it out of profiles"));
            }
        }
    }
    let mut labels: BTreeMap<&str, (&str, Step)> = BTreeMap::new();
    let mut workflows: BTreeMap<&str, (&str, Step)> = BTreeMap::new();
    for (name, stage) in &process.stages {
        stage_names(process, name, stage)?;
        for (step, trigger) in stage.triggers() {
            let own = (name.as_str(), step);
            let shared = [
                ("label", &trigger.label, labels.insert(&trigger.label, own)),
                ("workflow", &trigger.workflow, workflows.insert(&trigger.workflow, own)),
            ];
            for (what, value, other) in shared {
                let Some(other) = other else { continue };
                // Of the two, the adopter's is the one to change.
                let (at, step) = if &*stage.place.path == DEFAULT_PATH { other } else { own };
                return Err(Defect::new(
                    &["stages", at, step.as_str(), what],
                    format!("the {what} `{value}` starts `{}` and `{name}`", other.0),
                    format!("give each a {what} of its own"),
                ));
            }
        }
    }
    for rule in process.rules.iter().filter(|(_, rule)| matches!(rule.decide, Ruling::Approval(_)))
    {
        let (name, Rule { decide: Ruling::Approval(approval), .. }) = rule else { continue };
        for who in approval.by.iter().filter(|who| *who != "owner") {
            let account = Account { login: who.clone(), id: None };
            if !account.can_be_a_person() {
                return Err(no_person(&["rules", name, "decide", "approval", "by"], who));
            }
        }
    }
    Ok(())
}

fn stage_names(process: &Process, name: &str, stage: &Stage) -> Result<(), Defect> {
    let all =
        |key: &[&str], what: &str, names: &[String], kinds: &mut dyn Iterator<Item = &String>| {
            let kinds: Vec<&String> = kinds.collect();
            for (at, value) in names.iter().enumerate() {
                let at = at.to_string();
                let route: Vec<&str> = ["stages", name]
                    .into_iter()
                    .chain(key.iter().copied())
                    .chain([at.as_str()])
                    .collect();
                known(value, &route, what, kinds.iter().copied())?;
            }
            Ok(())
        };
    all(&["roles"], "role", &stage.roles, &mut process.roles.keys())?;
    all(&["may_change"], "set of paths", &stage.may_change, &mut process.paths.keys())?;
    all(&["next"], "stage", &stage.next, &mut process.stages.keys())?;
    for (at, package) in stage.needs.packages.iter().enumerate() {
        let at = at.to_string();
        all(&["needs", "packages", &at], "stage", package, &mut process.stages.keys())?;
    }
    let things = || process.things.keys();
    all(&["needs", "things"], "thing", &stage.needs.things, &mut things())?;
    all(&["produces", "things"], "thing", &stage.produces.things, &mut things())?;
    if let Some(revise) = &stage.revise {
        all(&["revise", "needs"], "thing", &revise.needs, &mut things())?;
        all(&["revise", "produces"], "thing", &revise.produces, &mut things())?;
    }
    let mut seen: Vec<&str> = Vec::new();
    for product in stage.produces.documents() {
        if seen.contains(&product.kind) {
            return Err(Defect::new(
                &["stages", name, "produces"],
                format!("the stage `{name}` produces `{}` twice", product.kind),
                "it is required, one or more, optional, or conditional: keep one",
            ));
        }
        seen.push(product.kind);
    }
    Ok(())
}

fn known<'k>(
    name: &str,
    route: &[&str],
    what: &str,
    names: impl Iterator<Item = &'k String>,
) -> Result<(), Defect> {
    let names: Vec<&str> = names.map(String::as_str).collect();
    if names.contains(&name) {
        return Ok(());
    }
    let shown = excerpt(name);
    Err(Defect::new(route, format!("there is no {what} `{shown}`"), suggestion(name, names)))
}
