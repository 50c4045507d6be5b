//! Sends requests: waits for limits, repeats what may be repeated, follows what belongs to the
//! API, counts, and turns everything else into an error.
//!
//! One call, step by step: pass the gate (closed while a rate limit lasts), take a place among
//! the requests in flight, exchange, judge. What GitHub says about limits closes the gate for
//! all; a fault that may pass is waited for with backoff by this call alone.

mod answer;
mod backoff;
mod cache;
mod call;
mod exchange;
mod gate;

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::header::{ETAG, LINK, LOCATION};
use http::{HeaderMap, Method, StatusCode};
use serde::de::DeserializeOwned;
use tokio::sync::Semaphore;

use crate::api_url::ApiUrl;
use crate::clock::Clock;
use crate::error::{GitHubError, Outcome};
use crate::event::{Event, WaitReason};
use crate::pagination;
use crate::rate_limit::{self, Limit};
use crate::shown::shown;
use crate::token::TokenKind;

pub(crate) use backoff::Backoff;
use backoff::Repeat;
pub(crate) use cache::Cache;
use cache::Kept;
pub(crate) use call::{Call, Failed, Reply};
use exchange::Fault;
pub(crate) use exchange::{Answer, Exchange};
pub(crate) use gate::Gate;

/// How many redirections in a row are followed.
const MOST_REDIRECTIONS: u32 = 5;

/// How many times in a row one request may be told to slow down, whatever the waits were.
const MOST_LIMITS: u32 = 20;

/// Told of every [`Event`].
pub(crate) type Observer = Arc<dyn Fn(&Event) + Send + Sync>;

/// What all handles of a client share.
pub(crate) struct Transport {
    pub(crate) api: ApiUrl,
    pub(crate) token_kind: TokenKind,
    /// By whoever made the client, who is believed.
    pub(crate) token_kind_is_given: bool,
    pub(crate) exchange: Exchange,
    pub(crate) backoff: Backoff,
    /// The longest that one call waits in all, for limits and for faults.
    pub(crate) longest_wait: Duration,
    /// Between two changes. Not zero: changes are sent one after the other.
    pub(crate) write_pause: Duration,
    pub(crate) places: Semaphore,
    pub(crate) last_write: tokio::sync::Mutex<Option<SystemTime>>,
    pub(crate) gate: Gate,
    pub(crate) cache: Mutex<Cache>,
    pub(crate) observer: Option<Observer>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Mutex<fastrand::Rng>,
    pub(crate) requests: AtomicU64,
    pub(crate) not_modified: AtomicU64,
}

/// What is left of a call's patience.
struct Patience {
    left: Duration,
}

impl Transport {
    /// Sends a request until there is an answer that counts.
    pub(crate) async fn send(&self, call: &Call<'_>) -> Result<Reply, Failed> {
        let mut address = match call.path.starts_with('/') {
            true => self.api.join(&call.path),
            false => call.path.clone(),
        };
        let mut patience = Patience { left: self.longest_wait };
        let (mut attempt, mut limits, mut redirections) = (1, 0, 0);
        let mut unsure = false;
        loop {
            let answer = match self.exchange_in_turn(call, &address, &mut patience).await {
                Ok(Ok(answer)) => answer,
                Ok(Err(Fault::TooLong)) => {
                    return Err(bad_answer(call, "the answer is longer than this client reads"));
                }
                Ok(Err(Fault::Malformed(what))) => {
                    return Err(Failed { error: protocol(call, &what), unsure });
                }
                Ok(Err(Fault::Lost { reason, outcome })) => {
                    unsure |= outcome == Outcome::Unknown && call.method != Method::GET;
                    let fault = Passing { reason, outcome, least: Duration::ZERO };
                    self.before_another(call, attempt, unsure, fault, &mut patience).await?;
                    attempt += 1;
                    continue;
                }
                Err(error) => return Err(Failed { error, unsure }),
            };
            let now = self.clock.now();
            let status = answer.status;
            if let Some(wait) =
                rate_limit::limited(status, &answer.headers, &answer.body, now, limits)
            {
                limits += 1;
                let until = now + wait.wait;
                self.gate.close(until, wait.limit);
                if limits > MOST_LIMITS {
                    let error = limited(call, until, wait.limit);
                    return Err(Failed { error, unsure });
                }
            } else if status.is_redirection() && status != StatusCode::NOT_MODIFIED {
                redirections += 1;
                address = self
                    .redirected(call, &answer, redirections)
                    .map_err(|error| Failed { error, unsure })?;
            } else if may_pass(status) {
                unsure |= call.method != Method::GET;
                let least = rate_limit::retry_after(&answer.headers, now).unwrap_or_default();
                let fault = Passing {
                    reason: answer::status_text(status),
                    outcome: Outcome::Unknown,
                    least,
                };
                self.before_another(call, attempt, unsure, fault, &mut patience).await?;
                attempt += 1;
            } else {
                if let Some(wait) = rate_limit::used_up_by(&answer.headers, now) {
                    self.gate.close(now + wait, Limit::Primary);
                }
                // A success in a form that is not GitHub's may come from whatever stands between.
                let is_change = call.method != Method::GET && status.is_success();
                if is_change && !is_json_or_empty(&answer.body) {
                    return Err(bad_answer(call, "the answer is no JSON"));
                }
                return self
                    .judged(call, &address, answer)
                    .map_err(|error| Failed { error, unsure });
            }
        }
    }

    /// Sends a request and reads the answer as JSON.
    pub(crate) async fn read<T: DeserializeOwned>(&self, call: &Call<'_>) -> Result<T, Failed> {
        let reply = self.send(call).await?;
        self.decoded(call, &reply)
    }

    /// Reads a list to its end, page after page. `items` finds the list in a page; reading stops
    /// when `stop` says so of an item.
    pub(crate) async fn list<P, T>(
        &self,
        path: String,
        doing: &str,
        items: impl Fn(P) -> Vec<T>,
        stop: impl Fn(&T) -> bool,
    ) -> Result<Vec<T>, GitHubError>
    where
        P: DeserializeOwned,
    {
        let mut call = Call::get(path, doing);
        let mut all = Vec::new();
        let mut seen = HashSet::new();
        loop {
            let reply = self.send(&call).await?;
            for item in items(self.decoded(&call, &reply)?) {
                let last = stop(&item);
                all.push(item);
                if last {
                    return Ok(all);
                }
            }
            let Some(next) = pagination::next(&reply.headers) else { return Ok(all) };
            let Some(address) = self.api.own(next) else {
                let what = format!("the next page is on another server: `{}`", shown(next, 200));
                return Err(protocol(&call, &what));
            };
            seen.insert(call.path.clone());
            call.path = self.api.short(&address).to_owned();
            if seen.contains(&call.path) || seen.len() >= pagination::MOST_PAGES {
                return Err(protocol(&call, "the list has no end"));
            }
        }
    }

    /// Waits as before a retry: for operations that find out themselves what became of a
    /// request.
    pub(crate) async fn pause(&self, attempt: u32) {
        self.clock.sleep(self.jittered(attempt)).await;
    }

    /// How many times a request is sent at most.
    pub(crate) fn attempts(&self) -> u32 {
        self.backoff.attempts
    }

    /// One exchange, when its turn comes: gate open, a place free, the last change long enough
    /// ago.
    async fn exchange_in_turn(
        &self,
        call: &Call<'_>,
        address: &str,
        patience: &mut Patience,
    ) -> Result<Result<Answer, Fault>, GitHubError> {
        let changes = call.method != Method::GET && call.method != Method::HEAD;
        loop {
            self.pass_gate(call, patience).await?;
            let mut last_write = None;
            if changes && !self.write_pause.is_zero() {
                let guard = self.last_write.lock().await;
                if let Some(last) = *guard {
                    let since = self.clock.now().duration_since(last).unwrap_or_default();
                    self.clock.sleep(self.write_pause.saturating_sub(since)).await;
                }
                last_write = Some(guard);
            }
            let Ok(_place) = self.places.acquire().await else {
                return Err(protocol(call, "the client has been closed"));
            };
            if self.gate.is_closed(self.clock.now()) {
                // It closed while we stood in line: wait outside, and leave the place to others.
                continue;
            }
            let answer = self.exchange_once(call, address).await;
            if let Some(mut last_write) = last_write {
                *last_write = Some(self.clock.now());
            }
            return Ok(answer);
        }
    }

    async fn exchange_once(&self, call: &Call<'_>, address: &str) -> Result<Answer, Fault> {
        let known = match call.method {
            Method::GET => self.cache().get(address).map(|kept| kept.etag.clone()),
            _ => None,
        };
        self.requests.fetch_add(1, Ordering::Relaxed);
        let answer =
            self.exchange.once(&call.method, address, call.body.as_ref(), known.as_ref()).await?;
        if answer.status == StatusCode::NOT_MODIFIED {
            self.not_modified.fetch_add(1, Ordering::Relaxed);
        }
        self.tell(&Event::Answered {
            method: call.method.to_string(),
            path: self.api.short(address).to_owned(),
            status: answer.status.as_u16(),
        });
        Ok(answer)
    }

    /// Waits until no limit holds.
    async fn pass_gate(&self, call: &Call<'_>, patience: &mut Patience) -> Result<(), GitHubError> {
        loop {
            let now = self.clock.now();
            let Some(closed) = self.gate.closed(now) else { return Ok(()) };
            let wait = closed.until.duration_since(now).unwrap_or_default();
            if wait > patience.left {
                return Err(limited(call, closed.until, closed.limit));
            }
            patience.left -= wait;
            if closed.untold {
                let why = WaitReason::Limit(closed.limit);
                self.tell(&Event::Waiting { until: closed.until, why });
            }
            self.clock.sleep(wait).await;
        }
    }

    /// After a fault that may pass: waits for the next attempt, or gives up.
    async fn before_another(
        &self,
        call: &Call<'_>,
        attempt: u32,
        unsure: bool,
        fault: Passing,
        patience: &mut Patience,
    ) -> Result<(), Failed> {
        let may = call.repeat == Repeat::Safe || fault.outcome == Outcome::NothingDone;
        let wait = self.jittered(attempt).max(fault.least);
        if !may || attempt >= self.backoff.attempts || wait > patience.left {
            let outcome = if unsure { Outcome::Unknown } else { Outcome::NothingDone };
            let reason = match attempt {
                1 => fault.reason,
                _ => format!("{} (after {attempt} attempts)", fault.reason),
            };
            let error = GitHubError::Unavailable { doing: call.doing.to_owned(), reason, outcome };
            return Err(Failed { error, unsure });
        }
        patience.left -= wait;
        let why = WaitReason::Retry { attempt: attempt + 1, fault: fault.reason };
        self.tell(&Event::Waiting { until: self.clock.now() + wait, why });
        self.clock.sleep(wait).await;
        Ok(())
    }

    /// Where to ask instead. GitHub: "you should follow the redirect"; the token says: not to
    /// another server. A change is not sent on: whoever asked for it named another place.
    ///
    /// <https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects>
    fn redirected(
        &self,
        call: &Call<'_>,
        answer: &Answer,
        count: u32,
    ) -> Result<String, GitHubError> {
        let location = answer.headers.get(LOCATION).and_then(|value| value.to_str().ok());
        let Some(location) = location else {
            return Err(protocol(call, "a redirection without an address"));
        };
        let to = shown(location, 200);
        let Some(address) = self.api.own(location) else {
            return Err(protocol(call, &format!("a redirection to another server: `{to}`")));
        };
        if call.method != Method::GET {
            return Err(GitHubError::Moved { doing: call.doing.to_owned(), to });
        }
        if count > MOST_REDIRECTIONS {
            return Err(protocol(call, "redirections without end"));
        }
        Ok(address)
    }

    /// An answer that is final.
    fn judged(&self, call: &Call<'_>, address: &str, answer: Answer) -> Result<Reply, GitHubError> {
        let Answer { status, headers, body } = answer;
        if status == StatusCode::NOT_MODIFIED && call.method == Method::GET {
            let cache = self.cache();
            let Some(kept) = cache.get(address) else {
                return Err(protocol(call, "\"not modified\" to a question not asked"));
            };
            return Ok(Reply {
                address: address.to_owned(),
                headers: kept.headers.clone(),
                body: kept.body.clone(),
            });
        }
        if !status.is_success() {
            return Err(answer::refusal(call.doing, status, &headers, &body));
        }
        if call.method == Method::GET {
            self.keep(address, &headers, &body);
        }
        Ok(Reply { address: address.to_owned(), headers, body })
    }

    fn keep(&self, address: &str, headers: &HeaderMap, body: &Bytes) {
        let mut cache = self.cache();
        match headers.get(ETAG) {
            Some(etag) => {
                let mut links = HeaderMap::new();
                for link in headers.get_all(LINK) {
                    links.append(LINK, link.clone());
                }
                let kept = Kept { etag: etag.clone(), body: body.clone(), headers: links };
                cache.put(address, kept);
            }
            None => cache.remove(address),
        }
    }

    pub(crate) fn decoded<T: DeserializeOwned>(
        &self,
        call: &Call<'_>,
        reply: &Reply,
    ) -> Result<T, Failed> {
        serde_json::from_slice(&reply.body).map_err(|error| {
            // Or GitHub would say "not modified" of it for ever.
            self.cache().remove(&reply.address);
            let what = shown(&error.to_string(), 200);
            bad_answer(call, &format!("the answer is not as GitHub documents it: {what}"))
        })
    }

    fn jittered(&self, attempt: u32) -> Duration {
        let chance = self.random.lock().unwrap_or_else(PoisonError::into_inner).f64();
        self.backoff.wait(attempt, chance)
    }

    fn cache(&self) -> std::sync::MutexGuard<'_, Cache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, event: &Event) {
        if let Some(observer) = &self.observer {
            observer(event);
        }
    }
}

/// An answer that cannot be used, where nothing was changed.
fn protocol(call: &Call<'_>, what: &str) -> GitHubError {
    GitHubError::Protocol {
        doing: call.doing.to_owned(),
        what: what.to_owned(),
        outcome: Outcome::NothingDone,
    }
}

/// An answer that cannot be used, to a request that may have done its work.
fn bad_answer(call: &Call<'_>, what: &str) -> Failed {
    let unsure = call.method != Method::GET;
    let error = GitHubError::Protocol {
        doing: call.doing.to_owned(),
        what: what.to_owned(),
        outcome: if unsure { Outcome::Unknown } else { Outcome::NothingDone },
    };
    Failed { error, unsure }
}

fn is_json_or_empty(body: &[u8]) -> bool {
    body.is_empty() || serde_json::from_slice::<serde::de::IgnoredAny>(body).is_ok()
}

/// A fault that may be gone the next time.
struct Passing {
    reason: String,
    outcome: Outcome,
    /// The least wait that the server asks for.
    least: Duration,
}

/// Faults of the server that GitHub shows now and then. 501 and the like do not pass.
fn may_pass(status: StatusCode) -> bool {
    matches!(status.as_u16(), 500 | 502 | 503 | 504)
}

fn limited(call: &Call<'_>, until: SystemTime, limit: Limit) -> GitHubError {
    GitHubError::RateLimited { doing: call.doing.to_owned(), until, limit }
}
