//! What author and owner decide about one document.

use crate::catalogue::{Catalogue, Phase};
use crate::document::Date;
use crate::front_matter::{Digest, FrontMatter, content_digest, digestible};

use super::draft::{Draft, Refusal};
use super::transition::step;

/// Who approves, by which request, when.
#[derive(Clone, Copy, Debug)]
pub struct Approval<'a> {
    /// Login of the owner.
    pub by: &'a str,
    /// Id of the approval request.
    pub request_id: &'a str,
    /// Day of the approval.
    pub at: Date,
    /// The digests of what the owner read: any other content is not approved. Empty for
    /// whatever the documents hold now.
    pub read: &'a [Digest],
}

/// The owner wants changes.
#[derive(Clone, Copy, Debug)]
pub struct ChangeRequest<'a> {
    /// Id of the approval request, if it is another one than that recorded.
    pub request_id: Option<&'a str>,
}

const STATUS: &[&str] = &["status"];
const APPROVAL: &[&str] = &["approvals", "status"];
const REQUEST: &[&str] = &["approvals", "request_id"];

/// Approves the content that the document has now: its status becomes one in force,
/// the approvals block says by whom, when and over which digest. A document in force
/// can be approved anew, after an edit.
///
/// # Errors
///
/// [`Refusal`] when the step is illegal or the front matter cannot carry it.
pub fn approve(
    draft: &mut Draft,
    catalogue: &Catalogue,
    approval: &Approval<'_>,
) -> Result<(), Refusal> {
    let (kind, status) = draft.status(catalogue)?;
    let status = match status.phase {
        Phase::InForce => status,
        _ => step(kind, &status.name, Phase::InForce, "approved").map_err(|error| {
            let mut refusal = draft.illegal(&error);
            if step(kind, &status.name, Phase::Review, "in-review").is_ok() {
                let name = if draft.id.is_empty() { &*draft.path } else { &*draft.id };
                refusal
                    .help
                    .push_str(&format!("; `docset submit {name}` lays it before its owner"));
            }
            refusal
        })?,
    };
    let front_matter = FrontMatter::parse(&draft.after);
    if !digestible(&front_matter) {
        return Err(undigestible(draft));
    }
    let created = front_matter.text("created_at").and_then(Date::parse);
    if let Some(created) = created.filter(|created| *created > approval.at) {
        let message = format!("approved on {}, before it was created on {created}", approval.at);
        let help = "mend whichever of the two is wrong".to_owned();
        return Err(draft.refusal_at_key("created_at", &message, help));
    }
    let digest = content_digest(&draft.after, &front_matter);
    if !approval.read.is_empty() && !approval.read.contains(&digest) {
        let message = "the document is not what the owner read";
        let help = format!("its digest is now {digest}: read it again");
        return Err(draft.refusal_at_key("doc_id", message, help));
    }
    let successor = front_matter.get("superseded_by").filter(|node| !node.is_blank());
    if successor.is_some() {
        let message = "the document names a successor, so that it cannot be in force";
        let help = "let `docset supersede` write both sides, or remove `superseded_by`".to_owned();
        return Err(draft.refusal_at_key("superseded_by", message, help));
    }
    draft.set(&[
        (STATUS, &status.name),
        (APPROVAL, "approved"),
        (REQUEST, approval.request_id),
        (&["approvals", "approved_by"], approval.by),
        (&["approvals", "approved_at"], &approval.at.to_string()),
        (&["approvals", "digest"], &digest.to_string()),
    ])?;
    // The keys that an approval writes do not count; nothing else was touched.
    if content_digest(&draft.after, &FrontMatter::parse(&draft.after)) != digest {
        return Err(undigestible(draft));
    }
    Ok(())
}

/// That the document cannot be bound to an approval.
fn undigestible(draft: &Draft) -> Refusal {
    let message = "the front matter cannot carry a digest of the document";
    let help = "write it as one key per line and without aliases: in any other form the digest \
                would cover itself";
    draft.refusal_at_key("status", message, help.to_owned())
}

/// Sends the document back to its author: a document in review becomes a draft again,
/// a decision stays proposed.
///
/// # Errors
///
/// As for [`approve`].
pub fn request_changes(
    draft: &mut Draft,
    catalogue: &Catalogue,
    request: &ChangeRequest<'_>,
) -> Result<(), Refusal> {
    let (kind, status) = draft.status(catalogue)?;
    // A lifecycle without a review decides over drafts.
    let decided_as_draft = status.phase == Phase::Drafting
        && step(kind, &status.name, Phase::InForce, "approved").is_ok();
    let asked_already = status.phase == Phase::Drafting
        && approval_status(&draft.after).as_deref() == Some("changes_requested");
    let status = if decided_as_draft || asked_already {
        status
    } else {
        step(kind, &status.name, Phase::Drafting, "draft").map_err(|error| draft.illegal(&error))?
    };
    draft.set(&[(STATUS, &status.name), (APPROVAL, "changes_requested")])?;
    match request.request_id {
        Some(id) => draft.set(&[(REQUEST, id)]),
        None => Ok(()),
    }
}

/// Lays the document before its owner: a draft goes into review, and an approval that
/// is recorded becomes pending.
///
/// # Errors
///
/// As for [`approve`].
pub fn submit(draft: &mut Draft, catalogue: &Catalogue) -> Result<(), Refusal> {
    let (kind, status) = draft.status(catalogue)?;
    let has_approval = approval_status(&draft.after).is_some();
    let status = if status.phase == Phase::Review {
        status
    } else {
        step(kind, &status.name, Phase::Review, "in-review")
            .map_err(|error| draft.illegal(&error))?
    };
    draft.set(&[(STATUS, &status.name)])?;
    if has_approval { draft.set(&[(APPROVAL, "pending")]) } else { Ok(()) }
}

/// `approvals.status`, if it is there.
fn approval_status(text: &str) -> Option<String> {
    let front_matter = FrontMatter::parse(text);
    let node = front_matter.get("approvals")?.get("status")?;
    node.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(status: &str, rest: &str) -> Draft {
        let text = format!(
            "---\ndoc_id: PRD-0001\ntype: prd\nstatus: {status} # now\ncreated_at: 2026-01-02\n\
             {rest}---\n# T\n"
        );
        Draft::new("docs/a.md".into(), text)
    }

    fn yes() -> Approval<'static> {
        let at = Date::parse("2026-11-24").unwrap();
        Approval { by: "octavia", request_id: "17", at, read: &[] }
    }

    #[test]
    fn an_approval_is_bound_to_the_resulting_text() {
        let catalogue = Catalogue::default();
        let mut one = draft("in-review", "approvals: {required: [Owner], status: pending}\n");
        approve(&mut one, &catalogue, &yes()).unwrap();
        let digest = content_digest(&one.after, &FrontMatter::parse(&one.after));
        let wanted = format!(
            "status: approved # now\ncreated_at: 2026-01-02\napprovals: {{required: [Owner], \
             status: approved, request_id: \"17\", approved_by: octavia, approved_at: 2026-11-24, \
             digest: {digest}}}\n"
        );
        assert!(one.after.contains(&wanted), "{}", one.after);
        let mut again = Draft::new("docs/a.md".into(), one.after.clone());
        approve(&mut again, &catalogue, &yes()).unwrap();
        assert!(!again.is_changed());
    }

    #[test]
    fn what_is_illegal_is_refused_with_place_and_help() {
        let catalogue = Catalogue::default();
        let refusal = approve(&mut draft("draft", ""), &catalogue, &yes()).unwrap_err();
        assert_eq!(refusal.to_string(), "PRD-0001: `draft` cannot become approved");
        assert_eq!(
            refusal.help,
            "`draft` may be followed by in-review, abandoned; `docset submit PRD-0001` lays it \
             before its owner"
        );
        assert_eq!((refusal.position.line, refusal.position.column), (4, 9));
        let early = Approval { at: Date::parse("2026-01-01").unwrap(), ..yes() };
        assert!(approve(&mut draft("in-review", ""), &catalogue, &early).is_err());
        let replaced = &mut draft("in-review", "superseded_by: PRD-2\n");
        assert!(approve(replaced, &catalogue, &yes()).is_err());
        assert!(submit(&mut draft("approved", ""), &catalogue).is_err());
    }

    #[test]
    fn goes_to_and_fro_between_author_and_owner() {
        let catalogue = Catalogue::default();
        let mut one = draft("draft", "approvals:\n  status: pending\n");
        let first = one.before.clone();
        submit(&mut one, &catalogue).unwrap();
        assert!(one.after.contains("status: in-review # now"));
        let request = ChangeRequest { request_id: None };
        request_changes(&mut one, &catalogue, &request).unwrap();
        assert!(one.after.contains("status: draft # now"));
        assert!(one.after.contains("  status: changes_requested\n"));
        let sent_back = one.after.clone();
        request_changes(&mut one, &catalogue, &request).unwrap();
        assert_eq!(one.after, sent_back);
        submit(&mut one, &catalogue).unwrap();
        assert_eq!(one.after, first.replace("draft", "in-review"));
        let fresh = &mut draft("draft", "");
        assert!(request_changes(fresh, &catalogue, &request).is_err());
    }

    #[test]
    fn every_step_of_every_type_is_legal_or_refused_and_done_once() {
        let catalogue = Catalogue::default();
        let request = ChangeRequest { request_id: Some("R") };
        for kind in catalogue.types.values() {
            for (from, n) in kind.statuses.iter().zip(0..) {
                let keys = ["", "approvals:\n", "approvals: {status: pending}\n"][n % 3];
                let text = format!("---\ntype: {}\nstatus: {}\n{keys}---\n", kind.name, from.name);
                let digest = content_digest(&text, &FrontMatter::parse(&text));
                for step in 0..3 {
                    let run = |draft: &mut Draft| match step {
                        0 => submit(draft, &catalogue),
                        1 => approve(draft, &catalogue, &yes()),
                        _ => request_changes(draft, &catalogue, &request),
                    };
                    let mut draft = Draft::new("a.md".into(), text.clone());
                    let Err(refusal) = run(&mut draft) else {
                        let front_matter = FrontMatter::parse(&draft.after);
                        let to = kind.status(front_matter.text("status").unwrap()).unwrap();
                        assert!(to == from || from.next.contains(&to.name), "{}", draft.after);
                        assert_eq!(content_digest(&draft.after, &front_matter), digest);
                        let once = draft.after.clone();
                        run(&mut draft).unwrap();
                        assert_eq!(draft.after, once);
                        continue;
                    };
                    assert!(!draft.is_changed(), "{refusal}");
                }
            }
        }
    }
}
