//! What the client sends, held against GitHub's own description of its API.

use countersign_github::{LabelChange, OrganisationName, Visibility};
use countersign_testkit::Role;

use crate::fake::{Scene, label};

#[tokio::test]
async fn every_operation_is_as_github_describes_it() {
    let scene = Scene::new().await;
    scene.fake.organisation("acme");
    scene.fake.user("ada");
    scene.held().collaborator("ada", Role::Triage);
    let issue = scene.held().issue("An issue", &[]);
    let product = scene.product();

    product.info().await.unwrap();
    product.create_label(&label("run:intake")).await.unwrap();
    product.create_label(&label("a/b c?#%")).await.unwrap();
    product.label("a/b c?#%").await.unwrap();
    product.labels().await.unwrap();
    let change = LabelChange {
        new_name: Some("run:begin".into()),
        color: Some("00ff00".into()),
        description: Some(String::new()),
    };
    product.update_label("run:intake", &change).await.unwrap();
    product.add_labels(issue, &["run:begin"]).await.unwrap();
    product.issues_with_label("run:begin").await.unwrap();
    product.label_in_use("run:begin").await.unwrap();
    product.issue(issue).await.unwrap();
    product.set_labels(issue, &["run:begin", "a/b c?#%"]).await.unwrap();
    product.remove_label(issue, "a/b c?#%").await.unwrap();
    product.delete_label("a/b c?#%").await.unwrap();
    let comment = product.create_comment(issue, "A comment").await.unwrap();
    product.update_comment(comment, "Another").await.unwrap();
    product.comments(issue).await.unwrap();
    product.create_variable("A", "1").await.unwrap();
    product.update_variable("A", "2").await.unwrap();
    product.variables().await.unwrap();
    product.delete_variable("A").await.unwrap();
    product.permission_of("ada").await.unwrap();

    let name: OrganisationName = "acme".parse().unwrap();
    let acme = scene.github().organisation(&name);
    acme.repositories().await.unwrap();
    acme.create_variable("A", "1", Visibility::All).await.unwrap();
    acme.update_variable("A", "2", Some(Visibility::Private)).await.unwrap();
    acme.variables().await.unwrap();
    acme.delete_variable("A").await.unwrap();

    let unknown: Vec<_> =
        scene.fake.requests().into_iter().filter(|one| one.operation.is_none()).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    let violations = scene.fake.violations().unwrap();
    let violations: Vec<String> = violations.iter().map(ToString::to_string).collect();
    assert!(violations.is_empty(), "{}", violations.join("\n"));
}
