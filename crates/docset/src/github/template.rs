//! The templates that are compiled in.

use crate::template::LANGUAGES;

/// A file to install.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// From the root of the repository, with `/`.
    pub path: &'static str,
    /// Its text, with places for the source.
    pub text: &'static str,
    /// What released versions said instead, newest first: what people edited can be told
    /// from what they did not only by the text that they began with.
    pub former: &'static [&'static str],
    /// Other places where a repository may have the same thing already.
    pub elsewhere: &'static [&'static str],
}

/// Path, texts and former texts in the order of [`LANGUAGES`], other places.
type Row = (&'static str, [&'static str; 2], [&'static [&'static str]; 2], &'static [&'static str]);

/// A text in `templates/github`.
macro_rules! text {
    ($($name:literal),+) => {
        include_str!(concat!("../../../../templates/github/", $($name),+))
    };
}

/// A file that is the same in all languages.
macro_rules! same {
    ($path:literal, $name:literal, $elsewhere:expr) => {
        ($path, [text!($name), text!($name)], [&[], &[]], $elsewhere)
    };
}

/// A file with a text in each language.
macro_rules! translated {
    ($path:literal, $name:literal, $elsewhere:expr) => {
        ($path, [text!("en/", $name), text!("ru/", $name)], [&[], &[]], $elsewhere)
    };
}

/// In the order of their paths.
///
/// When a text changes that a version was released with, the old one moves to
/// `templates/github/former/<version>/` and is named here.
const TEMPLATES: [Row; 7] = [
    translated!(".github/ISSUE_TEMPLATE/feature-task.yml", "ISSUE_TEMPLATE/feature-task.yml", &[]),
    translated!(
        ".github/ISSUE_TEMPLATE/project-intake.yml",
        "ISSUE_TEMPLATE/project-intake.yml",
        &[]
    ),
    // Where GitHub looks: <https://docs.github.com/communities/using-templates-to-encourage-useful-issues-and-pull-requests/creating-a-pull-request-template-for-your-repository>
    translated!(
        ".github/pull_request_template.md",
        "pull_request_template.md",
        &[
            ".github/PULL_REQUEST_TEMPLATE.md",
            ".github/PULL_REQUEST_TEMPLATE",
            "PULL_REQUEST_TEMPLATE.md",
            "pull_request_template.md",
            "docs/PULL_REQUEST_TEMPLATE.md",
            "docs/pull_request_template.md",
        ]
    ),
    same!(".github/workflows/countersign-checks.yml", "workflows/countersign-checks.yml", &[]),
    same!(".github/workflows/countersign-index.yml", "workflows/countersign-index.yml", &[]),
    same!(".github/workflows/countersign-labels.yml", "workflows/countersign-labels.yml", &[]),
    // Where zizmor looks; it takes the first that it finds.
    same!(
        ".github/zizmor.yml",
        "zizmor.yml",
        &[".github/zizmor.yaml", "zizmor.yml", "zizmor.yaml"]
    ),
];

/// The templates in a language; `None` if it is none of [`LANGUAGES`].
#[must_use]
pub fn templates(language: &str) -> Option<Vec<Template>> {
    let language = LANGUAGES.iter().position(|known| *known == language)?;
    let template = |(path, texts, former, elsewhere): &Row| Template {
        path,
        text: texts[language],
        former: former[language],
        elsewhere,
    };
    Some(TEMPLATES.iter().map(template).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::{Budget, parse};

    /// The ids of the fields of a form, which programs read.
    fn ids(text: &str) -> Vec<String> {
        let yaml = parse(text, 0, Budget::CONFIGURATION).unwrap();
        let body = yaml.root().unwrap().get("body").unwrap();
        body.items().filter_map(|item| Some(item.get("id")?.as_str()?.to_owned())).collect()
    }

    /// The ids of the fields of a form that must be filled in.
    fn required(text: &str) -> Vec<String> {
        let yaml = parse(text, 0, Budget::CONFIGURATION).unwrap();
        let body = yaml.root().unwrap().get("body").unwrap();
        let fields = body.items().filter(|item| {
            let rule = item.get("validations").and_then(|rules| rules.get("required"));
            rule.and_then(|rule| rule.as_bool()) == Some(true)
        });
        fields.filter_map(|item| Some(item.get("id")?.as_str()?.to_owned())).collect()
    }

    #[test]
    fn a_form_asks_the_same_in_every_language() {
        let [english, russian] = LANGUAGES.map(|language| templates(language).unwrap());
        let forms =
            english.iter().zip(&russian).filter(|(en, _)| en.path.contains("ISSUE_TEMPLATE/"));
        let mut count = 0;
        for (en, ru) in forms {
            assert_ne!(en.text, ru.text);
            assert_eq!(ids(en.text), ids(ru.text), "{}", en.path);
            assert_eq!(required(en.text), required(ru.text), "{}", en.path);
            assert!(required(en.text).len() >= 4, "{}", en.path);
            count += 1;
        }
        assert_eq!(count, 2);
    }

    #[test]
    fn the_ids_that_later_stages_read_stay() {
        let text = |name: &str| {
            let found = templates("en").unwrap().into_iter().find(|one| one.path.ends_with(name));
            found.unwrap().text
        };
        assert_eq!(
            ids(text("project-intake.yml")).join(" "),
            "problem personas goal scope out-of-scope constraints profile risks questions links confirmations"
        );
        assert_eq!(
            ids(text("feature-task.yml")).join(" "),
            "kind goal acceptance documents out-of-scope profile constraints observability questions confirmations"
        );
    }

    #[test]
    fn paths_are_sorted_and_every_language_has_all() {
        for language in LANGUAGES {
            let templates = templates(language).unwrap();
            assert!(templates.is_sorted_by_key(|template| template.path));
            assert!(templates.iter().all(|template| template.text.ends_with('\n')));
        }
        assert_eq!(templates("de"), None);
    }
}
