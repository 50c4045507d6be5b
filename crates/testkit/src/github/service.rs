//! From a request to a reply: faults, tokens, limits, permissions, then the operation.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::fault::{Fault, FaultRule, Faults, Moment};
use super::grant::{Access, Grant, Role};
use super::record::Recorded;
use super::reply::{Body, Reply};
use super::route::{self, Call, Params, Route};
use super::state::State;
use super::tree::hex;

/// How many requests a token may send in a stretch of time.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    /// At most this many requests,
    pub requests: u64,
    /// in this time.
    pub window: Duration,
}

/// What GitHub allows a person.
///
/// <https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api>
const USUAL_LIMIT: Limit = Limit { requests: 5000, window: Duration::from_secs(3600) };

/// How much of its limit a token has used.
#[derive(Debug, Clone, Copy)]
struct Bucket {
    used: u64,
    resets: SystemTime,
}

/// Everything behind the lock.
#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) base: String,
    pub(crate) state: State,
    pub(crate) faults: Faults,
    pub(crate) limit: Limit,
    pub(crate) records: Vec<Recorded>,
    buckets: BTreeMap<String, Bucket>,
    served: u64,
}

/// A request as it came in.
#[derive(Debug)]
pub(crate) struct Incoming {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Incoming {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The secret of the token: `bearer` and `token` mean the same.
    fn token(&self) -> Option<&str> {
        let (scheme, secret) = self.header("authorization")?.split_once(' ')?;
        let known = ["bearer", "token"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
        known.then(|| secret.trim())
    }
}

/// How the bytes of a reply get to the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Delivery {
    Whole,
    Torn,
    Reset,
    Offline(Duration),
}

/// What was found out on the way to a reply.
struct Processed {
    reply: Reply,
    actor: Option<String>,
    operation: Option<String>,
}

impl Service {
    pub(crate) fn new(base: String) -> Self {
        Self {
            base,
            state: State::new(),
            faults: Faults::new(),
            limit: USUAL_LIMIT,
            records: Vec::new(),
            buckets: BTreeMap::new(),
            served: 0,
        }
    }

    /// Answers a request, with the fault that strikes it, and records both.
    pub(crate) fn answer(
        &mut self,
        request: &Incoming,
        fault: Option<&FaultRule>,
    ) -> (Reply, Delivery) {
        let struck_before = fault.is_some_and(|rule| {
            rule.moment == Moment::Before && !matches!(rule.fault, Fault::Slow(_))
        });
        let processed = if struck_before { self.skipped(request) } else { self.process(request) };
        let Processed { mut reply, actor, operation } = processed;
        let mut delivery = Delivery::Whole;
        if let Some(rule) = fault {
            (reply, delivery) = self.strike(&rule.fault, request, reply);
        }
        self.served += 1;
        let id = format!("{:04X}:{:06X}:FA4E", self.served, self.records.len());
        reply = reply.header("x-github-request-id", id);
        let seen = matches!(delivery, Delivery::Whole | Delivery::Torn);
        let json = match (&reply.body, &delivery) {
            (Body::Json(value), Delivery::Whole) => Some(value.clone()),
            _ => None,
        };
        self.records.push(Recorded {
            method: request.method.clone(),
            path: request.path.clone(),
            query: request.query.clone(),
            headers: request
                .headers
                .iter()
                .filter(|(name, _)| name != "authorization" && name != "cookie")
                .cloned()
                .collect(),
            body: serde_json::from_slice(&request.body).ok(),
            actor,
            operation,
            status: seen.then_some(reply.status),
            reply_headers: reply
                .headers
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone()))
                .collect(),
            reply: json,
            fault: fault.map(|rule| (rule.fault.clone(), rule.moment)),
            has_body: !request.body.is_empty(),
        });
        (reply, delivery)
    }

    /// A request that a fault keeps from being looked at.
    fn skipped(&self, request: &Incoming) -> Processed {
        let grant = request.token().and_then(|token| self.state.tokens.get(token));
        let operation = self.resolve(request).map(|(_, route, _)| route.name());
        let reply = Reply::ok(json!({ "message": "this reply never arrives whole" }));
        Processed { reply, actor: grant.map(Grant::login), operation }
    }

    /// The reply as the fault leaves it.
    fn strike(&mut self, fault: &Fault, request: &Incoming, reply: Reply) -> (Reply, Delivery) {
        let whole = |reply| (reply, Delivery::Whole);
        match fault {
            Fault::Slow(_) => whole(reply),
            Fault::InternalError => whole(Reply::html(500, &page("500 Internal Server Error"))),
            Fault::BadGateway => whole(Reply::html(502, &page("502 Bad Gateway"))),
            Fault::Unavailable => whole(Reply::html(503, &page("503 Service Unavailable"))),
            Fault::RateLimit { reset } => {
                let token = request.token().unwrap_or_default().to_owned();
                // In whole seconds, zero would be up to a second away.
                let now = SystemTime::now();
                let resets = if reset.is_zero() { second_of(now) } else { now + *reset };
                let used = self.limit.requests;
                let bucket = Bucket { used, resets };
                let reply = self.exceeded(&token, bucket);
                self.buckets.insert(token, bucket);
                whole(reply)
            }
            Fault::SecondaryRateLimit { status, retry_after } => {
                let mut reply = Reply::error(
                    *status,
                    "You have exceeded a secondary rate limit. Please wait a few minutes before \
                     you try again.",
                );
                document(&mut reply, SECONDARY_LIMITS);
                if let Some(after) = retry_after {
                    reply = reply.header("retry-after", seconds_up(*after).to_string());
                }
                whole(self.with_limit_headers(reply, request.token().unwrap_or_default()))
            }
            Fault::Torn => (reply, Delivery::Torn),
            Fault::Reset => (reply, Delivery::Reset),
            Fault::Offline(time) => (reply, Delivery::Offline(*time)),
            Fault::MalformedJson => {
                let (bytes, _) = reply.bytes();
                let mut cut = Reply::raw(reply.status, &bytes[..bytes.len() / 2]);
                if cut.status == 204 || cut.status == 304 || bytes.is_empty() {
                    cut = Reply::raw(200, b"{\"message\": ");
                }
                whole(cut)
            }
            Fault::Redirect { status, location } => {
                let body = Reply::error(*status, "Moved Permanently");
                whole(body.header("location", location.clone()))
            }
            Fault::Reply { status, body } => whole(Reply::raw(*status, body.as_bytes())),
        }
    }

    fn process(&mut self, request: &Incoming) -> Processed {
        let resolved = self.resolve(request);
        let operation = resolved.as_ref().map(|(_, route, _)| route.name());
        let refuse = |mut reply: Reply, actor| {
            document(&mut reply, "");
            Processed { reply, actor, operation: operation.clone() }
        };
        if request.header("user-agent").is_none_or(str::is_empty) {
            let text = "\r\nRequest forbidden by administrative rules. Please make sure your \
                        request has a User-Agent header\r\n";
            return refuse(Reply::html(403, text), None);
        }
        let Some(token) = request.token().map(ToOwned::to_owned) else {
            return refuse(Reply::error(401, "Requires authentication"), None);
        };
        let Some(grant) = self.state.tokens.get(&token).cloned() else {
            return refuse(Reply::error(401, "Bad credentials"), None);
        };
        let actor = Some(grant.login());
        let bucket = self.bucket(&token);
        let free = request.path == "/rate_limit";
        if bucket.used >= self.limit.requests && !free {
            let reply = self.exceeded(&token, bucket);
            return Processed { reply, actor, operation };
        }
        let Some((path, route, params)) = resolved else {
            self.spend(&token);
            let reply = self.with_limit_headers(Reply::not_found(), &token);
            return refuse(reply, actor);
        };
        let mut reply = match self.run(request, route, &path, params, &grant, &token) {
            Ok(reply) | Err(reply) => reply,
        };
        document(&mut reply, route.docs);
        if request.method == "GET" && reply.status == 200 {
            let (bytes, _) = reply.bytes();
            let tag = format!("W/\"{}\"", hex(&Sha256::digest(&bytes)));
            let known = request.header("if-none-match").is_some_and(|tags| {
                tags.split(',').any(|known| known.trim() == tag || known.trim() == "*")
            });
            if known {
                let mut unchanged = Reply::not_modified();
                unchanged.headers = std::mem::take(&mut reply.headers);
                reply = unchanged;
            }
            reply = reply
                .header("etag", tag)
                .header("cache-control", "private, max-age=60, s-maxage=60");
        }
        // <https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#use-conditional-requests-if-appropriate>
        if reply.status != 304 && !free {
            self.spend(&token);
        }
        if grant.has_permissions() && !route.needs.is_empty() {
            reply = reply.header("x-accepted-github-permissions", route.accepted_permissions());
        } else if !grant.has_permissions() {
            reply = reply
                .header("x-oauth-scopes", "admin:org, repo, workflow")
                .header("x-accepted-oauth-scopes", "repo");
        }
        Processed { reply: self.with_limit_headers(reply, &token), actor, operation }
    }

    /// Looks whether the token may, then does it.
    fn run(
        &mut self,
        request: &Incoming,
        route: &'static Route,
        path: &str,
        params: Params,
        grant: &Grant,
        token: &str,
    ) -> Result<Reply, Reply> {
        let base = self.base.clone();
        let query = route::query_pairs(&request.query);
        let mut call = Call {
            base: &base,
            grant,
            params,
            query,
            body: Value::Null,
            canonical_path: path.to_owned(),
        };
        self.authorise(route, &mut call)?;
        if request.method != "GET" && !request.body.is_empty() {
            call.body = serde_json::from_slice(&request.body)
                .map_err(|_| Reply::error(400, "Problems parsing JSON"))?;
        }
        if route.template == "/rate_limit" {
            let bucket = self.bucket(token);
            call.body = self.limits(bucket);
        }
        (route.run)(&mut self.state, &call)
    }

    fn authorise(&self, route: &Route, call: &mut Call<'_>) -> Result<(), Reply> {
        let grant = call.grant;
        let mut most = Access::Write;
        if route.is_in_repository() {
            let repository = call.repository(&self.state)?;
            let full_name = repository.full_name();
            let rest = call.canonical_path.splitn(5, '/').nth(4).unwrap_or("");
            let slash = if rest.is_empty() { "" } else { "/" };
            call.canonical_path = format!("/repositories/{}{slash}{rest}", repository.id);
            let covered = grant.covers(&full_name);
            if !covered {
                most = Access::Read;
            }
            let role = self.state.role(grant, repository);
            if repository.private && (!covered || role < Role::Read) {
                return Err(Reply::not_found());
            }
            self.permit(route, grant, most)?;
            if role < route.role {
                return Err(Reply::error(403, "Must have admin rights to Repository."));
            }
            if repository.archived && route.method != "GET" {
                return Err(Reply::error(403, "Repository was archived so is read-only."));
            }
            return Ok(());
        }
        if let Some((_, rest)) = call.canonical_path.split_once("/orgs/")
            && let Some(account) = self.state.accounts.get(&call.param("org").to_lowercase())
        {
            let rest = rest.split_once('/').map_or("", |(_, rest)| rest);
            call.canonical_path = format!("/organizations/{}/{rest}", account.id);
        }
        if route.is_in_organisation() {
            let organisation = self.state.accounts.get(&call.param("org").to_lowercase());
            organisation.ok_or_else(Reply::not_found)?;
            self.permit(route, grant, most)?;
            let owner = matches!(grant.actor, super::grant::Actor::Owner { .. });
            if !owner && !grant.has_permissions() {
                return Err(Reply::error(403, "You must be an org admin to use this endpoint."));
            }
            return Ok(());
        }
        self.permit(route, grant, most)
    }

    fn permit(&self, route: &Route, grant: &Grant, most: Access) -> Result<(), Reply> {
        if !grant.has_permissions() || route.needs.is_empty() {
            return Ok(());
        }
        let enough = route
            .needs
            .iter()
            .any(|(name, access)| grant.access(name).is_some_and(|has| has.min(most) >= *access));
        if enough {
            return Ok(());
        }
        let of = if grant.is_bot() { "integration" } else { "personal access token" };
        Err(Reply::error(403, &format!("Resource not accessible by {of}")))
    }

    /// The operation that a request means, and its path with names in it. GitHub also takes a
    /// repository or an organisation by its number, and its own links use that.
    fn resolve(&self, request: &Incoming) -> Option<(String, &'static Route, Params)> {
        let mut path = request.path.clone();
        if let Some((id, rest)) = numbered(&path, "/repositories/") {
            let repository = self.state.repositories.values().find(|it| it.id == id)?;
            path = format!("/repos/{}{rest}", repository.full_name());
        } else if let Some((id, rest)) = numbered(&path, "/organizations/") {
            let account = self.state.accounts.values().find(|it| it.id == id)?;
            path = format!("/orgs/{}{rest}", account.login);
        }
        let (route, params) = route::find(&request.method, &route::segments(&path))?;
        Some((path, route, params))
    }

    /// How much the token has used, after a reset that is due.
    fn bucket(&mut self, token: &str) -> Bucket {
        let now = SystemTime::now();
        let fresh = Bucket { used: 0, resets: now + self.limit.window };
        let bucket = self.buckets.entry(token.to_owned()).or_insert(fresh);
        if bucket.resets <= now {
            *bucket = fresh;
        }
        *bucket
    }

    fn spend(&mut self, token: &str) {
        self.bucket(token);
        if let Some(bucket) = self.buckets.get_mut(token) {
            bucket.used += 1;
        }
    }

    fn exceeded(&self, token: &str, bucket: Bucket) -> Reply {
        let grant = self.state.tokens.get(token);
        let whose = if grant.is_some_and(Grant::is_bot) { "installation" } else { "user" };
        let mut reply = Reply::error(403, &format!("API rate limit exceeded for {whose} ID 1."));
        document(&mut reply, PRIMARY_LIMITS);
        limit_headers(reply, self.limit, bucket)
    }

    fn with_limit_headers(&mut self, reply: Reply, token: &str) -> Reply {
        let bucket = self.bucket(token);
        limit_headers(reply, self.limit, bucket)
            .header("x-github-media-type", "github.v3; format=json")
            .header("x-github-api-version-selected", "2022-11-28")
    }

    /// The body of `/rate_limit`.
    fn limits(&self, bucket: Bucket) -> Value {
        let core = json!({
            "limit": self.limit.requests,
            "used": bucket.used,
            "remaining": self.limit.requests.saturating_sub(bucket.used),
            "reset": epoch_up(bucket.resets),
        });
        let search = json!({
            "limit": 30, "used": 0, "remaining": 30, "reset": epoch_up(bucket.resets),
        });
        json!({ "resources": { "core": core, "search": search }, "rate": core })
    }
}

const PRIMARY_LIMITS: &str =
    "using-the-rest-api/rate-limits-for-the-rest-api#about-primary-rate-limits";
const SECONDARY_LIMITS: &str =
    "using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits";

/// Puts the page of an operation into an error that has none yet.
fn document(reply: &mut Reply, page: &str) {
    if let Body::Json(Value::Object(body)) = &mut reply.body
        && reply.status >= 400
    {
        let url = format!("https://docs.github.com/rest/{page}");
        body.entry("documentation_url").or_insert_with(|| url.trim_end_matches('/').into());
    }
}

/// The number after a prefix, and the rest of the path with its slash.
fn numbered<'p>(path: &'p str, prefix: &str) -> Option<(u64, &'p str)> {
    let rest = path.strip_prefix(prefix)?;
    let (id, rest) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    Some((id.parse().ok()?, rest))
}

fn limit_headers(reply: Reply, limit: Limit, bucket: Bucket) -> Reply {
    reply
        .header("x-ratelimit-limit", limit.requests.to_string())
        .header("x-ratelimit-remaining", limit.requests.saturating_sub(bucket.used).to_string())
        .header("x-ratelimit-used", bucket.used.to_string())
        .header("x-ratelimit-reset", epoch_up(bucket.resets).to_string())
        .header("x-ratelimit-resource", "core")
}

/// Whole seconds since the epoch, rounded up, so that nobody comes back too early.
fn epoch_up(time: SystemTime) -> u64 {
    seconds_up(time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default())
}

/// The beginning of the second that a time is in.
fn second_of(time: SystemTime) -> SystemTime {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    SystemTime::UNIX_EPOCH + Duration::from_secs(since.as_secs())
}

fn seconds_up(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}

fn page(title: &str) -> String {
    format!("<html>\n<head><title>{title}</title></head>\n<body><h1>{title}</h1></body>\n</html>\n")
}
