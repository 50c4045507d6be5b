//! Where the called workflows come from: `acme/countersign@v0.1.0`.

use std::fmt;
use std::str::FromStr;

use crate::diagnostic::excerpt;

/// The version of this program and its templates.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What stands for the repository in a template.
const OWNER: &str = "OWNER/countersign";
/// What stands for the reference behind it.
const REF: &str = "@REF";

/// Names on GitHub and references of git are shorter.
const LONGEST: usize = 200;

/// A repository of Countersign, and a tag, branch or commit of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    repository: String,
    reference: String,
}

/// A repository or a reference that GitHub would not take.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// It is not `owner/name`.
    #[error("`{0}` names no repository; write it as `owner/countersign`")]
    Repository(String),
    /// It is no tag, branch or commit.
    #[error(
        "`{0}` names no tag, branch or commit; write it as `v0.1.0`, or give a full commit hash"
    )]
    Reference(String),
    /// There is no `@` between the two.
    #[error("`{0}` is not `owner/countersign@reference`")]
    Shape(String),
}

impl Source {
    /// A source from its two parts.
    ///
    /// # Errors
    ///
    /// [`SourceError`] if a part holds what GitHub or git allow in no such name. What is let
    /// through can stand in YAML as it is.
    pub fn new(repository: &str, reference: &str) -> Result<Self, SourceError> {
        let is_name = |name: &str, more: &str| {
            let fits = |char: char| char.is_ascii_alphanumeric() || more.contains(char);
            !name.is_empty() && name.len() <= LONGEST && name.chars().all(fits)
        };
        let good = repository.split_once('/').is_some_and(|(owner, name)| {
            let dots = name.chars().all(|char| char == '.');
            is_name(owner, "-_") && !owner.starts_with('-') && is_name(name, "-_.") && !dots
        });
        if !good {
            return Err(SourceError::Repository(excerpt(repository)));
        }
        // What `git check-ref-format` refuses, and what YAML or an expression would read.
        let good = is_name(reference, "-_./+")
            && !reference.starts_with(['-', '.', '/', '+'])
            && !reference.ends_with(['.', '/'])
            && !reference.ends_with(".lock")
            && !["..", "//", "/."].iter().any(|bad| reference.contains(bad));
        if !good {
            return Err(SourceError::Reference(excerpt(reference)));
        }
        Ok(Self { repository: repository.to_owned(), reference: reference.to_owned() })
    }

    /// The repository that this program was built from, if whoever built it said so.
    #[must_use]
    pub fn built_from() -> Option<&'static str> {
        option_env!("COUNTERSIGN_REPOSITORY").filter(|name| !name.is_empty())
    }

    /// `owner/name`.
    #[must_use]
    pub fn repository(&self) -> &str {
        &self.repository
    }

    /// The tag, branch or commit.
    #[must_use]
    pub fn reference(&self) -> &str {
        &self.reference
    }

    /// Whether the reference is a full commit hash, which nobody can move.
    #[must_use]
    pub fn is_commit(&self) -> bool {
        let length = self.reference.len();
        (length == 40 || length == 64)
            && self.reference.bytes().all(|byte| byte.is_ascii_hexdigit())
    }

    /// The version that the reference is the tag of, such as `v0.1.0`; `None` for anything
    /// else, such as a branch or `v1`, which moves.
    #[must_use]
    pub fn version(&self) -> Option<[u64; 3]> {
        number(self.reference.strip_prefix('v')?)
    }

    /// The tag of this program's version.
    #[must_use]
    pub fn tag() -> String {
        format!("v{VERSION}")
    }

    /// A template with its places for repository and reference filled in.
    #[must_use]
    pub fn render(&self, template: &str) -> String {
        template.replace(OWNER, &self.repository).replace(REF, &format!("@{}", self.reference))
    }
}

/// A version as something that can be compared; `None` for what is no version.
pub(crate) fn number(version: &str) -> Option<[u64; 3]> {
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let mut parts = version.split('.').map(|part| part.parse().ok().filter(|_| digits(part)));
    let number = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some(number)
}

impl fmt::Display for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}@{}", self.repository, self.reference)
    }
}

impl FromStr for Source {
    type Err = SourceError;

    fn from_str(text: &str) -> Result<Self, SourceError> {
        let parts = text.split_once('@').ok_or_else(|| SourceError::Shape(excerpt(text)))?;
        Self::new(parts.0, parts.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_github_takes_goes_into_a_workflow() {
        let commit = "9".repeat(40);
        for (repository, reference) in [
            ("acme/countersign", "v1"),
            ("a-b/c_d.e", "release/1.x"),
            ("acme/countersign", &*commit),
        ] {
            let source = Source::new(repository, reference).unwrap();
            assert_eq!(source.to_string().parse(), Ok(source));
        }
        for repository in
            ["", "acme", "acme/", "/x", "a/b/c", "-a/b", "a/..", "a/b\n- x", "a/${{x}}"]
        {
            assert!(Source::new(repository, "v1").is_err(), "{repository}");
        }
        for reference in [
            "",
            "-x",
            "a..b",
            "v1 ",
            "v1\nrun: x",
            "${{ x }}",
            "a.lock",
            "/a",
            "a//b",
            "v1#",
            "a@b",
            "@{",
        ] {
            assert!(Source::new("acme/countersign", reference).is_err(), "{reference}");
        }
    }

    #[test]
    fn a_commit_and_a_version_are_told_from_what_moves() {
        let is = |reference: &str| {
            let source = Source::new("acme/countersign", reference).unwrap();
            (source.is_commit(), source.version())
        };
        assert_eq!(is(&"a".repeat(40)), (true, None));
        assert_eq!(is("v0.1.0"), (false, Some([0, 1, 0])));
        assert!(number("0.10.0") > number("0.9.1"));
        for moving in ["v1", "main", "v1.2", "v1.2.x", "v1.2.+3", "v1.2.3.4", &"a".repeat(39)] {
            assert_eq!(is(moving), (false, None), "{moving}");
        }
    }
}
