//! What manifests look like, and which ones are refused.

use countersign_policy::rbac::{Environment, Matrix, manifests, stream, table};
use countersign_process::RunMode;

use super::{matrix, target};

fn rendered(role: &str, environment: Environment) -> String {
    stream(&manifests(&matrix(), &[role.to_owned()], &target("team-a", environment)).unwrap())
}

/// A matrix of these roles, each with the rights of `Dev`.
fn roles(names: &[&str]) -> Matrix {
    let row = matrix()["Dev"].clone();
    names.iter().map(|name| ((*name).to_owned(), row.clone())).collect()
}

#[test]
fn the_account_of_km_sees_little_and_has_no_database() {
    insta::assert_snapshot!(rendered("KM", Environment::Slot));
}

#[test]
fn what_sre_does_after_an_approval_is_bound_to_the_gateway() {
    insta::assert_snapshot!(rendered("SRE", Environment::Product));
}

#[test]
fn an_agent_with_the_code_alone_has_no_token() {
    let text = rendered("PM", Environment::Slot);
    assert!(text.contains("automountServiceAccountToken: false\n"), "{text}");
    assert!(!text.contains("kind: Role"), "{text}");
}

#[test]
fn every_object_has_a_namespace_and_a_valid_name_and_no_wildcard() {
    for environment in [Environment::Slot, Environment::Product] {
        for object in manifests(&matrix(), &[], &target("team-a", environment)).unwrap() {
            assert_eq!(object["metadata"]["namespace"], "team-a");
            let name = object["metadata"]["name"].as_str().unwrap();
            name.parse::<countersign_policy::rbac::Name>().unwrap();
            assert!(!object.to_string().contains('*'), "{object}");
            let kind = object["kind"].as_str().unwrap();
            let known = ["ServiceAccount", "Role", "RoleBinding", "NetworkPolicy"];
            assert!(known.contains(&kind), "{kind}");
        }
    }
}

#[test]
fn the_same_matrix_gives_the_same_bytes() {
    let target = target("team-a", Environment::Slot);
    let once = stream(&manifests(&matrix(), &[], &target).unwrap());
    let reversed: Matrix = matrix().into_iter().rev().collect();
    assert_eq!(stream(&manifests(&reversed, &[], &target).unwrap()), once);
}

#[test]
fn a_role_whose_name_is_no_name_in_kubernetes_is_refused() {
    let target = target("team-a", Environment::Slot);
    let long = "a".repeat(60);
    for name in ["", "a b", "../x", "a\nb: c", "${{x}}", "-", "Ü", "a_b", "a.b", long.as_str()] {
        let error = manifests(&roles(&[name]), &[], &target).unwrap_err().to_string();
        assert!(error.contains("cannot have an account"), "{name}: {error}");
        assert!(!error.contains('\n'), "{error}");
    }
    insta::assert_snapshot!(
        manifests(&roles(&["Data Team"]), &[], &target).unwrap_err(),
        @"the role `Data Team` cannot have an account: `countersign-data team` is no name in Kubernetes: 63 lower-case letters, digits and hyphens at most, and no hyphen at either end"
    );
}

#[test]
fn two_roles_never_share_an_account() {
    let target = target("team-a", Environment::Slot);
    insta::assert_snapshot!(
        manifests(&roles(&["Dev", "dev"]), &[], &target).unwrap_err(),
        @"the roles `Dev` and `dev` would share the account `countersign-dev`; rename one of them"
    );
}

#[test]
fn unknown_roles_and_run_modes_are_refused_with_those_that_there_are() {
    let target = target("team-a", Environment::Slot);
    insta::assert_snapshot!(
        manifests(&matrix(), &["sre".to_owned()], &target).unwrap_err(),
        @"the RBAC matrix has no role `sre`; did you mean `SRE`?"
    );
    let mut code_only = target.clone();
    code_only.run_mode = Some(RunMode::CodeOnly);
    insta::assert_snapshot!(
        manifests(&matrix(), &["SRE".to_owned()], &code_only).unwrap_err(),
        @"agents of the role `SRE` are not run as `code-only`, only as `full-env`"
    );
    let mut same = target;
    same.gateway_namespace = same.namespace.clone();
    insta::assert_snapshot!(manifests(&matrix(), &[], &same).unwrap_err(), @"the gateway's namespace `team-a` is the one in which agents run; give it another with `--gateway-namespace`: whoever may start pods next to the gateway can become it");
}

#[test]
fn the_matrix_is_shown_as_a_table() {
    insta::assert_snapshot!(table(&matrix(), |_| true), @r#"
        | Role    | Run modes           | Read     | Write          | Metrics    | Database   | Secrets       |
        |---------|---------------------|----------|----------------|------------|------------|---------------|
        | Auditor | full-env            | full     | none           | read       | none       | none          |
        | Dev     | full-env            | full     | slot           | read       | test-write | through-tools |
        | EM      | full-env            | full     | slot-resources | read       | none       | none          |
        | KM      | full-env, code-only | minimal  | none           | none       | knowledge  | none          |
        | PM      | code-only, full-env | optional | none           | optional   | none       | none          |
        | QA      | full-env            | full     | test-jobs      | read       | test-read  | none          |
        | SA      | full-env            | full     | optional-slot  | read       | schema     | none          |
        | SRE     | full-env            | full     | with-approval  | read-write | diagnose   | through-tools |
        "#);
    assert!(table(&roles(&["a|b`<c>"]), |_| true).contains("| a\\|b\\`\\<c> "));
}
