//! The decision itself.

use countersign_markup::nearest::suggestion;
use countersign_markup::shown::excerpt;
use countersign_process::{Account, Approval, Delegation, Rule, Ruling, Value, Who};

use super::approval::{approvers, fault};
use super::condition::{Counts, counts};
use super::who::{delegations, who};
use super::{Decision, NeededApproval, Verdict};
use crate::Policy;
use crate::fact::Facts;
use crate::reason::{Judgement, Reason};
use crate::request::Request;

/// What the verdict itself is called among reasons.
const VERDICT: &str = "verdict";

impl Policy {
    /// Decides on a request.
    ///
    /// All rules about the actor and the operation whose conditions hold count, and the
    /// strictest decides: deny, then approval, then allow. What no rule permits, outright or
    /// with an approval, is denied. A fact that is not given never loosens a verdict: a rule
    /// that lacks one restricts as if it counted, and permits nothing.
    #[must_use]
    pub fn decide(&self, request: &Request) -> Verdict {
        let (decision, reason) = self.judge(request, Explain::Yes);
        Verdict { decision, reason, policy: self.digest(), request: request.digest() }
    }

    /// The decision alone, as [`Policy::decide`] makes it, for whoever makes very many.
    #[must_use]
    pub fn decision(&self, request: &Request) -> Decision {
        self.judge(request, Explain::No).0
    }

    fn judge(&self, request: &Request, explain: Explain) -> (Decision, Reason) {
        let process = self.process();
        let because = |reasons: &dyn Fn() -> Vec<Reason>| match explain {
            Explain::Yes => reasons(),
            Explain::No => Vec::new(),
        };
        if !process.operations.contains_key(&request.operation) {
            let name = excerpt(&request.operation);
            let known = process.operations.keys().map(String::as_str);
            let reason =
                Reason::new(VERDICT, Judgement::Denies, format!("there is no operation `{name}`"));
            return (Decision::Deny, reason.remedy(suggestion(&request.operation, known)));
        }
        let facts = Facts::new(request, process, self.labels());
        let active: Vec<&Delegation> =
            delegations(process, &request.operation, facts.labels(), request.context.now).collect();
        let own = active.iter().find(|delegation| {
            request
                .actor
                .login
                .as_ref()
                .is_some_and(|login| delegation.to.is(login, request.actor.id))
        });
        let asking = who(&request.actor, process, own.is_some());

        let about = self.rules_about(&request.operation).iter();
        let about = about.filter_map(|id| Some((id.as_str(), process.rules.get(id)?)));
        let mut counting: Vec<Named<'_>> = Vec::new();
        let mut others: Vec<Named<'_>> = Vec::new();
        let mut permitted = false;
        for (id, rule) in about.filter(|(_, rule)| rule.who.contains(&asking)) {
            match (counts(rule, &facts), &rule.decide) {
                (Counts::Surely, ruling) => {
                    permitted |= *ruling != Ruling::Deny;
                    counting.push((id, rule));
                }
                (Counts::Perhaps, Ruling::Approval(_) | Ruling::Deny) => counting.push((id, rule)),
                (Counts::Perhaps | Counts::No, _) => others.push((id, rule)),
            }
        }

        let mut reasons =
            because(&|| counting.iter().map(|(id, rule)| reason(id, rule, &facts)).collect());
        reasons.sort_by_key(|reason| match reason.judgement {
            Judgement::Denies => 0,
            Judgement::NeedsApproval => 1,
            _ => 2,
        });
        if let Some(delegation) = own.filter(|_| asking == Who::Delegate) {
            let message = format!("delegated until {}", delegation.until);
            let until = Reason::new("delegation", Judgement::Holds, message);
            reasons.push(until.at(&delegation.place));
        }
        if counting.iter().any(|(_, rule)| rule.decide == Ruling::Deny) {
            let said = explain.verdict(request, asking, Judgement::Denies, reasons);
            return (Decision::Deny, said);
        }
        if !permitted {
            // What would have allowed it says what is missing; what would have asked for an
            // approval, too, if it only lacks a fact.
            reasons.iter_mut().for_each(|reason| reason.judgement = Judgement::Unclear);
            reasons.extend(because(&|| {
                let nearly = others.iter().filter(|(_, rule)| rule.decide == Ruling::Allow);
                let judgement = Judgement::DoesNotApply;
                nearly.map(|(id, rule)| Reason { judgement, ..reason(id, rule, &facts) }).collect()
            }));
            let mut denied = explain.verdict(request, asking, Judgement::Denies, reasons);
            denied.message.push_str(": no rule allows it");
            return (Decision::Deny, denied.remedy("policy show rules"));
        }
        let demands: Vec<&Approval> = counting
            .iter()
            .filter_map(|(_, rule)| match &rule.decide {
                Ruling::Approval(approval) => Some(approval),
                Ruling::Allow | Ruling::Deny => None,
            })
            .collect();
        if let Some(demand) = all_of(&demands) {
            let asked = Asked { request, asking, explain };
            return self.approval(asked, &demands, &demand, &active, reasons);
        }
        (Decision::Allow, explain.verdict(request, asking, Judgement::Allows, reasons))
    }

    /// The decision where approvals are demanded.
    fn approval(
        &self,
        asked: Asked<'_>,
        demands: &[&Approval],
        demand: &Approval,
        active: &[&Delegation],
        mut reasons: Vec<Reason>,
    ) -> (Decision, Reason) {
        let process = self.process();
        let Asked { request, asking, explain } = asked;
        // Whoever approves must do for every rule that asks.
        let mut may: Vec<Account> = approvers(demand, process, active);
        for other in demands {
            let others = approvers(other, process, active);
            may.retain(|account| {
                others.iter().any(|other| other.login.eq_ignore_ascii_case(&account.login))
            });
        }
        if usize::try_from(demand.quorum).is_ok_and(|quorum| may.len() < quorum) {
            let message = match (process.owners.is_empty(), may.len()) {
                (true, _) => "nobody is an owner".to_owned(),
                (false, 0) => {
                    "nobody may approve it for all rules that ask for an approval".to_owned()
                }
                (false, there) => {
                    format!("{} must approve it, and {there} may", demand.quorum)
                }
            };
            let nobody = Reason::new("approvers", Judgement::Fails, message)
                .remedy("name the owners in countersign.yaml: `process: owners: [LOGIN]`");
            reasons.insert(0, nobody);
            let said = explain.verdict(request, asking, Judgement::Denies, reasons);
            return (Decision::Deny, said);
        }
        let mut given: Vec<String> = Vec::new();
        // Hashing is most of the work of a decision: only where there is what to compare.
        let digest = (!request.approvals.is_empty()).then(|| request.digest());
        for grant in &request.approvals {
            let fault = fault(grant, request, digest, self.digest(), demand, &may, process);
            let name = excerpt(&grant.id);
            let by = grant.by.login.as_deref().map_or_else(|| "nobody".to_owned(), excerpt);
            reasons.push(match fault {
                Some(fault) => Reason::new(
                    "approval",
                    Judgement::Fails,
                    format!("the approval {name} by {by} does not count: {fault}"),
                ),
                None => {
                    let login = by.to_ascii_lowercase();
                    if !given.contains(&login) {
                        given.push(login);
                    }
                    let message = format!("{by} approved it: {name}, until {}", grant.expires);
                    Reason::new("approval", Judgement::Holds, message)
                }
            });
        }
        let given = u32::try_from(given.len()).unwrap_or(u32::MAX);
        if given >= demand.quorum {
            let said = explain.verdict(request, asking, Judgement::Allows, reasons);
            return (Decision::Allow, said);
        }
        let needed = NeededApproval {
            by: may.into_iter().map(|account| account.login).collect(),
            quorum: demand.quorum,
            given,
            expires_in: demand.expires,
            expires: request.context.now.map(|now| now.after(demand.expires)),
        };
        let reason = explain.verdict(request, asking, Judgement::NeedsApproval, reasons);
        (Decision::NeedsApproval(needed), reason)
    }
}

/// The approval that fulfils all demands: the largest quorum, the shortest expiry.
fn all_of(demands: &[&Approval]) -> Option<Approval> {
    let (first, rest) = demands.split_first()?;
    Some(rest.iter().fold((*first).clone(), |all, demand| Approval {
        by: all.by,
        quorum: all.quorum.max(demand.quorum),
        expires: all.expires.min(demand.expires),
    }))
}

/// A rule with its id.
type Named<'p> = (&'p str, &'p Rule);

/// Whether anybody wants to know why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Explain {
    Yes,
    No,
}

/// What is asked, by whom.
#[derive(Clone, Copy, Debug)]
struct Asked<'r> {
    request: &'r Request,
    asking: Who,
    explain: Explain,
}

impl Explain {
    /// The reason at the root of the tree.
    fn verdict(
        self,
        request: &Request,
        asking: Who,
        judgement: Judgement,
        because: Vec<Reason>,
    ) -> Reason {
        match self {
            Self::Yes => verdict(request, asking, judgement, because),
            Self::No => Reason::new(VERDICT, judgement, String::new()),
        }
    }
}

fn verdict(request: &Request, asking: Who, judgement: Judgement, because: Vec<Reason>) -> Reason {
    let who = match (&request.actor.login, &request.actor.role) {
        (Some(login), Some(role)) => format!("{asking} {} ({})", excerpt(login), excerpt(role)),
        (Some(login), None) => format!("{asking} {}", excerpt(login)),
        (None, Some(role)) => format!("{asking} ({})", excerpt(role)),
        (None, None) => asking.to_string(),
    };
    let operation = excerpt(&request.operation);
    let says = match judgement {
        Judgement::Allows => "may do it",
        Judgement::NeedsApproval => "may do it once it is approved",
        _ => "may not do it",
    };
    Reason::new(VERDICT, judgement, format!("{operation}: {who} {says}")).because(because)
}

/// What a rule says, and what it looked at.
fn reason(id: &str, rule: &Rule, facts: &Facts<'_>) -> Reason {
    let judgement = match &rule.decide {
        Ruling::Allow => Judgement::Allows,
        Ruling::Approval(_) => Judgement::NeedsApproval,
        Ruling::Deny => Judgement::Denies,
    };
    let mut reason = Reason::new(id, judgement, rule.because.as_str()).at(&rule.place);
    for name in rule.when.keys().chain(rule.unless.keys()) {
        reason = reason.fact(name, facts.get(name));
    }
    match &rule.remedy {
        Some(remedy) if rule.decide != Ruling::Allow => reason.remedy(filled(remedy, facts)),
        _ => reason,
    }
}

/// The remedy with the facts that it names in braces.
fn filled(template: &str, facts: &Facts<'_>) -> String {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let Some((name, behind)) = after.split_once('}') else {
            rest = &rest[before.len()..];
            break;
        };
        match facts.get(name) {
            Some(values) if !values.is_empty() => {
                let values: Vec<String> = values.iter().map(Value::to_string).collect();
                text.push_str(&excerpt(&values.join(", ")));
            }
            _ => text.push_str(&name.replace(['.', '_'], "-").to_uppercase()),
        }
        rest = behind;
    }
    text.push_str(rest);
    text
}
