//! The document types of the benchmark: those of the default catalogue, written out
//! once more, so that the tree does not change when the program does.

/// A type.
#[derive(Debug)]
pub(super) struct Kind {
    pub(super) name: &'static str,
    pub(super) prefix: &'static str,
    pub(super) role: &'static str,
    /// Of a thousand documents, how many are of this type, roughly.
    pub(super) weight: usize,
    /// Lines that it may have at most.
    pub(super) lines: usize,
    /// Whether it can be approved.
    pub(super) approvals: bool,
    /// Whether it is accepted instead of approved.
    pub(super) decision: bool,
    /// Sections that it needs, in both languages.
    pub(super) headings: &'static [(&'static str, &'static str)],
}

const fn kind(
    name: &'static str,
    prefix: &'static str,
    role: &'static str,
    lines: usize,
    headings: &'static [(&'static str, &'static str)],
) -> Kind {
    Kind { name, prefix, role, weight: 20, lines, approvals: true, decision: false, headings }
}

/// The place of `adr` in [`KINDS`].
pub(super) const ADR: usize = 0;
/// The place of `docset-issue` in [`KINDS`].
pub(super) const DOCSET: usize = 1;

#[rustfmt::skip]
pub(super) static KINDS: [Kind; 42] = [
    Kind { weight: 120, decision: true, ..kind("adr", "ADR", "SA", 400,
        &[("Context", "Контекст"), ("Decision", "Решение"), ("Consequences", "Последствия")]) },
    Kind { weight: 40, ..kind("docset-issue", "DS-ISSUE", "KM", 500, &[]) },
    kind("problem", "PRB", "PM", 300, &[("Current state", "Текущая ситуация"), ("Problem", "Проблема")]),
    kind("personas", "PER", "PM", 400, &[("Persona", "Персона")]),
    kind("scope", "MVP", "PM", 300, &[("In scope", "Входит"), ("Out of scope", "Не входит")]),
    kind("constraints", "CST", "PM", 400,
        &[("Business constraints", "Бизнес-ограничения"), ("Technical constraints", "Технические ограничения")]),
    kind("brief", "BRF", "PM", 400,
        &[("Goal", "Цель"), ("Proposed solution", "Предлагаемое решение"), ("Success metrics", "Метрики успеха")]),
    kind("charter", "CHR", "PM", 500, &[("Mission", "Миссия"), ("Goals", "Цели"), ("Scope", "Границы")]),
    kind("success-metrics", "MET", "PM", 400, &[("Metrics", "Метрики")]),
    kind("risks", "RSK", "PM", 500, &[("Risk register", "Реестр рисков")]),
    Kind { weight: 60, ..kind("prd", "PRD", "PM", 600,
        &[("Problem", "Проблема"), ("Functional requirements", "Функциональные требования"),
          ("Acceptance criteria", "Критерии приёмки")]) },
    Kind { weight: 60, ..kind("story", "STR", "PM", 300,
        &[("Story", "История"), ("Acceptance criteria", "Критерии приёмки")]) },
    kind("c4-context", "ARC-C4C", "SA", 300,
        &[("Diagram", "Диаграмма"), ("External dependencies", "Внешние зависимости")]),
    kind("c4-container", "ARC-C4N", "SA", 400, &[("Diagram", "Диаграмма"), ("Containers", "Контейнеры")]),
    kind("alternatives", "ALT", "SA", 400,
        &[("Context", "Контекст"), ("Comparison", "Сравнение"), ("Recommendation", "Рекомендация")]),
    kind("nfr", "NFR", "SA", 500, &[("Requirements", "Требования")]),
    Kind { weight: 60, ..kind("design-doc", "DSG", "SA", 600,
        &[("Goals", "Цели"), ("Proposed design", "Предлагаемый дизайн"), ("Testing", "Тестирование"),
          ("Rollback", "Откат")]) },
    kind("api-contract", "API", "SA", 600,
        &[("Error model", "Модель ошибок"), ("Backward compatibility", "Обратная совместимость")]),
    kind("data-model", "DM", "SA", 800, &[("Entities", "Сущности"), ("Relations", "Связи")]),
    kind("migrations-policy", "MIG", "SA", 400, &[("Principles", "Принципы"), ("Rollback policy", "Политика отката")]),
    kind("delivery-plan", "PLN", "EM", 600,
        &[("Work breakdown", "Разбивка работ"), ("Dependencies", "Зависимости"), ("Release plan", "План релиза")]),
    kind("epic", "EPC", "EM", 400, &[("Scope", "Границы"), ("Acceptance criteria", "Критерии приёмки")]),
    kind("definition-of-done", "DOD", "EM", 300, &[("General requirements", "Общие требования")]),
    kind("roadmap", "RDM", "PM", 500, &[("Roadmap", "Дорожная карта")]),
    kind("audit-report", "AUD", "Auditor", 500, &[("Findings", "Находки"), ("Verdict", "Вердикт")]),
    Kind { approvals: false, weight: 5, ..kind("issue-map", "MAP", "KM", 2000, &[]) },
    kind("test-strategy", "TST-STR", "QA", 400, &[("Goals", "Цели"), ("Levels and types", "Уровни и типы")]),
    kind("test-plan", "TST-PLN", "QA", 500,
        &[("Test items", "Что тестируем"), ("Approach", "Подход"), ("Pass/fail", "Критерии прохождения")]),
    kind("test-matrix", "TST-MTX", "QA", 800, &[("Coverage matrix", "Матрица покрытия")]),
    kind("regression-checklist", "REG", "QA", 500, &[("Checklist", "Чек-лист"), ("Run results", "Результаты прогона")]),
    kind("release-plan", "REL-PLN", "SRE", 400,
        &[("Rollout steps", "Шаги выката"), ("Success criteria", "Критерии успеха"), ("Rollback plan", "План отката")]),
    kind("rollback-plan", "RLB", "SRE", 400, &[("Triggers", "Условия отката"), ("Verification", "Проверка")]),
    kind("release-notes", "REL-NOTE", "PM", 400, &[("Highlights", "Главное")]),
    kind("postdeploy-review", "PDR", "SRE", 400, &[("Actual rollout", "Фактический выкат"), ("Action items", "Задачи")]),
    kind("postmortem", "PM", "SRE", 500,
        &[("Impact", "Влияние"), ("Timeline", "Хронология"), ("Root cause", "Корневая причина"),
          ("Action items", "Задачи")]),
    kind("monitoring", "MON", "SRE", 500, &[("Metrics", "Метрики"), ("Logs", "Логи")]),
    kind("slo", "SLO", "SRE", 400, &[("SLIs", "SLI"), ("SLOs", "SLO"), ("Error budget", "Бюджет ошибок")]),
    kind("alerts", "ALT-ALR", "SRE", 500, &[("Alerts", "Оповещения")]),
    Kind { weight: 40, ..kind("runbook", "RB", "SRE", 400,
        &[("Symptoms", "Симптомы"), ("Diagnosis", "Диагностика"), ("Mitigation", "Устранение"), ("Rollback", "Откат")]) },
    kind("incident-playbook", "INC-PLY", "SRE", 400,
        &[("Roles", "Роли"), ("Severity levels", "Уровни критичности"), ("First 5 minutes", "Первые 5 минут")]),
    Kind { approvals: false, weight: 5, ..kind("index", "IDX", "KM", 2000, &[]) },
    Kind { decision: true, ..kind("decision", "DEC", "KM", 200, &[("Question", "Вопрос"), ("Decision", "Решение")]) },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_prefixes_are_unique() {
        for (at, kind) in KINDS.iter().enumerate() {
            let same = |other: &Kind| other.name == kind.name || other.prefix == kind.prefix;
            assert!(!KINDS[at + 1..].iter().any(same), "{}", kind.name);
        }
        assert_eq!(KINDS[ADR].name, "adr");
        assert_eq!(KINDS[DOCSET].name, "docset-issue");
    }
}
