//! Reading the records of a tree, on all processors.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use memchr::memmem::Finder;

use super::{Records, Subject, subject};
use crate::check::Checker;
use crate::front_matter::FrontMatter;
use crate::tree::{self, Found, Inputs};
use crate::view::is_about;

/// Documents that a thread takes at once.
const FEW: usize = 16;

impl Checker {
    /// Reads all documents that the configuration includes, except plain ones.
    #[must_use]
    pub fn records(&self) -> Records {
        self.records_where(&|_, _| true, &|_| true)
    }

    /// Reads the documents that are about `subject`, and those at `paths`. Of all others
    /// it reads the head alone, since nobody else can say which ones these are: a docset
    /// file may be out of date.
    ///
    /// A document that has no front matter, or cannot be read, is about nothing; it is
    /// among the unread ones only if it is one of `paths`.
    #[must_use]
    pub fn records_about(&self, subject: Subject, paths: &BTreeSet<String>) -> Records {
        let (Subject::Issue(number) | Subject::PullRequest(number)) = subject;
        // A number of front matter is unquoted and decimal: whoever names it, has these
        // digits.
        let number = number.to_string();
        let digits = Finder::new(number.as_bytes());
        let may_be = |found: &Found, buffer: &mut Vec<u8>| {
            let Some(head) = tree::head(found, buffer) else { return false };
            if !digits.find_iter(head).any(|at| is_number(head, at, number.len())) {
                return false;
            }
            let head = match std::str::from_utf8(head) {
                Ok(head) => head,
                Err(error) => std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default(),
            };
            names(&FrontMatter::parse(head), subject)
        };
        let asked_for = |path: &str| paths.contains(path);
        let mut records = self.records_where(&may_be, &asked_for);
        records.by_path.retain(|path, record| asked_for(path) || is_about(record, subject));
        records.unread.retain(|path, _| asked_for(path));
        records
    }

    /// Reads the documents whose path `is_wanted`, and those whose head `may_be` wanted,
    /// on all processors.
    fn records_where(
        &self,
        may_be: &(dyn Fn(&Found, &mut Vec<u8>) -> bool + Sync),
        is_wanted: &(dyn Fn(&str) -> bool + Sync),
    ) -> Records {
        let inputs = Inputs {
            root: self.root(),
            patterns: &self.config().include,
            base: self.root(),
            ignore_files: true,
        };
        let documents: Vec<_> = tree::walk(&inputs, self.settings())
            .documents
            .into_iter()
            .filter(|(path, _)| !self.settings().plain.is_match(&**path))
            .collect();
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let threads = threads.clamp(1, documents.len().div_ceil(FEW).max(1));
        let next = AtomicUsize::new(0);
        let work = || {
            let (mut records, mut buffer) = (Records::default(), Vec::new());
            loop {
                let from = next.fetch_add(FEW, Ordering::Relaxed);
                let Some(some) = documents.get(from..).filter(|some| !some.is_empty()) else {
                    return records;
                };
                for (path, found) in &some[..some.len().min(FEW)] {
                    if !is_wanted(path) && !may_be(found, &mut buffer) {
                        continue;
                    }
                    let path = Arc::clone(path);
                    match tree::read(&found.full, &mut buffer) {
                        Err(error) => drop(records.unread.insert(path, error.to_string())),
                        Ok(()) => match std::str::from_utf8(&buffer) {
                            Ok(text) => records.put(path, text, self.catalogue()),
                            Err(_) => {
                                let reason = "it is not UTF-8".to_owned();
                                records.unread.insert(path, reason);
                            }
                        },
                    }
                }
            }
        };
        std::thread::scope(|scope| {
            let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
            let mut records = work();
            for other in others.into_iter().map(tree::joined) {
                records.by_path.extend(other.by_path);
                records.unread.extend(other.unread);
            }
            records
        })
    }
}

/// Whether the digits at `at` stand for themselves, zeros in front of them allowed for, and
/// are no part of a longer number or of a digest.
fn is_number(text: &[u8], at: usize, length: usize) -> bool {
    let behind = text.get(at + length).copied();
    let zeros = text[..at].iter().rev().take_while(|byte| **byte == b'0').count();
    let before = (at - zeros).checked_sub(1).map(|at| text[at]);
    let is_apart = |byte: Option<u8>| !byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
    is_apart(before) && is_apart(behind)
}

/// Whether the front matter names the issue or pull request, as
/// [`is_about`](crate::view::is_about) has it.
fn names(front_matter: &FrontMatter<'_>, wanted: Subject) -> bool {
    let (key, number) = match wanted {
        Subject::Issue(number) => ("related_issues", number),
        Subject::PullRequest(number) => ("related_prs", number),
    };
    let mut nodes = front_matter.get(key).into_iter().flat_map(|node| node.one_or_many());
    nodes.any(|node| node.as_integer().is_some_and(|it| u64::try_from(it) == Ok(number)))
        || subject(front_matter) == Some(wanted)
}
