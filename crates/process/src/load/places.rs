//! Where the entries of a process are written.

use std::collections::BTreeMap;
use std::sync::Arc;

use countersign_config::Located;

use super::{DEFAULT_PATH, SECTION};
use crate::Place;
use crate::config::ProcessConfig;
use crate::defect::Defect;

/// Where entries are written, by the keys that lead to them; the adopter's file goes
/// over the default.
#[derive(Debug, Default)]
pub(super) struct Places(BTreeMap<(&'static str, String), Place>);

impl Places {
    pub(super) fn collect(&mut self, path: &str, config: &ProcessConfig, located: &Located<'_>) {
        let path: Arc<str> = path.into();
        let delegations = config.delegations.iter().flatten().enumerate();
        let numbers: Vec<String> = delegations.map(|(at, _)| at.to_string()).collect();
        let group = |group: &'static str, names: Vec<&String>| {
            names.into_iter().map(move |name| (group, name.clone())).collect::<Vec<_>>()
        };
        let entries = [
            group("roles", config.roles.keys().collect()),
            group("stages", config.stages.keys().collect()),
            group("profiles", config.profiles.keys().collect()),
            group("rules", config.rules.keys().collect()),
            group("audit", config.audit.keys().collect()),
            group("delegations", numbers.iter().collect()),
        ]
        .concat();
        let routes = entries.iter().map(|(group, name)| [SECTION, *group, name.as_str()]);
        let positions = located.positions(routes, true);
        for (entry, position) in entries.into_iter().zip(positions) {
            let (line, column) = (position.line, position.column);
            self.0.insert(entry, Place { path: Arc::clone(&path), line, column });
        }
    }

    /// Says of a fault in an entry of the default, which the adopter's file does not hold,
    /// where it is: something that the entry speaks of was taken away.
    pub(super) fn explain(&self, defect: Defect) -> Defect {
        let inherited = match defect.route.as_slice() {
            [group, name, ..] => self.0.iter().any(|((known, entry), place)| {
                known == group && entry == name && &*place.path == DEFAULT_PATH
            }),
            _ => false,
        };
        if !inherited {
            return defect;
        }
        let entry = defect.route.join(": ");
        Defect {
            message: format!("{}, which `{entry}` of the default process names", defect.message),
            help: format!("{}; or change that entry, too", defect.help),
            ..defect
        }
    }

    pub(super) fn of(&self, group: &'static str, name: &str) -> Place {
        // Every entry of a configuration was collected before.
        self.0.get(&(group, name.to_owned())).cloned().unwrap_or_else(|| Place {
            path: DEFAULT_PATH.into(),
            line: 1,
            column: 1,
        })
    }
}
