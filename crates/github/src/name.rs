//! Names of repositories and organisations, checked once, at the edge.

use std::fmt;
use std::str::FromStr;

/// The longest owner name, in characters. People have at most 39; the names of managed users
/// carry a suffix, so this is on the safe side.
const LONGEST_OWNER: usize = 100;

/// The longest repository name, in characters.
const LONGEST_REPOSITORY: usize = 100;

/// A repository: `owner/name`.
///
/// ```
/// use countersign_github::RepositoryName;
///
/// let name: RepositoryName = "acme/product".parse()?;
/// assert_eq!((name.owner(), name.name()), ("acme", "product"));
/// assert!("acme".parse::<RepositoryName>().is_err());
/// # Ok::<(), countersign_github::NameError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RepositoryName {
    owner: String,
    name: String,
}

impl RepositoryName {
    /// A name from its two parts.
    ///
    /// # Errors
    ///
    /// [`NameError`] when a part is empty, too long, or has a character that GitHub allows
    /// in no such name.
    pub fn new(owner: &str, name: &str) -> Result<Self, NameError> {
        let whole = || format!("{owner}/{name}");
        check_owner(owner).map_err(|what| NameError::new("repository", &whole(), what))?;
        check_repository(name).map_err(|what| NameError::new("repository", &whole(), what))?;
        Ok(Self { owner: owner.to_owned(), name: name.to_owned() })
    }

    /// The person or organisation it belongs to.
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// The name without the owner.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl fmt::Display for RepositoryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.owner, self.name)
    }
}

impl FromStr for RepositoryName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        match text.split_once('/') {
            Some((owner, name)) => Self::new(owner, name),
            None => Err(NameError::new("repository", text, "has no `/`")),
        }
    }
}

/// An organisation.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OrganisationName(String);

impl OrganisationName {
    /// The name as GitHub writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OrganisationName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for OrganisationName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        check_owner(text).map_err(|what| NameError::new("organisation", text, what))?;
        Ok(Self(text.to_owned()))
    }
}

/// A text that can be no name of a repository or an organisation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{name}` is no name of {article} {of}: it {what}")]
pub struct NameError {
    of: &'static str,
    article: &'static str,
    name: String,
    what: &'static str,
}

impl NameError {
    fn new(of: &'static str, name: &str, what: &'static str) -> Self {
        let article = if of.starts_with('o') { "an" } else { "a" };
        Self { of, article, name: crate::shown::shown(name, 120), what }
    }

    /// What to write instead.
    pub fn help(&self) -> &'static str {
        match self.of {
            "repository" => "write it as `owner/name`, for example `acme/product`",
            _ => "write it as it stands in the address, for example `acme`",
        }
    }
}

fn check_owner(text: &str) -> Result<(), &'static str> {
    if text.is_empty() {
        return Err("has no owner");
    }
    if text.len() > LONGEST_OWNER {
        return Err("has an owner of more than 100 characters");
    }
    if !text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')) {
        return Err("has an owner with other characters than letters, digits, `-` and `_`");
    }
    Ok(())
}

fn check_repository(text: &str) -> Result<(), &'static str> {
    if text.is_empty() {
        return Err("has nothing after the `/`");
    }
    if text.len() > LONGEST_REPOSITORY {
        return Err("has more than 100 characters after the `/`");
    }
    if !text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
    {
        return Err("has other characters than letters, digits, `-`, `_` and `.` after the `/`");
    }
    // These are steps in a path, not names.
    if matches!(text, "." | "..") {
        return Err("ends in a step of a path");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repository_is_an_owner_and_a_name() {
        let name: RepositoryName = "acme-inc/.github".parse().unwrap();
        assert_eq!(name.to_string(), "acme-inc/.github");
    }

    #[test]
    fn what_could_leave_its_place_in_a_path_is_no_name() {
        for bad in
            ["", "/", "acme", "acme/", "/x", "a/b/c", "a/..", "a/.", "../x", "a b/c", "a/b?c"]
        {
            assert!(bad.parse::<RepositoryName>().is_err(), "{bad}");
        }
        assert!("a/b".parse::<OrganisationName>().is_err());
        assert!("".parse::<OrganisationName>().is_err());
    }

    #[test]
    fn the_fault_is_named_and_hostile_text_is_escaped() {
        let error = "acme\u{1b}[31m/x".parse::<RepositoryName>().unwrap_err();
        insta::assert_snapshot!(error, @r#"`acme\u{1b}[31m/x` is no name of a repository: it has an owner with other characters than letters, digits, `-` and `_`"#);
        let error = "acme".parse::<RepositoryName>().unwrap_err();
        insta::assert_snapshot!(format!("{error}; {}", error.help()), @"`acme` is no name of a repository: it has no `/`; write it as `owner/name`, for example `acme/product`");
    }
}
