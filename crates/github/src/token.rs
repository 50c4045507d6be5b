//! The token: what proves to GitHub who asks, and what kind of actor that makes us.
//!
//! Nothing here ever shows the token. What kind it is decides whether a label it sets can
//! start a workflow.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

/// The longest token accepted, in bytes. GitHub's are shorter by far: 40 to about 520.
const LONGEST: usize = 4096;

/// A token of GitHub. Its `Debug` shows nothing, it has no `Display`, and its memory is
/// wiped when the last copy goes.
#[derive(Clone)]
pub struct Token(SecretString);

impl Token {
    /// Takes a token as it stands in an environment variable or a file: white space around
    /// it is dropped.
    ///
    /// # Errors
    ///
    /// [`TokenError`] when nothing is left, or when it holds what cannot stand in a header
    /// (a line break, most often, from two lines pasted as one secret).
    pub fn new(text: &str) -> Result<Self, TokenError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(TokenError::Empty);
        }
        if text.len() > LONGEST {
            return Err(TokenError::TooLong);
        }
        if let Some(at) = text.bytes().position(|byte| !byte.is_ascii_graphic()) {
            return Err(TokenError::Character { at: at + 1 });
        }
        Ok(Self(SecretString::from(text)))
    }

    /// What the token is, by its prefix and by where it is used.
    pub fn kind(&self, place: Place) -> TokenKind {
        TokenKind::of(self.0.expose_secret(), place)
    }

    /// The text itself. For the `Authorization` header alone.
    pub(crate) fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(hidden)")
    }
}

impl std::str::FromStr for Token {
    type Err = TokenError;

    fn from_str(text: &str) -> Result<Self, TokenError> {
        Self::new(text)
    }
}

/// Why a text is no token. Never quotes the text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// There is nothing but white space. In a workflow: the secret does not exist, or the
    /// event is one that gets no secrets (a pull request from a fork).
    #[error("the token is empty")]
    Empty,
    /// Longer than any token of GitHub.
    #[error("the token is longer than {LONGEST} bytes")]
    TooLong,
    /// A character that no token has. `at` is 1-based, in bytes.
    #[error(
        "the token has a character at position {at} that no token has (white space, a line break, or not ASCII)"
    )]
    Character {
        /// Where, 1-based, in bytes.
        at: usize,
    },
}

/// Where the program runs, as far as it matters for tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In a job of GitHub Actions, which sets `GITHUB_ACTIONS=true`.
    Actions,
    /// Anywhere else.
    Elsewhere,
}

/// What a token is. GitHub says it by a prefix:
/// <https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github#githubs-token-formats>.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenKind {
    /// No token: public resources only, 60 requests an hour.
    Anonymous,
    /// The `GITHUB_TOKEN` of a job. What it does starts no workflow.
    ///
    /// By its look it is an installation token like any other (`ghs_`), so inside of a job
    /// every `ghs_` token is taken for this one, unless the owner of the client knows better
    /// ([`GitHubBuilder::token_kind`](crate::GitHubBuilder::token_kind)) or GitHub is asked
    /// ([`GitHub::confirm_token_kind`](crate::GitHub::confirm_token_kind)).
    Workflow,
    /// An installation token of a GitHub App (`ghs_`).
    Installation,
    /// A GitHub App acting for a person (`ghu_`).
    UserToServer,
    /// An OAuth app acting for a person (`gho_`), such as the one `gh auth login` gets.
    OAuth,
    /// A personal access token, classic (`ghp_`).
    Classic,
    /// A fine-grained personal access token (`github_pat_`).
    FineGrained,
    /// No known prefix: an old token, or one of another server.
    Unknown,
}

impl TokenKind {
    fn of(token: &str, place: Place) -> Self {
        match token {
            _ if token.starts_with("ghs_") => match place {
                Place::Actions => Self::Workflow,
                Place::Elsewhere => Self::Installation,
            },
            _ if token.starts_with("github_pat_") => Self::FineGrained,
            _ if token.starts_with("ghp_") => Self::Classic,
            _ if token.starts_with("gho_") => Self::OAuth,
            _ if token.starts_with("ghu_") => Self::UserToServer,
            _ => Self::Unknown,
        }
    }

    /// Whether what this token does (a label set, a comment written) starts workflows that
    /// listen to it.
    ///
    /// Events caused with the `GITHUB_TOKEN` of a job start none, except
    /// `workflow_dispatch` and `repository_dispatch`:
    /// <https://docs.github.com/en/actions/how-tos/write-workflows/choose-when-workflows-run/trigger-a-workflow#triggering-a-workflow-from-a-workflow>.
    /// A token of unknown kind is taken for one that does, as every kind but one is. Without a
    /// token nothing can be changed at all.
    pub fn starts_workflows(self) -> bool {
        !matches!(self, Self::Anonymous | Self::Workflow)
    }
}

impl fmt::Display for TokenKind {
    /// For use in a sentence: "this is {kind}".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Anonymous => "no token",
            Self::Workflow => "the GITHUB_TOKEN of a workflow",
            Self::Installation => "an installation token of a GitHub App",
            Self::UserToServer => "a user access token of a GitHub App",
            Self::OAuth => "a token of an OAuth app",
            Self::Classic => "a personal access token (classic)",
            Self::FineGrained => "a fine-grained personal access token",
            Self::Unknown => "a token of unknown kind",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_token_is_shown() {
        let token = Token::new("ghp_secretsecret").unwrap();
        assert_eq!(format!("{token:?}"), "Token(hidden)");
        assert_eq!(format!("{:#?}", Some(token)), "Some(\n    Token(hidden),\n)");
    }

    #[test]
    fn a_token_that_cannot_stand_in_a_header_is_refused_without_being_quoted() {
        assert_eq!(Token::new(" \n").unwrap_err(), TokenError::Empty);
        let error = Token::new("ghp_abc\nghp_def").unwrap_err();
        assert_eq!(error, TokenError::Character { at: 8 });
        assert!(!error.to_string().contains("ghp_"));
        assert!(Token::new("ghp_ключ").is_err());
        assert_eq!(Token::new(&"a".repeat(5000)).unwrap_err(), TokenError::TooLong);
        assert_eq!(Token::new("ghp_abc\n").unwrap().expose(), "ghp_abc");
    }

    #[test]
    fn the_prefix_and_the_place_tell_the_kind() {
        let kind = |text: &str, place| Token::new(text).unwrap().kind(place);
        assert_eq!(kind("ghs_1", Place::Actions), TokenKind::Workflow);
        assert_eq!(kind("ghs_1", Place::Elsewhere), TokenKind::Installation);
        assert_eq!(kind("ghp_1", Place::Actions), TokenKind::Classic);
        assert_eq!(kind("github_pat_1", Place::Elsewhere), TokenKind::FineGrained);
        assert_eq!(kind("ghu_1", Place::Elsewhere), TokenKind::UserToServer);
        assert_eq!(kind("gho_1", Place::Elsewhere), TokenKind::OAuth);
        assert_eq!(kind("0123456789abcdef", Place::Actions), TokenKind::Unknown);
    }

    #[test]
    fn only_the_token_of_a_job_starts_no_workflow() {
        assert!(!TokenKind::Workflow.starts_workflows());
        assert!(!TokenKind::Anonymous.starts_workflows());
        for kind in [TokenKind::Installation, TokenKind::Classic, TokenKind::FineGrained] {
            assert!(kind.starts_workflows(), "{kind}");
        }
    }
}
