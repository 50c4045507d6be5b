//! The rules: one file each, listed in [`RULES`].
//!
//! A rule is named for what it finds. Its id is permanent, its page is
//! `docs/rules/<id>.md`, its examples are `tests/fixtures/<id>/`. A rule looks and
//! says; it reads no file (but may ask whether one exists) and knows nothing of
//! severities, paths or output.

mod context;

mod approval_digest_mismatch;
mod broken_link;
mod byte_order_mark;
mod control_character;
mod dates_out_of_order;
mod document_too_long;
mod duplicate_id;
mod duplicate_key;
mod empty_section;
mod empty_value;
mod file_too_large;
mod front_matter_not_mapping;
mod front_matter_too_large;
mod id_prefix_mismatch;
mod incomplete_approval;
mod invalid_date;
mod invalid_status;
mod invalid_utf8;
mod left_over_placeholder;
mod lifecycle_mismatch;
mod malformed_front_matter;
mod malformed_id;
mod missing_approval_digest;
mod missing_front_matter;
mod missing_heading;
mod missing_key;
mod missing_successor;
mod missing_summary;
mod missing_title;
mod more_than_one_title;
mod one_sided_supersedes;
mod outside_root;
mod padded_fence;
mod repeated_item;
mod skipped_heading_level;
mod stale_approval;
mod supersedes_cycle;
mod symlink_loop;
mod unclosed_code_fence;
mod unclosed_front_matter;
mod unknown_key;
mod unknown_reference;
mod unknown_role;
mod unknown_type;
mod unreadable_file;
mod wrong_value_type;

pub(crate) use broken_link::anchored_links;
pub(crate) use context::{DocumentContext, Key, TreeContext, TreeFindings, inside_quotes};
use context::{KeyPath, mend};
pub(crate) use left_over_placeholder::is_placeholder;

use std::sync::LazyLock;

use crate::diagnostic::{Finding, Severity};
use crate::output::{RuleDescriptor, Tool};

/// All rules, by id.
pub static RULES: [&Rule; 46] = [
    &approval_digest_mismatch::RULE,
    &broken_link::RULE,
    &byte_order_mark::RULE,
    &control_character::RULE,
    &dates_out_of_order::RULE,
    &document_too_long::RULE,
    &duplicate_id::RULE,
    &duplicate_key::RULE,
    &empty_section::RULE,
    &empty_value::RULE,
    &file_too_large::RULE,
    &front_matter_not_mapping::RULE,
    &front_matter_too_large::RULE,
    &id_prefix_mismatch::RULE,
    &incomplete_approval::RULE,
    &invalid_date::RULE,
    &invalid_status::RULE,
    &invalid_utf8::RULE,
    &left_over_placeholder::RULE,
    &lifecycle_mismatch::RULE,
    &malformed_front_matter::RULE,
    &malformed_id::RULE,
    &missing_approval_digest::RULE,
    &missing_front_matter::RULE,
    &missing_heading::RULE,
    &missing_key::RULE,
    &missing_successor::RULE,
    &missing_summary::RULE,
    &missing_title::RULE,
    &more_than_one_title::RULE,
    &one_sided_supersedes::RULE,
    &outside_root::RULE,
    &padded_fence::RULE,
    &repeated_item::RULE,
    &skipped_heading_level::RULE,
    &stale_approval::RULE,
    &supersedes_cycle::RULE,
    &symlink_loop::RULE,
    &unclosed_code_fence::RULE,
    &unclosed_front_matter::RULE,
    &unknown_key::RULE,
    &unknown_reference::RULE,
    &unknown_role::RULE,
    &unknown_type::RULE,
    &unreadable_file::RULE,
    &wrong_value_type::RULE,
];

/// A rule: what it is called, how bad its findings are, and how it finds them.
#[derive(Debug)]
pub struct Rule {
    /// The permanent id.
    pub id: &'static str,
    /// What it finds, in one line.
    pub summary: &'static str,
    /// How bad its findings are unless the configuration says otherwise.
    pub severity: Severity,
    /// Its page, in Markdown.
    pub page: &'static str,
    /// Options that it has in the configuration.
    pub options: &'static [&'static str],
    pub(crate) check: Check,
}

/// How a rule finds what it finds.
#[derive(Debug)]
pub(crate) enum Check {
    /// On the way to the text: the engine reports it by id.
    Loader,
    /// In one document.
    Document(fn(&DocumentContext<'_>, &mut Vec<Finding>)),
    /// Between documents.
    Tree(fn(&TreeContext<'_>, &mut TreeFindings)),
    /// In one document, and between documents.
    Both(fn(&DocumentContext<'_>, &mut Vec<Finding>), fn(&TreeContext<'_>, &mut TreeFindings)),
}

/// This crate as the one who found something, with all rules.
#[must_use]
pub fn tool() -> Tool<'static> {
    static DESCRIPTORS: LazyLock<Vec<RuleDescriptor>> = LazyLock::new(|| {
        let descriptor = |rule: &&'static Rule| RuleDescriptor {
            id: rule.id,
            summary: rule.summary,
            severity: rule.severity,
            page: rule.page,
        };
        RULES.iter().map(descriptor).collect()
    });
    Tool {
        name: "docset",
        version: env!("CARGO_PKG_VERSION"),
        command: "check",
        subject: "document",
        rules: &DESCRIPTORS,
    }
}

/// The rule called `id`.
#[must_use]
pub fn rule(id: &str) -> Option<&'static Rule> {
    index(id).map(|index| RULES[index])
}

/// Whether findings of the rule say that a document was not looked at at all.
pub(crate) fn is_unread(id: &str) -> bool {
    matches!(id, "unreadable-file" | "outside-root")
}

/// The place of the rule called `id` in [`RULES`].
pub(crate) fn index(id: &str) -> Option<usize> {
    RULES.binary_search_by_key(&id, |rule| rule.id).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_sorted_and_have_a_page_of_their_own() {
        assert!(RULES.is_sorted_by_key(|rule| rule.id));
        for rule in RULES {
            let title = format!("# {}\n", rule.id);
            assert!(rule.page.contains(&title), "{}: the page has another title", rule.id);
            for part in ["## What it finds", "## Why", "## Example", "## Fix", "## Options"] {
                assert!(rule.page.contains(part), "{}: no `{part}`", rule.id);
            }
            for option in rule.options {
                assert!(rule.page.contains(&format!("`{option}`")), "{}: {option}", rule.id);
            }
            assert!(!rule.summary.ends_with('.'), "{}", rule.id);
        }
    }
}
