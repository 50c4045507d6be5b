//! The table of specification §12.2, cell by cell.

use countersign_policy::rbac::{Environment, Optional, gateway_rules, own_rules};
use countersign_process::{Database, Metrics, Read, RunMode, Secrets, Write};

use super::matrix;

/// As the specification has it.
const TABLE: &str = "\
| Роль       | K8s чтение (pods/logs/events/services/ingress) |                        K8s запись (apply/patch/rollout) | Доступ к метрикам |                         Доступ к БД (данные) |       Доступ к secret |
| ---------- | ---------------------------------------------: | ------------------------------------------------------: | ----------------: | -------------------------------------------: | --------------------: |
| PM/BA      |                                 опц. read-only |                                                     нет |    опц. read-only |                                          нет |                   нет |
| SA         |                                      read-only |                             нет (или только в dev-slot) |         read-only | read-only (schema/миграции), без прод‑данных |                   нет |
| EM         |                                      read-only | ограниченно (создание dev-slot ресурсов через codexctl) |         read-only |                                          нет |                   нет |
| QA Lead    |                                      read-only |                        ограниченно (запуск тест job’ов) |         read-only |                  read-only (тестовые данные) |                   нет |
| SRE/OPS    |                                      read-only |                            **да, но через MCP approve** |        read/write |                  read-only (для диагностики) | через MCP инструменты |
| Dev agents |                                      read-only |                    да (dev-slot), через процессы/апрувы |         read-only |               read/write (dev/test), не prod |       нет (через MCP) |
| DocSet/KM  |                                    нет/минимум |                                                     нет |               нет |                              да (meta+links) |                   нет |
| Auditor    |                                      read-only |                                                     нет |         read-only |                                          нет |                   нет |
";

fn role(cell: &str) -> &str {
    match cell {
        "PM/BA" => "PM",
        "QA Lead" => "QA",
        "SRE/OPS" => "SRE",
        "Dev agents" => "Dev",
        "DocSet/KM" => "KM",
        same => same,
    }
}

fn read(cell: &str) -> Read {
    match cell {
        "read-only" => Read::Full,
        "опц. read-only" => Read::Optional,
        "нет/минимум" => Read::Minimal,
        other => panic!("{other}"),
    }
}

fn write(cell: &str) -> Write {
    match cell {
        "нет" => Write::None,
        "нет (или только в dev-slot)" => Write::OptionalSlot,
        "ограниченно (создание dev-slot ресурсов через codexctl)" => {
            Write::SlotResources
        }
        "ограниченно (запуск тест job’ов)" => Write::TestJobs,
        "**да, но через MCP approve**" => Write::WithApproval,
        "да (dev-slot), через процессы/апрувы" => Write::Slot,
        other => panic!("{other}"),
    }
}

fn metrics(cell: &str) -> Metrics {
    match cell {
        "нет" => Metrics::None,
        "опц. read-only" => Metrics::Optional,
        "read-only" => Metrics::Read,
        "read/write" => Metrics::ReadWrite,
        other => panic!("{other}"),
    }
}

fn database(cell: &str) -> Database {
    match cell {
        "нет" => Database::None,
        "read-only (schema/миграции), без прод‑данных" => Database::Schema,
        "read-only (тестовые данные)" => Database::TestRead,
        "read-only (для диагностики)" => Database::Diagnose,
        "read/write (dev/test), не prod" => Database::TestWrite,
        "да (meta+links)" => Database::Knowledge,
        other => panic!("{other}"),
    }
}

fn secrets(cell: &str) -> Secrets {
    match cell {
        "нет" => Secrets::None,
        // The role has none of its own; a tool acts for it, after an approval.
        "через MCP инструменты" | "нет (через MCP)" => {
            Secrets::ThroughTools
        }
        other => panic!("{other}"),
    }
}

#[test]
fn the_default_matrix_is_that_of_the_specification() {
    let matrix = matrix();
    let mut roles = Vec::new();
    for line in TABLE.lines().skip(2) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let name = role(cells[0]);
        let row = &matrix[name];
        assert_eq!(row.read, read(cells[1]), "{name}");
        assert_eq!(row.write, write(cells[2]), "{name}");
        assert_eq!(row.metrics, metrics(cells[3]), "{name}");
        assert_eq!(row.database, database(cells[4]), "{name}");
        assert_eq!(row.secrets, secrets(cells[5]), "{name}");
        roles.push(name);
    }
    roles.sort_unstable();
    assert_eq!(matrix.keys().collect::<Vec<_>>(), roles);
}

/// Specification §12.1: full environment for SA, EM, QA, SRE, Dev, Auditor and DocSet;
/// code only for PM, and sometimes DocSet.
#[test]
fn the_run_modes_are_those_of_the_specification() {
    for (role, row) in matrix() {
        let wanted: &[RunMode] = match &*role {
            "PM" => &[RunMode::CodeOnly, RunMode::FullEnv],
            "KM" => &[RunMode::FullEnv, RunMode::CodeOnly],
            _ => &[RunMode::FullEnv],
        };
        assert_eq!(row.run_modes, wanted, "{role}");
        let rules = own_rules(&row, RunMode::CodeOnly, Environment::Slot, Optional::Granted);
        assert!(rules.is_empty() && gateway_rules(&row, RunMode::CodeOnly).is_empty(), "{role}");
    }
}

#[test]
fn what_the_matrix_leaves_open_is_granted_on_request_only() {
    let matrix = matrix();
    let rules = |role: &str, optional| {
        own_rules(&matrix[role], RunMode::FullEnv, Environment::Slot, optional)
    };
    assert!(rules("PM", Optional::Withheld).is_empty());
    assert!(!rules("PM", Optional::Granted).is_empty());
    let writes = |optional| rules("SA", optional).iter().any(|rule| rule.verbs.contains(&"patch"));
    assert!(!writes(Optional::Withheld));
    assert!(writes(Optional::Granted));
}
