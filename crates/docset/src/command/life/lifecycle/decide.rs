//! `docset submit`, `docset approve`, `docset request-changes`.

use super::arguments::{ApproveArguments, RequestChangesArguments, SubmitArguments, Target};
use super::{CLEAN, Console, Desk, Fault};
use crate::command::life::today::today;
use crate::front_matter::{FrontMatter, content_digest};
use crate::lifecycle::{self, Approval, ChangeRequest, Draft, Refusal};
use countersign_report::terminal::harmless;

pub(in crate::command) fn submit(
    arguments: &SubmitArguments,
    out: &mut Console,
) -> Result<u8, Fault> {
    let (_, code) = each(&arguments.ids, &arguments.target, out, &|draft, desk| {
        lifecycle::submit(draft, desk.checker.catalogue())?;
        lifecycle::is_filled_in(draft, &desk.checker)
    })?;
    Ok(code)
}

pub(in crate::command) fn approve(
    arguments: &ApproveArguments,
    out: &mut Console,
) -> Result<u8, Fault> {
    let at = arguments.date.map_or_else(today, Ok)?;
    let approval = Approval {
        by: &arguments.by,
        request_id: &arguments.request_id,
        at,
        read: &arguments.digest,
    };
    let (drafts, code) = each(&arguments.ids, &arguments.target, out, &|draft, desk| {
        lifecycle::approve(draft, desk.checker.catalogue(), &approval)?;
        lifecycle::is_filled_in(draft, &desk.checker)
    })?;
    if code == CLEAN && !arguments.target.dry_run {
        let mut lines = String::new();
        for draft in drafts {
            let digest = content_digest(&draft.after, &FrontMatter::parse(&draft.after));
            lines.push_str(&format!("{digest}  {}\n", crate::diagnostic::escape(&draft.path)));
        }
        harmless(out, &lines)?;
    }
    Ok(code)
}

pub(in crate::command) fn request_changes(
    arguments: &RequestChangesArguments,
    out: &mut Console,
) -> Result<u8, Fault> {
    let request = ChangeRequest { request_id: arguments.request_id.as_deref() };
    let (_, code) = each(&arguments.ids, &arguments.target, out, &|draft, desk| {
        lifecycle::request_changes(draft, desk.checker.catalogue(), &request)
    })?;
    if code == CLEAN && !arguments.target.dry_run {
        harmless(out, &format!("{} wants changes\n", arguments.by))?;
    }
    Ok(code)
}

/// Takes each of the documents one step further, all or none.
fn each(
    ids: &[String],
    target: &Target,
    out: &mut Console,
    step: &dyn Fn(&mut Draft, &Desk) -> Result<(), Refusal>,
) -> Result<(Vec<Draft>, u8), Fault> {
    let desk = Desk::open(target)?;
    let mut drafts = desk.drafts(ids)?;
    let steps = drafts.iter_mut().map(|draft| step(draft, &desk));
    let refusals: Vec<Refusal> = steps.filter_map(Result::err).collect();
    let code = desk.finish(&drafts, &refusals, out)?;
    Ok((drafts, code))
}
