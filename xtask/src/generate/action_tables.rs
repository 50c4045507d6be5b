//! Inputs and outputs in the READMEs of the actions, from their `action.yml`, and the list
//! of all actions.
//!
//! A README has two comments, and what stands between them is written here; the rest is
//! people's. So a table cannot say anything else than the action.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result, anyhow, ensure};
use countersign_markup::yaml::{Budget, Node, parse};

use super::Generated;
use crate::files;
use crate::workspace::Workspace;

const FOLDER: &str = "actions";
const BEGIN: &str = "<!-- From action.yml, by `cargo xtask generate`: -->\n";
const END: &str = "<!-- Until here. -->\n";

/// What an `action.yml` says of itself.
struct Action {
    /// Of its folder.
    name: String,
    description: String,
    inputs: Vec<Field>,
    outputs: Vec<Field>,
}

struct Field {
    name: String,
    description: String,
    /// `None` if it is required.
    default: Option<String>,
}

pub(super) fn generate(workspace: &Workspace) -> Result<Vec<Generated>> {
    let mut generated = Vec::new();
    let mut rows = String::new();
    for name in names(workspace)? {
        let folder = Path::new(FOLDER).join(&name);
        let path = folder.join("action.yml");
        let text = files::read(&workspace.root().join(&path))?;
        let action =
            read(&name, &text).with_context(|| format!("`{}` cannot be read", path.display()))?;
        let _ = writeln!(rows, "| [`{name}`]({name}/README.md) | {} |", cell(&action.description));
        let path = folder.join("README.md");
        let present = files::read(&workspace.root().join(&path))?;
        let text = between(&present, &action.tables())
            .with_context(|| format!("`{}` has no place for its tables", path.display()))?;
        generated.push(Generated { path, text });
    }
    let path = Path::new(FOLDER).join("README.md");
    let present = files::read(&workspace.root().join(&path))?;
    let table = format!("| Action | What it does |\n| --- | --- |\n{rows}");
    let text =
        between(&present, &table).context("`actions/README.md` has no place for its table")?;
    generated.push(Generated { path, text });
    Ok(generated)
}

/// The folders that hold an action, sorted.
fn names(workspace: &Workspace) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(workspace.root().join(FOLDER))? {
        let entry = entry?;
        if entry.path().join("action.yml").is_file() {
            let name = entry.file_name().into_string();
            names.push(name.map_err(|name| anyhow!("`{}` is no name", name.display()))?);
        }
    }
    ensure!(!names.is_empty(), "there are no actions");
    names.sort();
    Ok(names)
}

fn read(name: &str, text: &str) -> Result<Action> {
    let yaml = parse(text, 0, Budget::FRONT_MATTER).map_err(|error| anyhow!("{error:?}"))?;
    let root = yaml.root().context("it is empty")?;
    let string = |node: Node<'_, '_>, key: &str| {
        let value = node.get(key).and_then(Node::as_str).map(|text| text.trim().to_owned());
        value.filter(|text| !text.is_empty())
    };
    let fields = |key: &str| -> Result<Vec<Field>> {
        let entries = root.get(key).with_context(|| format!("no `{key}`"))?;
        let field = |name: &str, value: Node<'_, '_>| {
            let description = string(value, "description");
            let required = value.get("required").and_then(Node::as_bool) == Some(true);
            let default = value.get("default").and_then(Node::as_str).unwrap_or_default();
            Ok(Field {
                name: name.to_owned(),
                description: description.with_context(|| format!("`{name}` has no description"))?,
                default: (!required).then(|| default.to_owned()),
            })
        };
        entries
            .entries()
            .map(|entry| field(entry.key.as_str().unwrap_or_default(), entry.value))
            .collect()
    };
    Ok(Action {
        name: name.to_owned(),
        description: string(root, "description").context("no `description`")?,
        inputs: fields("inputs")?,
        outputs: fields("outputs")?,
    })
}

impl Action {
    fn tables(&self) -> String {
        let Self { name, description, inputs, outputs } = self;
        let mut text = format!("# {name}\n\n{description}\n\n## Inputs\n\n");
        text.push_str("| Input | What it is | Default |\n| --- | --- | --- |\n");
        for Field { name, description, default } in inputs {
            let default = match default.as_deref() {
                None => "required".to_owned(),
                Some("") => String::new(),
                Some(default) => format!("`{default}`"),
            };
            // An empty cell is one blank wide.
            let row = format!("| `{name}` | {} | {default} |", cell(description));
            let _ = writeln!(text, "{}", row.replace("|  |", "| |"));
        }
        text.push_str("\n## Outputs\n\n| Output | What it is |\n| --- | --- |\n");
        for Field { name, description, .. } in outputs {
            let _ = writeln!(text, "| `{name}` | {} |", cell(description));
        }
        text
    }
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

/// `present` with `text` between the two comments.
fn between(present: &str, text: &str) -> Result<String> {
    let (before, rest) = present.split_once(BEGIN).context(BEGIN.trim_end())?;
    let (_, after) = rest.split_once(END).context(END.trim_end())?;
    Ok(format!("{before}{BEGIN}{text}{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACTION: &str = "\
name: x
description: >-
  Checks a | b
  and more.
inputs:
  paths:
    description: Paths.
    required: false
    default: \"\"
  mode:
    description: Mode.
    required: false
    default: \"check\"
  query:
    description: What.
    required: true
outputs:
  result:
    description: Result.
    value: x
";

    #[test]
    fn an_action_becomes_tables() {
        let text = read("a", ACTION).unwrap().tables();
        assert!(text.starts_with("# a\n\nChecks a | b and more.\n\n## Inputs\n"), "{text}");
        for row in [
            "| `paths` | Paths. | |",
            "| `mode` | Mode. | `check` |",
            "| `query` | What. | required |",
            "| `result` | Result. |",
        ] {
            assert!(text.lines().any(|line| line == row), "{row}\n{text}");
        }
        assert!(read("a", &ACTION.replace("description: Mode.\n", "x: y\n")).is_err());
        assert!(read("a", "").is_err());
    }

    #[test]
    fn only_what_stands_between_the_comments_is_written() {
        let present = format!("a\n{BEGIN}old\n{END}b\n");
        let text = between(&present, "new\n").unwrap();
        assert_eq!(text, format!("a\n{BEGIN}new\n{END}b\n"));
        assert_eq!(between(&text, "new\n").unwrap(), text);
        assert!(between("nothing", "new").is_err());
    }
}
