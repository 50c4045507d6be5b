//! Specification §10: the table of workflows, row by row, as it stands there.

use std::collections::BTreeSet;

use countersign_process::{Process, Stage, Step, Trigger};

/// The table, word for word: label, workflow, who and when, what goes in, what comes out.
const TABLE: &str = "\
| `run:intake`        | `wf_intake_draft`         | Owner (вешает лейбл на issue “идея/проект”) | Issue (описание идеи), контекст репо | Problem Statement + Personas + MVP Scope + Constraints + Brief + список вопросов + начальный docset |
| `run:intake:revise` | `wf_intake_revise`        | Owner (после комментариев/ответов)          | Intake-пакет v1 + ответы (Telegram/GH) | Intake-пакет v2, обновлённый docset                                             |
| `run:vision`        | `wf_vision_draft`         | Owner / через Telegram approve “Proceed”    | Approved intake-пакет                | Project Charter + Success Metrics + Risk Register + docset                         |
| `run:vision:revise` | `wf_vision_revise`        | Owner                                       | Vision draft + комменты              | Vision v2                                                                         |
| `run:prd`           | `wf_prd_draft`            | Owner                                       | Approved Vision/Intake               | PRD (MVP/Scope/NFR/AC), backlog гипотез, актуализация связей с personas/scope      |
| `run:prd:revise`    | `wf_prd_revise`           | Owner                                       | PRD draft + комменты                 | PRD v2                                                                            |
| `run:arch`          | `wf_arch_draft`           | Owner                                       | Approved PRD + constraints           | Architecture Overview (C4 Context/Container) + Alternatives + ADR backlog + NFR    |
| `run:arch:revise`   | `wf_arch_revise`          | Owner                                       | Arch draft + комменты                | Arch v2 + обновлённые ADR/Alternatives                                            |
| `run:design`        | `wf_design_draft`         | Owner                                       | Approved Arch/ADR list               | Design Doc + API Contract + Data Model + Migrations Policy + sequence/test design  |
| `run:design:revise` | `wf_design_revise`        | Owner                                       | Design draft + комменты              | Design v2                                                                         |
| `run:plan`          | `wf_delivery_plan_draft`  | Owner                                       | Approved Design + constraints        | Delivery Plan + Epic/User Story пакет + Definition of Done + roadmap-срез + docset links |
| `run:plan:revise`   | `wf_delivery_plan_revise` | Owner                                       | Plan draft + комменты                | Plan v2 + обновлённые story/epic/roadmap                                          |
| `run:dev`           | `wf_dev_issue`            | Owner (на конкретном issue фичи/таски)      | Approved Plan + design refs          | PR с кодом, обновлённые docs/ADR (если нужно), запись сессии/токенов              |
| `run:dev:revise`    | `wf_dev_revise`           | Owner                                       | PR comments/Telegram feedback        | Доп. коммиты в PR                                                                 |
| `run:doc-audit`     | `wf_doc_audit`            | Owner (обычно перед merge)                  | PR + docset + чек‑листы              | Отчёт аудита (comment + docs) + обновлённый Issue Map                              |
| `run:qa`            | `wf_qa`                   | Owner / по готовности PR                    | PR + PRD/AC + test design            | Test Strategy + Test Plan + Test Matrix + Regression Checklist + результаты прогонов |
| `run:release`       | `wf_release`              | Owner (после merge)                         | merged main + release readiness      | Release Plan + Rollback Plan + Release Notes + tag/release + запись событий        |
| `run:postdeploy`    | `wf_postdeploy_review`    | Owner (после релиза)                        | релиз, метрики/логи                  | PostDeployReview doc + Incident Postmortem (если был инцидент) + action items      |
| `run:ops`           | `wf_ops_improvements`     | Owner / периодически                        | PostDeploy/инциденты                 | Monitoring + SLO + Alerts + Runbook + Incident Playbook + новые issue              |
| `run:abort`         | `wf_abort_cleanup`        | Owner (в любой момент)                      | текущий статус + docset              | cleanup слотов/PR статусов, docs помечены abandoned/superseded                    |
| `run:rethink`       | `wf_rethink`              | Owner                                       | текущие docs + решение владельца     | новая итерация документов (новые версии + связи), старые помечены superseded      |
";

/// What each phrase of the table is called in the definition. `all of` is a package,
/// `if produced` a document that only longer profiles have, in brackets a thing.
const INPUTS: &[(&str, &str)] = &[
    ("Issue (описание идеи)", "(issue)"),
    ("контекст репо", "(repository)"),
    ("Intake-пакет v1", "(draft)"),
    ("ответы (Telegram/GH)", "(answers)"),
    ("Approved intake-пакет", "all of intake"),
    ("Vision draft", "(draft)"),
    ("комменты", "(comments)"),
    ("Approved Vision/Intake", "all of vision/intake"),
    ("PRD draft", "(draft)"),
    ("Approved PRD", "all of prd"),
    ("constraints", "constraints"),
    ("Arch draft", "(draft)"),
    // The feature profile has no architecture: there the requirements come before.
    ("Approved Arch/ADR list", "all of arch/prd"),
    ("Design draft", "(draft)"),
    // Shorter profiles have no design.
    ("Approved Design", "all of design/prd/intake"),
    ("Plan draft", "(draft)"),
    ("Approved Plan", "all of plan"),
    ("design refs", "design-doc if produced"),
    ("PR comments/Telegram feedback", "(comments)"),
    ("PR", "(pull-request)"),
    ("docset", "(docset)"),
    ("чек‑листы", "(checklists)"),
    ("PRD/AC", "prd if produced"),
    // The test design is a section of the detailed design, see the row of `run:design`.
    ("test design", "design-doc if produced"),
    ("merged main", "(merged-main)"),
    ("release readiness", "(readiness)"),
    ("релиз", "(release)"),
    ("метрики/логи", "(observations)"),
    ("PostDeploy/инциденты", "postdeploy-review (incidents)"),
    ("текущий статус", "(status)"),
    ("текущие docs", "(documents)"),
    ("решение владельца", "(decision)"),
];

/// The same for what comes out; `+` is one or more, `if` a condition.
const OUTPUTS: &[(&str, &str)] = &[
    ("Problem Statement", "problem"),
    ("Personas", "personas"),
    ("MVP Scope", "scope"),
    ("Constraints", "constraints"),
    ("Brief", "brief"),
    ("список вопросов", "(questions)"),
    ("начальный docset", "(docset)"),
    ("Intake-пакет v2", "(next-version)"),
    ("обновлённый docset", "(docset)"),
    ("Project Charter", "charter"),
    ("Success Metrics", "success-metrics"),
    ("Risk Register", "risks"),
    ("docset", "(docset)"),
    ("Vision v2", "(next-version)"),
    ("PRD (MVP/Scope/NFR/AC)", "prd"),
    ("backlog гипотез", "(hypotheses)"),
    ("актуализация связей с personas/scope", "(links)"),
    ("PRD v2", "(next-version)"),
    ("Architecture Overview (C4 Context/Container)", "c4-context c4-container"),
    ("Alternatives", "alternatives"),
    ("ADR backlog", "adr+"),
    ("NFR", "nfr"),
    ("Arch v2", "(next-version)"),
    ("обновлённые ADR/Alternatives", "(updated-decisions)"),
    ("Design Doc", "design-doc"),
    ("API Contract", "api-contract"),
    ("Data Model", "data-model"),
    ("Migrations Policy", "migrations-policy"),
    ("sequence/test design", "(scenarios)"),
    ("Design v2", "(next-version)"),
    ("Delivery Plan", "delivery-plan"),
    ("Epic/User Story пакет", "epic+ story+"),
    ("Definition of Done", "definition-of-done"),
    ("roadmap-срез", "roadmap"),
    ("docset links", "(docset)"),
    ("Plan v2", "(next-version)"),
    ("обновлённые story/epic/roadmap", "(breakdown)"),
    ("PR с кодом", "(pull-request)"),
    ("обновлённые docs/ADR (если нужно)", "(updated-documents) adr-if-decision-changed"),
    ("запись сессии/токенов", "(session)"),
    ("Доп. коммиты в PR", "(commits)"),
    ("Отчёт аудита (comment + docs)", "(audit-comment) audit-report"),
    ("обновлённый Issue Map", "issue-map"),
    ("Test Strategy", "test-strategy"),
    ("Test Plan", "test-plan"),
    ("Test Matrix", "test-matrix"),
    ("Regression Checklist", "regression-checklist"),
    ("результаты прогонов", "(test-runs)"),
    ("Release Plan", "release-plan"),
    ("Rollback Plan", "rollback-plan"),
    ("Release Notes", "release-notes"),
    ("tag/release", "(tag)"),
    ("запись событий", "(events)"),
    ("PostDeployReview doc", "postdeploy-review"),
    ("Incident Postmortem (если был инцидент)", "postmortem-if-incident"),
    ("action items", "(action-items)"),
    ("Monitoring", "monitoring"),
    ("SLO", "slo"),
    ("Alerts", "alerts"),
    ("Runbook", "runbook"),
    ("Incident Playbook", "incident-playbook"),
    ("новые issue", "(new-issues)"),
    ("cleanup слотов/PR статусов", "(cleanup)"),
    ("docs помечены abandoned/superseded", "(retirement)"),
    ("новая итерация документов (новые версии + связи)", "(iteration)"),
    ("старые помечены superseded", "(retirement)"),
];

/// What the definition has besides the table: design §3.2 has a pull request carry its
/// own docset, and stories already in the requirements, where they are of use.
const BEYOND_THE_TABLE: &[(&str, &str)] = &[("run:dev", "docset-pr"), ("run:prd", "story*")];

#[test]
fn every_row_is_in_the_definition_and_nothing_else() {
    let process = Process::default();
    let mut labels = BTreeSet::new();
    for row in TABLE.lines() {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [label, workflow, who, inputs, outputs] = cells[..] else { panic!("{row}") };
        let label = label.trim_matches('`');
        labels.insert(label);
        let Some((name, step, trigger)) = process.started_by(label) else { panic!("{label}") };
        let stage = &process.stages[name];
        assert_eq!(trigger.workflow, workflow.trim_matches('`'), "{label}");
        assert_eq!(label.ends_with(":revise"), step == Step::Revise, "{label}");
        assert_eq!(who_and_when(trigger), who, "{label}");
        assert_eq!(needed(stage, step, trigger), terms(inputs, INPUTS), "what {label} needs");
        let mut produced = produced(stage, step, trigger);
        for (at, beyond) in BEYOND_THE_TABLE {
            if *at == label {
                assert!(produced.remove(*beyond), "{label} no longer produces {beyond}");
            }
        }
        assert_eq!(produced, terms(outputs, OUTPUTS), "what {label} gives");
    }
    let stages = process.stages.values();
    let all = stages.flat_map(|stage| stage.triggers().map(|(_, trigger)| &*trigger.label));
    assert_eq!(all.collect::<BTreeSet<_>>(), labels, "stages without a row");
}

/// Every row is the owner's; the cell says when.
fn who_and_when(trigger: &Trigger) -> String {
    let when = trigger.when.ru.as_str();
    match when {
        "" => "Owner".to_owned(),
        "через Telegram approve “Proceed”" | "по готовности PR" | "периодически" =>
        {
            format!("Owner / {when}")
        }
        "на issue “идея/проект”" => format!("Owner (вешает лейбл {when})"),
        _ => format!("Owner ({when})"),
    }
}

/// The terms of a cell, whose phrases stand between `+` and commas outside of brackets.
fn terms(cell: &str, known: &[(&str, &str)]) -> BTreeSet<String> {
    let mut phrases = vec![String::new()];
    let mut depth = 0;
    for char in cell.chars() {
        match char {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        match (char, phrases.last_mut()) {
            ('+' | ',', _) if depth == 0 => phrases.push(String::new()),
            (_, Some(phrase)) => phrase.push(char),
            (_, None) => unreachable!(),
        }
    }
    let mut terms = BTreeSet::new();
    for phrase in phrases.iter().map(|phrase| phrase.trim()) {
        let Some((_, term)) = known.iter().find(|(known, _)| *known == phrase) else {
            panic!("nobody knows what `{phrase}` is called");
        };
        if term.contains("all of") || term.contains("if produced") {
            terms.insert((*term).to_owned());
        } else {
            terms.extend(term.split(' ').map(str::to_owned));
        }
    }
    terms
}

fn things<'t>(names: &'t [String]) -> impl Iterator<Item = String> + 't {
    names.iter().map(|name| format!("({name})"))
}

fn needed(stage: &Stage, step: Step, trigger: &Trigger) -> BTreeSet<String> {
    if step == Step::Revise {
        return things(&trigger.needs).collect();
    }
    let needs = &stage.needs;
    let packages = needs.packages.iter().map(|stages| format!("all of {}", stages.join("/")));
    let optional = needs.if_produced.iter().map(|kind| format!("{kind} if produced"));
    packages
        .chain(needs.documents.iter().cloned())
        .chain(optional)
        .chain(things(&needs.things))
        .collect()
}

fn produced(stage: &Stage, step: Step, trigger: &Trigger) -> BTreeSet<String> {
    if step == Step::Revise {
        return things(&trigger.produces).collect();
    }
    let produces = &stage.produces;
    let conditional = produces.conditional.iter().map(|(kind, fact)| format!("{kind}-if-{fact}"));
    produces
        .required
        .iter()
        .cloned()
        .chain(produces.one_or_more.iter().map(|kind| format!("{kind}+")))
        .chain(produces.optional.iter().map(|kind| format!("{kind}*")))
        .chain(conditional)
        .chain(things(&produces.things))
        .collect()
}
