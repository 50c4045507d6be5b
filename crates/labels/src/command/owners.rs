//! Whose product it is: `process: owners`, for all programs.

use std::path::Path;

use chrono::{DateTime, Utc};
use countersign_process::{Account, Process};
use countersign_report::terminal::Fault;

use crate::config::LabelsConfig;
use crate::guard::{Delegate, GuardSettings, KnownAccount};

/// What the guard goes by: its own settings, with the owners that the process has.
///
/// # Errors
///
/// If the process cannot be read, if owners are named in both places and differ, or if one
/// of them, or whom they put in their place, is an agent.
pub(super) fn settings(root: &Path, config: &LabelsConfig) -> Result<GuardSettings, Fault> {
    let mut settings = config.guard.clone();
    let process = Process::load(root)?;
    for delegation in &process.delegations {
        let to = known(&delegation.to);
        if settings.agents.iter().any(|agent| agent.is(&to)) {
            return Err(format!(
                "`process: delegations` in countersign.yaml: `{}` is an agent; an agent can be \
                 neither owner nor delegate",
                to.login
            )
            .into());
        }
        // Later than any time that can be written is for good.
        let until = i64::try_from(delegation.until.unix()).ok();
        let until = until.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        let until = until.unwrap_or(DateTime::<Utc>::MAX_UTC);
        settings.delegates.push(Delegate { to, labels: delegation.labels.clone(), until });
    }
    if process.owners.is_empty() {
        return Ok(settings);
    }
    let owners: Vec<KnownAccount> = process.owners.iter().map(known).collect();
    let same = |one: &KnownAccount, other: &KnownAccount| {
        one.login.eq_ignore_ascii_case(&other.login) && one.id == other.id
    };
    let within = |some: &[KnownAccount], all: &[KnownAccount]| {
        some.iter().all(|one| all.iter().any(|other| same(one, other)))
    };
    if settings.owners.is_empty() {
        settings.owners = owners;
    } else if !within(&settings.owners, &owners) || !within(&owners, &settings.owners) {
        return Err("`labels: guard: owners` and `process: owners` in countersign.yaml name \
                    different people; name the owners once, under `process: owners`"
            .into());
    }
    if let Err(fault) = settings.validate() {
        return Err(format!(
            "`process: owners` in countersign.yaml: {}; {}",
            fault.message, fault.help
        )
        .into());
    }
    Ok(settings)
}

fn known(account: &Account) -> KnownAccount {
    KnownAccount { login: account.login.clone(), id: account.id }
}
