//! `docset new`.

use std::io::Write;

use super::NewArguments;
use super::today::today;
use crate::check::Checker;
use crate::command::{CLEAN, Console, Fault, root};
use crate::diagnostic::escape;
use crate::document::Date;
use crate::new::{Order, What, create, plan_for};
use countersign_report::terminal::{harmless, stopped};

/// The word that stands for all types of a stage.
const PACKAGE: &str = "package";

pub(super) fn run(arguments: &NewArguments, out: &mut Console) -> Result<u8, Fault> {
    let (root, _) = root::of(&arguments.root)?;
    let checker = Checker::open(&root)?;
    let order = order(arguments)?;
    if arguments.dry_run {
        let documents = plan_for(&order, &checker)?.documents;
        return stopped(out, |out| {
            for document in documents {
                writeln!(out, "{}", out.bold(&format!("# {}", escape(&document.path))))?;
                writeln!(out, "{}", document.text)?;
            }
            Ok(CLEAN)
        });
    }
    for document in create(&order, &checker, crate::command::waiting)?.documents {
        // Scripts read the path: nothing is put around it without need.
        harmless(out, &format!("{}\n", document.path))?;
    }
    Ok(CLEAN)
}

fn order(arguments: &NewArguments) -> Result<Order, Fault> {
    let what = match (arguments.kind.as_str(), &arguments.package) {
        (PACKAGE, Some(stage)) => What::Package(stage.clone()),
        (PACKAGE, None) => {
            return Err("a package belongs to a stage: `docset new package intake`".into());
        }
        (kind, None) => What::Document(kind.to_owned()),
        (kind, Some(other)) => {
            return Err(format!(
                "`{other}` behind `{kind}` means nothing; a stage goes behind `{PACKAGE}` only, \
                 or into `--stage {other}`"
            )
            .into());
        }
    };
    let today = match &arguments.date {
        Some(text) => Date::parse(text)
            .ok_or_else(|| format!("`{text}` is no day; write it as in 2026-02-06"))?,
        None => today()?,
    };
    Ok(Order {
        what,
        title: arguments.title.clone(),
        issues: arguments.issue.clone(),
        pull_requests: arguments.pr.clone(),
        stage: arguments.stage.clone(),
        language: arguments.lang.clone(),
        today,
    })
}
