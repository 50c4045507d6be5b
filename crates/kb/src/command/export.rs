//! `kb export`.

use std::io::Write as _;

use countersign_report::terminal::{CLEAN, Console, Fault};
use serde_json::json;

use super::cli::Global;
use super::json;
use super::root::{Missing, Repository};

pub(super) async fn run(global: &Global, out: &mut Console) -> Result<u8, Fault> {
    let repository = Repository::find(global)?;
    let store = repository.store(global, Missing::Left).await?;
    for state in store.documents().await? {
        // It may have been taken out since.
        let Some((document, chunks)) = store.document(&state.path).await? else { continue };
        writeln!(out, "{}", json!({"record": "document", "document": json::document(&document)}))?;
        for (_, chunk) in chunks {
            let line = json!({"record": "chunk", "path": document.path, "chunk": json::chunk(None, &chunk)});
            writeln!(out, "{line}")?;
        }
    }
    for link in store.links(None).await? {
        writeln!(out, "{}", json!({"record": "link", "link": json::link(&link)}))?;
    }
    Ok(CLEAN)
}
