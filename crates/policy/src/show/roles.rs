//! `policy show roles`: who works, on which stages, with what access.

use countersign_process::{Process, Role};

use super::Table;

/// The roles by name.
#[must_use]
pub fn roles(process: &Process) -> Table {
    let row = |(name, role): (&String, &Role)| {
        let stages = process.in_order().filter(|(_, stage)| stage.roles.contains(name));
        let stages: Vec<&str> = stages.map(|(name, _)| name).collect();
        let access = role.access.as_ref().map_or_else(String::new, |access| {
            let modes: Vec<&str> = access.run_modes.iter().map(|mode| mode.as_str()).collect();
            format!(
                "{}; read {}, write {}, metrics {}, database {}, secrets {}",
                modes.join(" or "),
                access.read,
                access.write,
                access.metrics,
                access.database,
                access.secrets
            )
        });
        let duties = role.responsibilities.get("en").map(|duties| duties.join("; "));
        vec![
            name.clone(),
            role.title.en.clone(),
            if role.human { "a person" } else { "agents" }.to_owned(),
            role.label.clone().unwrap_or_default(),
            stages.join(", "),
            access,
            duties.unwrap_or_default(),
        ]
    };
    Table {
        heading: vec!["Role", "Title", "Who", "Asked for by", "Stages", "Access", "Answers for"],
        rows: process.roles.iter().map(row).collect(),
    }
}
