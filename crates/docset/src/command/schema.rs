//! `docset schema`.

use std::io::Write;

use super::cli::SchemaArguments;
use super::{CLEAN, Console, Fault, root};
use crate::catalogue::{configuration_schema, front_matter_schema};
use crate::check::Checker;

pub(super) fn run(arguments: &SchemaArguments, out: &mut Console) -> Result<u8, Fault> {
    if arguments.subject == "config" {
        write!(out, "{}", configuration_schema())?;
        return Ok(CLEAN);
    }
    let (root, _) = root::of(&arguments.root)?;
    let checker = Checker::open(root)?;
    let catalogue = checker.catalogue();
    let Some(schema) = front_matter_schema(catalogue, &arguments.subject) else {
        let known: Vec<&str> =
            catalogue.types.keys().map(String::as_str).chain(["config"]).collect();
        let help = crate::nearest::suggestion(&arguments.subject, known);
        return Err(format!("there is no document type `{}`; {help}", arguments.subject).into());
    };
    serde_json::to_writer_pretty(&mut *out, &schema)?;
    writeln!(out)?;
    Ok(CLEAN)
}
