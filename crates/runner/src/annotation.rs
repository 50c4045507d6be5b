//! Annotations, of which GitHub shows a few.

use std::path::Path;

/// So many annotations of each kind does GitHub show of one step:
/// <https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands>, and
/// <https://github.com/orgs/community/discussions/26680> on the number.
pub const MOST_ANNOTATIONS: usize = 10;

/// The kinds, as their commands begin.
const KINDS: [&str; 3] = ["::error ", "::warning ", "::notice "];

/// Annotations that are few enough to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotations {
    /// The workflow commands, one a line.
    pub text: String,
    /// How many there are no more, since GitHub would not show them.
    pub left_out: usize,
}

impl Annotations {
    /// The first [`MOST_ANNOTATIONS`] of each kind among the lines of `commands`, which
    /// somebody wrote in GitHub's format; lines that are no annotations are dropped. Errors
    /// come first, as they are what one looks for.
    ///
    /// `folder` goes in front of the paths: GitHub counts them from the root of the repository,
    /// and a document may be checked from a folder below it. Empty for the root.
    #[must_use]
    pub fn of(commands: &str, folder: &str) -> Self {
        let mut annotations = Self { text: String::new(), left_out: 0 };
        for kind in KINDS {
            let all: Vec<&str> = commands.lines().filter(|line| line.starts_with(kind)).collect();
            for line in all.iter().take(MOST_ANNOTATIONS) {
                annotations.text.push_str(&placed(line, folder));
                annotations.text.push('\n');
            }
            annotations.left_out += all.len().saturating_sub(MOST_ANNOTATIONS);
        }
        annotations
    }
}

/// The folder of `root` as seen from the workspace, with `/`; empty if it is that, or
/// outside of it.
pub(crate) fn folder(workspace: &Path, root: &Path) -> String {
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let root = real(root);
    let Ok(below) = root.strip_prefix(real(workspace)) else { return String::new() };
    let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}

/// The command with its path counted from the workspace.
fn placed(line: &str, folder: &str) -> String {
    const FILE: &str = ",file=";
    // Values of properties have no `:` and no `,`, so the first pair of colons after the
    // name of the command ends them, and nothing before it looks like another property.
    let end = line.get(2..).and_then(|rest| rest.find("::")).map_or(line.len(), |end| end + 2);
    match line[..end].find(FILE) {
        Some(at) if !folder.is_empty() => {
            let (before, path) = line.split_at(at + FILE.len());
            let folder = folder.replace('%', "%25").replace(':', "%3A").replace(',', "%2C");
            format!("{before}{folder}/{path}")
        }
        _ => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_of_each_kind_are_left_and_the_rest_is_counted() {
        let mut commands = String::new();
        for number in 0..12 {
            commands.push_str(&format!("::warning title=w::{number}\n"));
        }
        commands.push_str("::error title=e::late\n12 documents\n");
        let annotations = Annotations::of(&commands, "");
        assert_eq!(annotations.left_out, 2);
        assert_eq!(annotations.text.lines().count(), 11);
        assert!(annotations.text.starts_with("::error title=e::late\n::warning title=w::0\n"));
    }

    #[test]
    fn a_path_is_counted_from_the_workspace_and_a_message_is_left_alone() {
        let command = "::error title=a,file=docs/a.md,line=1::x ,file=docs/b.md";
        let annotations = Annotations::of(command, "sub,folder");
        let wanted = "::error title=a,file=sub%2Cfolder/docs/a.md,line=1::x ,file=docs/b.md\n";
        assert_eq!(annotations.text, wanted);
        let without = "::notice title=a::x ,file=docs/b.md";
        assert_eq!(Annotations::of(without, "sub").text, format!("{without}\n"));
    }
}
