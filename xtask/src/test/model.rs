//! The models that the tests of the knowledge base run, one that embeds and one that reranks:
//! their script must write the files that are committed, byte for byte.

use anyhow::{Context as _, Result, bail};

use crate::files;
use crate::process::Program;
use crate::tools;
use crate::workspace::Workspace;

const FOLDER: &str = "crates/kb/tests/model";

/// In the folder, and in that of the reranker below it.
const FILES: [&str; 5] = [
    "model.onnx",
    "tokenizer.json",
    "tokenizer_config.json",
    "config.json",
    "special_tokens_map.json",
];

pub(super) fn run(workspace: &Workspace) -> Result<()> {
    let python = tools::model_maker(workspace)?;
    let made = workspace.target("test-model");
    files::make_empty_folder(&made)?;
    let committed = workspace.root().join(FOLDER);
    Program::new(python.program("python"), workspace.root())
        .arg(committed.join("make.py"))
        .arg(&made)
        .run()?;
    let names = FILES.iter().map(|name| (*name).to_owned());
    let of_reranker = FILES.iter().chain(&["model.onnx.data"]);
    let names = names.chain(of_reranker.map(|name| format!("reranker/{name}")));
    for name in names {
        let [made, committed] = [&made, &committed].map(|folder| {
            let path = folder.join(&name);
            std::fs::read(&path).with_context(|| format!("cannot read `{}`", path.display()))
        });
        if made? != committed? {
            bail!(
                "`{FOLDER}/{name}` is not what make.py beside it writes: run it, and commit both"
            );
        }
    }
    Ok(())
}
