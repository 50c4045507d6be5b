//! From a row of the matrix to rules of Kubernetes.

use countersign_process::{Access, Metrics, Read, RunMode, Secrets, Write};

/// Verbs on resources of one API group. There are no wildcards: every list is written
/// out, here and nowhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The API group; empty for the core.
    pub group: &'static str,
    /// Resources, and subresources with their `/`.
    pub resources: &'static [&'static str],
    /// Verbs.
    pub verbs: &'static [&'static str],
}

/// Where the agent stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Environment {
    /// A development slot: a namespace for one piece of work, with nothing of value.
    #[default]
    Slot,
    /// A namespace that people rely on.
    Product,
}

/// Whether what the matrix leaves open is granted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Optional {
    /// It is not.
    #[default]
    Withheld,
    /// It is.
    Granted,
}

const fn rule(
    group: &'static str,
    resources: &'static [&'static str],
    verbs: &'static [&'static str],
) -> Rule {
    Rule { group, resources, verbs }
}

const LOOK: &[&str] = &["get", "list", "watch"];
const CHANGE: &[&str] = &["get", "list", "watch", "create", "update", "patch"];
const CREATE: &[&str] = &["get", "list", "create"];

/// The column's own words: pods, logs, events, services, ingresses.
const READ: &[Rule] = &[
    rule("", &["pods", "services", "events"], LOOK),
    // A log is fetched, also to follow it; there is no list of logs.
    rule("", &["pods/log"], &["get"]),
    rule("events.k8s.io", &["events"], LOOK),
    rule("networking.k8s.io", &["ingresses"], LOOK),
];

const READ_MINIMAL: &[Rule] = &[
    rule("", &["pods", "services"], &["get", "list"]),
    rule("networking.k8s.io", &["ingresses"], &["get", "list"]),
];

/// Apply, patch and roll out. Without `delete`: taking a slot away is the work of
/// whoever set it up.
const APPLY: &[Rule] = &[
    rule("", &["configmaps", "services"], CHANGE),
    rule("apps", &["deployments", "statefulsets"], CHANGE),
    rule("apps", &["deployments/scale", "statefulsets/scale"], &["get", "update", "patch"]),
    // How far a rollout is shows in them.
    rule("apps", &["replicasets"], LOOK),
    rule("batch", &["jobs"], CHANGE),
    rule("networking.k8s.io", &["ingresses"], CHANGE),
];

/// What a slot is made of; created, never changed.
const SLOT_RESOURCES: &[Rule] = &[
    rule("", &["configmaps", "services"], CREATE),
    rule("apps", &["deployments", "statefulsets"], CREATE),
    rule("networking.k8s.io", &["ingresses"], CREATE),
];

/// A job cannot be run again: it is deleted and created anew.
const TEST_JOBS: &[Rule] =
    &[rule("batch", &["jobs"], &["get", "list", "watch", "create", "delete"])];

const METRICS_READ: &[Rule] = &[rule("metrics.k8s.io", &["pods"], &["get", "list"])];

/// The kinds of the Prometheus operator that say what is scraped and when to alert.
const METRICS_WRITE: &[Rule] = &[rule(
    "monitoring.coreos.com",
    &["podmonitors", "prometheusrules", "servicemonitors"],
    CHANGE,
)];

/// Putting a secret in place without ever reading one: no `get`, no `list`, no `watch`.
/// `update` is left out, because whoever updates sends what was read before.
const SECRETS: &[Rule] = &[rule("", &["secrets"], &["create", "patch"])];

/// How an agent of the role is run, unless somebody says otherwise.
#[must_use]
pub fn usual_run_mode(row: &Access) -> RunMode {
    row.run_modes.first().copied().unwrap_or(RunMode::CodeOnly)
}

/// Whether agents of the role read metrics.
#[must_use]
pub(super) fn reads_metrics(row: &Access, optional: Optional) -> bool {
    match row.metrics {
        Metrics::None => false,
        Metrics::Optional => optional == Optional::Granted,
        Metrics::Read | Metrics::ReadWrite => true,
    }
}

/// What the role's own account may do in a namespace. Nothing, if agents have the
/// code alone.
#[must_use]
pub fn own_rules(
    row: &Access,
    mode: RunMode,
    environment: Environment,
    optional: Optional,
) -> Vec<Rule> {
    if mode == RunMode::CodeOnly {
        return Vec::new();
    }
    let granted = optional == Optional::Granted;
    let slot = environment == Environment::Slot;
    let read = match row.read {
        Read::Full => READ,
        Read::Optional if granted => READ,
        Read::Minimal => READ_MINIMAL,
        Read::None | Read::Optional => &[],
    };
    let write = match row.write {
        Write::Slot if slot => APPLY,
        Write::OptionalSlot if slot && granted => APPLY,
        Write::SlotResources if slot => SLOT_RESOURCES,
        Write::TestJobs if slot => TEST_JOBS,
        // The gateway writes, see [`gateway_rules`].
        Write::WithApproval => &[],
        _ => &[],
    };
    let metrics_read = if reads_metrics(row, optional) { METRICS_READ } else { &[] };
    let metrics_write = if row.metrics == Metrics::ReadWrite { METRICS_WRITE } else { &[] };
    [read, write, metrics_read, metrics_write].concat()
}

/// What the gateway may do in a namespace for the role, once an owner has approved.
#[must_use]
pub fn gateway_rules(row: &Access, mode: RunMode) -> Vec<Rule> {
    if mode == RunMode::CodeOnly {
        return Vec::new();
    }
    let write = if row.write == Write::WithApproval { APPLY } else { &[] };
    let secrets = if row.secrets == Secrets::ThroughTools { SECRETS } else { &[] };
    [write, secrets].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use countersign_process::Database;

    /// Every rule that any row can lead to.
    fn every_rule() -> Vec<Rule> {
        let mut rules = Vec::new();
        for &read in Read::ALL {
            for &write in Write::ALL {
                for &metrics in Metrics::ALL {
                    for &secrets in Secrets::ALL {
                        let row = Access {
                            run_modes: vec![RunMode::FullEnv],
                            read,
                            write,
                            metrics,
                            database: Database::None,
                            secrets,
                        };
                        for environment in [Environment::Slot, Environment::Product] {
                            for optional in [Optional::Withheld, Optional::Granted] {
                                rules.extend(own_rules(
                                    &row,
                                    RunMode::FullEnv,
                                    environment,
                                    optional,
                                ));
                            }
                        }
                        rules.extend(gateway_rules(&row, RunMode::FullEnv));
                    }
                }
            }
        }
        rules
    }

    #[test]
    fn no_row_can_lead_to_a_wildcard_or_to_a_way_around_the_matrix() {
        let rules = every_rule();
        assert!(rules.len() > 1000);
        for rule in rules {
            for resource in rule.resources {
                assert!(!resource.contains('*') && !rule.group.contains('*'), "{rule:?}");
                let name = resource.split('/').next().unwrap();
                let ways_around = [
                    // Run a command in somebody else's pod, or reach its ports.
                    "pods/exec",
                    "pods/attach",
                    "pods/portforward",
                    "pods/proxy",
                    "services/proxy",
                    "pods/ephemeralcontainers",
                    // Become somebody else.
                    "serviceaccounts",
                    "roles",
                    "rolebindings",
                    "clusterroles",
                    "clusterrolebindings",
                    "namespaces",
                    "nodes",
                    "persistentvolumes",
                ];
                assert!(!ways_around.contains(resource) && !ways_around.contains(&name));
            }
            for verb in rule.verbs {
                let known =
                    ["get", "list", "watch", "create", "update", "patch", "delete"].contains(verb);
                assert!(known, "{rule:?}");
            }
            if rule.resources.contains(&"secrets") {
                assert_eq!(rule, SECRETS[0]);
            }
        }
    }

    #[test]
    fn no_own_account_ever_touches_secrets_and_product_is_read_only_for_it() {
        for &write in Write::ALL {
            let row = Access {
                run_modes: vec![RunMode::FullEnv],
                read: Read::Full,
                write,
                metrics: Metrics::Read,
                database: Database::None,
                secrets: Secrets::ThroughTools,
            };
            for environment in [Environment::Slot, Environment::Product] {
                let rules = own_rules(&row, RunMode::FullEnv, environment, Optional::Granted);
                assert!(rules.iter().all(|rule| !rule.resources.contains(&"secrets")));
                if environment == Environment::Product {
                    let verbs = rules.iter().flat_map(|rule| rule.verbs);
                    assert!(verbs.into_iter().all(|verb| LOOK.contains(verb)), "{write}");
                }
            }
        }
    }
}
