//! `docset graph`.

use super::generated::Source;
use super::views::{GraphArguments, GraphFormat};
use crate::command::{CLEAN, Console, Fault};
use crate::view::Graph;
use crate::view::graph::{dot, json, mermaid};
use countersign_report::terminal::harmless;

pub(super) fn run(arguments: &GraphArguments, out: &mut Console) -> Result<u8, Fault> {
    let source = Source::open(&arguments.root)?;
    let writes = arguments.output.is_some() && !arguments.check;
    let _lock = if writes { Some(source.lock()?) } else { None };
    let records = source.records()?;
    let graph = Graph::new(&records);
    let text = match arguments.format {
        GraphFormat::Mermaid => mermaid(&graph),
        GraphFormat::Dot => dot(&graph),
        GraphFormat::Json => json(&graph),
    };
    match &arguments.output {
        Some(path) => {
            let target = source.target(Some(path), "")?;
            if writes {
                // Another format may take the place of one.
                target.is_ours(
                    "docset graph",
                    &["flowchart ", "digraph docset ", "{\n  \"nodes\""],
                )?;
            }
            target.put(&text, arguments.check, out)
        }
        None => {
            // For another program as often as for people: nothing is put around it without need.
            harmless(out, &text)?;
            Ok(CLEAN)
        }
    }
}
