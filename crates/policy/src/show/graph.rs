//! `policy show graph`: the stages of a profile as a Mermaid flowchart, after the diagram
//! of specification §11.1.

use std::fmt::Write as _;

use countersign_process::{Process, UnknownName};

/// The stages of the profile, what each is started by, and what may follow.
///
/// # Errors
///
/// [`UnknownName`] if there is no such profile.
pub fn graph(process: &Process, profile: &str) -> Result<String, UnknownName> {
    let stages = process.stages_of(profile)?;
    let mut text = String::from("flowchart LR\n");
    let shown = |name: &str| stages.iter().any(|stage| stage == name);
    let any: Vec<&str> =
        process.in_order().filter(|(_, stage)| stage.from_any).map(|(name, _)| name).collect();
    for name in stages.iter().map(String::as_str).chain(any.iter().copied()) {
        let Some(stage) = process.stages.get(name) else { continue };
        let label = format!("{}<br/>{}", quoted(&stage.start.label), quoted(&stage.title.en));
        let _ = writeln!(text, "  {}[\"{label}\"]", id(name));
    }
    for name in stages {
        let followers = process.next(profile, Some(name))?;
        for follower in followers.into_iter().filter(|follower| shown(follower)) {
            let _ = writeln!(text, "  {} -->|\"owner approves\"| {}", id(name), id(follower));
        }
        if let Some(revise) = process.stages.get(name).and_then(|stage| stage.revise.as_ref()) {
            let label = quoted(&revise.label);
            let _ = writeln!(text, "  {0} -.->|\"{label}\"| {0}", id(name));
        }
    }
    for side in any {
        for name in stages {
            let _ = writeln!(text, "  {} -.-> {}", id(name), id(side));
        }
    }
    Ok(text)
}

/// A name that Mermaid takes for a node.
fn id(name: &str) -> String {
    let mut id = String::from("s_");
    for char in name.chars() {
        if char.is_ascii_alphanumeric() {
            id.push(char);
        } else {
            let _ = write!(id, "_{:x}_", u32::from(char));
        }
    }
    id
}

/// Text inside a quoted label: entities instead of what would end it or be markup.
/// Source: <https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters>.
fn quoted(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for char in countersign_markup::shown::escape(text).chars() {
        match char {
            '"' | '<' | '>' | '#' | '&' | ';' | '`' | '\\' => {
                let _ = write!(shown, "#{};", u32::from(char));
            }
            _ => shown.push(char),
        }
    }
    shown
}
