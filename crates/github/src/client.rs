//! The client, and how it is made.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::HeaderValue;
use octocrab::Octocrab;
use serde::Deserialize;
use tokio::sync::Semaphore;

use crate::api_url::{ApiUrl, DEFAULT_API_URL};
use crate::clock::{Clock, SystemClock};
use crate::error::GitHubError;
use crate::event::Event;
use crate::name::{OrganisationName, RepositoryName};
use crate::organisation::Organisation;
use crate::repository::Repository;
use crate::shown::shown;
use crate::token::{Place, Token, TokenError, TokenKind};
use crate::transport::{Backoff, Cache, Call, Exchange, Gate, Observer, Transport};

/// The variables that may hold the token, in the order they are asked. `gh` asks in the same
/// order: <https://cli.github.com/manual/gh_help_environment>.
const TOKEN_VARIABLES: [&str; 2] = ["GH_TOKEN", "GITHUB_TOKEN"];

/// Who the token of a job is: <https://docs.github.com/en/graphql/reference/queries#viewer>, and
/// what `gh auth status` says in a job.
const JOB_LOGIN: &str = "github-actions[bot]";

#[derive(Deserialize)]
struct WhoAmI {
    data: WhoAmIData,
}

#[derive(Deserialize)]
struct WhoAmIData {
    viewer: Viewer,
}

#[derive(Deserialize)]
struct Viewer {
    login: String,
}

/// A client of GitHub's REST API. Cheap to clone; all clones share limits, cache and counts.
///
/// ```no_run
/// # async fn run() -> Result<(), countersign_github::GitHubError> {
/// use countersign_github::GitHub;
///
/// let github = GitHub::from_env()?;
/// let name = "acme/product".parse().expect("a name of a repository");
/// for label in github.repository(&name).labels().await? {
///     println!("{} #{}", label.name, label.color);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct GitHub {
    pub(crate) transport: Arc<Transport>,
}

impl GitHub {
    /// A client as the environment describes it: `GITHUB_API_URL` (set by GitHub Actions;
    /// default `https://api.github.com`), and the token of `GH_TOKEN` or `GITHUB_TOKEN`.
    ///
    /// Must be called within a tokio runtime, as [`GitHubBuilder::build`].
    ///
    /// # Errors
    ///
    /// [`GitHubError::Configuration`] when there is no token, or address or token cannot be
    /// used.
    pub fn from_env() -> Result<Self, GitHubError> {
        Self::builder().environment(|name| std::env::var(name).ok())?.build()
    }

    /// A client made step by step, anonymous and for github.com if nothing else is said.
    pub fn builder() -> GitHubBuilder {
        GitHubBuilder::default()
    }

    /// A repository. Nothing is asked yet.
    pub fn repository(&self, name: &RepositoryName) -> Repository {
        Repository::new(self.clone(), name.clone())
    }

    /// An organisation. Nothing is asked yet.
    pub fn organisation(&self, name: &OrganisationName) -> Organisation {
        Organisation::new(self.clone(), name.clone())
    }

    /// What kind of token it holds, and so whether what it does can start workflows.
    pub fn token_kind(&self) -> TokenKind {
        self.transport.token_kind
    }

    /// As [`token_kind`](Self::token_kind), and asks GitHub where prefix and place leave a doubt:
    /// in a job of GitHub Actions the job's own token and one of an app look the same. One
    /// request in that case, and none in all others.
    ///
    /// # Errors
    ///
    /// Any [`GitHubError`].
    pub async fn confirm_token_kind(&self) -> Result<TokenKind, GitHubError> {
        if self.transport.token_kind != TokenKind::Workflow || self.transport.token_kind_is_given {
            return Ok(self.transport.token_kind);
        }
        let doing = "ask whose token this is";
        let query = serde_json::json!({ "query": "query { viewer { login } }" });
        let call = Call::ask(self.transport.api.graphql(), &query, doing)?;
        let answer: WhoAmI = self.transport.read(&call).await?;
        Ok(match answer.data.viewer.login.as_str() {
            JOB_LOGIN => TokenKind::Workflow,
            _ => TokenKind::Installation,
        })
    }

    /// The address of the API, without a slash at its end.
    pub fn api_url(&self) -> String {
        self.transport.api.text()
    }

    /// What has been asked so far.
    pub fn usage(&self) -> Usage {
        Usage {
            requests: self.transport.requests.load(Ordering::Relaxed),
            not_modified: self.transport.not_modified.load(Ordering::Relaxed),
        }
    }
}

impl fmt::Debug for GitHub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GitHub")
            .field("api_url", &self.transport.api.text())
            .field("token_kind", &self.transport.token_kind)
            .field("usage", &self.usage())
            .finish_non_exhaustive()
    }
}

/// Counts of requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Usage {
    /// Sent, retries included.
    pub requests: u64,
    /// Those of them that GitHub answered with 304, which costs nothing of the rate limit.
    pub not_modified: u64,
}

/// Makes a [`GitHub`].
#[derive(Clone)]
pub struct GitHubBuilder {
    api_url: String,
    token: Option<Token>,
    place: Place,
    token_kind: Option<TokenKind>,
    observer: Option<Observer>,
    clock: Arc<dyn Clock>,
    seed: Option<u64>,
    connect_timeout: Duration,
    timeout: Duration,
    longest_wait: Duration,
    backoff: Backoff,
    write_pause: Option<Duration>,
    concurrency: usize,
    longest_body: usize,
    cache_size: usize,
}

impl Default for GitHubBuilder {
    fn default() -> Self {
        Self {
            api_url: DEFAULT_API_URL.to_owned(),
            token: None,
            place: Place::Elsewhere,
            token_kind: None,
            observer: None,
            clock: Arc::new(SystemClock),
            seed: None,
            connect_timeout: Duration::from_secs(10),
            timeout: Duration::from_secs(30),
            longest_wait: Duration::from_secs(15 * 60),
            backoff: Backoff {
                first: Duration::from_millis(500),
                most: Duration::from_secs(30),
                attempts: 5,
            },
            write_pause: None,
            concurrency: 8,
            longest_body: 32 << 20,
            cache_size: 32 << 20,
        }
    }
}

impl fmt::Debug for GitHubBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The address may hold a password until it is checked.
        f.debug_struct("GitHubBuilder").field("token", &self.token).finish_non_exhaustive()
    }
}

impl GitHubBuilder {
    /// Takes address and token from variables, given by name: `GITHUB_API_URL`, `GH_TOKEN`,
    /// `GITHUB_TOKEN`, and `GITHUB_ACTIONS`, which says that this is a job of GitHub Actions.
    /// Empty is taken for not set, as a workflow cannot tell the two apart.
    ///
    /// # Errors
    ///
    /// [`GitHubError::Configuration`] when there is no token, or one that cannot be sent.
    pub fn environment(
        mut self,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, GitHubError> {
        let set = |name: &str| variable(name).filter(|text| !text.trim().is_empty());
        if let Some(url) = set("GITHUB_API_URL") {
            self.api_url = url;
        }
        if set("GITHUB_ACTIONS").is_some_and(|text| text == "true") {
            self.place = Place::Actions;
        }
        let found = TOKEN_VARIABLES.into_iter().find_map(|name| Some((name, set(name)?)));
        let Some((name, text)) = found else {
            return Err(GitHubError::Configuration {
                what: "there is no token for GitHub".to_owned(),
                help: "set GITHUB_TOKEN or GH_TOKEN; in a workflow: `env: {GITHUB_TOKEN: ${{ github.token }}}`".to_owned(),
            });
        };
        self.token = Some(Token::new(&text).map_err(|error| bad_token(name, &error))?);
        Ok(self)
    }

    /// The address of the API: `https://api.github.com`, or `https://HOST/api/v3` of a server of
    /// one's own. Plain `http` for this machine only.
    #[must_use]
    pub fn api_url(mut self, url: impl Into<String>) -> Self {
        self.api_url = url.into();
        self
    }

    /// The token.
    #[must_use]
    pub fn token(mut self, token: Token) -> Self {
        self.token = Some(token);
        self
    }

    /// What kind the token is, for whoever knows better than its prefix tells: an app's token in
    /// a job of GitHub Actions looks like the job's own.
    #[must_use]
    pub fn token_kind(mut self, kind: TokenKind) -> Self {
        self.token_kind = Some(kind);
        self
    }

    /// Is told of every [`Event`]. Called from within requests: it should be quick.
    #[must_use]
    pub fn observer(mut self, observer: impl Fn(&Event) + Send + Sync + 'static) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// The clock to wait by; the machine's by default. Time limits of a single request go by the
    /// machine's in any case.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Makes the jitter of backoff the same in every run.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// The longest time to a connection (default 10 seconds).
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// The longest time of one request, connection and whole answer included (default 30
    /// seconds).
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The longest that one request waits in all, for rate limits and retries (default 15
    /// minutes). A limit that lasts longer is [`GitHubError::RateLimited`] at once.
    #[must_use]
    pub fn longest_wait(mut self, wait: Duration) -> Self {
        self.longest_wait = wait;
        self
    }

    /// How many times a request is sent at most when faults may pass (default 5), and the bounds
    /// of the random waits between: `first`, doubled each time, never more than `most` (default
    /// half a second and half a minute).
    #[must_use]
    pub fn retries(mut self, attempts: u32, first: Duration, most: Duration) -> Self {
        self.backoff = Backoff { first, most, attempts: attempts.max(1) };
        self
    }

    /// The least time between two changes. Not zero: changes are sent one after the other. By
    /// default one second on GitHub's own clouds, as it asks of its clients, and none elsewhere:
    /// <https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#pause-between-mutative-requests>.
    #[must_use]
    pub fn write_pause(mut self, pause: Duration) -> Self {
        self.write_pause = Some(pause);
        self
    }

    /// How many requests are in flight at once (default 8). GitHub allows 100 of one user, of all
    /// programs together.
    #[must_use]
    pub fn concurrency(mut self, requests: usize) -> Self {
        self.concurrency = requests.clamp(1, 100);
        self
    }

    /// The longest answer that is read, in bytes (default 32 MiB).
    #[must_use]
    pub fn longest_body(mut self, bytes: usize) -> Self {
        self.longest_body = bytes;
        self
    }

    /// How many bytes of answers are kept for conditional requests (default 32 MiB).
    #[must_use]
    pub fn cache_size(mut self, bytes: usize) -> Self {
        self.cache_size = bytes;
        self
    }

    /// Makes the client. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// [`GitHubError::Configuration`] for an address that cannot be used, when the machine has no
    /// certificates, and outside of a tokio runtime.
    pub fn build(self) -> Result<GitHub, GitHubError> {
        let api = ApiUrl::parse(&self.api_url)?;
        // octocrab starts a task of its own, which panics where there is no runtime.
        if tokio::runtime::Handle::try_current().is_err() {
            return Err(GitHubError::Configuration {
                what: "the client for GitHub needs a tokio runtime".to_owned(),
                help: "make it within the runtime that will use it".to_owned(),
            });
        }
        let authorization = match &self.token {
            Some(token) => {
                let mut value = HeaderValue::from_str(&format!("Bearer {}", token.expose()))
                    .map_err(|_| bad_token("the token", &TokenError::Character { at: 1 }))?;
                value.set_sensitive(true);
                Some(value)
            }
            None => None,
        };
        let token_kind = self.token_kind.unwrap_or_else(|| {
            self.token.as_ref().map_or(TokenKind::Anonymous, |token| token.kind(self.place))
        });
        // The server alone: addresses are whole already, and octocrab would put a base path before
        // one that does not begin with it.
        let crab = Octocrab::builder()
            .base_uri(api.origin())
            .and_then(|builder| builder.set_connect_timeout(Some(self.connect_timeout)).build())
            .map_err(|error| GitHubError::Configuration {
                what: format!(
                    "the connection to GitHub cannot be prepared: {}",
                    shown(&std::error::Error::source(&error).unwrap_or(&error).to_string(), 200)
                ),
                help: "check that this machine has certificates of authorities (package `ca-certificates`)".to_owned(),
            })?;
        let write_pause = self.write_pause.unwrap_or_else(|| {
            if api.is_cloud() { Duration::from_secs(1) } else { Duration::ZERO }
        });
        Ok(GitHub {
            transport: Arc::new(Transport {
                api,
                token_kind,
                token_kind_is_given: self.token_kind.is_some(),
                exchange: Exchange {
                    crab,
                    authorization,
                    timeout: self.timeout,
                    longest_body: self.longest_body,
                },
                backoff: self.backoff,
                longest_wait: self.longest_wait,
                write_pause,
                places: Semaphore::new(self.concurrency),
                last_write: tokio::sync::Mutex::new(None),
                gate: Gate::default(),
                cache: Mutex::new(Cache::new(self.cache_size)),
                observer: self.observer,
                clock: self.clock,
                random: Mutex::new(match self.seed {
                    Some(seed) => fastrand::Rng::with_seed(seed),
                    None => fastrand::Rng::new(),
                }),
                requests: AtomicU64::new(0),
                not_modified: AtomicU64::new(0),
            }),
        })
    }
}

fn bad_token(name: &str, error: &TokenError) -> GitHubError {
    GitHubError::Configuration {
        what: format!("{name} cannot be used: {error}"),
        help: "copy the token anew, as one line".to_owned(),
    }
}
