//! What is wrong with a definition, and where.

/// A fault in a definition: a name that stands for nothing, or a value that makes no
/// sense.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Defect {
    /// The keys that lead to it, below `process:`.
    pub(crate) route: Vec<String>,
    /// The fact, in one line.
    pub(crate) message: String,
    /// What to do.
    pub(crate) help: String,
}

impl Defect {
    /// A fault at `route`.
    pub(crate) fn new(route: &[&str], message: impl Into<String>, help: impl Into<String>) -> Self {
        let route = route.iter().map(|key| (*key).to_owned()).collect();
        Self { route, message: message.into(), help: help.into() }
    }
}
