//! `malformed-front-matter`: a block that is no YAML.

use super::{Check, DocumentContext, Rule};
use crate::diagnostic::{Finding, Severity, excerpt};
use crate::front_matter::FrontMatter;
use crate::yaml::YamlErrorKind;

pub(super) static RULE: Rule = Rule {
    id: "malformed-front-matter",
    summary: "front matter that is no YAML",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/malformed-front-matter.md"),
    options: &[],
    check: Check::Document(check),
};

fn check(context: &DocumentContext<'_>, findings: &mut Vec<Finding>) {
    let Some(FrontMatter::Present { yaml: Err(error), .. }) = context.front_matter() else {
        return;
    };
    let (message, help) = match &error.kind {
        YamlErrorKind::TooManyNodes { .. } | YamlErrorKind::TooDeep { .. } => return,
        YamlErrorKind::Syntax(message) if message.contains("tab") => {
            (format!("front matter is no YAML: {message}"), "indent with blanks instead of tabs")
        }
        YamlErrorKind::Syntax(message) => (
            format!("front matter is no YAML: {message}"),
            "text with `: `, ` #` or a quote in it must stand in quotes",
        ),
        YamlErrorKind::Tag(tag) => (
            format!("front matter has the YAML tag `{}`", excerpt(tag)),
            "remove the tag; every value is what it looks like",
        ),
        YamlErrorKind::SelfReference => {
            (format!("front matter has {error}"), "write the value out")
        }
        YamlErrorKind::SecondDocument => {
            (format!("front matter has {error}"), "keep one block between the fences")
        }
        _ => (format!("front matter is no YAML: {error}"), "write plain `key: value` lines"),
    };
    findings.push(Finding::new(error.span, message).help(help));
}
