//! Why something failed, from an error and the causes that it names.

use std::error::Error;

/// What an error says, and then what its causes say, the outermost first. Some errors say what
/// their cause says, too: such a cause is left out.
///
/// ```
/// let error = std::io::Error::other("the disk is full");
/// assert_eq!(countersign_report::causes(&error), ["the disk is full"]);
/// ```
#[must_use]
pub fn causes(error: &dyn Error) -> Vec<String> {
    let mut said = vec![error.to_string()];
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        // What follows behind an empty line is usage.
        let is_said = |last: &String| last.split("\n\n").any(|part| part.ends_with(&text));
        if !said.last().is_some_and(is_said) {
            said.push(text);
        }
        cause = error.source();
    }
    said
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[derive(Debug, thiserror::Error)]
    enum Fault {
        #[error("`a.md` cannot be read")]
        Plain(#[source] io::Error),
        #[error("`a.md` cannot be read: {0}")]
        Wordy(#[source] io::Error),
        #[error("`a.md` cannot be read: {0}\n\nUsage: docset check [PATHS]\n")]
        WithUsage(#[source] io::Error),
        #[error("the index cannot be written")]
        Outer(#[source] Box<Fault>),
    }

    #[test]
    fn a_cause_is_told_once() {
        let full = || io::Error::other("the disk is full");
        assert_eq!(causes(&Fault::WithUsage(full())).len(), 1);
        for fault in [Fault::Plain(full()), Fault::Wordy(full())] {
            let said = causes(&fault).join(": ");
            assert_eq!(said, "`a.md` cannot be read: the disk is full");
            let said = causes(&Fault::Outer(Box::new(fault))).join(": ");
            assert_eq!(
                said,
                "the index cannot be written: `a.md` cannot be read: the disk is full"
            );
        }
    }
}
