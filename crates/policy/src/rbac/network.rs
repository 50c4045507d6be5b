//! Who an agent's pod may talk to.

use countersign_process::{Access, Database, RunMode};
use serde_json::{Value, json};

use super::manifest::{COMPONENT, Target};
use super::name::Name;
use super::rule::{Environment, own_rules, reads_metrics};

/// Addresses that are not the internet: private networks, carrier-grade NAT, and the
/// link-local addresses at which clouds hand out credentials (RFC 1918, 6598, 3927).
const NOT_PUBLIC: [&str; 5] =
    ["10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"];
/// The same for version 6 (RFC 4193, 4291), with the translated addresses of version 4,
/// through which the others could be reached (RFC 6052).
const NOT_PUBLIC_6: [&str; 3] = ["64:ff9b::/96", "fc00::/7", "fe80::/10"];
/// Private networks, in which the API server answers.
const PRIVATE: [&str; 4] = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"];

/// The `spec` of the policy for pods of the role: nobody connects to them, and they
/// connect to what their work needs.
pub(super) fn policy(row: &Access, mode: RunMode, account: &Name, target: &Target) -> Value {
    let tcp = |port: u16| json!({"protocol": "TCP", "port": port});
    let namespace = |name: &str| json!({"matchLabels": {"kubernetes.io/metadata.name": name}});
    let block = |addresses: &[&str]| -> Vec<Value> {
        addresses.iter().map(|cidr| json!({"ipBlock": {"cidr": cidr}})).collect()
    };
    let mut egress = vec![
        json!({
            "to": [{
                "namespaceSelector": namespace("kube-system"),
                "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
            }],
            "ports": [{"protocol": "UDP", "port": 53}, tcp(53)],
        }),
        // Every write goes through it.
        json!({
            "to": [{
                "namespaceSelector": namespace(target.gateway_namespace.as_str()),
                "podSelector": {
                    "matchLabels": {"app.kubernetes.io/name": super::gateway_account().as_str()},
                },
            }],
        }),
        // GitHub, and the provider of the model.
        json!({
            "to": [
                {"ipBlock": {"cidr": "0.0.0.0/0", "except": NOT_PUBLIC}},
                {"ipBlock": {"cidr": "::/0", "except": NOT_PUBLIC_6}},
            ],
            "ports": [tcp(443)],
        }),
    ];
    if mode == RunMode::FullEnv {
        // The services next to it, except databases, which have their own column.
        egress.push(json!({
            "to": [{
                "podSelector": {
                    "matchExpressions": [{
                        "key": COMPONENT,
                        "operator": "NotIn",
                        "values": ["database"],
                    }],
                },
            }],
        }));
        if !own_rules(row, mode, target.environment, target.optional).is_empty() {
            // The API server. A policy sees the port behind the service.
            egress.push(json!({"to": block(&PRIVATE), "ports": [tcp(443), tcp(6443)]}));
        }
        if reads_metrics(row, target.optional) {
            let prometheus = namespace(target.monitoring_namespace.as_str());
            egress.push(json!({"to": [{"namespaceSelector": prometheus}], "ports": [tcp(9090)]}));
        }
        if reaches_database(row.database, target.environment) {
            egress.push(json!({
                "to": [{"podSelector": {"matchLabels": {COMPONENT: "database"}}}],
                "ports": [tcp(5432)],
            }));
        }
    }
    json!({
        "podSelector": {"matchLabels": {COMPONENT: account.as_str()}},
        "policyTypes": ["Ingress", "Egress"],
        "egress": egress,
    })
}

/// Whether pods reach the databases next to them.
fn reaches_database(database: Database, environment: Environment) -> bool {
    match database {
        // The gateway writes metadata and links.
        Database::None | Database::Knowledge => false,
        // None of these is about the data of production.
        Database::Schema | Database::TestRead | Database::TestWrite => {
            environment == Environment::Slot
        }
        Database::Diagnose => true,
    }
}
