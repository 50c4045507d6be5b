//! Variables of repositories and organisations, and the repositories of an organisation.

use countersign_github::{GitHubError, OrganisationName, Visibility};
use countersign_testkit::Fault;

use crate::fake::Scene;

#[tokio::test]
async fn variables_are_listed_over_pages_created_changed_and_deleted() {
    let scene = Scene::new().await;
    let product = scene.product();
    for number in 0..65 {
        scene.held().variable(&format!("V_{number:02}"), "x");
    }
    assert_eq!(product.variables().await.unwrap().len(), 65);
    assert_eq!(scene.fake.request_count(), 3);
    product.create_variable("RUN_INTAKE_LABEL", "run:intake").await.unwrap();
    product.update_variable("RUN_INTAKE_LABEL", "run:begin").await.unwrap();
    let held = scene.held().variables();
    assert!(held.contains(&("RUN_INTAKE_LABEL".into(), "run:begin".into())), "{held:?}");
    product.delete_variable("RUN_INTAKE_LABEL").await.unwrap();
    assert!(product.delete_variable("RUN_INTAKE_LABEL").await.unwrap_err().is_not_found());
    assert_eq!(product.variables().await.unwrap().len(), 65);
}

#[tokio::test]
async fn a_variable_whose_creation_got_no_answer_is_found() {
    let scene = Scene::new().await;
    scene.fake.fail_next(Fault::Reset.after().on("POST", "/**"));
    scene.product().create_variable("A", "1").await.unwrap();
    assert_eq!(scene.held().variables(), [("A".into(), "1".into())]);
    let error = scene.product().create_variable("A", "1").await.unwrap_err();
    assert!(matches!(error, GitHubError::AlreadyExists { .. }), "{error}");
    scene.fake.fail_next(Fault::BadGateway.on("POST", "/**"));
    let error = scene.product().create_variable("A", "2").await.unwrap_err();
    assert!(matches!(error, GitHubError::AlreadyExists { .. }), "{error}");
    assert_eq!(scene.held().variables(), [("A".into(), "1".into())]);
}

#[tokio::test]
async fn an_organisation_has_repositories_and_variables() {
    let scene = Scene::new().await;
    scene.fake.organisation("acme");
    for name in ["acme/b", "acme/a"] {
        scene.fake.repository(name);
    }
    scene.fake.repository("acme/old").archive();
    let name: OrganisationName = "acme".parse().unwrap();
    let acme = scene.github().organisation(&name);
    let repositories = acme.repositories().await.unwrap();
    let mut names: Vec<String> = repositories.iter().map(|one| one.name.to_string()).collect();
    names.sort();
    assert_eq!(names, ["acme/a", "acme/b", "acme/old", "acme/product"]);
    assert!(repositories.iter().any(|one| one.archived && one.name.name() == "old"));

    scene.fake.fail_next(Fault::Reset.after().on("POST", "/**"));
    acme.create_variable("A", "1", Visibility::Private).await.unwrap();
    acme.update_variable("A", "2", Some(Visibility::All)).await.unwrap();
    let variables = acme.variables().await.unwrap();
    assert_eq!(
        (variables[0].value.as_str(), variables[0].visibility),
        ("2", Some(Visibility::All))
    );
    acme.delete_variable("A").await.unwrap();
    assert!(acme.variables().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_repository_says_what_it_is() {
    let scene = Scene::new().await;
    let info = scene.product().info().await.unwrap();
    assert_eq!(info.name.to_string(), "acme/product");
    assert!(!info.archived && info.has_issues);
}
