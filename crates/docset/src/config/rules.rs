//! What the configuration says about one rule.

use std::fmt;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, MapAccess, Visitor};

use crate::diagnostic::Severity;

/// How a rule is graded: a severity, or not at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase", rename = "severity")]
pub enum Level {
    /// The rule does not run.
    Off,
    /// Worth knowing; never fails a run.
    Note,
    /// Fails a run only past `--max-warnings`.
    Warning,
    /// Fails the run.
    Error,
}

impl Level {
    /// The severity, or `None` for a rule that is off.
    #[must_use]
    pub const fn severity(self) -> Option<Severity> {
        match self {
            Self::Off => None,
            Self::Note => Some(Severity::Note),
            Self::Warning => Some(Severity::Warning),
            Self::Error => Some(Severity::Error),
        }
    }
}

/// What the configuration says about one rule.
///
/// Written as a severity alone (`document-too-long: off`) or as a mapping.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleSetting {
    /// The grade; `None` for the rule's own.
    pub severity: Option<Level>,
    /// Globs of the only documents that the rule looks at; empty for all.
    pub only: Vec<String>,
    /// Globs of documents that the rule does not look at.
    pub except: Vec<String>,
    /// Options of single rules.
    pub options: RuleOptions,
}

/// Options that single rules have; `docset explain <rule>` names them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleOptions {
    /// Regular expressions (`left-over-placeholder`, `malformed-id`).
    pub patterns: Vec<String>,
    /// File name extensions without the dot (`broken-link`).
    pub extensions: Option<Vec<String>>,
    /// Names (`unknown-key`, `missing-summary`).
    pub names: Vec<String>,
}

/// The mapping form.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
#[derive(Default)]
struct RuleTable {
    /// The grade; the rule's own if left out.
    severity: Option<Level>,
    /// Globs of the only documents that the rule looks at.
    only: Vec<String>,
    /// Globs of documents that the rule does not look at.
    except: Vec<String>,
    /// Regular expressions (`left-over-placeholder`, `malformed-id`).
    patterns: Vec<String>,
    /// File name extensions without the dot (`broken-link`).
    extensions: Option<Vec<String>>,
    /// Names (`unknown-key`, `missing-summary`).
    names: Vec<String>,
}

impl<'de> Deserialize<'de> for RuleSetting {
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct SettingVisitor;

        impl<'de> Visitor<'de> for SettingVisitor {
            type Value = RuleSetting;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("`off`, `note`, `warning`, `error` or a mapping")
            }

            fn visit_str<E: de::Error>(self, level: &str) -> Result<RuleSetting, E> {
                let level = Level::deserialize(de::value::StrDeserializer::new(level))?;
                Ok(RuleSetting { severity: Some(level), ..RuleSetting::default() })
            }

            fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<RuleSetting, M::Error> {
                let table = RuleTable::deserialize(MapAccessDeserializer::new(map))?;
                Ok(RuleSetting {
                    severity: table.severity,
                    only: table.only,
                    except: table.except,
                    options: RuleOptions {
                        patterns: table.patterns,
                        extensions: table.extensions,
                        names: table.names,
                    },
                })
            }
        }

        deserializer.deserialize_any(SettingVisitor)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for RuleSetting {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "RuleSetting".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let level = generator.subschema_for::<Level>();
        let table = generator.subschema_for::<RuleTable>();
        schemars::json_schema!({ "anyOf": [level, table] })
    }
}
