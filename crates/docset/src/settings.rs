//! The configuration made ready to use: globs and expressions compiled, every
//! rule with its level.

use std::path::Path;

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};
use regex::Regex;

use crate::catalogue::Catalogue;
use crate::config::{ConfigError, DocsConfig, RuleOptions};
use crate::diagnostic::Severity;
use crate::rule::{self, RULES};

/// What rules run with.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) catalogue: Catalogue,
    pub(crate) exclude: GlobSet,
    pub(crate) plain: GlobSet,
    rules: Vec<RuleState>,
}

/// One rule: parallel to [`RULES`].
#[derive(Debug)]
struct RuleState {
    severity: Option<Severity>,
    only: Option<GlobSet>,
    except: Option<GlobSet>,
    options: RuleOptions,
    patterns: Vec<Regex>,
}

/// Why settings cannot be made of a configuration.
pub(crate) struct SettingsError {
    route: Vec<String>,
    /// Whether the key itself is wrong, not its value.
    at_key: bool,
    message: String,
    help: String,
}

impl Settings {
    pub(crate) fn new(config: &DocsConfig) -> Result<Self, SettingsError> {
        let catalogue = Catalogue::new(config).map_err(|error| SettingsError {
            route: error.route,
            at_key: false,
            message: error.message,
            help: error.help,
        })?;
        if let Some(id) = config.rules.keys().find(|id| rule::index(id).is_none()) {
            let known = RULES.iter().map(|rule| rule.id);
            return Err(SettingsError {
                route: vec!["rules".to_owned(), id.clone()],
                at_key: true,
                message: format!("there is no rule `{id}`"),
                help: crate::nearest::suggestion(id, known),
            });
        }
        // The configuration may come from a stranger, and the file is written to.
        let outside = |path: &&String| {
            Path::new(path).is_absolute() || crate::tree::resolve("", path).is_none()
        };
        if let Some(path) = config.baseline.as_ref().filter(outside) {
            return Err(SettingsError {
                route: vec!["baseline".to_owned()],
                at_key: false,
                message: format!("the baseline `{path}` is outside of the repository"),
                help: "name a file of the repository, from its root".to_owned(),
            });
        }
        if !crate::tree::is_plain_name(&config.language) {
            return Err(SettingsError {
                route: vec!["language".to_owned()],
                at_key: false,
                message: format!("`{}` is no language", config.language),
                help: "write its code, such as `en` or `ru`".to_owned(),
            });
        }
        let rules = RULES.iter().map(|rule| state(rule, config)).collect::<Result<_, _>>()?;
        // An include that is a plain folder needs no glob; checking all alike
        // finds a bad one early.
        glob_set(&config.include, &["include"])?;
        Ok(Self {
            catalogue,
            exclude: glob_set(&config.exclude, &["exclude"])?,
            plain: glob_set(&config.plain, &["plain"])?,
            rules,
        })
    }

    /// The severity of the rule at `index` where it runs; `None` if it is off.
    pub(crate) fn level(&self, index: usize) -> Option<Severity> {
        self.rules[index].severity
    }

    /// The severity of the rule at `index` for the document at `path`; `None` if
    /// it does not run there.
    pub(crate) fn severity(&self, index: usize, path: &str) -> Option<Severity> {
        let state = &self.rules[index];
        let severity = state.severity?;
        let wanted = state.only.as_ref().is_none_or(|globs| globs.is_match(path))
            && !state.except.as_ref().is_some_and(|globs| globs.is_match(path));
        wanted.then_some(severity)
    }

    pub(crate) fn options(&self, index: usize) -> &RuleOptions {
        &self.rules[index].options
    }

    pub(crate) fn patterns(&self, index: usize) -> &[Regex] {
        &self.rules[index].patterns
    }
}

fn state(rule: &rule::Rule, config: &DocsConfig) -> Result<RuleState, SettingsError> {
    let setting = config.rules.get(rule.id).cloned().unwrap_or_default();
    let globs = |list: &[String], key| {
        let set = glob_set(list, &["rules", rule.id, key])?;
        Ok((!list.is_empty()).then_some(set))
    };
    let given = [
        ("patterns", !setting.options.patterns.is_empty()),
        ("extensions", setting.options.extensions.is_some()),
        ("names", !setting.options.names.is_empty()),
    ];
    for (option, given) in given {
        if given && !rule.options.contains(&option) {
            let help = match rule.options {
                [] => format!("`{}` has no options of its own", rule.id),
                known => format!("`{}` knows {}", rule.id, known.join(", ")),
            };
            return Err(SettingsError {
                route: ["rules", rule.id, option].map(str::to_owned).to_vec(),
                at_key: true,
                message: format!("the rule `{}` has no option `{option}`", rule.id),
                help,
            });
        }
    }
    let patterns = setting.options.patterns.iter().enumerate().map(|(at, pattern)| {
        Regex::new(pattern).map_err(|error| SettingsError {
            route: ["rules", rule.id, "patterns", &at.to_string()].map(str::to_owned).to_vec(),
            at_key: false,
            message: format!("`{pattern}` is no regular expression"),
            help: fault_of(&error),
        })
    });
    Ok(RuleState {
        severity: setting.severity.map_or(Some(rule.severity), crate::config::Level::severity),
        only: globs(&setting.only, "only")?,
        except: globs(&setting.except, "except")?,
        patterns: patterns.collect::<Result<_, _>>()?,
        options: setting.options,
    })
}

/// What is wrong with a regular expression, without the drawing around it.
fn fault_of(error: &regex::Error) -> String {
    let text = error.to_string();
    let last = text.lines().last().unwrap_or_default().trim();
    last.strip_prefix("error: ").unwrap_or(last).to_owned()
}

/// A glob as the configuration means it: `*` stays inside a folder, and a folder
/// stands for all that is in it.
pub(crate) fn glob(pattern: &str) -> Result<[Glob; 2], globset::Error> {
    let pattern = pattern.trim_start_matches("./").trim_end_matches('/');
    let build = |pattern: &str| GlobBuilder::new(pattern).literal_separator(true).build();
    Ok([build(pattern)?, build(&format!("{pattern}/**"))?])
}

fn glob_set(patterns: &[String], route: &[&str]) -> Result<GlobSet, SettingsError> {
    let mut builder = GlobSetBuilder::new();
    for (at, pattern) in patterns.iter().enumerate() {
        let globs = glob(pattern).map_err(|error| SettingsError {
            route: route.iter().map(|key| (*key).to_owned()).chain([at.to_string()]).collect(),
            at_key: false,
            message: format!("`{pattern}` is no glob"),
            help: error.kind().to_string(),
        })?;
        for glob in globs {
            builder.add(glob);
        }
    }
    builder.build().map_err(|error| SettingsError {
        route: route.iter().map(|key| (*key).to_owned()).collect(),
        at_key: false,
        message: "these globs are too much together".to_owned(),
        help: error.to_string(),
    })
}

/// Whether `config`, read from `located`, can be used at all.
pub(crate) fn validate(
    config: &DocsConfig,
    located: &countersign_config::Located<'_>,
) -> Result<(), ConfigError> {
    Settings::new(config).map(drop).map_err(|error| {
        let route: Vec<&str> =
            ["docs"].into_iter().chain(error.route.iter().map(String::as_str)).collect();
        located.error(&route, error.at_key, &error.message, &error.help)
    })
}

impl From<SettingsError> for ConfigError {
    /// For a configuration that was built in memory: there is no line to name.
    fn from(error: SettingsError) -> Self {
        Self::Invalid {
            path: format!("docs: {}", error.route.join(": ")),
            line: 1,
            column: 1,
            message: error.message,
            help: error.help,
        }
    }
}
