//! Formats that others must understand, read by programs of others.

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::docset::Docset;
use crate::files;
use crate::process::Program;
use crate::tools;
use crate::workspace::Workspace;

/// Documents with findings, and with names and titles that try to break formats.
const DOCUMENTS: [(&str, &str); 3] = [
    ("docs/none.md", "# No front matter\n"),
    ("docs/a b,c%20[d].md", "---\ntitle: \"<b>|@x|[y](z)\"\ntype: no\n---\n# T\n[x](nowhere.md)\n"),
    ("docs/ключ.md", "---\ndoc_id: ADR-1\ndoc_id: ADR-1\n---\n# T\n"),
];

/// # Errors
///
/// If a reader refuses what docset wrote, or reads something else.
pub(super) fn run(workspace: &Workspace) -> Result<()> {
    let docset = Docset::build(workspace)?;
    let python = tools::python(workspace)?;
    let folder = workspace.target("tmp/readers");
    files::make_empty_folder(&folder)?;
    for (path, text) in DOCUMENTS {
        files::write(&folder.join(path), text)?;
    }
    let finished = docset.run(&folder, &["check", "--root", ".", "--format", "json"])?;
    finished.expect_code(1)?;
    let json: Value = serde_json::from_str(&finished.stdout)?;
    let expected = json["diagnostics"].as_array().context("no list of findings")?.len();
    ensure!(expected > 5, "the documents have only {expected} findings");

    let sarif = ["check", "--root", ".", "--format", "sarif", "--output", "findings.sarif"];
    docset.run(&folder, &sarif)?.expect_code(1)?;
    let csv = Program::new(python.program("sarif"), &folder);
    csv.args(["csv", "--output", "findings.csv", "findings.sarif"]).run()?;
    let rows = files::read(&folder.join("findings.csv"))?.lines().count() - 1;
    ensure!(rows == expected, "the SARIF reader sees {rows} findings of {expected}");

    let checker = python.program("check-jsonschema");
    let configuration = workspace.root().join("schemas/countersign.schema.json");
    for file in ["countersign.yaml", "examples/acme/countersign.yaml"] {
        let program = Program::new(&checker, workspace.root()).arg("--schemafile");
        program.arg(&configuration).arg(file).run()?;
    }
    files::write(&folder.join("bad.yaml"), "docs:\n  inclde: [docs]\n")?;
    let program = Program::new(&checker, &folder).arg("--schemafile").arg(&configuration);
    program.arg("bad.yaml").capture()?.expect_code(1)?;
    let entries = std::fs::read_dir(workspace.root().join("schemas/docs"))?;
    let schemas = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    ensure!(schemas.len() > 40, "only {} schemas of types", schemas.len());
    Program::new(&checker, workspace.root()).arg("--check-metaschema").args(schemas).run()
}
