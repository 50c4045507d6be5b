//! Roles: whether each has access, and something to do.

use super::Found;
use crate::Policy;

pub(super) fn check(policy: &Policy, found: &mut Vec<Found>) {
    let process = policy.process();
    for (name, role) in &process.roles {
        if !role.human && role.access.is_none() {
            found.push(Found {
                rule: "role-without-access",
                place: Some(role.place.clone()),
                message: format!("nobody has said what agents of the role `{name}` may touch"),
                help: "add `access:`, with `none` for what they may not, or say that it is `human: true`".to_owned(),
            });
        }
        let works = process.stages.values().any(|stage| stage.roles.contains(name));
        if !works {
            found.push(Found {
                rule: "idle-role",
                place: Some(role.place.clone()),
                message: format!("the role `{name}` works on no stage"),
                help:
                    "name it in `roles:` of a stage, or take it away: `process: roles: {NAME: ~}`"
                        .to_owned(),
            });
        }
    }
}
