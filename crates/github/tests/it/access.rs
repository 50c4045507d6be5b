//! What a token may do, and what is said when it may not.

use countersign_github::{GitHub, Permission, Token, TokenKind};
use countersign_testkit::{Access, Grant, Role};

use crate::fake::{Scene, label, said};
use crate::wire::{Wire, product, reply};

#[tokio::test]
async fn the_permission_that_is_missing_is_named() {
    let scene = Scene::new().await;
    scene.fake.token("ghs_app", Grant::installation("helper", 7).allow("issues", Access::Read));
    let github = scene.client().token(Token::new("ghs_app").unwrap()).build().unwrap();
    assert_eq!(github.token_kind(), TokenKind::Installation);
    product(&github).labels().await.unwrap();
    let error = product(&github).create_label(&label("x")).await.unwrap_err();
    insta::assert_snapshot!(said(&error), @r#"
    cannot create the label `x` in `acme/product`: status 403: the token may not; it needs `issues=write`, or `pull_requests=write` ("Resource not accessible by integration")
    help: give the token `issues=write`, or `pull_requests=write` (in a workflow, under `permissions:`)
    "#);
}

#[tokio::test]
async fn the_token_of_a_job_is_told_that_it_cannot_have_variables() {
    let scene = Scene::new().await;
    scene.fake.token("ghs_job", Grant::workflow("acme/product").allow("issues", Access::Write));
    let github = scene.client().token(Token::new("ghs_job").unwrap()).build().unwrap();
    product(&github).create_label(&label("x")).await.unwrap();
    let error = product(&github).create_variable("A", "1").await.unwrap_err();
    insta::assert_snapshot!(said(&error), @r#"
    cannot create the variable `A` of `acme/product`: status 403: the token may not; it needs `actions_variables=write` ("Resource not accessible by integration")
    help: give the token `actions_variables=write`; the GITHUB_TOKEN of a workflow cannot have it
    "#);
}

#[tokio::test]
async fn a_token_that_is_not_known_is_an_error_at_once() {
    let scene = Scene::new().await;
    let github = scene.client().token(Token::new("ghp_wrong").unwrap()).build().unwrap();
    let error = product(&github).labels().await.unwrap_err();
    insta::assert_snapshot!(said(&error), @r#"
    cannot list the labels of `acme/product`: status 401: GitHub does not accept the token ("Bad credentials")
    help: set GITHUB_TOKEN or GH_TOKEN to a token that is valid and has not expired
    "#);
    assert_eq!(scene.fake.request_count(), 1);
}

#[tokio::test]
async fn in_a_job_github_is_asked_whether_the_token_is_the_jobs_or_an_apps() {
    for (login, kind) in [
        ("github-actions[bot]", TokenKind::Workflow),
        ("countersign-acme[bot]", TokenKind::Installation),
    ] {
        let server = Wire::start(move |_, _| {
            reply(200, &[], &format!(r#"{{"data":{{"viewer":{{"login":"{login}"}}}}}}"#))
        });
        let url = format!("{}/api/v3", server.url());
        let variable = |name: &str| match name {
            "GITHUB_API_URL" => Some(url.clone()),
            "GITHUB_TOKEN" => Some("ghs_x".to_owned()),
            "GITHUB_ACTIONS" => Some("true".to_owned()),
            _ => None,
        };
        let builder = GitHub::builder().environment(variable).unwrap();
        let github = builder.clone().build().unwrap();
        assert_eq!(github.token_kind(), TokenKind::Workflow);
        assert_eq!(github.confirm_token_kind().await.unwrap(), kind);
        assert!(server.heard()[0].starts_with("POST /api/graphql HTTP/1.1\r\n"));

        // Whoever knows is believed, and nothing is asked.
        let github = builder.token_kind(TokenKind::Workflow).build().unwrap();
        assert_eq!(github.confirm_token_kind().await.unwrap(), TokenKind::Workflow);
        assert_eq!(server.heard().len(), 1);
    }
}

#[tokio::test]
async fn the_permission_of_everybody_is_told_exactly() {
    let scene = Scene::new().await;
    let held = scene.held();
    let roles = [
        ("ada", Role::Read, Permission::Read),
        ("ben", Role::Triage, Permission::Triage),
        ("cleo", Role::Write, Permission::Write),
        ("dan", Role::Maintain, Permission::Maintain),
        ("eve", Role::Admin, Permission::Admin),
    ];
    for (login, role, _) in roles {
        scene.fake.user(login);
        held.collaborator(login, role);
    }
    let product = scene.product();
    for (login, _, permission) in roles {
        assert_eq!(product.permission_of(login).await.unwrap(), permission, "{login}");
    }
    let error = product.permission_of("nobody/../x").await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
}
