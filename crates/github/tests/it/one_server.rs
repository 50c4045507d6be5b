//! The token goes to the API and nowhere else, and is never shown.

use countersign_github::{GitHub, GitHubError, Label, Token};

use crate::wire::{SECRET, Wire, product, reply};

fn stranger() -> Wire {
    Wire::start(|_, _| reply(200, &[], "[]"))
}

#[tokio::test]
async fn a_redirection_to_another_server_is_refused() {
    let stranger = stranger();
    for status in [301, 302, 307, 308] {
        let location = format!("{}/repos/acme/product/labels", stranger.url());
        let to = location.clone();
        let server = Wire::start(move |_, _| reply(status, &[("location", &to)], ""));
        let error = product(&server.client().build().unwrap()).labels().await.unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "cannot list the labels of `acme/product`: a redirection to another server: `{location}`"
            )
        );
        assert!(server.heard()[0].contains(&format!("authorization: Bearer {SECRET}\r\n")));
    }
    assert!(stranger.heard().is_empty());
}

#[tokio::test]
async fn a_next_page_on_another_server_is_refused() {
    let stranger = stranger();
    let link = format!("<{}/repos/acme/product/labels?page=2>; rel=\"next\"", stranger.url());
    let server = Wire::start(move |_, _| reply(200, &[("link", &link)], "[]"));
    let error = product(&server.client().build().unwrap()).labels().await.unwrap_err();
    assert!(error.to_string().contains("the next page is on another server"), "{error}");
    assert!(stranger.heard().is_empty());
}

#[tokio::test]
async fn a_reading_follows_a_redirection_on_the_same_server() {
    let server = Wire::start(|number, _| match number {
        0 => reply(301, &[("location", "/repositories/7/labels?per_page=100")], ""),
        _ => reply(200, &[], r#"[{"name":"a","color":"FF0000","description":null}]"#),
    });
    let labels = product(&server.client().build().unwrap()).labels().await.unwrap();
    assert_eq!(labels[0].color, "ff0000");
    let heard = server.heard();
    assert!(heard[1].starts_with("GET /repositories/7/labels?per_page=100 HTTP/1.1\r\n"));
    assert!(heard[1].contains(SECRET));
}

#[tokio::test]
async fn a_change_is_not_sent_on_to_another_place() {
    let server = Wire::start(|_, _| reply(307, &[("location", "/repositories/7/labels")], ""));
    let label = Label { name: "x".into(), color: "ff0000".into(), description: None };
    let error = product(&server.client().build().unwrap()).create_label(&label).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot create the label `x` in `acme/product`: it has moved to /repositories/7/labels"
    );
    assert_eq!(server.heard().len(), 1);
}

#[tokio::test]
async fn redirections_in_a_circle_come_to_an_end() {
    let server = Wire::start(|_, _| reply(302, &[("location", "/repos/acme/product/labels")], ""));
    let error = product(&server.client().build().unwrap()).labels().await.unwrap_err();
    assert!(error.to_string().contains("redirections without end"), "{error}");
    assert_eq!(server.heard().len(), 6);
}

#[tokio::test]
async fn every_request_says_who_asks_and_for_which_version() {
    let server = Wire::start(|_, _| reply(200, &[], "[]"));
    product(&server.client().build().unwrap()).labels().await.unwrap();
    let heard = server.heard().remove(0).to_ascii_lowercase();
    for header in [
        "accept: application/vnd.github+json\r\n",
        "x-github-api-version: 2022-11-28\r\n",
        concat!("user-agent: countersign/", env!("CARGO_PKG_VERSION"), "\r\n"),
    ] {
        assert_eq!(heard.matches(header).count(), 1, "{header} in {heard}");
    }
}

#[tokio::test]
async fn nothing_that_can_be_printed_holds_the_token() {
    let server = Wire::start(|_, _| reply(401, &[], r#"{"message":"Bad credentials"}"#));
    let builder = server.client();
    let shown = format!("{builder:?}");
    let github = builder.build().unwrap();
    let error = product(&github).labels().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot list the labels of `acme/product`: status 401: GitHub does not accept the token (\"Bad credentials\")"
    );
    let shown = format!("{shown}{github:?}{:?}{error:?}{error}{}", product(&github), error.help());
    assert!(!shown.contains("ghp_"), "{shown}");
}

#[tokio::test]
async fn the_environment_gives_address_and_token_and_the_kind_of_token() {
    let server = stranger();
    let url = server.url();
    let github = GitHub::builder()
        .environment(|name| match name {
            "GITHUB_API_URL" => Some(url.clone()),
            "GH_TOKEN" => Some(String::new()),
            "GITHUB_TOKEN" => Some("ghs_abc\n".to_owned()),
            "GITHUB_ACTIONS" => Some("true".to_owned()),
            _ => None,
        })
        .unwrap()
        .build()
        .unwrap();
    assert_eq!(github.api_url(), server.url());
    assert!(!github.token_kind().starts_workflows());

    let error = GitHub::builder().environment(|_| None).unwrap_err();
    assert!(matches!(error, GitHubError::Configuration { .. }));
    insta::assert_snapshot!(format!("{error}\nhelp: {}", error.help()), @r#"
    there is no token for GitHub
    help: set GITHUB_TOKEN or GH_TOKEN; in a workflow: `env: {GITHUB_TOKEN: ${{ github.token }}}`
    "#);
    let error = GitHub::builder()
        .environment(|name| (name == "GH_TOKEN").then(|| "ghp_a b".to_owned()))
        .unwrap_err();
    insta::assert_snapshot!(format!("{error}\nhelp: {}", error.help()), @r#"
    GH_TOKEN cannot be used: the token has a character at position 6 that no token has (white space, a line break, or not ASCII)
    help: copy the token anew, as one line
    "#);
}

#[test]
fn outside_of_a_runtime_there_is_an_error_and_no_panic() {
    let error = GitHub::builder().token(Token::new("ghp_x").unwrap()).build().unwrap_err();
    insta::assert_snapshot!(format!("{error}\nhelp: {}", error.help()), @r#"
    the client for GitHub needs a tokio runtime
    help: make it within the runtime that will use it
    "#);
}
