//! Approvals that do not count, with the reason: what an owner reads first.

use super::html::{badge, escape, link};
use crate::record::{Approval, Records, Standing};

/// The section, or nothing if every approval counts.
pub(super) fn list(records: &Records, path: &str) -> String {
    let mut items = String::new();
    for record in records.by_path.values() {
        let judgement = record.judgement();
        if !judgement.standing.is_claimed() || judgement.standing == Standing::Approved {
            continue;
        }
        let (badge, link) = (badge(judgement.standing), link(path, record));
        let (title, reasons) = (escape(&record.title), escape(&judgement.reasons.join("; ")));
        let decided = decided(&record.approval);
        items.push_str(&format!(
            "<li class=\"row\">{badge} {link} {title}<span class=\"why\">{reasons}{decided}</span></li>\n"
        ));
    }
    if items.is_empty() {
        return items;
    }
    format!(
        "<section id=\"attention\" aria-labelledby=\"attention-title\">\n\
         <h2 id=\"attention-title\">Approvals that do not count</h2>\n<ul>\n{items}</ul>\n</section>\n"
    )
}

/// Who is said to have approved it, and when.
fn decided(approval: &Approval) -> String {
    let said = [&approval.approved_by, &approval.approved_at];
    let said: Vec<String> =
        said.iter().filter(|text| !text.is_empty()).map(|text| escape(text)).collect();
    if said.is_empty() { String::new() } else { format!(" ({})", said.join(", ")) }
}
