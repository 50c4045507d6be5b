//! What goes wrong, when, and how often.

use std::collections::VecDeque;
use std::time::Duration;

/// Something that goes wrong with a request.
///
/// A fault by itself hits the next request, before it has an effect. The methods narrow that
/// down: `Fault::BadGateway.after().on("POST", "/repos/*/*/labels").nth(2)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// 500 with a page in HTML.
    InternalError,
    /// 502 with a page in HTML.
    BadGateway,
    /// 503 with a page in HTML.
    Unavailable,
    /// 403 with `x-ratelimit-remaining: 0`. Further requests with the token are refused too,
    /// until the limit is reset after this time. The header has whole seconds, rounded up. With
    /// zero, one request is refused, and the limit is reset at once.
    RateLimit {
        /// Until the limit is reset.
        reset: Duration,
    },
    /// A limit on too much at once: 403 or 429, and how long to wait.
    SecondaryRateLimit {
        /// 403 or 429; GitHub uses both.
        status: u16,
        /// `retry-after`, in whole seconds, rounded up. GitHub does not always send it.
        retry_after: Option<Duration>,
    },
    /// The reply comes after this time, and is right.
    Slow(Duration),
    /// The connection is closed in the middle of the body.
    Torn,
    /// The connection is reset without a reply.
    Reset,
    /// The connection is reset, and for this time connections are refused.
    Offline(Duration),
    /// The reply says that it is JSON and is not.
    MalformedJson,
    /// The reply sends the client somewhere else.
    Redirect {
        /// 301, 302, 307 or 308.
        status: u16,
        /// Where to.
        location: String,
    },
    /// Any other reply, said to be JSON.
    Reply {
        /// Its status.
        status: u16,
        /// Its body.
        body: String,
    },
}

/// Whether a fault comes before or after the request had its effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Nothing happened.
    Before,
    /// The effect took place; the client does not get to know.
    After,
}

/// A fault and the requests that it hits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultRule {
    pub(crate) fault: Fault,
    pub(crate) moment: Moment,
    on: Option<(String, String)>,
    /// How many fitting requests get by first.
    skip: u32,
    /// How many are hit then.
    times: u32,
}

impl Fault {
    /// After the request had its effect. Rate limits always come before.
    #[must_use]
    pub fn after(self) -> FaultRule {
        FaultRule::from(self).after()
    }

    /// Only on requests with this method (`*` for any) and a path that fits. In the pattern, `*`
    /// stands for one segment, and `**` at the end for any number. Paths are compared as sent.
    #[must_use]
    pub fn on(self, method: &str, path: &str) -> FaultRule {
        FaultRule::from(self).on(method, path)
    }

    /// On the n-th fitting request, counted from 1.
    #[must_use]
    pub fn nth(self, n: u32) -> FaultRule {
        FaultRule::from(self).nth(n)
    }

    /// On as many fitting requests in a row.
    #[must_use]
    pub fn times(self, times: u32) -> FaultRule {
        FaultRule::from(self).times(times)
    }

    /// On every fitting request.
    #[must_use]
    pub fn always(self) -> FaultRule {
        FaultRule::from(self).always()
    }

    /// Refused requests have no effect, so there is no after.
    fn is_refusal(&self) -> bool {
        matches!(self, Self::RateLimit { .. } | Self::SecondaryRateLimit { .. })
    }
}

impl From<Fault> for FaultRule {
    fn from(fault: Fault) -> Self {
        Self { fault, moment: Moment::Before, on: None, skip: 0, times: 1 }
    }
}

impl FaultRule {
    /// See [`Fault::after`].
    #[must_use]
    pub fn after(mut self) -> Self {
        if !self.fault.is_refusal() {
            self.moment = Moment::After;
        }
        self
    }

    /// See [`Fault::on`].
    #[must_use]
    pub fn on(mut self, method: &str, path: &str) -> Self {
        self.on = Some((method.to_owned(), path.to_owned()));
        self
    }

    /// See [`Fault::nth`].
    #[must_use]
    pub fn nth(mut self, n: u32) -> Self {
        self.skip = n.saturating_sub(1);
        self
    }

    /// See [`Fault::times`].
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = times;
        self
    }

    /// See [`Fault::always`].
    #[must_use]
    pub fn always(mut self) -> Self {
        self.times = u32::MAX;
        self
    }

    fn fits(&self, method: &str, path: &str) -> bool {
        self.on.as_ref().is_none_or(|(of, pattern)| {
            (of == "*" || of.eq_ignore_ascii_case(method)) && path_fits(pattern, path)
        })
    }
}

/// Faults for many requests.
#[derive(Debug, Clone)]
pub struct FaultPlan(Plan);

#[derive(Debug, Clone)]
enum Plan {
    Rules(Vec<FaultRule>),
    Sequence(VecDeque<Option<FaultRule>>),
    Random { random: Random, one_in: u64, left: u32, kinds: Vec<Fault> },
}

impl FaultPlan {
    /// Nothing goes wrong.
    #[must_use]
    pub fn none() -> Self {
        Self(Plan::Rules(Vec::new()))
    }

    /// Rules that stand side by side. Each counts the requests that fit it; the first one whose
    /// turn it is strikes.
    pub fn rules(rules: impl IntoIterator<Item = impl Into<FaultRule>>) -> Self {
        Self(Plan::Rules(rules.into_iter().map(Into::into).collect()))
    }

    /// One entry per request, in order; `None` lets it pass, and so does the end. A property
    /// test that makes such a list shrinks to the faults that matter.
    pub fn sequence(faults: impl IntoIterator<Item = Option<FaultRule>>) -> Self {
        Self(Plan::Sequence(faults.into_iter().collect()))
    }

    /// Faults by chance, the same ones for the same seed and requests: one request in four, of
    /// every kind that costs no time, until [`at_most`](Self::at_most) have struck (100 unless
    /// told).
    #[must_use]
    pub fn random(seed: u64) -> Self {
        let now = Duration::ZERO;
        let kinds = vec![
            Fault::InternalError,
            Fault::BadGateway,
            Fault::Unavailable,
            Fault::RateLimit { reset: now },
            Fault::SecondaryRateLimit { status: 403, retry_after: Some(now) },
            Fault::SecondaryRateLimit { status: 429, retry_after: Some(now) },
            Fault::Slow(Duration::from_millis(1)),
            Fault::Torn,
            Fault::Reset,
            Fault::MalformedJson,
        ];
        Self(Plan::Random { random: Random(seed), one_in: 4, left: 100, kinds })
    }

    /// Of a random plan: how rare faults are. Other plans do not change.
    #[must_use]
    pub fn one_in(mut self, requests: u64) -> Self {
        if let Plan::Random { one_in, .. } = &mut self.0 {
            *one_in = requests.max(1);
        }
        self
    }

    /// Of a random plan: how many faults there are at all. Other plans do not change.
    #[must_use]
    pub fn at_most(mut self, faults: u32) -> Self {
        if let Plan::Random { left, .. } = &mut self.0 {
            *left = faults;
        }
        self
    }

    /// Of a random plan: the faults to choose from. Other plans do not change.
    #[must_use]
    pub fn of(mut self, faults: impl IntoIterator<Item = Fault>) -> Self {
        if let Plan::Random { kinds, .. } = &mut self.0 {
            *kinds = faults.into_iter().collect();
        }
        self
    }

    /// The fault that strikes the next request.
    fn draw(&mut self, method: &str, path: &str) -> Option<FaultRule> {
        match &mut self.0 {
            Plan::Rules(rules) => draw(rules, method, path),
            Plan::Sequence(faults) => {
                faults.pop_front().flatten().filter(|rule| rule.fits(method, path))
            }
            Plan::Random { random, one_in, left, kinds } => {
                if *left == 0 || kinds.is_empty() || random.below(*one_in) != 0 {
                    return None;
                }
                *left -= 1;
                let rule =
                    FaultRule::from(kinds[random.below(kinds.len() as u64) as usize].clone());
                Some(if random.below(2) == 0 { rule } else { rule.after() })
            }
        }
    }
}

/// Counts the request against every rule and gives the first one that strikes.
fn draw(rules: &mut Vec<FaultRule>, method: &str, path: &str) -> Option<FaultRule> {
    let mut drawn = None;
    for rule in rules.iter_mut().filter(|rule| rule.fits(method, path)) {
        if rule.skip > 0 {
            rule.skip -= 1;
        } else if drawn.is_none() {
            drawn = Some(rule.clone());
            if rule.times != u32::MAX {
                rule.times -= 1;
            }
        }
    }
    rules.retain(|rule| rule.times > 0);
    drawn
}

/// The faults of one fake: those of single requests come before the plan.
#[derive(Debug)]
pub(crate) struct Faults {
    pub(crate) next: Vec<FaultRule>,
    pub(crate) plan: FaultPlan,
}

impl Faults {
    pub(crate) fn new() -> Self {
        Self { next: Vec::new(), plan: FaultPlan::none() }
    }

    pub(crate) fn draw(&mut self, method: &str, path: &str) -> Option<FaultRule> {
        draw(&mut self.next, method, path).or_else(|| self.plan.draw(method, path))
    }
}

/// Whether a path fits a pattern: `*` stands for one segment, `**` at the end for any number.
pub(crate) fn path_fits(pattern: &str, path: &str) -> bool {
    let mut path = path.trim_start_matches('/').split('/');
    for part in pattern.trim_start_matches('/').split('/') {
        match (part, path.next()) {
            ("**", _) => return true,
            ("*", Some(_)) => {}
            (part, Some(segment)) if part == segment => {}
            _ => return false,
        }
    }
    path.next().is_none()
}

/// SplitMix64, by Sebastiano Vigna: small, and the same everywhere.
/// <https://prng.di.unimi.it/splitmix64.c>
#[derive(Debug, Clone)]
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_stands_for_segments_not_for_letters() {
        assert!(path_fits("/repos/*/*/labels", "/repos/acme/product/labels"));
        assert!(!path_fits("/repos/*/*/labels", "/repos/acme/product/labels/bug"));
        assert!(path_fits("/repos/**", "/repos/acme/product/labels/bug"));
        assert!(!path_fits("/repos/*/labels", "/repos/acme/product/labels"));
    }

    #[test]
    fn the_n_th_fitting_request_is_hit_and_the_others_are_not() {
        let mut plan = FaultPlan::rules([Fault::Torn.on("GET", "/a").nth(2)]);
        let hits: Vec<bool> =
            ["/a", "/b", "/a", "/a"].iter().map(|path| plan.draw("GET", path).is_some()).collect();
        assert_eq!(hits, [false, false, true, false]);
    }

    #[test]
    fn a_seed_gives_the_same_faults_again_and_no_more_than_agreed() {
        let run = |seed| {
            let mut plan = FaultPlan::random(seed).one_in(3).at_most(5);
            (0..100).map(|_| plan.draw("GET", "/a")).collect::<Vec<_>>()
        };
        assert_eq!(run(7), run(7));
        assert_ne!(run(7), run(8));
        assert_eq!(run(7).iter().flatten().count(), 5);
    }

    #[test]
    fn a_refusal_never_comes_after_the_effect() {
        let rule = Fault::RateLimit { reset: Duration::ZERO }.after();
        assert_eq!(rule.moment, Moment::Before);
    }
}
