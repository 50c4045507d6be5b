//! `dates-out-of-order`: an effect before its cause.

use super::{Check, DocumentContext, Rule};
use crate::diagnostic::{Finding, Severity};
use crate::document::Date;
use crate::yaml::Node;

pub(super) static RULE: Rule = Rule {
    id: "dates-out-of-order",
    summary: "dates in an impossible order",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/dates-out-of-order.md"),
    options: &[],
    check: Check::Document(check),
};

fn check(context: &DocumentContext<'_>, findings: &mut Vec<Finding>) {
    let Some(root) = context.root() else { return };
    let Some((created, first)) = date(root.get("created_at")) else { return };
    let approved = root.get("approvals").and_then(|approvals| approvals.get("approved_at"));
    for (name, node) in
        [("updated_at", root.get("updated_at")), ("approvals.approved_at", approved)]
    {
        if let Some((node, later)) = date(node)
            && later < first
        {
            findings.push(
                Finding::new(
                    node.span(),
                    format!("`{name}` ({later}) is before `created_at` ({first})"),
                )
                .related(None, created.span(), "created here")
                .help("mend whichever of the two is wrong"),
            );
        }
    }
}

fn date<'y, 's>(node: Option<Node<'y, 's>>) -> Option<(Node<'y, 's>, Date)> {
    let node = node?;
    Some((node, Date::parse(node.as_str()?)?))
}
