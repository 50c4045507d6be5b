//! `docset explain`.

use std::io::Write;

use super::cli::ExplainArguments;
use super::{CLEAN, Console, Fault};
use crate::rule::{RULES, rule};

pub(super) fn run(arguments: &ExplainArguments, out: &mut Console) -> Result<u8, Fault> {
    let id = arguments.rule.trim();
    let Some(rule) = rule(id) else {
        let known = RULES.iter().map(|rule| rule.id);
        let help = match crate::nearest::nearest(id, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`docset rules` lists them".to_owned(),
        };
        return Err(format!("there is no rule `{id}`; {help}").into());
    };
    let mut in_code = false;
    for line in rule.page.lines() {
        in_code ^= line.starts_with("```");
        if line.starts_with('#') && !in_code {
            writeln!(out, "{}", out.bold(line))?;
        } else {
            writeln!(out, "{line}")?;
        }
    }
    Ok(CLEAN)
}
