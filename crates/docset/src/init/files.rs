//! The files that a repository begins with.

use crate::config::CONFIG_FILE;

/// The name of the configuration of pre-commit.
pub const PRE_COMMIT_FILE: &str = ".pre-commit-config.yaml";

/// What runs `docset check` before a commit, as a whole file.
pub const PRE_COMMIT: &str = include_str!("../../../../templates/init/pre-commit-config.yaml");

/// A path from the root, and the text in English and in Russian.
pub(super) type Entry = (&'static str, [&'static str; 2]);

/// A file that is the same in all languages.
const fn same(path: &'static str, text: &'static str) -> Entry {
    (path, [text, text])
}

/// The text of a file in both languages.
macro_rules! texts {
    ($name:literal) => {
        [
            include_str!(concat!("../../../../templates/init/en/", $name)),
            include_str!(concat!("../../../../templates/init/ru/", $name)),
        ]
    };
}

/// In the order in which they are created.
pub(super) const FILES: [Entry; 7] = [
    (CONFIG_FILE, texts!("countersign.yaml")),
    ("docs/_docset/README.md", texts!("docset.md")),
    same("docs/_docset/issues/.gitkeep", ""),
    same("docs/_docset/prs/.gitkeep", ""),
    ("docs/_index/README.md", texts!("index.md")),
    ("docs/templates/README.md", texts!("templates.md")),
    same(PRE_COMMIT_FILE, PRE_COMMIT),
];
