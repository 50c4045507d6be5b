//! `policy show stages`: how each stage begins, what it needs and gives, who works on it.

use countersign_process::{Process, Product, Quantity, Stage};

use super::Table;

/// The stages in their order.
#[must_use]
pub fn stages(process: &Process) -> Table {
    let row = |(name, stage): (&str, &Stage)| {
        let triggers: Vec<&str> =
            stage.triggers().map(|(_, trigger)| trigger.label.as_str()).collect();
        let produced: Vec<String> = stage
            .produces
            .documents()
            .map(product)
            .chain(stage.produces.things.iter().map(|thing| format!("({thing})")))
            .collect();
        let mode = stage.run_mode.as_str();
        vec![
            name.to_owned(),
            triggers.join(", "),
            needs(stage),
            produced.join(", "),
            stage.roles.join(", "),
            mode.to_owned(),
            stage.may_change.join(", "),
            following(process, name, stage),
        ]
    };
    Table {
        heading: vec![
            "Stage",
            "Started by",
            "Needs",
            "Produces",
            "Roles",
            "Runs",
            "May change",
            "Followed by",
        ],
        rows: process.in_order().map(row).collect(),
    }
}

fn needs(stage: &Stage) -> String {
    let needs = &stage.needs;
    let packages = needs.packages.iter().map(|stages| format!("all of {}", stages.join(" or ")));
    let documents = needs.documents.iter().cloned();
    let if_produced = needs.if_produced.iter().map(|kind| format!("{kind} if produced"));
    let things = needs.things.iter().map(|thing| format!("({thing})"));
    packages.chain(documents).chain(if_produced).chain(things).collect::<Vec<_>>().join(", ")
}

/// A product as design tables write it: `adr+` is one or more, `story*` any number.
fn product(product: Product<'_>) -> String {
    match product.quantity {
        Quantity::Required => product.kind.to_owned(),
        Quantity::OneOrMore => format!("{}+", product.kind),
        Quantity::Optional => format!("{}*", product.kind),
        Quantity::If(fact) => format!("{} if {fact}", product.kind),
    }
}

fn following(process: &Process, name: &str, stage: &Stage) -> String {
    if stage.from_any {
        return "any earlier".to_owned();
    }
    let mut next: Vec<&str> = Vec::new();
    for stages in process.profiles.keys() {
        for follower in process.next(stages, Some(name)).unwrap_or_default() {
            let any = process.stages.get(follower).is_some_and(|stage| stage.from_any);
            if !any && !next.contains(&follower) {
                next.push(follower);
            }
        }
    }
    next.join(", ")
}
