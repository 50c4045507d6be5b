//! The templates that are compiled in.

/// Languages that every default type has a template in.
pub const LANGUAGES: [&str; 2] = ["en", "ru"];

/// The template of a default type: its name, then the texts in the order of
/// [`LANGUAGES`].
type Entry = (&'static str, [&'static str; 2]);

/// The file `templates/docs/<language>/<type>.md`.
macro_rules! entry {
    ($name:literal) => {
        (
            $name,
            [
                include_str!(concat!("../../../../templates/docs/en/", $name, ".md")),
                include_str!(concat!("../../../../templates/docs/ru/", $name, ".md")),
            ],
        )
    };
}

/// Sorted by type.
const TEMPLATES: [Entry; 43] = [
    entry!("adr"),
    entry!("alerts"),
    entry!("alternatives"),
    entry!("api-contract"),
    entry!("audit-report"),
    entry!("brief"),
    entry!("c4-container"),
    entry!("c4-context"),
    entry!("charter"),
    entry!("constraints"),
    entry!("data-model"),
    entry!("decision"),
    entry!("definition-of-done"),
    entry!("delivery-plan"),
    entry!("design-doc"),
    entry!("docset-issue"),
    entry!("docset-pr"),
    entry!("epic"),
    entry!("incident-playbook"),
    entry!("index"),
    entry!("issue-map"),
    entry!("migrations-policy"),
    entry!("monitoring"),
    entry!("nfr"),
    entry!("personas"),
    entry!("postdeploy-review"),
    entry!("postmortem"),
    entry!("prd"),
    entry!("problem"),
    entry!("regression-checklist"),
    entry!("release-notes"),
    entry!("release-plan"),
    entry!("risks"),
    entry!("roadmap"),
    entry!("rollback-plan"),
    entry!("runbook"),
    entry!("scope"),
    entry!("slo"),
    entry!("story"),
    entry!("success-metrics"),
    entry!("test-matrix"),
    entry!("test-plan"),
    entry!("test-strategy"),
];

/// The compiled-in template of a type; `None` for a type of the adopter's own, or a
/// language that is none of [`LANGUAGES`].
#[must_use]
pub fn built_in(language: &str, kind: &str) -> Option<&'static str> {
    let language = LANGUAGES.iter().position(|known| *known == language)?;
    let entry = TEMPLATES.binary_search_by_key(&kind, |(name, _)| name).ok()?;
    Some(TEMPLATES[entry].1[language])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;

    #[test]
    fn every_type_has_a_template_in_every_language() {
        let catalogue = Catalogue::default();
        let names: Vec<&str> = TEMPLATES.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, catalogue.types.keys().collect::<Vec<_>>());
        for name in names {
            assert!(LANGUAGES.iter().all(|language| built_in(language, name).is_some()), "{name}");
        }
        assert_eq!(built_in("de", "adr"), None);
        assert_eq!(built_in("en", "recipe"), None);
    }
}
