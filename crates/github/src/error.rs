//! What can go wrong, and what to do about it.
//!
//! Every error names what was being done ("create the label `x` in `acme/product`"), and
//! [`GitHubError::help`] says what to do. GitHub's own words are shown bounded and escaped.
//! No error holds a token.

use std::fmt;
use std::time::SystemTime;

use crate::rate_limit::{Limit, utc};

/// Why GitHub did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GitHubError {
    /// The client cannot be made as configured. The user's fault.
    #[error("{what}")]
    Configuration {
        /// The fault, with the name of the variable or option.
        what: String,
        /// What to do.
        help: String,
    },

    /// Status 401: the token is missing, wrong, expired or revoked.
    #[error("cannot {doing}: status 401: GitHub does not accept the token{}", says(message))]
    Unauthorised {
        /// What was being done.
        doing: String,
        /// GitHub's words.
        message: String,
    },

    /// Status 403: the token may not do this.
    #[error("cannot {doing}: status 403: the token may not{}{}", needs_text(needs.as_ref()), says(message))]
    Forbidden {
        /// What was being done.
        doing: String,
        /// What the token would need, where GitHub says it.
        needs: Option<Needs>,
        /// GitHub's words.
        message: String,
    },

    /// Status 404: it is not there, or the token may not know that it is.
    #[error("cannot {doing}: status 404: not found{}", needs_text(needs.as_ref()))]
    NotFound {
        /// What was being done.
        doing: String,
        /// What the token would need, where GitHub says it.
        needs: Option<Needs>,
    },

    /// Status 410: it was there once, or is switched off (issues of a repository, most often).
    #[error("cannot {doing}: status 410: gone{}", says(message))]
    Gone {
        /// What was being done.
        doing: String,
        /// GitHub's words.
        message: String,
    },

    /// A change was asked for under an old name. A change is never sent on to another place
    /// unasked.
    #[error("cannot {doing}: it has moved to {to}")]
    Moved {
        /// What was being done.
        doing: String,
        /// The address that GitHub gives instead.
        to: String,
    },

    /// Status 409 or 422 with "already exists", or found so: something of that name is there
    /// already and is not the same.
    #[error("cannot {doing}: it exists already{}", says(message))]
    AlreadyExists {
        /// What was being done.
        doing: String,
        /// GitHub's words, or what differs.
        message: String,
    },

    /// Status 400, 409 or 422, or seen before anything was sent: GitHub cannot take the values.
    #[error(
        "cannot {doing}: {}{}{}",
        status_text(*status),
        or(message, "GitHub cannot take the values"),
        fields_text(fields)
    )]
    Invalid {
        /// What was being done.
        doing: String,
        /// The HTTP status; `None` if it was seen before anything was sent.
        status: Option<u16>,
        /// GitHub's words.
        message: String,
        /// Which values, where GitHub says it.
        fields: Vec<FieldError>,
    },

    /// A rate limit, and waiting for its end would take longer than allowed.
    #[error("cannot {doing}: {limit} until {}", utc(*until))]
    RateLimited {
        /// What was being done.
        doing: String,
        /// When it can go on.
        until: SystemTime,
        /// Which limit.
        limit: Limit,
    },

    /// The server cannot be reached, does not answer in time or fails, after all retries that
    /// are safe.
    #[error("cannot {doing}: {reason}{}", outcome_text(*outcome))]
    Unavailable {
        /// What was being done.
        doing: String,
        /// What happened last.
        reason: String,
        /// Whether it may have been done all the same.
        outcome: Outcome,
    },

    /// The answer is not what GitHub documents: no JSON, other JSON, too long, an endless list,
    /// a link to another server.
    #[error("cannot {doing}: {what}{}", outcome_text(*outcome))]
    Protocol {
        /// What was being done.
        doing: String,
        /// What is wrong with the answer.
        what: String,
        /// Whether it may have been done all the same.
        outcome: Outcome,
    },

    /// Any other status.
    #[error("cannot {doing}: status {status}{}", says(message))]
    Unexpected {
        /// What was being done.
        doing: String,
        /// The HTTP status.
        status: u16,
        /// GitHub's words.
        message: String,
    },
}

impl GitHubError {
    /// What to do about it, in one line without a full stop.
    pub fn help(&self) -> String {
        match self {
            Self::Configuration { help, .. } => help.clone(),
            Self::Unauthorised { .. } => {
                "set GITHUB_TOKEN or GH_TOKEN to a token that is valid and has not expired".into()
            }
            Self::Forbidden { needs: Some(needs), .. } => needs.help(),
            Self::Forbidden { needs: None, .. } => {
                "give the token the permission it lacks, or use a token that has it".into()
            }
            Self::NotFound { needs: Some(needs), .. } => format!(
                "check the name; GitHub also says this when the token may not see it: {}",
                needs.help()
            ),
            Self::NotFound { needs: None, .. } => {
                "check the name; GitHub also says this when the token may not see it".into()
            }
            Self::Gone { .. } => {
                "check that it was not deleted, and that the feature is on in the repository's settings"
                    .into()
            }
            Self::Moved { .. } => "use the new name".into(),
            Self::AlreadyExists { .. } => "change what is there, or choose another name".into(),
            Self::Invalid { .. } => "correct the values".into(),
            Self::RateLimited { until, .. } => {
                format!("run it again after {}, or allow a longer wait", utc(*until))
            }
            Self::Unavailable { outcome: Outcome::NothingDone, .. } => {
                "check the network, GITHUB_API_URL and https://www.githubstatus.com, then run it again"
                    .into()
            }
            Self::Unavailable { outcome: Outcome::Unknown, .. }
            | Self::Protocol { outcome: Outcome::Unknown, .. } => {
                "see whether it was done before you run it again; https://www.githubstatus.com shows disturbances"
                    .into()
            }
            Self::Protocol { outcome: Outcome::NothingDone, .. } => {
                "check that GITHUB_API_URL is the address of GitHub's REST API".into()
            }
            Self::Unexpected { .. } => "run it again later".into(),
        }
    }

    /// Whether it may have been done all the same: the request was sent, and what came of it
    /// is not known.
    pub fn outcome_unknown(&self) -> bool {
        match self {
            Self::Unavailable { outcome, .. } | Self::Protocol { outcome, .. } => {
                *outcome == Outcome::Unknown
            }
            _ => false,
        }
    }

    /// Whether the thing is not there, or not to be seen.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::NotFound { .. })
    }
}

/// What is known of a request that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing was changed: it never left, or only asked.
    NothingDone,
    /// A change was sent. It may have been done, or not.
    Unknown,
}

/// One value that GitHub cannot take:
/// <https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api#validation-failed>.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The kind of thing (`Label`), or empty.
    pub resource: String,
    /// The field (`name`), or empty.
    pub field: String,
    /// GitHub's code (`missing`, `invalid`, `already_exists`, …) or, for `custom`, its words.
    pub problem: String,
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.resource.as_str(), self.field.as_str()) {
            ("", "") => f.write_str(&self.problem),
            ("", field) => write!(f, "`{field}`: {}", self.problem),
            (resource, "") => write!(f, "{resource}: {}", self.problem),
            (resource, field) => write!(f, "`{field}` of {resource}: {}", self.problem),
        }
    }
}

/// What a token would need.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Needs {
    /// Permissions of a GitHub App, a fine-grained token or a job: any one of these sets, each
    /// permission written as GitHub does (`issues=write`). From the header
    /// `x-accepted-github-permissions`:
    /// <https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api#resource-not-accessible>.
    Permissions(Vec<Vec<String>>),
    /// One of these scopes of a classic token; it has the others. From `x-accepted-oauth-scopes`
    /// and `x-oauth-scopes`:
    /// <https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps>.
    Scopes {
        /// Any one of them would do.
        any_of: Vec<String>,
        /// What the token has.
        has: Vec<String>,
    },
    /// The token must be authorised for single sign-on, at this address where GitHub gives one.
    /// From `x-github-sso`.
    SingleSignOn(Option<String>),
}

impl Needs {
    fn help(&self) -> String {
        match self {
            // `permissions:` of a workflow has no scope for variables.
            Self::Permissions(sets)
                if sets.iter().flatten().any(|one| one.contains("variables")) =>
            {
                format!("give the token {self}; the GITHUB_TOKEN of a workflow cannot have it")
            }
            Self::Permissions(_) => {
                format!("give the token {self} (in a workflow, under `permissions:`)")
            }
            Self::Scopes { has, .. } if has.is_empty() => format!("give the token {self}"),
            Self::Scopes { has, .. } => {
                format!("give the token {self}; it has `{}`", has.join("`, `"))
            }
            Self::SingleSignOn(Some(url)) => format!("authorise the token at {url}"),
            Self::SingleSignOn(None) => {
                "authorise the token for the organisation's single sign-on".to_owned()
            }
        }
    }
}

impl fmt::Display for Needs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Permissions(sets) => {
                let sets: Vec<String> =
                    sets.iter().map(|set| format!("`{}`", set.join("` and `"))).collect();
                f.write_str(&sets.join(", or "))
            }
            Self::Scopes { any_of, .. } => write!(f, "the scope `{}`", any_of.join("` or `")),
            Self::SingleSignOn(_) => f.write_str("single sign-on"),
        }
    }
}

fn says(message: &str) -> String {
    if message.is_empty() { String::new() } else { format!(" (\"{message}\")") }
}

fn or<'a>(message: &'a str, otherwise: &'a str) -> &'a str {
    if message.is_empty() { otherwise } else { message }
}

fn needs_text(needs: Option<&Needs>) -> String {
    needs.map(|needs| format!("; it needs {needs}")).unwrap_or_default()
}

fn fields_text(fields: &[FieldError]) -> String {
    if fields.is_empty() {
        return String::new();
    }
    let fields: Vec<String> = fields.iter().map(ToString::to_string).collect();
    format!(": {}", fields.join("; "))
}

fn status_text(status: Option<u16>) -> String {
    status.map(|status| format!("status {status}: ")).unwrap_or_default()
}

fn outcome_text(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::NothingDone => "",
        Outcome::Unknown => "; whether it was done is not known",
    }
}
