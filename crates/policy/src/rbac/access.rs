//! What manifests allow, asked the way `kubectl auth can-i` asks.

use serde_json::Value;

/// Whether the service account `account` of the namespace `home` may do `verb` to
/// `resource` (with its subresource, as `pods/log`) of the API group `group` in
/// `namespace`, if these manifests are all that the cluster has.
#[must_use]
pub fn allows(
    manifests: &[Value],
    (home, account): (&str, &str),
    namespace: &str,
    verb: &str,
    (group, resource): (&str, &str),
) -> bool {
    let of_kind = |kind: &'static str| {
        manifests.iter().filter(move |object| {
            object["kind"] == kind && object["metadata"]["namespace"] == namespace
        })
    };
    let bound = of_kind("RoleBinding").filter(|binding| {
        let mut subjects = binding["subjects"].as_array().into_iter().flatten();
        subjects.any(|subject| {
            subject["kind"] == "ServiceAccount"
                && subject["name"] == account
                && subject["namespace"] == home
        })
    });
    let roles = bound.flat_map(|binding| {
        of_kind("Role").filter(move |role| role["metadata"]["name"] == binding["roleRef"]["name"])
    });
    let mut rules = roles.flat_map(|role| role["rules"].as_array().into_iter().flatten());
    let names = |list: &Value, wanted: &str| {
        list.as_array().into_iter().flatten().any(|name| name == wanted || name == "*")
    };
    rules.any(|rule| {
        names(&rule["apiGroups"], group)
            && names(&rule["resources"], resource)
            && names(&rule["verbs"], verb)
    })
}
