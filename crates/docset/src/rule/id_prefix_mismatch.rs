//! `id-prefix-mismatch`: an id that speaks of another type.

use super::{Check, DocumentContext, Rule};
use crate::diagnostic::{Finding, Severity};
use crate::document::is_id;

pub(super) static RULE: Rule = Rule {
    id: "id-prefix-mismatch",
    summary: "an id whose prefix belongs to another type",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/id-prefix-mismatch.md"),
    options: &[],
    check: Check::Document(check),
};

fn check(context: &DocumentContext<'_>, findings: &mut Vec<Finding>) {
    let (Some(root), Some(kind)) = (context.root(), context.kind) else { return };
    let Some(node) = root.get("doc_id") else { return };
    let Some(id) = node.as_str().filter(|id| is_id(id)) else { return };
    if kind.prefixes.is_empty() {
        return;
    }
    let of_id = context.catalogue().type_of_id(id);
    if of_id.is_some_and(|of_id| of_id.name == kind.name) {
        return;
    }
    let message = match of_id {
        Some(other) => {
            format!("the id `{id}` is one of type `{}`, not `{}`", other.name, kind.name)
        }
        None => format!("the id `{id}` has no prefix of type `{}`", kind.name),
    };
    let finding = Finding::new(node.span(), message)
        .help(format!("ids of this type begin with `{}-`", kind.prefixes.join("-` or `")));
    findings.push(match root.get("type") {
        Some(named) => finding.related(None, named.span(), "the type is named here"),
        None => finding,
    });
}
