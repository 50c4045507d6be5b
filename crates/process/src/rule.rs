//! Rules: who needs whose approval for what.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize, Serializer};

use crate::{Effect, Place};

/// A rule with its names resolved.
#[derive(Clone, Debug, Serialize)]
pub struct Rule {
    /// Whom it is about.
    pub who: Vec<Who>,
    /// The operations that it is about, wildcards resolved, sorted.
    pub operations: Vec<String>,
    /// What must hold, by the name of the fact.
    pub when: BTreeMap<String, Condition>,
    /// What must not hold, by the name of the fact.
    pub unless: BTreeMap<String, Condition>,
    /// What it decides.
    pub decide: Ruling,
    /// Why it is there, in half a sentence.
    pub because: String,
    /// What to do about its verdict; may name facts in braces.
    pub remedy: Option<String>,
    /// Where it is written.
    #[serde(skip)]
    pub place: Place,
}

/// Who asks, as rules speak of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase", rename = "kind of actor")]
pub enum Who {
    /// An owner, verified.
    Owner,
    /// Somebody to whom an owner has delegated what is asked for, verified.
    Delegate,
    /// Any other person, verified.
    Human,
    /// An agent or app, verified.
    Agent,
    /// A workflow, verified.
    Workflow,
    /// Somebody whose identity nobody has verified.
    Unknown,
}

impl Who {
    /// Everybody.
    pub const ALL: [Self; 6] =
        [Self::Owner, Self::Delegate, Self::Human, Self::Agent, Self::Workflow, Self::Unknown];

    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Delegate => "delegate",
            Self::Human => "human",
            Self::Agent => "agent",
            Self::Workflow => "workflow",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Who {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

/// What is asked of a fact.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    untagged,
    expecting = "expected a list of values, `{given: true}`, or `{at_least: …, at_most: …}`"
)]
pub enum Condition {
    /// It is one of these.
    OneOf(Vec<Value>),
    /// It is given, or is not.
    Given(Given),
    /// It is a number between these.
    Range(Range),
}

/// Whether a fact is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// Whether it is given.
    pub given: bool,
}

/// Bounds, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// The smallest number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<i64>,
    /// The largest number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<i64>,
}

/// A single value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged, expecting = "expected a text, a whole number, `true` or `false`")]
pub enum Value {
    /// `true` or `false`.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// A text.
    Text(String),
}

impl fmt::Display for Value {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag) => write!(formatter, "{flag}"),
            Self::Number(number) => write!(formatter, "{number}"),
            Self::Text(text) => formatter.write_str(text),
        }
    }
}

/// What a rule decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Ruling {
    /// It may be done.
    Allow,
    /// It may be done once this approval is there.
    Approval(Approval),
    /// It may not be done.
    Deny,
}

/// Whose approval is needed, and how it ages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Approval {
    /// Who may approve: `owner` stands for all owners and, for what is delegated, their
    /// delegates; anything else is the login of a person.
    pub by: Vec<String>,
    /// How many of them must.
    pub quorum: u32,
    /// How long a request and an approval count.
    #[serde(serialize_with = "seconds")]
    pub expires: Duration,
}

fn seconds<S: Serializer>(span: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(span.as_secs())
}

/// What a rule decides, as written: `allow`, `deny`, or `approval: {…}`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged, expecting = "expected `allow`, `deny`, or `{approval: {by: [owner]}}`")]
pub enum DecideConfig {
    /// Without conditions.
    Plain(Plain),
    /// With an approval.
    Approval {
        /// Whose.
        approval: ApprovalConfig,
    },
}

/// A decision without conditions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase", rename = "decision")]
pub enum Plain {
    /// It may be done.
    Allow,
    /// It may not be done.
    Deny,
}

/// Whose approval is needed, as written.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct ApprovalConfig {
    /// Who may approve: `owner`, or logins of people. Default: `[owner]`.
    pub by: Vec<String>,
    /// How many of them must. Default: 1.
    pub quorum: u32,
    /// How long a request and an approval count, as `24h` or `15m`. Default: `24h`.
    pub expires: String,
}

impl Default for ApprovalConfig {
    fn default() -> Self {
        Self { by: vec!["owner".to_owned()], quorum: 1, expires: "24h".to_owned() }
    }
}

/// The facts that rules may ask for, besides `arguments.NAME` (what the caller says) and
/// `context.NAME` (what is known).
pub(crate) const FACTS: [&str; 11] = [
    "actor.permission",
    "actor.role",
    "actor.session",
    "issue.blocked",
    "issue.open_input",
    "issue.profile",
    "issue.stage",
    "label.action",
    "label.class",
    "label.name",
    "role_in_stage",
];

/// Whether rules may ask for the fact.
pub(crate) fn is_fact(name: &str) -> bool {
    let named = |prefix| name.strip_prefix(prefix).is_some_and(|name: &str| !name.is_empty());
    FACTS.contains(&name) || named("arguments.") || named("context.")
}

/// The operations of `known` that `pattern` stands for.
pub(crate) fn matching<'k>(
    pattern: &str,
    known: impl Iterator<Item = (&'k String, Effect)>,
) -> Vec<String> {
    let is_match = |name: &str| match pattern.strip_suffix('*') {
        Some(head) => name.starts_with(head),
        None => name == pattern,
    };
    known.map(|(name, _)| name).filter(|name| is_match(name)).cloned().collect()
}
