//! `docset verify`.

use std::io::Write;

use serde_json::{Value, json};

use super::arguments::VerifyArguments;
use super::{CLEAN, Console, FINDINGS, Fault, records, root, text};
use crate::check::Checker;
use crate::diagnostic::escape;
use crate::lifecycle::{Verdict, judge};
use crate::output::count;
use crate::record::{Record, Records, Standing};
use countersign_report::terminal::stopped;
use countersign_runner::OutputFormat;

pub(in crate::command) fn run(arguments: &VerifyArguments, out: &mut Console) -> Result<u8, Fault> {
    let (root, _) = root::of(&arguments.list.root)?;
    let checker = Checker::open(root)?;
    let records = records(&checker)?;
    let mut verdicts = Vec::new();
    for record in records.by_path.values() {
        // Reading again is for those that claim something.
        if !record.standing().is_claimed() {
            continue;
        }
        let text = text(&checker, &record.path)?;
        verdicts.extend(judge(record, &text).map(|found| (record, found)));
    }
    verdicts
        .sort_by(|(a, one), (b, other)| (one.standing, &a.path).cmp(&(other.standing, &b.path)));
    match arguments.list.print.format {
        OutputFormat::Json => {
            let value = json!({
                "version": 1,
                "documents": records.by_path.len(),
                "unread": records.unread.iter().map(|(path, why)| json!({
                    "path": **path, "reason": why,
                })).collect::<Vec<_>>(),
                "approvals": verdicts.iter().map(value).collect::<Vec<_>>(),
            });
            serde_json::to_writer_pretty(&mut *out, &value)?;
            writeln!(out)?;
        }
        OutputFormat::Human => stopped(out, |out| human(&records, &verdicts, out))?,
    }
    let bad = verdicts.iter().any(|(_, verdict)| verdict.standing.is_bad());
    Ok(if bad { FINDINGS } else { CLEAN })
}

fn human(
    records: &Records,
    verdicts: &[(&Record, Verdict)],
    out: &mut Console,
) -> Result<(), Fault> {
    for (record, verdict) in verdicts {
        let Verdict { standing, position, reasons, .. } = verdict;
        let said = match standing {
            Standing::Approved => format!(
                "by {} on {}, request {}",
                record.approval.approved_by,
                record.approval.approved_at,
                record.approval.request_id
            ),
            _ => reasons.join("; "),
        };
        let name = out.bold(&format!("{:8}", standing.name()));
        let place = format!("{}:{}:{}", escape(&record.path), position.line, position.column);
        writeln!(out, "{name}  {place}: {}: {}", escape(&record.id), escape(&said))?;
        if *standing == Standing::Stale {
            writeln!(out, "          approved {}", escape(&verdict.recorded))?;
            writeln!(out, "          now      {}", verdict.digest)?;
        }
    }
    for (path, why) in &records.unread {
        writeln!(out, "{}  {}: {why}", out.bold("unread  "), escape(path))?;
    }
    let of = |standing| verdicts.iter().filter(|(_, verdict)| verdict.standing == standing).count();
    let parts: Vec<String> =
        [Standing::Approved, Standing::Unbound, Standing::Stale, Standing::Forged]
            .into_iter()
            .filter(|standing| of(*standing) > 0)
            .map(|standing| format!("{} {}", of(standing), standing.name()))
            .chain((!records.unread.is_empty()).then(|| format!("{} unread", records.unread.len())))
            .collect();
    let parts = if parts.is_empty() { "no approval".to_owned() } else { parts.join(", ") };
    let all = records.by_path.len() + records.unread.len();
    writeln!(out, "{}: {parts}", count(all, "document"))?;
    Ok(())
}

fn value((record, verdict): &(&Record, Verdict)) -> Value {
    json!({
        "path": *record.path,
        "line": verdict.position.line,
        "column": verdict.position.column,
        "doc_id": record.id,
        "type": record.kind,
        "status": record.status,
        "state": verdict.standing.name(),
        "reasons": verdict.reasons,
        "request_id": record.approval.request_id,
        "approved_by": record.approval.approved_by,
        "approved_at": record.approval.approved_at,
        "recorded": verdict.recorded,
        "digest": verdict.digest.to_string(),
    })
}
