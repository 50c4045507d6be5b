//! The objects of Kubernetes for one role.

use countersign_process::{Access, RunMode};
use serde_json::{Map, Value, json};

use super::matrix::Matrix;
use super::name::{Name, NameError};
use super::network;
use super::rule::{Environment, Optional, Rule, gateway_rules, own_rules, usual_run_mode};

/// The part of Kubernetes' recommended labels that says what all of it belongs to.
/// Source: <https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/>.
pub(super) const PART_OF: (&str, &str) = ("app.kubernetes.io/part-of", "countersign");
/// The label of pods that says which role runs in them.
pub(super) const COMPONENT: &str = "app.kubernetes.io/component";

/// What the manifests are for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The namespace in which agents run.
    pub namespace: Name,
    /// What that namespace is.
    pub environment: Environment,
    /// How agents are run; `None` for the usual way of each role.
    pub run_mode: Option<RunMode>,
    /// Whether what the matrix leaves open is granted.
    pub optional: Optional,
    /// The namespace of the gateway, in which agents may do nothing.
    pub gateway_namespace: Name,
    /// The namespace in which Prometheus answers.
    pub monitoring_namespace: Name,
}

/// Why there are no manifests for a role.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RbacError {
    /// The matrix has no such row.
    #[error("the RBAC matrix has no role `{name}`; {help}")]
    UnknownRole {
        /// The name asked for.
        name: String,
        /// What to do.
        help: String,
    },
    /// The role's name cannot be part of a name in Kubernetes.
    #[error("the role `{role}` cannot have an account: {source}")]
    RoleName {
        /// The role.
        role: String,
        /// What is wrong with the name.
        source: NameError,
    },
    /// Two roles would share their account.
    #[error(
        "the roles `{one}` and `{other}` would share the account `{account}`; rename one of them"
    )]
    SharedAccount {
        /// A role.
        one: String,
        /// The other one.
        other: String,
        /// The account.
        account: String,
    },
    /// The role is never run that way.
    #[error("agents of the role `{role}` are not run as `{mode}`, only as {known}")]
    RunMode {
        /// The role.
        role: String,
        /// The way asked for.
        mode: RunMode,
        /// The ways there are.
        known: String,
    },
    /// The gateway would stand where agents write.
    #[error(
        "the gateway's namespace `{0}` is the one in which agents run; give it another with `--gateway-namespace`: whoever may start pods next to the gateway can become it"
    )]
    GatewayAmongAgents(String),
}

/// What a role's objects are called.
///
/// # Errors
///
/// [`RbacError::RoleName`] for a role whose name, in lower case, is no name in
/// Kubernetes: it is refused instead of being changed until it fits, so that no two
/// roles come to share an account by accident.
pub fn account(role: &str) -> Result<Name, RbacError> {
    let account = format!("countersign-{}", role.to_ascii_lowercase()).parse();
    let refused = |source| RbacError::RoleName { role: shown(role), source };
    let account: Name = account.map_err(refused)?;
    // The longest name that is made of it.
    account.with("gateway").map_err(refused)?;
    Ok(account)
}

fn shown(text: &str) -> String {
    countersign_markup::shown::escape(text).chars().take(80).collect()
}

/// The objects for the roles named, or for all roles of the matrix, in its order.
///
/// For each role: a `ServiceAccount` without a token of its own, a `Role` and a
/// `RoleBinding` if it may do anything, a `Role` and a `RoleBinding` for the gateway if
/// something is done for it after an approval, and a `NetworkPolicy`.
///
/// # Errors
///
/// [`RbacError`] if a role is unknown, cannot be named, or is not run that way.
pub fn manifests(
    matrix: &Matrix,
    roles: &[String],
    target: &Target,
) -> Result<Vec<Value>, RbacError> {
    if target.gateway_namespace == target.namespace {
        return Err(RbacError::GatewayAmongAgents(target.namespace.to_string()));
    }
    let accounts = accounts(matrix)?;
    for name in roles.iter().filter(|name| !matrix.contains_key(*name)) {
        let known = matrix.keys().map(String::as_str);
        return Err(RbacError::UnknownRole { name: shown(name), help: help(name, known) });
    }
    let mut objects = Vec::new();
    for ((role, row), account) in matrix.iter().zip(&accounts) {
        if roles.is_empty() || roles.contains(role) {
            let mode = match target.run_mode {
                None => usual_run_mode(row),
                Some(mode) if row.run_modes.contains(&mode) => mode,
                // Asked for every role, the others keep to their own way.
                Some(_) if roles.is_empty() => usual_run_mode(row),
                Some(mode) => return Err(unknown_mode(role, row, mode)),
            };
            objects.extend(of_role(account, role, row, mode, target)?);
        }
    }
    Ok(objects)
}

fn help<'k>(name: &str, known: impl Iterator<Item = &'k str>) -> String {
    let known: Vec<&str> = known.collect();
    let meant = known.iter().find(|known| known.eq_ignore_ascii_case(name));
    match meant {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("it has {}", known.join(", ")),
    }
}

fn unknown_mode(role: &str, row: &Access, mode: RunMode) -> RbacError {
    let known: Vec<String> = row.run_modes.iter().map(|mode| format!("`{mode}`")).collect();
    RbacError::RunMode { role: role.to_owned(), mode, known: known.join(" and ") }
}

/// The accounts of all roles, in their order; no two are the same.
///
/// # Errors
///
/// [`RbacError`] if a role cannot have one of its own.
pub fn accounts(matrix: &Matrix) -> Result<Vec<Name>, RbacError> {
    let mut accounts: Vec<Name> = Vec::new();
    for (at, role) in matrix.keys().enumerate() {
        let account = account(role)?;
        if let Some(twin) = accounts.iter().position(|other| *other == account) {
            return Err(RbacError::SharedAccount {
                one: matrix.keys().nth(twin).cloned().unwrap_or_default(),
                other: matrix.keys().nth(at).cloned().unwrap_or_default(),
                account: account.to_string(),
            });
        }
        accounts.push(account);
    }
    Ok(accounts)
}

fn of_role(
    account: &Name,
    role: &str,
    row: &Access,
    mode: RunMode,
    target: &Target,
) -> Result<Vec<Value>, RbacError> {
    let refused = |source| RbacError::RoleName { role: role.to_owned(), source };
    let own = own_rules(row, mode, target.environment, target.optional);
    let gateway = gateway_rules(row, mode);
    let mut objects = vec![service_account(account, row, mode, &own, target)];
    let subject = |name: &Name, namespace: &Name| {
        json!([{
            "kind": "ServiceAccount",
            "name": name.as_str(),
            "namespace": namespace.as_str(),
        }])
    };
    if !own.is_empty() {
        objects.push(self::role(account, account, &own, target));
        let subjects = subject(account, &target.namespace);
        objects.push(role_binding(account, account, &subjects, target));
    }
    if !gateway.is_empty() {
        let name = account.with("gateway").map_err(refused)?;
        objects.push(self::role(&name, account, &gateway, target));
        let subjects = subject(&super::gateway_account(), &target.gateway_namespace);
        objects.push(role_binding(&name, account, &subjects, target));
    }
    let policy = network::policy(row, mode, account, target);
    let mut object = object("networking.k8s.io/v1", "NetworkPolicy", account, account, target);
    object.insert("spec".to_owned(), policy);
    objects.push(Value::Object(object));
    Ok(objects)
}

/// The head that all objects share. `component` is the account that it is all about.
fn object(
    version: &str,
    kind: &str,
    name: &Name,
    component: &Name,
    target: &Target,
) -> Map<String, Value> {
    let object = json!({
        "apiVersion": version,
        "kind": kind,
        "metadata": {
            "name": name.as_str(),
            "namespace": target.namespace.as_str(),
            "labels": { COMPONENT: component.as_str(), PART_OF.0: PART_OF.1 },
        },
    });
    match object {
        Value::Object(object) => object,
        _ => Map::new(),
    }
}

fn service_account(
    account: &Name,
    row: &Access,
    mode: RunMode,
    own: &[Rule],
    target: &Target,
) -> Value {
    let mut object = object("v1", "ServiceAccount", account, account, target);
    // For whoever hands out credentials of databases: a port alone says nothing about
    // rows.
    let annotations = json!({
        "countersign/database": row.database.as_str(),
        "countersign/run-mode": mode.as_str(),
    });
    if let Some(Value::Object(metadata)) = object.get_mut("metadata") {
        metadata.insert("annotations".to_owned(), annotations);
    }
    // Where there is nothing to do with a token, there is none to steal.
    object.insert("automountServiceAccountToken".to_owned(), json!(!own.is_empty()));
    Value::Object(object)
}

fn role(name: &Name, component: &Name, rules: &[Rule], target: &Target) -> Value {
    let mut object = object("rbac.authorization.k8s.io/v1", "Role", name, component, target);
    let rules: Vec<Value> = rules
        .iter()
        .map(|rule| {
            json!({
                "apiGroups": [rule.group],
                "resources": rule.resources,
                "verbs": rule.verbs,
            })
        })
        .collect();
    object.insert("rules".to_owned(), Value::Array(rules));
    Value::Object(object)
}

fn role_binding(name: &Name, component: &Name, subjects: &Value, target: &Target) -> Value {
    let mut object = object("rbac.authorization.k8s.io/v1", "RoleBinding", name, component, target);
    let reference = json!({
        "apiGroup": "rbac.authorization.k8s.io",
        "kind": "Role",
        "name": name.as_str(),
    });
    object.insert("roleRef".to_owned(), reference);
    object.insert("subjects".to_owned(), subjects.clone());
    Value::Object(object)
}
