//! How far a run is, on standard error.

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::{Mutex, PoisonError};

/// Says how far a run is: on a terminal in one line that is written over, elsewhere in one line
/// for each repository.
#[derive(Debug)]
pub(in crate::command) struct Progress {
    quiet: bool,
    terminal: bool,
    counts: Mutex<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    repositories: usize,
    finished: usize,
    changes: usize,
    changed: usize,
}

impl Progress {
    /// Progress of a run that said nothing yet.
    pub(in crate::command) fn new(quiet: bool) -> Self {
        let terminal = io::stderr().is_terminal();
        Self { quiet, terminal, counts: Mutex::default() }
    }

    /// Says a line, unless told to be quiet.
    pub(in crate::command) fn say(&self, text: &str) {
        if !self.quiet {
            let clear = if self.terminal { "\r\u{1b}[2K" } else { "" };
            // There is nobody to tell that standard error is closed.
            let _ = io::stderr().write_all(format!("{clear}{text}\n").as_bytes());
        }
    }

    /// So many repositories there are.
    pub(in crate::command) fn repositories(&self, count: usize) {
        self.count(|counts| counts.repositories = count);
    }

    /// So many more changes there are to make.
    pub(in crate::command) fn planned(&self, changes: usize) {
        self.count(|counts| counts.changes += changes);
    }

    /// A change was made.
    pub(in crate::command) fn changed(&self) {
        self.count(|counts| counts.changed += 1);
    }

    /// A repository is finished, with this result in one line.
    pub(in crate::command) fn finished(&self, text: &str) {
        let many = self.count(|counts| counts.finished += 1);
        if many && !self.terminal {
            self.say(text);
        }
    }

    /// Takes the line away.
    pub(in crate::command) fn end(&self) {
        if self.terminal && !self.quiet {
            let _ = io::stderr().write_all(b"\r\x1b[2K");
        }
    }

    /// Counts, shows the line, and says whether there is more than one repository.
    fn count(&self, change: impl FnOnce(&mut Counts)) -> bool {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut counts);
        let Counts { repositories, finished, changes, changed } = &*counts;
        if self.terminal && !self.quiet {
            let line = format!(
                "\r\u{1b}[2K{finished} of {repositories} repositories, {changed} of {changes} changes"
            );
            let _ = io::stderr().write_all(line.as_bytes());
        }
        *repositories > 1
    }
}
