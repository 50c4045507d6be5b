//! What a refusal of GitHub means: from status, headers and body to a [`GitHubError`].

use http::{HeaderMap, StatusCode};
use serde::Deserialize;

use crate::error::{FieldError, GitHubError, Needs, Outcome};
use crate::shown::shown;

/// How much of GitHub's words is shown, in characters.
const LONGEST_MESSAGE: usize = 300;

/// How many faulty fields are shown.
const MOST_FIELDS: usize = 10;

/// The body of an error:
/// <https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api>.
#[derive(Debug, Default, Deserialize)]
struct Body {
    #[serde(default)]
    message: String,
    /// Objects or, at some addresses, texts.
    #[serde(default)]
    errors: serde_json::Value,
}

/// The error for a status that is neither success nor redirection nor rate limit.
pub(crate) fn refusal(
    doing: &str,
    status: StatusCode,
    headers: &HeaderMap,
    body: &[u8],
) -> GitHubError {
    let body: Body = serde_json::from_slice(body).unwrap_or_default();
    let message = shown(&body.message, LONGEST_MESSAGE);
    let doing = doing.to_owned();
    match status.as_u16() {
        401 => GitHubError::Unauthorised { doing, message },
        403 => GitHubError::Forbidden { doing, needs: needs(headers), message },
        // An endpoint names its permissions in good answers too. Only a token that says what
        // it has and lacks it is worth a word here: the name is wrong more often.
        404 => GitHubError::NotFound { doing, needs: needs(headers) },
        410 => GitHubError::Gone { doing, message },
        400 | 409 | 422 => {
            let fields = fields(&body.errors);
            let exists = fields.iter().any(|field| field.problem == "already_exists")
                || message.to_ascii_lowercase().contains("already exists");
            if exists {
                // Words that say nothing beside "it exists already".
                let message = if message == "Validation Failed" { String::new() } else { message };
                GitHubError::AlreadyExists { doing, message }
            } else {
                GitHubError::Invalid { doing, status: Some(status.as_u16()), message, fields }
            }
        }
        500..=599 => GitHubError::Unavailable {
            doing,
            reason: status_text(status),
            outcome: Outcome::Unknown,
        },
        _ => GitHubError::Unexpected { doing, status: status.as_u16(), message },
    }
}

/// `status 502 (Bad Gateway)`
pub(crate) fn status_text(status: StatusCode) -> String {
    match status.canonical_reason() {
        Some(reason) => format!("status {} ({reason})", status.as_u16()),
        None => format!("status {}", status.as_u16()),
    }
}

fn fields(errors: &serde_json::Value) -> Vec<FieldError> {
    let Some(errors) = errors.as_array() else { return Vec::new() };
    let text = |value: &serde_json::Value, key: &str| {
        value.get(key).and_then(|one| one.as_str()).map(|one| shown(one, 100)).unwrap_or_default()
    };
    errors
        .iter()
        .take(MOST_FIELDS)
        .map(|error| match error.as_str() {
            Some(words) => FieldError {
                resource: String::new(),
                field: String::new(),
                problem: shown(words, LONGEST_MESSAGE),
            },
            None => {
                let code = text(error, "code");
                let words = text(error, "message");
                FieldError {
                    resource: text(error, "resource"),
                    field: text(error, "field"),
                    problem: if words.is_empty() || code == "already_exists" {
                        code
                    } else {
                        words
                    },
                }
            }
        })
        .collect()
}

/// What the token lacks, as far as GitHub says it. The most certain first.
fn needs(headers: &HeaderMap) -> Option<Needs> {
    if let Some(text) = header(headers, "x-github-sso")
        && text.trim_start().starts_with("required")
    {
        let url = text.split_once("url=").map(|(_, url)| shown(url, LONGEST_MESSAGE));
        return Some(Needs::SingleSignOn(url));
    }
    let permissions = sets(header(headers, "x-accepted-github-permissions").unwrap_or_default());
    if !permissions.is_empty() {
        return Some(Needs::Permissions(permissions));
    }
    let any_of = list(header(headers, "x-accepted-oauth-scopes").unwrap_or_default());
    let has = list(header(headers, "x-oauth-scopes").unwrap_or_default());
    if any_of.is_empty() || any_of.iter().any(|scope| has.contains(scope)) {
        return None;
    }
    Some(Needs::Scopes { any_of, has })
}

/// `issues=write; pull_requests=write,contents=read`: sets separated by semicolons, the
/// permissions of a set by commas.
fn sets(text: &str) -> Vec<Vec<String>> {
    text.split(';').map(list).filter(|set| !set.is_empty()).take(MOST_FIELDS).collect()
}

fn list(text: &str) -> Vec<String> {
    text.split(',')
        .map(|one| shown(one, 60))
        .filter(|one| !one.is_empty())
        .take(2 * MOST_FIELDS)
        .collect()
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown_error(status: u16, headers: &[(&'static str, &str)], body: &str) -> String {
        let headers = headers
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect();
        let status = StatusCode::from_u16(status).unwrap();
        let error = refusal("create the label `x` in `acme/p`", status, &headers, body.as_bytes());
        format!("{error}\nhelp: {}", error.help())
    }

    #[test]
    fn a_missing_permission_is_named() {
        insta::assert_snapshot!(shown_error(
            403,
            &[("x-accepted-github-permissions", "issues=write; pull_requests=write,contents=read")],
            r#"{"message":"Resource not accessible by integration"}"#,
        ), @r#"
        cannot create the label `x` in `acme/p`: status 403: the token may not; it needs `issues=write`, or `pull_requests=write` and `contents=read` ("Resource not accessible by integration")
        help: give the token `issues=write`, or `pull_requests=write` and `contents=read` (in a workflow, under `permissions:`)
        "#);
    }

    #[test]
    fn a_missing_scope_is_named_beside_those_there_are() {
        insta::assert_snapshot!(shown_error(
            404,
            &[("x-accepted-oauth-scopes", "repo"), ("x-oauth-scopes", "gist, read:org")],
            r#"{"message":"Not Found"}"#,
        ), @r#"
        cannot create the label `x` in `acme/p`: status 404: not found; it needs the scope `repo`
        help: check the name; GitHub also says this when the token may not see it: give the token the scope `repo`; it has `gist`, `read:org`
        "#);
    }

    #[test]
    fn a_missing_sign_on_gives_the_address() {
        insta::assert_snapshot!(shown_error(
            403,
            &[("x-github-sso", "required; url=https://github.com/orgs/acme/sso?authorization_request=A")],
            "",
        ), @r#"
        cannot create the label `x` in `acme/p`: status 403: the token may not; it needs single sign-on
        help: authorise the token at https://github.com/orgs/acme/sso?authorization_request=A
        "#);
    }

    #[test]
    fn faulty_values_are_named() {
        insta::assert_snapshot!(shown_error(
            422,
            &[],
            r#"{"message":"Validation Failed","errors":[{"resource":"Label","code":"invalid","field":"color"},"and a text"]}"#,
        ), @r#"
        cannot create the label `x` in `acme/p`: status 422: Validation Failed: `color` of Label: invalid; and a text
        help: correct the values
        "#);
    }

    #[test]
    fn what_exists_already_is_told_from_what_is_wrong() {
        let body = r#"{"message":"Validation Failed","errors":[{"resource":"Label","code":"already_exists","field":"name"}]}"#;
        let error =
            refusal("x", StatusCode::UNPROCESSABLE_ENTITY, &HeaderMap::new(), body.as_bytes());
        assert!(matches!(error, GitHubError::AlreadyExists { .. }));
        let body = r#"{"message":"Already exists - Variable already exists"}"#;
        let error = refusal("x", StatusCode::CONFLICT, &HeaderMap::new(), body.as_bytes());
        assert!(matches!(error, GitHubError::AlreadyExists { .. }));
    }

    #[test]
    fn hostile_words_are_bounded_and_escaped() {
        let body = format!(r#"{{"message":"\u001b[2J{}"}}"#, "a".repeat(9000));
        let text = shown_error(401, &[], &body);
        assert!(text.len() < 700 && text.contains("\\u{1b}[2J") && !text.contains('\u{1b}'));
        assert!(shown_error(500, &[], "<html>").contains("status 500 (Internal Server Error)"));
        assert!(shown_error(418, &[], "[]").contains("status 418"));
    }
}
