//! Where a knowledge base is.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use super::{Store, StoreError};

/// The address of a knowledge base.
#[derive(Clone, PartialEq, Eq)]
pub enum Location {
    /// A file: `sqlite:PATH`.
    Sqlite(PathBuf),
    /// A server: `postgres://USER:PASSWORD@HOST:PORT/NAME?OPTIONS`, with the password.
    Postgres(String),
}

/// An address longer than this is a mistake.
const LONGEST: usize = 8 * 1024;

impl FromStr for Location {
    type Err = StoreError;

    /// Reads `sqlite:PATH` (`sqlite://PATH` is the same), `postgres://…` and
    /// `postgresql://…`. The path is taken as it is: nothing in it is decoded.
    fn from_str(given: &str) -> Result<Self, StoreError> {
        let error =
            |reason: &str| StoreError::Location { given: shown(given), reason: reason.to_owned() };
        if given.len() > LONGEST {
            return Err(error("no address is that long"));
        }
        if given.chars().any(char::is_control) {
            return Err(error("there are control characters in it"));
        }
        let Some((scheme, rest)) = given.split_once(':') else {
            return Err(error("it begins neither with `sqlite:` nor with `postgres:`"));
        };
        match scheme {
            "sqlite" => {
                let path = rest.strip_prefix("//").unwrap_or(rest);
                if path.is_empty() {
                    return Err(error("the path of the file is missing"));
                }
                if path == ":memory:" {
                    return Err(error("what is kept in memory is gone when the program ends"));
                }
                if path.contains('?') {
                    return Err(error("there are no options for a file"));
                }
                Ok(Self::Sqlite(PathBuf::from(path)))
            }
            "postgres" | "postgresql" if rest.starts_with("//") => {
                Ok(Self::Postgres(given.to_owned()))
            }
            "postgres" | "postgresql" => Err(error("`//` is missing behind the colon")),
            _ => Err(error("it begins neither with `sqlite:` nor with `postgres:`")),
        }
    }
}

impl Location {
    /// The passwords in the address, as they are written in it: what must not be in a log.
    #[must_use]
    pub fn passwords(&self) -> Vec<&str> {
        let Self::Postgres(url) = self else { return Vec::new() };
        let (address, options) = parts(url);
        let user = address.find("//").zip(address.rfind('@'));
        let user = user.and_then(|(slashes, at)| address.get(slashes + 2..at));
        let named = options.into_iter().flat_map(|options| options.split('&')).filter_map(password);
        let of_user = user.and_then(|user| user.split_once(':')).map(|(_, password)| password);
        of_user.into_iter().chain(named).filter(|password| !password.is_empty()).collect()
    }
}

impl fmt::Display for Location {
    /// The address, without a password.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(formatter, "sqlite:{}", path.display()),
            Self::Postgres(url) => formatter.write_str(&without_password(url)),
        }
    }
}

impl fmt::Debug for Location {
    /// As [`Display`](fmt::Display): an address that is logged gives no password away.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// Opens the knowledge base at `location`.
///
/// A file that is not there is opened, too, and made by [`Store::migrate`]; until then,
/// everything else says that it is [empty](StoreError::Empty).
///
/// # Errors
///
/// If it cannot be reached, belongs to another program, or was made by a newer one.
pub async fn open(location: &Location) -> Result<Box<dyn Store>, StoreError> {
    match location {
        #[cfg(feature = "sqlite")]
        Location::Sqlite(path) => {
            Ok(Box::new(super::sqlite::SqliteStore::open(path.clone()).await?))
        }
        #[cfg(feature = "postgres")]
        Location::Postgres(url) => Ok(Box::new(super::postgres::PostgresStore::open(url).await?)),
        #[allow(unreachable_patterns, reason = "reached without a feature")]
        _ => Err(StoreError::Location {
            given: location.to_string(),
            reason: "this program was built without this kind of store".to_owned(),
        }),
    }
}

/// What was given, cut, escaped, and without a password.
fn shown(given: &str) -> String {
    let mut shown: String =
        without_password(given).chars().take(200).flat_map(char::escape_debug).collect();
    if given.chars().nth(200).is_some() {
        shown.push('…');
    }
    shown
}

/// `url` with `…` for its passwords: the one between `//USER:` (or `USER:`, of an address that
/// lacks its beginning) and `@`, and those of the options. A password may itself have an `@`,
/// and even a `/`, in it.
fn without_password(url: &str) -> String {
    let (address, options) = parts(url);
    let mut shown = match address.rfind('@') {
        Some(at) => {
            let slashes = address[..at].find("//").map(|slashes| slashes + 2);
            let scheme =
                ["postgres:", "postgresql:"].into_iter().find(|it| address.starts_with(it));
            // What follows `USER:` could be a password with slashes.
            let start = match (slashes, scheme) {
                (Some(slashes), _) if address[..slashes].ends_with("://") => slashes,
                (_, Some(scheme)) => scheme.len(),
                _ => 0,
            };
            let user = &address[start..at];
            let name = user.split(':').next().unwrap_or_default();
            let hidden = if name.len() < user.len() { ":…" } else { "" };
            format!("{}{name}{hidden}{}", &address[..start], &address[at..])
        }
        None => address.to_owned(),
    };
    for (at, option) in options.into_iter().flat_map(|options| options.split('&')).enumerate() {
        shown.push(if at == 0 { '?' } else { '&' });
        match password(option) {
            Some(password) => {
                shown.push_str(&option[..option.len() - password.len()]);
                shown.push('…');
            }
            None => shown.push_str(option),
        }
    }
    shown
}

/// An address and its options.
fn parts(url: &str) -> (&str, Option<&str>) {
    match url.split_once('?') {
        // Whoever forgot to encode a `?` in the password has an `@` behind it.
        Some((_, options)) if options.contains('@') => (url, None),
        Some((address, options)) => (address, Some(options)),
        None => (url, None),
    }
}

/// The value of an option that is a password.
fn password(option: &str) -> Option<&str> {
    let (name, value) = option.split_once('=')?;
    name.to_ascii_lowercase().contains("password").then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_servers_are_told_apart() {
        let read = |given: &str| given.parse::<Location>();
        assert_eq!(read("sqlite:a/b.db").unwrap(), Location::Sqlite("a/b.db".into()));
        assert_eq!(read("sqlite://a/b.db").unwrap(), Location::Sqlite("a/b.db".into()));
        assert_eq!(read("sqlite:///a.db").unwrap(), Location::Sqlite("/a.db".into()));
        let url = "postgresql://me@host/kb";
        assert_eq!(read(url).unwrap(), Location::Postgres(url.to_owned()));
    }

    #[test]
    fn what_is_no_address_is_refused_with_a_reason() {
        let long = format!("sqlite:{}", "a".repeat(LONGEST));
        for given in [
            "",
            "kb.db",
            "mysql://a/b",
            "sqlite:",
            "sqlite://",
            "sqlite::memory:",
            "sqlite:kb.db?mode=ro",
            "postgres:kb",
            "sqlite:a\0b",
            &long,
        ] {
            let error = given.parse::<Location>().unwrap_err();
            assert!(matches!(error, StoreError::Location { .. }), "{given}");
            assert!(error.to_string().len() < 1_000, "{given}");
        }
    }

    #[test]
    fn no_password_is_shown() {
        for url in [
            "postgres://me:s3cret@host/kb",
            "postgres://me:s3cret@with@at@host/kb",
            "postgres://me:s3cret/slash@host/kb",
            "postgres://me:s3cret?mark@host/kb",
            "postgres://me@host/kb?password=s3cret",
            "postgres://me@host/kb?sslmode=require&SSLPassword=s3cret&a=b",
            "mysql://me:s3cret@host/kb",
            "postgres:me:s3cret@host/kb",
            "postgres:me:s3cret//slashes@host/kb",
            "me:s3cret@host/kb",
            "me:s3cret//slashes@host/kb",
        ] {
            let shown = match url.parse::<Location>() {
                Ok(location) => format!("{location} {location:?}"),
                Err(error) => error.to_string(),
            };
            assert!(!shown.contains("s3cret"), "{shown}");
            assert!(shown.contains("me") && shown.contains("host/kb"), "{shown}");
            let location = url.parse::<Location>();
            let hidden = location.as_ref().map(Location::passwords).unwrap_or_default();
            assert!(location.is_err() || hidden[0].starts_with("s3cret"), "{hidden:?}");
        }
    }
}
