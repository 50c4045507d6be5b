//! An audit as a document: the computed part is filled in, the rest stays a placeholder.

use std::fmt::Write as _;

use countersign_docset::document::Document;
use countersign_report::{count, markdown_text};

use super::Audit;
use super::output::cells;

/// A section of the report, by the headings of the templates in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Section {
    Subject,
    Method,
    Findings,
    NotLookedAt,
}

impl Section {
    /// The section under that heading.
    fn of(heading: &str) -> Option<Self> {
        match heading {
            "Subject" | "Предмет" => Some(Self::Subject),
            "Method" | "Метод" => Some(Self::Method),
            "Findings" | "Находки" | "Замечания" => Some(Self::Findings),
            "Not looked at" | "Что не проверялось" => Some(Self::NotLookedAt),
            _ => None,
        }
    }
}

/// The text of a new document of the type `audit-report`, as its template makes it, with
/// what was computed put into its sections, in front of what the template says there. What
/// a person or an agent has to say stays a placeholder. Where the template has no section
/// for the findings, they stand at the end.
#[must_use]
pub fn document(template: &str, audit: &Audit, language: &str) -> String {
    let document = Document::parse(template);
    let headings = document.outline.headings.iter().filter(|heading| heading.level == 2);
    let mut text = String::with_capacity(template.len() * 2);
    let (mut at, mut has_findings) = (0, false);
    for heading in headings {
        let Some(section) = heading.text.text(template).and_then(Section::of) else { continue };
        // An underlined heading has its line below it; ours have none.
        if !template[..heading.text.start].ends_with("## ") {
            continue;
        }
        let line_end = template[heading.text.end..].find('\n');
        let end = line_end.map_or(template.len(), |end| heading.text.end + end + 1);
        has_findings |= section == Section::Findings;
        text.push_str(&template[at..end]);
        text.push('\n');
        text.push_str(&computed(section, audit, language));
        at = end;
    }
    text.push_str(&template[at..]);
    if !has_findings {
        let heading = if language == "ru" { "Находки" } else { "Findings" };
        let _ = write!(text, "\n## {heading}\n\n{}", computed(Section::Findings, audit, language));
    }
    text
}

/// What was computed for a section.
fn computed(section: Section, audit: &Audit, language: &str) -> String {
    let russian = language == "ru";
    let say = |en: &'static str, ru: &'static str| if russian { ru } else { en };
    let mut text = String::new();
    match section {
        Section::Subject => {
            let issues: Vec<String> = audit.issues.iter().map(ToString::to_string).collect();
            let commit = audit.commit.as_deref().unwrap_or("-");
            let _ = writeln!(
                text,
                "- {} {}",
                say("Pull request", "Запрос на слияние"),
                audit.pull_request
            );
            let _ = writeln!(text, "- {}: `{commit}`", say("Commit", "Коммит"));
            let _ = writeln!(
                text,
                "- {}: {}, {}",
                say("Compared with", "Сравнение с"),
                markdown_text(&format!("`{}`", audit.revision)),
                count(audit.changed_files, "changed file"),
            );
            let issues = if issues.is_empty() { "-".to_owned() } else { issues.join(", ") };
            let _ = writeln!(text, "- {}: {issues}", say("Issues", "Задачи"));
            if !audit.documents.is_empty() {
                text.push_str(say(
                    "\n| Document | Type | State | Changed here |\n|---|---|---|---|\n",
                    "\n| Документ | Тип | Состояние | Изменён здесь |\n|---|---|---|---|\n",
                ));
            }
            for covered in &audit.documents {
                let changed = if covered.changed { say("yes", "да") } else { "" };
                let cells =
                    [&covered.id, &covered.kind, &covered.state].map(|it| markdown_text(it));
                let _ = writeln!(text, "| {} | {changed} |", cells.join(" | "));
            }
        }
        Section::Method => {
            let command = format!(
                "`policy audit --pr {} --changed-since {}`",
                audit.pull_request, audit.revision
            );
            let _ = writeln!(text, "- {}", markdown_text(&command));
            let rules: Vec<String> = audit.rules.iter().map(|rule| markdown_text(rule)).collect();
            let _ = writeln!(text, "- {}: {}", say("Rules", "Правила"), rules.join(", "));
            let _ = writeln!(text, "- {}: `{}`", say("Policy", "Политика"), audit.policy);
        }
        Section::Findings => {
            if audit.findings.is_empty() {
                text.push_str(say(
                    "The computed part found nothing.\n",
                    "Вычисляемая часть ничего не нашла.\n",
                ));
            } else {
                text.push_str(say(
                    "Computed:\n\n| No. | Severity | Where | What | What to do |\n|---|---|---|---|---|\n",
                    "Вычислено:\n\n| № | Серьёзность | Где | Что | Что сделать |\n|---|---|---|---|---|\n",
                ));
            }
            for (number, finding) in audit.findings.iter().enumerate() {
                let severity = finding.severity.as_str();
                let _ = writeln!(
                    text,
                    "| {} | {severity} | {} |",
                    number + 1,
                    cells(finding).join(" | ")
                );
            }
            text.push_str(say("\nFound by reading:\n", "\nНайдено при чтении:\n"));
        }
        Section::NotLookedAt => text.push_str(say(
            "- The computed part reads documents, docsets and names of files. It reads no code.\n",
            "- Вычисляемая часть читает документы, docset и имена файлов. Код она не читает.\n",
        )),
    }
    text
}
