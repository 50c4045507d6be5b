//! The peer: `remark` with `remark-lint-frontmatter-schema`, the usual way to check
//! front matter of Markdown before.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use super::machine;
use super::tree::Tree;
use crate::docset::Docset;
use crate::files;
use crate::process::Program;
use crate::tools::{self, Node};
use crate::workspace::Workspace;

/// It keeps all trees of all files; with node's own limit it does not end.
const MEMORY: &str = "--max-old-space-size=8000";

/// What one run came to.
#[derive(Debug)]
pub(super) struct Measured {
    pub(super) time: Duration,
    pub(super) versions: String,
}

/// Runs the peer once on the whole tree, with the schemas that docset prints.
pub(super) fn measure(workspace: &Workspace, docset: &Docset, tree: &Tree) -> Result<Measured> {
    let node = tools::node(workspace)?;
    for name in Tree::types() {
        let schema = docset.json(&tree.folder, &["schema", name])?;
        let path = tree.folder.join(format!("schemas/{name}.schema.json"));
        files::write(&path, &serde_json::to_string(&schema)?)?;
    }
    files::write(&tree.folder.join(".remarkrc.mjs"), &configuration(&node)?)?;
    println!("  remark on the whole tree (minutes)");
    let run = Program::new("node", &tree.folder)
        .arg(MEMORY)
        .arg(node.package("remark-cli").join("cli.js"))
        .args(["docs", "--quiet", "--frail", "--no-color", "--ext", "md"]);
    let finished = run.capture()?;
    finished.expect_code(1)?;
    let found = warnings(&finished.stderr)
        .with_context(|| format!("remark printed no count:\n{}", tail(&finished.stderr)))?;
    ensure!(
        found == Tree::FAULTS_IN_FRONT_MATTER,
        "remark found {found} faults of {}: the schemas are not equal; it printed:\n{}",
        Tree::FAULTS_IN_FRONT_MATTER,
        tail(&finished.stderr)
    );
    println!(
        "  remark: {:.1} s; it finds the {found} faults in front matter",
        finished.time.as_secs_f64()
    );
    let node_version = machine::version(Program::new("node", workspace.root()));
    let versions =
        format!("node {}, {}", node_version.trim_start_matches('v'), node.versions("remark"));
    Ok(Measured { time: finished.time, versions })
}

/// A schema for each folder below `docs/`.
fn configuration(node: &Node) -> Result<String> {
    let import = |name: &str| {
        let path = node.package(name);
        Ok::<_, anyhow::Error>(serde_json::to_string(&format!("file://{}", entry(&path)?))?)
    };
    let mut text = format!(
        "import frontmatter from {};\nimport schema from {};\n\nexport default {{\n  plugins: [\n    \
         [frontmatter, ['yaml']],\n    [schema, {{ schemas: {{\n",
        import("remark-frontmatter")?,
        import("remark-lint-frontmatter-schema")?
    );
    for name in Tree::types() {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "      './schemas/{name}.schema.json': ['docs/{name}/*.md'],");
    }
    text.push_str("    } }],\n  ],\n};\n");
    Ok(text)
}

/// The file that a package of the new kind names as its entrance.
fn entry(package: &Path) -> Result<String> {
    let manifest: serde_json::Value =
        serde_json::from_str(&files::read(&package.join("package.json"))?)?;
    let exports = &manifest["exports"];
    let name = [exports, &exports["."], &exports["."]["import"], &manifest["main"]]
        .into_iter()
        .find_map(|value| value.as_str())
        .unwrap_or("index.js");
    Ok(package.join(name.trim_start_matches("./")).to_string_lossy().replace('\\', "/"))
}

/// The number in the closing line: `⚠ 30 warnings`.
fn warnings(report: &str) -> Option<usize> {
    let words: Vec<&str> = report.lines().last()?.split_whitespace().collect();
    let at = words.iter().position(|word| word.starts_with("warning"))?;
    words.get(at.checked_sub(1)?)?.parse().ok()
}

fn tail(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(12)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_count_is_read_from_the_closing_line() {
        assert_eq!(warnings("a.md\n  1:1 warning x\n\n⚠ 30 warnings\n"), Some(30));
        assert_eq!(warnings("⚠ 1 warning"), Some(1));
        assert_eq!(warnings("no issues"), None);
    }
}
