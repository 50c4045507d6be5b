//! The variables of a step.

use std::collections::BTreeMap;
use std::ffi::OsString;

use crate::StepError;

/// The variables of a step. An empty one is not given: that is how an action passes an
/// input that nobody set.
#[derive(Clone, Debug)]
pub struct Variables {
    given: BTreeMap<String, OsString>,
}

impl Variables {
    /// Those of this process. A variable whose name is no Unicode is none of the runner's.
    #[must_use]
    pub fn of_process() -> Self {
        let named = |(name, value): (OsString, OsString)| Some((name.into_string().ok()?, value));
        Self { given: std::env::vars_os().filter_map(named).collect() }
    }

    /// Those that are named here.
    #[must_use]
    pub fn new<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.into());
        Self { given: pairs.into_iter().map(owned).collect() }
    }

    /// The value of `name`; `None` if it is not set, or empty.
    ///
    /// # Errors
    ///
    /// [`StepError::NotUnicode`] if it is no text.
    pub fn get(&self, name: &str) -> Result<Option<&str>, StepError> {
        match self.given.get(name) {
            None => Ok(None),
            Some(value) => match value.to_str() {
                Some("") => Ok(None),
                Some(text) => Ok(Some(text)),
                None => Err(StepError::NotUnicode { variable: name.to_owned() }),
            },
        }
    }
}
