//! What audits look for: types that there are, and globs.

use countersign_docset::catalogue::Catalogue;
use countersign_markup::nearest::suggestion;
use countersign_markup::shown::excerpt;
use countersign_process::Process;
use globset::GlobBuilder;

use super::Found;

pub(super) fn check(process: &Process, types: &Catalogue, found: &mut Vec<Found>) {
    for (id, rule) in &process.audit {
        for kind in rule.needs.iter().filter(|kind| !types.types.contains_key(*kind)) {
            found.push(Found {
                rule: "unknown-type",
                place: Some(rule.place.clone()),
                message: format!(
                    "the audit rule `{id}` asks for a type `{}` that there is not",
                    excerpt(kind)
                ),
                help: format!(
                    "{}; a type of your own is described under `docs: types:`",
                    suggestion(kind, types.types.keys().map(String::as_str))
                ),
            });
        }
        for glob in rule.changed.iter().chain(&rule.except) {
            if let Err(error) = GlobBuilder::new(glob).literal_separator(true).build() {
                found.push(Found {
                    rule: "malformed-path",
                    place: Some(rule.place.clone()),
                    message: format!(
                        "`{}` of the audit rule `{id}` is no glob: {}",
                        excerpt(glob),
                        error.kind()
                    ),
                    help: "write globs such as `docs/**`".to_owned(),
                });
            }
        }
    }
}
