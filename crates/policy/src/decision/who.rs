//! Who asks, as rules speak of them.

use countersign_process::{Delegation, Effect, Instant, Process, Who};

use crate::fact::Carried;
use crate::request::{Actor, ActorKind};

/// Who `actor` is to the rules. A person's account is an owner's if it is verified and on
/// the list; an account that acts in a session, or in a role that only agents have, is an
/// agent's, whatever it says.
pub(super) fn who(actor: &Actor, process: &Process, delegated: bool) -> Who {
    if !actor.verified {
        return Who::Unknown;
    }
    match actor.kind {
        ActorKind::Unknown => Who::Unknown,
        ActorKind::Workflow => Who::Workflow,
        ActorKind::Agent => Who::Agent,
        ActorKind::Human if !is_person(actor, process) => Who::Agent,
        ActorKind::Human => match &actor.login {
            None => Who::Unknown,
            Some(login) if process.is_owner(login, actor.id) => Who::Owner,
            Some(_) if delegated => Who::Delegate,
            Some(_) => Who::Human,
        },
    }
}

/// Whether the account is used by a person: a verified person's account without the
/// marks of an agent.
pub(super) fn is_person(actor: &Actor, process: &Process) -> bool {
    let of_agents = |role: &String| process.roles.get(role).is_none_or(|role| !role.human);
    actor.verified
        && actor.kind == ActorKind::Human
        && actor.session.is_none()
        && !actor.role.as_ref().is_some_and(of_agents)
}

/// The delegations that count for an operation with these labels at that time. Without a
/// time none does.
pub(super) fn delegations<'p>(
    process: &'p Process,
    operation: &str,
    labels: Option<&[Carried]>,
    now: Option<Instant>,
) -> impl Iterator<Item = &'p Delegation> {
    let effect = process.operations.get(operation).map(|operation| operation.effect);
    process.delegations.iter().filter(move |delegation| {
        let in_time = now.is_some_and(|now| now < delegation.until);
        let named = delegation.operations.iter().any(|name| name == operation);
        let classes = labels.is_some_and(|labels| {
            labels.iter().all(|label| delegation.labels.iter().any(|class| class == label.class))
        });
        let carries = labels.is_some_and(|labels| !labels.is_empty());
        let covered = match (named, carries) {
            (true, true) => classes,
            (true, false) => labels.is_some(),
            (false, carries) => carries && classes && effect == Some(Effect::Label),
        };
        in_time && covered
    })
}
