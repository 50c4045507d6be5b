//! Whether the sender of an event may set a label of the owner's.

use super::approval::Mismatch;
use super::decide::{Case, reason};
use super::label::LabelFacts;
use super::phrase::time;
use super::rule::Rule;
use super::settings::Match;
use super::show::shown;
use super::standing::{Executor, Proof, Standing, owners};
use super::verdict::Reason;
use crate::event::Sender;

impl Case<'_> {
    /// Why the sender may set such a label in an owner's place, if that is so.
    pub(super) fn stands_in(&self, known: &LabelFacts) -> Option<Reason> {
        let (Standing::Person(_), Sender::Account(account)) = (&self.standing, &self.event.sender)
        else {
            return None;
        };
        let class = known.class?.as_str();
        let delegate = self.settings.delegates.iter().find(|delegate| {
            matches!(delegate.to.compare(account), Match::ById | Match::ByLogin)
                && delegate.labels.iter().any(|delegated| delegated == class)
                && self.facts.now < delegate.until
        })?;
        let sender = self.sender();
        let until = time(delegate.until);
        let fact = format!("{sender} stands in for the owner with {class} labels until {until}");
        Some(reason(Rule::Delegate, "configuration", fact))
    }

    /// Whether the sender may set a label of the owner's; why, or why not.
    pub(super) fn may_set(&self, label: &str) -> Result<Reason, Reason> {
        let sender = self.sender();
        let name = shown(label);
        let ask = self.ask(label);
        let not_for = |who: &str| format!("`{name}` is the owner's to set, and {who}");
        match &self.standing {
            Standing::Owner(proof) => Ok(self.is_owner(*proof)),
            Standing::Agent { executor } => self.approved(label, *executor),
            Standing::Person(permission) if self.settings.owners.is_empty() => {
                let has = match permission {
                    Some(permission) => format!("has the permission {}", permission.as_str()),
                    None => "has a permission that is not known".to_owned(),
                };
                let fact = not_for(&format!("{sender} {has}, where admin is needed"));
                Err(reason(Rule::OwnerOnly, "permission", fact).remedy(ask))
            }
            Standing::Person(_) => {
                let fact = not_for(&format!("{sender} is no owner"));
                Err(reason(Rule::OwnerOnly, "/sender/id", fact).remedy(ask))
            }
            Standing::LookAlike { owner, given } => {
                let given = given.map_or("not given".to_owned(), |id| id.to_string());
                let fact = format!(
                    "{sender} has the login of the owner {owner}, but the number of the account is {given}",
                );
                let remedy = format!(
                    "if the owner's account is another now, change `id` among the owners in countersign.yaml; else {ask}",
                );
                Err(reason(Rule::LookAlike, "/sender/id", fact).remedy(remedy))
            }
            Standing::Deleted => {
                let fact = not_for("the account that set it is deleted");
                Err(reason(Rule::DeletedAccount, "/sender", fact).remedy(ask))
            }
            Standing::NotGiven => {
                let fact = not_for("the event does not say who set it");
                Err(reason(Rule::UnknownSender, "/sender", fact).remedy(ask))
            }
            Standing::Other(kind) => {
                let kind = shown(kind);
                let fact = not_for(&format!("{sender} is neither person nor app (`{kind}`)"));
                Err(reason(Rule::OwnerOnly, "/sender/type", fact).remedy(ask))
            }
        }
    }

    pub(super) fn is_owner(&self, proof: Proof) -> Reason {
        let sender = self.sender();
        let (source, fact) = match proof {
            Proof::Id => {
                ("/sender/id", format!("{sender} is an owner, by the number of the account"))
            }
            Proof::Login => {
                ("/sender/login", format!("{sender} is an owner, by login: no `id` is configured"))
            }
            Proof::Repository => (
                "/repository/owner/id",
                format!("the repository belongs to {sender}, and no owner is configured"),
            ),
            Proof::Admin => (
                "permission",
                format!("{sender} has the admin permission, and no owner is configured"),
            ),
        };
        reason(Rule::Owner, source, fact)
    }

    /// An agent set a label of the owner's.
    fn approved(&self, label: &str, executor: Executor) -> Result<Reason, Reason> {
        let sender = self.sender();
        let name = shown(label);
        let request = format!("request it: the owner approves, and the gateway sets `{name}`");
        let Some(approval) = &self.facts.approval else {
            let fact = format!(
                "`{name}` is the owner's to set; {sender} is an agent and carries no approved request",
            );
            return Err(reason(Rule::ApprovalMissing, "approval", fact).remedy(request));
        };
        let id = shown(&approval.request_id);
        if executor == Executor::No {
            let fact = format!("{sender} is not among those that carry out approved requests");
            let remedy =
                "name it under `labels: guard: executors` in countersign.yaml if it should be";
            return Err(reason(Rule::NotAnExecutor, "configuration", fact).remedy(remedy));
        }
        let owners = owners(self.event, self.settings);
        let Err(mismatch) = approval.check(self.event, label, self.facts.now, &owners) else {
            let fact = format!(
                "{sender} carries out request `{id}`, approved by {} and good until {}",
                approval.approver.shown(),
                time(approval.expires_at),
            );
            return Ok(reason(Rule::ApprovedRequest, "approval", fact));
        };
        Err(match mismatch {
            Mismatch::Field { name, approved, given } => {
                let given =
                    given.map_or("is not given".to_owned(), |it| format!("is `{}`", shown(&it)));
                let fact = format!(
                    "request `{id}` was approved for {name} `{}`, and this {given}",
                    shown(&approved),
                );
                reason(Rule::ApprovalMismatch, "approval", fact)
            }
            Mismatch::Expired => {
                let fact = format!(
                    "the approval of request `{id}` ended at {}; it is {}",
                    time(approval.expires_at),
                    time(self.facts.now),
                );
                reason(Rule::ApprovalExpired, "approval", fact)
            }
            Mismatch::Approver => {
                let who = approval.approver.shown();
                let fact = format!("request `{id}` was approved by {who}, who is no owner");
                reason(Rule::ApproverNotOwner, "approval", fact)
            }
        }
        .remedy(request))
    }
}
