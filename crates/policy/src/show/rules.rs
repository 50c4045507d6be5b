//! `policy show rules`: what each decides, about whom, where it stands.

use std::collections::BTreeMap;

use countersign_process::{Condition, Process, Rule, Ruling, Value};

use super::Table;
use crate::output::span;

/// The rules, the strictest first.
#[must_use]
pub fn rules(process: &Process) -> Table {
    let mut rules: Vec<(&String, &Rule)> = process.rules.iter().collect();
    rules.sort_by_key(|(_, rule)| match rule.decide {
        Ruling::Deny => 0,
        Ruling::Approval(_) => 1,
        Ruling::Allow => 2,
    });
    let row = |(id, rule): (&String, &Rule)| {
        let who: Vec<&str> = rule.who.iter().map(|who| who.as_str()).collect();
        let when = rule.when.iter().map(|(fact, condition)| condition_text(fact, condition));
        let unless = conditions("unless ", &rule.unless);
        vec![
            id.clone(),
            decides(&rule.decide),
            who.join(", "),
            operations(process, rule),
            when.chain(unless).collect::<Vec<_>>().join("; "),
            rule.because.clone(),
            rule.place.to_string(),
        ]
    };
    Table {
        heading: vec!["Rule", "Decides", "About", "Operations", "When", "Because", "Place"],
        rows: rules.into_iter().map(row).collect(),
    }
}

fn decides(ruling: &Ruling) -> String {
    match ruling {
        Ruling::Allow => "allow".to_owned(),
        Ruling::Deny => "deny".to_owned(),
        Ruling::Approval(approval) => format!(
            "approval by {} of {}, within {}",
            approval.quorum,
            approval.by.join(", "),
            span(approval.expires)
        ),
    }
}

/// The operations, those of one effect together where the rule is about all of them.
fn operations(process: &Process, rule: &Rule) -> String {
    if rule.operations.len() == process.operations.len() {
        return "all".to_owned();
    }
    let mut by_effect: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, operation) in &process.operations {
        by_effect.entry(operation.effect.as_str()).or_default().push(name);
    }
    let mut words = Vec::new();
    for (effect, names) in by_effect {
        let about: Vec<&str> = names
            .iter()
            .copied()
            .filter(|name| rule.operations.iter().any(|it| it == name))
            .collect();
        if about.len() == names.len() && names.len() > 1 {
            words.push(format!("every {effect}"));
        } else {
            words.extend(about.into_iter().map(str::to_owned));
        }
    }
    words.join(", ")
}

fn conditions<'r>(
    word: &'r str,
    conditions: &'r BTreeMap<String, Condition>,
) -> impl Iterator<Item = String> + 'r {
    conditions
        .iter()
        .map(move |(fact, condition)| format!("{word}{}", condition_text(fact, condition)))
}

fn condition_text(fact: &str, condition: &Condition) -> String {
    match condition {
        Condition::OneOf(values) => {
            let values: Vec<String> = values.iter().map(Value::to_string).collect();
            format!("{fact} is {}", values.join(" or "))
        }
        Condition::Given(given) if given.given => format!("{fact} is given"),
        Condition::Given(_) => format!("{fact} is not given"),
        Condition::Range(range) => match (range.at_least, range.at_most) {
            (Some(least), Some(most)) => format!("{fact} is {least} to {most}"),
            (Some(least), None) => format!("{fact} is {least} or more"),
            (None, Some(most)) => format!("{fact} is {most} or less"),
            (None, None) => fact.to_owned(),
        },
    }
}
