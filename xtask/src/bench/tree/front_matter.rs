//! The front matter of a document of the tree.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use super::fault::Fault;
use super::kind::{ADR, DOCSET};
use super::plan::{Plan, Planned, Replacement};
use super::random::Random;

/// The keys that an approval does not cover.
const NOT_APPROVED: [&str; 3] = ["status", "updated_at", "approvals"];

/// Keys with their lines, in order.
#[derive(Debug, Default)]
pub(super) struct FrontMatter {
    entries: Vec<(&'static str, String)>,
    approved: bool,
}

/// `2025-03-09`: a day of 2025 or 2026, by a number from 0.
fn day(number: usize) -> String {
    format!("{}-{:02}-{:02}", 2025 + number / 336, number / 28 % 12 + 1, number % 28 + 1)
}

impl FrontMatter {
    pub(super) fn new(plan: &Plan, planned: &Planned, title: &str, random: &mut Random) -> Self {
        let mut front = Self::default();
        let kind = planned.kind();
        let replacement = plan.replacement(planned);
        let created = random.below(300);
        let updated = created + random.below(200);
        front.push("doc_id", planned.id());
        front.push("type", kind.name);
        if random.chance(50) {
            front.push("title", format!("\"{title}\""));
        } else {
            front.push("title", title);
        }
        let status = status(planned, &replacement, random);
        front.push("status", if planned.fault == Some(Fault::Status) { "drafted" } else { status });
        front.push(
            "owner_role",
            if planned.fault == Some(Fault::Role) { "Boss" } else { kind.role },
        );
        if random.chance(60) {
            front.push("version", format!("\"{}.{}\"", random.between(0, 4), random.below(10)));
        }
        let created_at = match planned.fault {
            Some(Fault::Date) => "05.03.2025".to_owned(),
            _ => day(created),
        };
        front.push("created_at", created_at);
        front.push("updated_at", day(updated));
        front.related(plan, planned, random);
        match &replacement {
            Replacement::None => {}
            Replacement::Of(id) => front.push("supersedes", format!("[{id}]")),
            Replacement::By(id) => front.push("superseded_by", format!("[{id}]")),
        }
        front.approval(status, kind.approvals, &day(updated), random);
        front
    }

    fn push(&mut self, key: &'static str, value: impl AsRef<str>) {
        self.entries.push((key, format!("{key}: {}\n", value.as_ref())));
    }

    fn related(&mut self, plan: &Plan, planned: &Planned, random: &mut Random) {
        if let [first, second] = planned.issues[..] {
            // Lists are written in both ways.
            let text = if random.chance(50) {
                format!("related_issues: [{first}, {second}]\n")
            } else {
                format!("related_issues:\n  - {first}\n  - {second}\n")
            };
            self.entries.push(("related_issues", text));
        }
        if random.chance(30) {
            self.push("related_prs", format!("[{}]", random.between(1, 2000)));
        }
        if random.chance(60) {
            self.push("related_docsets", format!("[{}]", plan.some_id(DOCSET, random)));
        }
        if random.chance(40) {
            let text = format!("related_adrs:\n  - {}\n", plan.some_id(ADR, random));
            self.entries.push(("related_adrs", text));
        }
    }

    fn approval(&mut self, status: &str, approvals: bool, updated: &str, random: &mut Random) {
        if !approvals {
            return;
        }
        let request = random.between(1, 9000);
        match status {
            "approved" | "accepted" => {
                self.approved = true;
                let text = format!(
                    "approvals:\n  required: [Owner]\n  status: approved\n  request_id: APR-{request:04}\n  \
                     approved_by: owner-{}\n  approved_at: {updated}\n",
                    random.below(9)
                );
                self.entries.push(("approvals", text));
            }
            "in-review" | "proposed" if random.chance(80) => {
                let text = format!(
                    "approvals:\n  required: [Owner]\n  status: pending\n  request_id: APR-{request:04}\n"
                );
                self.entries.push(("approvals", text));
            }
            _ => {}
        }
    }

    /// The whole document.
    pub(super) fn with_body(self, body: &str) -> String {
        let mut text = String::with_capacity(body.len() + 700);
        let lines = |text: &mut String, wanted: fn(&str) -> bool| {
            text.push_str("---\n");
            let wanted = self.entries.iter().filter(|(key, _)| wanted(key));
            wanted.for_each(|(_, lines)| text.push_str(lines));
        };
        if self.approved {
            lines(&mut text, |key| !NOT_APPROVED.contains(&key));
            text.push_str("---\n");
            text.push_str(body);
            let hash = Sha256::digest(text.as_bytes());
            text.clear();
            lines(&mut text, |_| true);
            text.push_str("  digest: sha256:");
            for byte in hash {
                // Writing to a string cannot fail.
                let _ = write!(text, "{byte:02x}");
            }
            text.push('\n');
        } else {
            lines(&mut text, |_| true);
        }
        text.push_str("---\n");
        text.push_str(body);
        text
    }
}

fn status(planned: &Planned, replacement: &Replacement, random: &mut Random) -> &'static str {
    let kind = planned.kind();
    match (replacement, kind.decision) {
        (Replacement::By(_), _) => "superseded",
        (Replacement::Of(_), _) => "accepted",
        _ if planned.fault.is_some() => "draft",
        (_, true) => {
            random.pick::<&str>(&["proposed", "accepted", "accepted", "rejected", "deprecated"])
        }
        (_, false) => random.pick::<&str>(&[
            "draft",
            "draft",
            "draft",
            "in-review",
            "in-review",
            "approved",
            "approved",
            "approved",
            "obsolete",
            "abandoned",
        ]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_days() {
        assert_eq!(day(0), "2025-01-01");
        assert_eq!(day(335), "2025-12-28");
        assert_eq!(day(499), "2026-06-24");
    }
}
