//! Reading the section `docs:`.

use std::path::Path;

use countersign_config::{ConfigError, ConfigFile};

use super::DocsConfig;

impl DocsConfig {
    /// Reads the configuration of the repository at `root`; the defaults if it has
    /// none.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] for the first thing that is wrong with the file.
    pub fn load(root: &Path) -> Result<Self, ConfigError> {
        ConfigFile::load(root)?.section("docs", crate::settings::validate)
    }

    /// Reads the configuration from the text of a `countersign.yaml`; `path` is for
    /// messages.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Invalid`] for the first thing that is wrong.
    pub fn parse(path: &str, text: &str) -> Result<Self, ConfigError> {
        ConfigFile::new(path, text).section("docs", crate::settings::validate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::CONFIG_FILE;

    fn error(text: &str) -> String {
        match DocsConfig::parse(CONFIG_FILE, text).unwrap_err() {
            ConfigError::Invalid { line, column, message, help, .. } => {
                format!("{line}:{column}: {message} ({help})")
            }
            other => other.to_string(),
        }
    }

    #[test]
    fn the_empty_file_is_the_default() {
        assert_eq!(DocsConfig::parse(CONFIG_FILE, "# nothing\n").unwrap().include, ["docs"]);
        assert_eq!(DocsConfig::parse(CONFIG_FILE, "docs:\n  plain:\n").unwrap().include, ["docs"]);
    }

    #[test]
    fn every_fault_names_its_line_and_what_to_do() {
        insta::assert_snapshot!(error("dosc: {}"), @"1:1: unknown key `dosc` (did you mean `docs`?)");
        insta::assert_snapshot!(error("docs:\n  inclde: [a]\n"), @"2:3: unknown key `inclde` (did you mean `include`?)");
        insta::assert_snapshot!(error("docs:\n  include: docs\n"), @"2:12: expected a list, found `docs` (write `[one, two]`)");
        insta::assert_snapshot!(error("docs:\n  rules:\n    broken-lnk: off\n"), @"3:5: there is no rule `broken-lnk` (did you mean `broken-link`?)");
        insta::assert_snapshot!(error("docs:\n  rules:\n    broken-link: of\n"), @"3:18: unknown value `of` (did you mean `off`?)");
        insta::assert_snapshot!(error("docs:\n  rules:\n    malformed-id: {patterns: ['[']}\n"), @"3:31: `[` is no regular expression (unclosed character class)");
        insta::assert_snapshot!(error("docs:\n  exclude: ['a[']\n"), @"2:13: `a[` is no glob (unclosed character class; missing ']')");
        insta::assert_snapshot!(error("docs:\n  types:\n    note: {lifecycle: x}\n"), @"3:23: there is no lifecycle `x` (use one of decision, document)");
        insta::assert_snapshot!(error("docs:\n  types:\n    note: {optional: [colour]}\n"), @"3:12: there is no key `colour` (use one of approvals, created_at, doc_id, incident, issue, owner_role, pr, related_adrs, related_alerts, related_docsets, related_issues, related_prs, related_services, related_slo_docs, release, status, superseded_by, supersedes, title, type, updated_at, version, or describe it under `docs: keys:`)");
        insta::assert_snapshot!(error("docs:\n  types:\n    note: {prefixes: [ADR]}\n"), @"3:12: the types `adr` and `note` share the id prefix `ADR` (give each type a prefix of its own)");
        insta::assert_snapshot!(error("docs: {include: [a], include: [b]}"), @"1:22: the key `include` appears twice (keep one of the two)");
        insta::assert_snapshot!(error("docs: ["), @"1:7: unclosed bracket '[' ()");
    }
}
