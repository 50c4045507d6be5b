//! Whose approval is needed, and which of those given count.

use countersign_process::{Account, Approval, Delegation, Process};

use crate::digest::Digest;
use crate::request::{Grant, Request};

use super::who::is_person;

/// The accounts that may give the approval, sorted by login, each once.
pub(super) fn approvers(
    approval: &Approval,
    process: &Process,
    delegations: &[&Delegation],
) -> Vec<Account> {
    let mut accounts = Vec::new();
    for who in &approval.by {
        if who == "owner" {
            accounts.extend(process.owners.iter().cloned());
            accounts.extend(delegations.iter().map(|delegation| delegation.to.clone()));
        } else {
            // A person who is an owner, too, may have a number there.
            let owner = process.owners.iter().find(|owner| owner.login.eq_ignore_ascii_case(who));
            let named = Account { login: who.clone(), id: None };
            accounts.push(owner.cloned().unwrap_or(named));
        }
    }
    accounts.sort_by_key(|account| account.login.to_ascii_lowercase());
    accounts.dedup_by(|one, other| one.login.eq_ignore_ascii_case(&other.login));
    accounts
}

/// What is wrong with a grant; `None` if it counts.
pub(super) fn fault(
    grant: &Grant,
    request: &Request,
    digest: Option<Digest>,
    policy: Digest,
    approval: &Approval,
    approvers: &[Account],
    process: &Process,
) -> Option<&'static str> {
    let Some(now) = request.context.now else {
        return Some("the time is not given, so that nobody can tell whether it has expired");
    };
    let by = &grant.by;
    let may = by.login.as_ref().is_some_and(|login| {
        is_person(by, process) && approvers.iter().any(|account| account.is(login, by.id))
    });
    if Some(grant.request) != digest {
        Some("it is about another request")
    } else if grant.policy != policy {
        Some("the policy has changed since")
    } else if !may {
        Some("whoever gave it may not")
    } else if now < grant.at {
        Some("it lies in the future")
    } else if grant.expires <= now || grant.at.after(approval.expires) <= now {
        Some("it has expired")
    } else {
        None
    }
}
