//! Why a configuration cannot be used.

use std::io;
use std::path::PathBuf;

/// Why the configuration cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read `{}`", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Something in the file is wrong.
    #[error("{path}:{line}:{column}: {message}")]
    Invalid {
        /// The file, as it was named.
        path: String,
        /// Line, 1-based.
        line: usize,
        /// Column, 1-based, in characters.
        column: usize,
        /// The fact, in one line.
        message: String,
        /// What to do; may be empty.
        help: String,
    },
}

impl ConfigError {
    /// What to do about it, where that is known.
    #[must_use]
    pub fn help(&self) -> Option<&str> {
        match self {
            Self::Invalid { help, .. } if !help.is_empty() => Some(help),
            Self::Invalid { .. } | Self::Read { .. } => None,
        }
    }

    /// For a configuration that was built in memory, where there is no line to name:
    /// `route` leads to the value.
    #[must_use]
    pub fn in_memory(route: &[&str], message: &str, help: &str) -> Self {
        Self::Invalid {
            path: route.join(": "),
            line: 1,
            column: 1,
            message: message.to_owned(),
            help: help.to_owned(),
        }
    }
}
