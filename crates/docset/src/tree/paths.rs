//! Paths of the repository: from its root, with `/`, without `.` and `..`.

/// The folder of a path; empty for a path in the root.
pub(crate) fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}

/// `path` as seen from the folder `base`; `None` if it leads out of the root.
pub(crate) fn resolve(base: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = base.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

/// Whether `text` can be the name of a file or folder and nothing more.
pub(crate) fn is_plain_name(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with('.')
        && text.chars().all(|char| char.is_alphanumeric() || "-_.".contains(char))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resolves_and_never_leaves_the_root() {
        assert_eq!(resolve("docs/adr", "../a.md").as_deref(), Some("docs/a.md"));
        assert_eq!(resolve("docs", "./x//y/").as_deref(), Some("docs/x/y"));
        assert_eq!(resolve("docs", "..").as_deref(), Some(""));
        assert_eq!(resolve("docs", "../../a.md"), None);
        assert_eq!(parent("docs/a.md"), "docs");
        assert_eq!(parent("a.md"), "");
    }
}
