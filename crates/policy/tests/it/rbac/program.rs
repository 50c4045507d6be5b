//! `policy rbac`.

use crate::repository::Repository;

#[test]
fn the_program_writes_what_the_library_renders() {
    let repository = Repository::new();
    let outcome = repository.policy(&[
        "rbac",
        "--role",
        "SRE",
        "--namespace",
        "team-a",
        "--environment",
        "product",
    ]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    let objects = super::target("team-a", countersign_policy::rbac::Environment::Product);
    let objects =
        countersign_policy::rbac::manifests(&super::matrix(), &["SRE".to_owned()], &objects);
    assert_eq!(outcome.stdout, countersign_policy::rbac::stream(&objects.unwrap()));
    let all = repository.policy(&["rbac", "--namespace", "team-a"]).stdout;
    assert_eq!(all.matches("\nkind: ServiceAccount\n").count(), 8);
    assert_eq!(all.matches("\nkind: NetworkPolicy\n").count(), 8);
    let table = repository.policy(&["rbac", "--role", "KM", "--format", "table"]).stdout;
    assert_eq!(table.lines().count(), 3, "{table}");
}

#[test]
fn an_adopters_role_gets_an_account_of_its_own_or_is_refused() {
    let repository = Repository::new();
    let role = |name: &str| {
        let access = "{run_modes: [full-env], read: minimal, write: none, metrics: none, database: none, secrets: none}";
        let text = format!(
            "process:\n  owners: [octavia]\n  roles:\n    \"{name}\": {{access: {access}}}\n"
        );
        repository.write("countersign.yaml", &text);
    };
    role("Legal");
    let outcome = repository.policy(&["rbac", "--role", "Legal", "--namespace", "team-a"]);
    assert!(outcome.stdout.contains("  name: countersign-legal\n"), "{outcome:?}");
    role("legal: [x]");
    let outcome = repository.policy(&["rbac", "--namespace", "team-a"]);
    assert_eq!((outcome.code, &*outcome.stdout), (2, ""), "{outcome:?}");
    assert!(outcome.stderr.contains("the role `legal: [x]` cannot have an account"));
    assert_eq!(outcome.stderr.matches("is no name in Kubernetes").count(), 1, "{outcome:?}");
}

#[test]
fn a_bad_namespace_ends_with_two() {
    let repository = Repository::new();
    for name in ["Team", "a b", "-a", "x;y"] {
        let outcome = repository.policy(&["rbac", &format!("--namespace={name}")]);
        assert_eq!(outcome.code, 2, "{outcome:?}");
        assert!(outcome.stderr.contains("is no name in Kubernetes"), "{outcome:?}");
    }
}
