//! `docset types`.

use std::io::Write;

use countersign_runner::OutputFormat;
use serde_json::{Value, json};

use super::cli::TypesArguments;
use super::{CLEAN, Console, Fault, root};
use crate::catalogue::DocumentType;
use crate::check::Checker;

pub(super) fn run(arguments: &TypesArguments, out: &mut Console) -> Result<u8, Fault> {
    let (root, _) = root::of(&arguments.list.root)?;
    let checker = Checker::open(root)?;
    let types = &checker.catalogue().types;
    let shown: Vec<&DocumentType> = match &arguments.name {
        None => types.values().collect(),
        Some(name) => match types.get(name) {
            Some(kind) => vec![kind],
            None => {
                let known = types.keys().map(String::as_str);
                let help = crate::nearest::suggestion(name, known);
                return Err(format!("there is no document type `{name}`; {help}").into());
            }
        },
    };
    match arguments.list.print.format {
        OutputFormat::Json => {
            let values: Vec<Value> = shown.iter().map(|kind| value(kind)).collect();
            serde_json::to_writer_pretty(&mut *out, &values)?;
            writeln!(out)?;
        }
        OutputFormat::Human if arguments.name.is_some() => {
            for kind in shown {
                one(kind, out)?;
            }
        }
        OutputFormat::Human => {
            let width = types.keys().map(String::len).max().unwrap_or_default();
            for kind in shown {
                let name = out.bold(&format!("{:width$}", kind.name));
                let prefixes = kind.prefixes.join(", ");
                let roles = kind.owner_roles.join(", ");
                writeln!(
                    out,
                    "{name}  {prefixes:8}  {:10}  {roles:8}  {}",
                    kind.stage, kind.title.en
                )?;
            }
        }
    }
    Ok(CLEAN)
}

fn value(kind: &DocumentType) -> Value {
    json!({
        "name": kind.name,
        "title": { "en": kind.title.en, "ru": kind.title.ru },
        "prefixes": kind.prefixes,
        "owner_roles": kind.owner_roles,
        "stage": kind.stage,
        "required": kind.required,
        "optional": kind.optional,
        "statuses": kind.statuses.iter().map(|status| &status.name).collect::<Vec<_>>(),
        "approvals": kind.approvals,
        "summary": kind.summary,
        "headings": kind.headings.iter().map(|names| {
            names.iter().map(|(language, names)| (language.clone(), json!(names.0)))
                .collect::<serde_json::Map<_, _>>()
        }).collect::<Vec<_>>(),
        "max_lines": kind.max_lines,
    })
}

fn one(kind: &DocumentType, out: &mut Console) -> Result<(), Fault> {
    let title = out.bold(&format!("{} — {}", kind.name, kind.title.en));
    writeln!(out, "{title}")?;
    let headings: Vec<&str> = kind
        .headings
        .iter()
        .filter_map(|names| names.get("en")?.0.first())
        .map(String::as_str)
        .collect();
    let statuses: Vec<&str> = kind.statuses.iter().map(|status| &*status.name).collect();
    for (label, text) in [
        (
            "ids",
            kind.prefixes
                .iter()
                .map(|prefix| format!("{prefix}-0001"))
                .collect::<Vec<_>>()
                .join(", "),
        ),
        ("owner", kind.owner_roles.join(", ")),
        ("stage", kind.stage.clone()),
        ("statuses", statuses.join(", ")),
        ("needs", kind.required.join(", ")),
        ("may have", kind.optional.join(", ")),
        ("sections", headings.join(", ")),
        ("approved by the owner", if kind.approvals { "yes" } else { "no" }.to_owned()),
        ("begins with a summary", if kind.summary { "yes" } else { "no" }.to_owned()),
        ("most lines", kind.max_lines.to_string()),
    ] {
        if !text.is_empty() {
            writeln!(out, "  {label:22} {text}")?;
        }
    }
    Ok(())
}
