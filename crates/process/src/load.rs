//! From the text of a `countersign.yaml` to a [`Process`].

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use countersign_config::{CONFIG_FILE, ConfigError, ConfigFile, Located};
use countersign_markup::nearest::suggestion;

use crate::config::{
    AuditConfig, Entries, ProcessConfig, RoleConfig, RuleConfig, StageConfig, TitleConfig,
};
use crate::defect::Defect;
use crate::owner::DelegationConfig;
use crate::rule::{self, Plain};
use crate::{
    Account, Approval, AuditRule, Condition, DecideConfig, Delegation, Effect, Needs, Operation,
    Place, Process, Produces, Role, Rule, Ruling, Severity, Stage, Step, Title, Trigger, time,
};

/// The text of the default process: a `countersign.yaml` that says it all.
pub const DEFAULT: &str = include_str!("process.yaml");
/// What it is called where something is said of it.
pub const DEFAULT_PATH: &str = "process.yaml";
/// The key of the configuration.
const SECTION: &str = "process";

impl Default for Process {
    fn default() -> Self {
        match Self::parse(CONFIG_FILE, "") {
            Ok(process) => process,
            // Compiled in, and read by every test: a fault here is never a user's.
            Err(error) => unreachable!("the default process is broken: {error}"),
        }
    }
}

impl Process {
    /// The process of the repository at `root`: the default with what `process:` of its
    /// `countersign.yaml` changes.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] for the first thing that is wrong with the file.
    pub fn load(root: &Path) -> Result<Self, ConfigError> {
        Self::read(&ConfigFile::load(root)?, CONFIG_FILE)
    }

    /// The process of a repository whose `countersign.yaml` has this text; `path` is for
    /// messages.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Invalid`] for the first thing that is wrong.
    pub fn parse(path: &str, text: &str) -> Result<Self, ConfigError> {
        Self::read(&ConfigFile::new(path, text), path)
    }

    fn read(file: &ConfigFile, path: &str) -> Result<Self, ConfigError> {
        let mut places = Places::default();
        let mut config: ProcessConfig =
            ConfigFile::new(DEFAULT_PATH, DEFAULT).section(SECTION, |config, located| {
                places.collect(DEFAULT_PATH, config, located);
                Ok(())
            })?;
        let mut process = None;
        let _: ProcessConfig = file.section(SECTION, |changes: &ProcessConfig, located| {
            places.collect(path, changes, located);
            config.apply(changes.clone());
            match resolve(config, &places) {
                Ok(resolved) => {
                    process = Some(resolved);
                    Ok(())
                }
                Err(defect) => {
                    let defect = places.explain(defect);
                    let route: Vec<&str> = [SECTION]
                        .into_iter()
                        .chain(defect.route.iter().map(String::as_str))
                        .collect();
                    Err(located.error(&route, false, &defect.message, &defect.help))
                }
            }
        })?;
        // `section` calls its closure once, or fails.
        process.ok_or_else(|| {
            ConfigError::in_memory(&[SECTION], "internal error: the section was not read", "")
        })
    }
}

/// Where entries are written, by the keys that lead to them; the adopter's file goes
/// over the default.
#[derive(Debug, Default)]
struct Places(BTreeMap<(&'static str, String), Place>);

impl Places {
    fn collect(&mut self, path: &str, config: &ProcessConfig, located: &Located<'_>) {
        let path: Arc<str> = path.into();
        let delegations = config.delegations.iter().flatten().enumerate();
        let numbers: Vec<String> = delegations.map(|(at, _)| at.to_string()).collect();
        let group = |group: &'static str, names: Vec<&String>| {
            names.into_iter().map(move |name| (group, name.clone())).collect::<Vec<_>>()
        };
        let entries = [
            group("roles", config.roles.keys().collect()),
            group("stages", config.stages.keys().collect()),
            group("profiles", config.profiles.keys().collect()),
            group("rules", config.rules.keys().collect()),
            group("audit", config.audit.keys().collect()),
            group("delegations", numbers.iter().collect()),
        ]
        .concat();
        let routes = entries.iter().map(|(group, name)| [SECTION, *group, name.as_str()]);
        let positions = located.positions(routes, true);
        for (entry, position) in entries.into_iter().zip(positions) {
            let (line, column) = (position.line, position.column);
            self.0.insert(entry, Place { path: Arc::clone(&path), line, column });
        }
    }

    /// Says of a fault in an entry of the default, which the adopter's file does not hold,
    /// where it is: something that the entry speaks of was taken away.
    fn explain(&self, defect: Defect) -> Defect {
        let inherited = match defect.route.as_slice() {
            [group, name, ..] => self.0.iter().any(|((known, entry), place)| {
                known == group && entry == name && &*place.path == DEFAULT_PATH
            }),
            _ => false,
        };
        if !inherited {
            return defect;
        }
        let entry = defect.route.join(": ");
        Defect {
            message: format!("{}, which `{entry}` of the default process names", defect.message),
            help: format!("{}; or change that entry, too", defect.help),
            ..defect
        }
    }

    fn of(&self, group: &'static str, name: &str) -> Place {
        // Every entry of a configuration was collected before.
        self.0.get(&(group, name.to_owned())).cloned().unwrap_or_else(|| Place {
            path: DEFAULT_PATH.into(),
            line: 1,
            column: 1,
        })
    }
}

/// The entries that nobody took away.
fn present<T>(entries: Entries<T>) -> impl Iterator<Item = (String, T)> {
    entries.into_iter().filter_map(|(name, entry)| Some((name, entry?)))
}

fn title(config: Option<TitleConfig>, name: &str) -> Title {
    let config = config.unwrap_or_default();
    let en = config.en.unwrap_or_else(|| name.to_owned());
    Title { ru: config.ru.unwrap_or_else(|| en.clone()), en }
}

fn resolve(config: ProcessConfig, places: &Places) -> Result<Process, Defect> {
    let paths: BTreeMap<String, Vec<String>> = present(config.paths).collect();
    let things: BTreeMap<String, Title> = present(config.things)
        .map(|(name, thing)| (name.clone(), title(Some(thing), &name)))
        .collect();
    let roles: BTreeMap<String, Role> = present(config.roles)
        .map(|(name, role)| Ok((name.clone(), self::role(&name, role, places)?)))
        .collect::<Result<_, Defect>>()?;
    let operations: BTreeMap<String, Operation> = present(config.operations)
        .map(|(name, operation)| {
            let Some(effect) = operation.effect else {
                let known: Vec<&str> = Effect::ALL.iter().map(|effect| effect.as_str()).collect();
                return Err(Defect::new(
                    &["operations", &name],
                    format!("the operation `{name}` does not say what it can bring about"),
                    format!("add `effect:` with one of {}", known.join(", ")),
                ));
            };
            let words = TitleConfig { en: operation.en, ru: operation.ru };
            Ok((name.clone(), Operation { effect, title: title(Some(words), &name) }))
        })
        .collect::<Result<_, Defect>>()?;
    let stages: BTreeMap<String, Stage> = present(config.stages)
        .map(|(name, config)| Ok((name.clone(), stage(&name, config, &roles, places)?)))
        .collect::<Result<_, Defect>>()?;
    let rules: BTreeMap<String, Rule> = present(config.rules)
        .map(|(name, config)| Ok((name.clone(), rule(&name, config, &operations, places)?)))
        .collect::<Result<_, Defect>>()?;
    let audit: BTreeMap<String, AuditRule> = present(config.audit)
        .map(|(name, config)| Ok((name.clone(), audit_rule(&name, config, places)?)))
        .collect::<Result<_, Defect>>()?;
    let delegations = config.delegations.unwrap_or_default();
    let delegations = delegations.into_iter().enumerate();
    let delegations = delegations.map(|(at, config)| delegation(at, config, &operations, places));
    let profiles: BTreeMap<String, Vec<String>> = present(config.profiles).collect();
    let profile_places =
        profiles.keys().map(|name| (name.clone(), places.of("profiles", name))).collect();
    let process = Process {
        owners: config.owners.unwrap_or_default(),
        delegations: delegations.collect::<Result<_, _>>()?,
        paths,
        things,
        roles,
        stages,
        default_profile: config.default_profile.unwrap_or_default(),
        profiles,
        operations,
        rules,
        audit,
        profile_places,
    };
    validate(&process)?;
    Ok(process)
}

fn audit_rule(name: &str, config: AuditConfig, places: &Places) -> Result<AuditRule, Defect> {
    let changed = config.changed.unwrap_or_default();
    let needs = config.needs.unwrap_or_default();
    for (key, list) in [("changed", &changed), ("needs", &needs)] {
        if list.is_empty() {
            return Err(Defect::new(
                &["audit", name],
                format!("the audit rule `{name}` has no `{key}`"),
                "say which files, by glob, and which types of documents they need",
            ));
        }
    }
    Ok(AuditRule {
        changed,
        except: config.except.unwrap_or_default(),
        needs,
        severity: config.severity.unwrap_or(Severity::Major),
        because: title(config.because, name),
        place: places.of("audit", name),
    })
}

fn role(name: &str, config: RoleConfig, places: &Places) -> Result<Role, Defect> {
    let human = config.human.unwrap_or_default();
    if config.access.as_ref().is_some_and(|access| access.run_modes.is_empty()) {
        return Err(Defect::new(
            &["roles", name, "access", "run_modes"],
            format!("agents of the role `{name}` are run in no way at all"),
            "name `full-env`, `code-only` or both",
        ));
    }
    Ok(Role {
        title: title(config.title, name),
        human,
        label: config.label,
        responsibilities: present(config.responsibilities).collect(),
        access: config.access,
        place: places.of("roles", name),
    })
}

fn stage(
    name: &str,
    config: StageConfig,
    roles: &BTreeMap<String, Role>,
    places: &Places,
) -> Result<Stage, Defect> {
    let Some(leading) = config.roles.as_ref().and_then(|roles| roles.first()) else {
        return Err(Defect::new(
            &["stages", name],
            format!("no role works on the stage `{name}`"),
            "add `roles:` with the leading role first",
        ));
    };
    let mode = config.run_mode.or_else(|| roles.get(leading)?.run_mode());
    let trigger = |key: &str, label: Option<String>, workflow: Option<String>, when| {
        let missing = |what: &str| {
            Defect::new(
                &["stages", name, key],
                format!("`{key}` of the stage `{name}` names no {what}"),
                format!("add `{what}:`"),
            )
        };
        let workflow = workflow.ok_or_else(|| missing("workflow"))?;
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        if workflow.is_empty() || !workflow.bytes().all(is_name) {
            return Err(Defect::new(
                &["stages", name, key, "workflow"],
                format!("`{workflow}` is no name of a workflow"),
                "write its file name without `.yml`",
            ));
        }
        Ok(Trigger {
            label: label.ok_or_else(|| missing("label"))?,
            workflow,
            when: title(when, ""),
            needs: Vec::new(),
            produces: Vec::new(),
        })
    };
    let start = config.start.unwrap_or_default();
    let start = trigger("start", start.label, start.workflow, start.when)?;
    let revise = match config.revise {
        Some(revise) => Some(Trigger {
            needs: revise.needs.unwrap_or_default(),
            produces: revise.produces.unwrap_or_default(),
            ..trigger("revise", revise.label, revise.workflow, revise.when)?
        }),
        None => None,
    };
    let needs = config.needs.unwrap_or_default();
    let produces = config.produces.unwrap_or_default();
    let packages = needs.packages.unwrap_or_default().into_iter();
    Ok(Stage {
        title: title(config.title, name),
        run_mode: mode.unwrap_or(crate::RunMode::FullEnv),
        roles: config.roles.unwrap_or_default(),
        may_change: config.may_change.unwrap_or_else(|| vec!["docs".to_owned()]),
        from_any: config.from_any.unwrap_or_default(),
        start,
        needs: Needs {
            packages: packages.map(crate::config::OneOrMany::into_vec).collect(),
            documents: needs.documents.unwrap_or_default(),
            if_produced: needs.if_produced.unwrap_or_default(),
            things: needs.things.unwrap_or_default(),
        },
        produces: Produces {
            required: produces.required.unwrap_or_default(),
            one_or_more: produces.one_or_more.unwrap_or_default(),
            optional: produces.optional.unwrap_or_default(),
            conditional: present(produces.conditional).collect(),
            things: produces.things.unwrap_or_default(),
        },
        revise,
        next: config.next.unwrap_or_default(),
        place: places.of("stages", name),
    })
}

fn rule(
    name: &str,
    config: RuleConfig,
    known: &BTreeMap<String, Operation>,
    places: &Places,
) -> Result<Rule, Defect> {
    let defect = |key: &str, message: String, help: &str| {
        Defect::new(&["rules", name, key], format!("the rule `{name}` {message}"), help)
    };
    let who = config.who.unwrap_or_default();
    if who.is_empty() {
        return Err(defect("who", "is about nobody".into(), "add `who:`, such as `[agent]`"));
    }
    let all = || known.iter().map(|(name, operation)| (name, operation.effect));
    let mut operations = Vec::new();
    for (at, pattern) in config.operations.iter().flatten().enumerate() {
        let matching = rule::matching(pattern, all());
        if matching.is_empty() {
            return Err(Defect::new(
                &["rules", name, "operations", &at.to_string()],
                format!("there is no operation `{pattern}`"),
                suggestion(pattern, known.keys().map(String::as_str)),
            ));
        }
        operations.extend(matching);
    }
    let effects = config.effects.unwrap_or_default();
    operations
        .extend(all().filter(|(_, effect)| effects.contains(effect)).map(|(name, _)| name.clone()));
    operations.sort_unstable();
    operations.dedup();
    if operations.is_empty() {
        let message = "is about no operation".into();
        return Err(defect("operations", message, "add `operations:` or `effects:`"));
    }
    let conditions = |key: &'static str, entries: Entries<Condition>| {
        let conditions: BTreeMap<String, Condition> = present(entries).collect();
        for (fact, condition) in &conditions {
            let route = ["rules", name, key, fact];
            if !rule::is_fact(fact) {
                return Err(Defect::new(
                    &route,
                    format!("there is no fact `{fact}`"),
                    format!(
                        "{}; others are `arguments.NAME` and `context.NAME`",
                        suggestion(fact, rule::FACTS)
                    ),
                ));
            }
            let empty = match condition {
                Condition::OneOf(values) => values.is_empty(),
                Condition::Range(range) => range.at_least.is_none() && range.at_most.is_none(),
                Condition::Given(_) => false,
            };
            if empty {
                let message = format!("nothing is asked of the fact `{fact}`");
                return Err(Defect::new(&route, message, "name values, or leave the fact out"));
            }
        }
        Ok(conditions)
    };
    let (when, unless) = (conditions("when", config.when)?, conditions("unless", config.unless)?);
    let decide = match config.decide {
        Some(DecideConfig::Plain(Plain::Allow)) => Ruling::Allow,
        Some(DecideConfig::Plain(Plain::Deny)) => Ruling::Deny,
        Some(DecideConfig::Approval { approval }) => {
            let defect = |key: &str, message: &str, help: &str| {
                let route = ["rules", name, "decide", "approval", key];
                Defect::new(&route, format!("the approval of the rule `{name}` {message}"), help)
            };
            let expires = time::span(&approval.expires).ok_or_else(|| {
                defect("expires", "has no expiry that can be read", "write it as `24h` or `15m`")
            })?;
            if approval.by.is_empty() {
                return Err(defect("by", "is nobody's to give", "write `by: [owner]`"));
            }
            if approval.quorum == 0 {
                return Err(defect(
                    "quorum",
                    "needs nobody",
                    "write 1 or more, or `decide: allow`",
                ));
            }
            let named = !approval.by.iter().any(|who| who == "owner");
            if named
                && usize::try_from(approval.quorum).is_ok_and(|least| least > approval.by.len())
            {
                let message = "needs more people than may give it";
                return Err(defect("quorum", message, "lower `quorum:`, or name more in `by:`"));
            }
            Ruling::Approval(Approval { by: approval.by, quorum: approval.quorum, expires })
        }
        None => {
            let help = "add `decide:` with `allow`, `deny` or `{approval: {by: [owner]}}`";
            return Err(defect("decide", "decides nothing".into(), help));
        }
    };
    let because = config.because.filter(|text| !text.trim().is_empty()).ok_or_else(|| {
        defect("because", "does not say why it is there".into(), "add `because:`")
    })?;
    let remedy = config.remedy;
    Ok(Rule {
        who,
        operations,
        when,
        unless,
        decide,
        because,
        remedy,
        place: places.of("rules", name),
    })
}

fn delegation(
    at: usize,
    config: DelegationConfig,
    known: &BTreeMap<String, Operation>,
    places: &Places,
) -> Result<Delegation, Defect> {
    let at = at.to_string();
    let route = |key: &'static str| ["delegations".to_owned(), at.clone(), key.to_owned()];
    let to = route("to");
    person(&config.to, &[to[0].as_str(), to[1].as_str(), to[2].as_str()])?;
    let until = config.until.parse().map_err(|error: crate::TimeError| Defect {
        route: route("until").into(),
        message: error.to_string(),
        help: "a delegation ends at a point in time, in UTC".into(),
    })?;
    for name in &config.operations {
        if !known.contains_key(name) {
            return Err(Defect {
                route: route("operations").into(),
                message: format!("there is no operation `{name}`"),
                help: suggestion(name, known.keys().map(String::as_str)),
            });
        }
    }
    if config.labels.is_empty() && config.operations.is_empty() {
        return Err(Defect {
            route: route("to").into(),
            message: format!("nothing is delegated to `{}`", config.to.login),
            help: "name classes of labels (`labels: [trigger]`) or operations".into(),
        });
    }
    let place = places.of("delegations", &at);
    Ok(Delegation {
        to: config.to,
        labels: config.labels,
        operations: config.operations,
        until,
        place,
    })
}

/// That an account can be a person's.
fn person(account: &Account, route: &[&str]) -> Result<(), Defect> {
    if !account.can_be_a_person() {
        return Err(no_person(route, &account.login));
    }
    if account.has_number_of_a_person() {
        return Ok(());
    }
    let (login, id) = (&account.login, account.id.unwrap_or_default());
    let message = format!("`{login}` with the number {id} is no account of a person");
    let help = format!("write `id` of https://api.github.com/users/{login}, or leave it out");
    Err(Defect::new(route, message, help))
}

fn no_person(route: &[&str], login: &str) -> Defect {
    let login = countersign_markup::shown::excerpt(login);
    let help = "write the login of a person on GitHub; an agent can be neither owner nor delegate";
    Defect::new(route, format!("`{login}` is no login of a person"), help)
}

/// Looks whether every name stands for something.
fn validate(process: &Process) -> Result<(), Defect> {
    for (at, owner) in process.owners.iter().enumerate() {
        person(owner, &["owners", &at.to_string()])?;
    }
    known(&process.default_profile, &["default_profile"], "profile", process.profiles.keys())?;
    for (name, stages) in &process.profiles {
        if stages.is_empty() {
            let message = format!("the profile `{name}` has no stages");
            return Err(Defect::new(&["profiles", name], message, "name them in their order"));
        }
        for (at, stage) in stages.iter().enumerate() {
            let index = at.to_string();
            let route = ["profiles", name.as_str(), index.as_str()];
            known(stage, &route, "stage", process.stages.keys())?;
            if stages[..at].contains(stage) {
                let message = format!("the profile `{name}` has the stage `{stage}` twice");
                return Err(Defect::new(&route, message, "keep one of the two"));
            }
            if process.stages.get(stage).is_some_and(|stage| stage.from_any) {
                let message = format!("the stage `{stage}` may follow any stage");
                return Err(Defect::new(&route, message, "leave it out of profiles"));
            }
        }
    }
    let mut labels: BTreeMap<&str, (&str, Step)> = BTreeMap::new();
    let mut workflows: BTreeMap<&str, (&str, Step)> = BTreeMap::new();
    for (name, stage) in &process.stages {
        stage_names(process, name, stage)?;
        for (step, trigger) in stage.triggers() {
            let own = (name.as_str(), step);
            let shared = [
                ("label", &trigger.label, labels.insert(&trigger.label, own)),
                ("workflow", &trigger.workflow, workflows.insert(&trigger.workflow, own)),
            ];
            for (what, value, other) in shared {
                let Some(other) = other else { continue };
                // Of the two, the adopter's is the one to change.
                let (at, step) = if &*stage.place.path == DEFAULT_PATH { other } else { own };
                return Err(Defect::new(
                    &["stages", at, step.as_str(), what],
                    format!("the {what} `{value}` starts `{}` and `{name}`", other.0),
                    format!("give each a {what} of its own"),
                ));
            }
        }
    }
    for rule in process.rules.iter().filter(|(_, rule)| matches!(rule.decide, Ruling::Approval(_)))
    {
        let (name, Rule { decide: Ruling::Approval(approval), .. }) = rule else { continue };
        for who in approval.by.iter().filter(|who| *who != "owner") {
            let account = Account { login: who.clone(), id: None };
            if !account.can_be_a_person() {
                return Err(no_person(&["rules", name, "decide", "approval", "by"], who));
            }
        }
    }
    Ok(())
}

fn stage_names(process: &Process, name: &str, stage: &Stage) -> Result<(), Defect> {
    let all =
        |key: &[&str], what: &str, names: &[String], kinds: &mut dyn Iterator<Item = &String>| {
            let kinds: Vec<&String> = kinds.collect();
            for (at, value) in names.iter().enumerate() {
                let at = at.to_string();
                let route: Vec<&str> = ["stages", name]
                    .into_iter()
                    .chain(key.iter().copied())
                    .chain([at.as_str()])
                    .collect();
                known(value, &route, what, kinds.iter().copied())?;
            }
            Ok(())
        };
    all(&["roles"], "role", &stage.roles, &mut process.roles.keys())?;
    all(&["may_change"], "set of paths", &stage.may_change, &mut process.paths.keys())?;
    all(&["next"], "stage", &stage.next, &mut process.stages.keys())?;
    for (at, package) in stage.needs.packages.iter().enumerate() {
        let at = at.to_string();
        all(&["needs", "packages", &at], "stage", package, &mut process.stages.keys())?;
    }
    let things = || process.things.keys();
    all(&["needs", "things"], "thing", &stage.needs.things, &mut things())?;
    all(&["produces", "things"], "thing", &stage.produces.things, &mut things())?;
    if let Some(revise) = &stage.revise {
        all(&["revise", "needs"], "thing", &revise.needs, &mut things())?;
        all(&["revise", "produces"], "thing", &revise.produces, &mut things())?;
    }
    let mut seen: Vec<&str> = Vec::new();
    for product in stage.produces.documents() {
        if seen.contains(&product.kind) {
            return Err(Defect::new(
                &["stages", name, "produces"],
                format!("the stage `{name}` produces `{}` twice", product.kind),
                "it is required, one or more, optional, or conditional: keep one",
            ));
        }
        seen.push(product.kind);
    }
    Ok(())
}

fn known<'k>(
    name: &str,
    route: &[&str],
    what: &str,
    names: impl Iterator<Item = &'k String>,
) -> Result<(), Defect> {
    let names: Vec<&str> = names.map(String::as_str).collect();
    if names.contains(&name) {
        return Ok(());
    }
    let shown = countersign_markup::shown::excerpt(name);
    Err(Defect::new(route, format!("there is no {what} `{shown}`"), suggestion(name, names)))
}
