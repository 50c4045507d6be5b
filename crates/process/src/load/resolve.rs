//! From what is configured to entries that leave nothing open.

use std::collections::BTreeMap;

use countersign_markup::nearest::suggestion;

use super::places::Places;
use super::validate::{person, validate};
use crate::config::{
    AuditConfig, Entries, ProcessConfig, RoleConfig, RuleConfig, StageConfig, TitleConfig,
};
use crate::defect::Defect;
use crate::owner::DelegationConfig;
use crate::rule::{self, Plain};
use crate::{
    Approval, AuditRule, Condition, DecideConfig, Delegation, Effect, Needs, Operation, Process,
    Produces, Role, Rule, Ruling, Severity, Stage, Title, Trigger, time,
};

/// The entries that nobody took away.
fn present<T>(entries: Entries<T>) -> impl Iterator<Item = (String, T)> {
    entries.into_iter().filter_map(|(name, entry)| Some((name, entry?)))
}

fn title(config: Option<TitleConfig>, name: &str) -> Title {
    let config = config.unwrap_or_default();
    let en = config.en.unwrap_or_else(|| name.to_owned());
    Title { ru: config.ru.unwrap_or_else(|| en.clone()), en }
}

/// The process that `config` comes to.
pub(super) fn resolve(config: ProcessConfig, places: &Places) -> Result<Process, Defect> {
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
