//! References to called workflows in a text that people edited.

use super::source::Source;

/// `text` with its references to workflows of `old` moved to `new`.
///
/// A reference that was installed moves, and so does a version or a commit that somebody
/// else brought up in the meantime, such as a tool that updates dependencies, unless it is
/// ahead of `new`. A branch that somebody chose stays.
pub(super) fn follow(text: &str, old: &Source, new: &Source) -> String {
    let mut followed = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        followed.push_str(&moved(line, old, new).unwrap_or_else(|| line.to_owned()));
    }
    followed
}

/// The line `uses: owner/countersign/…@reference`, moved; `None` if it is none, or stays.
fn moved(line: &str, old: &Source, new: &Source) -> Option<String> {
    let before = format!("{}/", old.repository());
    let start = line.find(&before)?;
    let word = |char: char| char.is_ascii_alphanumeric() || "-_./".contains(char);
    if line[..start].ends_with(word) || line[..start].contains('#') {
        return None;
    }
    let (path, rest) = line[start + before.len()..].split_once('@').unzip();
    let (Some(path), Some(rest)) = (path, rest) else {
        // Named without a reference, as in the policy of zizmor.
        return Some(line.replace(&before, &format!("{}/", new.repository())));
    };
    let end = rest.find(|char: char| char.is_whitespace() || "\"'#".contains(char));
    let (reference, rest) = rest.split_at(end.unwrap_or(rest.len()));
    let theirs = Source::new(old.repository(), reference).ok()?;
    let behind = theirs.version().is_some() && theirs.version() < new.version();
    let moves = theirs == *old || behind || (theirs.is_commit() && new.is_commit());
    let source = (new.repository(), new.reference());
    moves.then(|| format!("{}{}/{path}@{}{rest}", &line[..start], source.0, source.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_pinned_moves_and_what_was_chosen_stays() {
        let (one, two) = ("1".repeat(40), "2".repeat(40));
        let line = |repository: &str, reference: &str| {
            format!("    uses: {repository}/.github/workflows/wf_a.yml@{reference}\n")
        };
        let source = |reference: &str| Source::new("acme/countersign", reference).unwrap();
        for (from, to, theirs, becomes) in [
            ("v0.0.1", "v0.0.3", "v0.0.1", "v0.0.3"),
            ("v0.0.1", "v0.0.3", "v0.0.2 # kept", "v0.0.3 # kept"),
            ("v0.0.1", "v0.0.3", "v0.0.4", "v0.0.4"),
            ("v0.0.1", "v0.0.3", "main", "main"),
            ("main", "v0.0.3", "main", "v0.0.3"),
            ("v0.0.1", two.as_str(), one.as_str(), two.as_str()),
            ("v0.0.1", "v0.0.3", one.as_str(), one.as_str()),
            ("v0.0.1", two.as_str(), "v0.0.2", "v0.0.2"),
        ] {
            let before = line("acme/countersign", theirs);
            let after = line("acme/countersign", becomes);
            assert_eq!(follow(&before, &source(from), &source(to)), after, "{from} {to} {theirs}");
        }
        for others in ["evil-acme/countersign", "acme/countersign-fork", "x/acme/countersign"] {
            let text = line(others, "v0.0.1");
            assert_eq!(follow(&text, &source("v0.0.1"), &source("v0.0.2")), text);
        }
        let moved = Source::new("umbrella/fork", "v0.0.1").unwrap();
        let policy = "        \"acme/countersign/*\": ref-pin\n";
        let expected = "        \"umbrella/fork/*\": ref-pin\n";
        assert_eq!(follow(policy, &source("v0.0.1"), &moved), expected);
    }
}
