//! `docset sync`.

use std::path::Path;

use super::generated::{Source, Target};
use super::views::{
    PageArguments, SyncArguments, SyncIssueArguments, SyncPrArguments, SyncSubject,
};
use crate::command::{Console, Fault};
use crate::docset::{
    Changed, Docset, DocsetError, Identity, Process, issue_path, pr_path, sync_issue,
    sync_pull_request,
};
use crate::edit::FolderLock;
use crate::record::{Records, Subject};
use crate::tree;

pub(super) fn run(arguments: &SyncArguments, out: &mut Console) -> Result<u8, Fault> {
    match &arguments.subject {
        SyncSubject::Issue(arguments) => issue(arguments, out),
        SyncSubject::Pr(arguments) => pull_request(arguments, out),
    }
}

fn issue(arguments: &SyncIssueArguments, out: &mut Console) -> Result<u8, Fault> {
    let number = arguments.number;
    let identity = Identity {
        repo: arguments.place.repo.clone(),
        profile: arguments.profile.clone(),
        stage: arguments.stage.clone(),
    };
    let page = &arguments.place.page;
    sync(&issue_path(number), page, out, |source, records, present| {
        let catalogue = source.checker.catalogue();
        let identity = match present {
            Some(_) => identity.clone(),
            None => said(source, records, Subject::Issue(number), &identity),
        };
        sync_issue(records, catalogue, &Process::default(), number, &identity, present)
    })
}

fn pull_request(arguments: &SyncPrArguments, out: &mut Console) -> Result<u8, Fault> {
    let number = arguments.number;
    let page = &arguments.place.page;
    let identity = Identity { repo: arguments.place.repo.clone(), ..Identity::default() };
    let changed = match &arguments.changed_since {
        Some(revision) => {
            let source = Source::open(page.root.as_deref())?;
            Changed::Paths(tree::changed_since(source.checker.root(), revision)?)
        }
        None => Changed::AsListed,
    };
    sync(&pr_path(number), page, out, |source, records, present| {
        let catalogue = source.checker.catalogue();
        let identity = match present {
            Some(_) => identity.clone(),
            None => said(source, records, Subject::PullRequest(number), &identity),
        };
        sync_pull_request(records, catalogue, number, &identity, &changed, present)
    })
}

/// What a docset in Markdown form says already of a subject that has no file yet;
/// what the user says goes first.
fn said(source: &Source, records: &Records, subject: Subject, identity: &Identity) -> Identity {
    let documents = records.by_path.values();
    let mut docsets = documents.filter(|record| record.subject == Some(subject));
    let read = |path: &str| std::fs::read_to_string(source.checker.root().join(path)).ok();
    let known = docsets.find_map(|record| Docset::read(&read(&record.path)?).ok());
    let known = known.unwrap_or_default();
    // Placeholders of a template say nothing.
    let filled = |text: Option<String>| {
        text.filter(|text| !text.is_empty() && !crate::rule::is_placeholder(text))
    };
    let identity = identity.clone();
    Identity {
        repo: identity.repo.or(filled(known.repo)),
        profile: identity.profile.or(filled(known.profile)),
        stage: identity.stage.or(filled(known.stage)),
    }
}

/// An editor may save the file while it is brought up to date; after so many times
/// something else is wrong.
const ATTEMPTS: usize = 5;

/// Brings one file up to date, alone with its folder: of two runs at once the second
/// reads what the first wrote.
fn sync(
    path: &str,
    page: &PageArguments,
    out: &mut Console,
    render: impl Fn(&Source, &Records, Option<&str>) -> Result<String, DocsetError>,
) -> Result<u8, Fault> {
    let source = Source::open(page.root.as_deref())?;
    let render = |source: &Source, target: &Target| {
        let records = source.records()?;
        let text = render(source, &records, target.present.as_deref());
        text.map_err(|error| Fault::from(format!("`{}`: {error}", target.path)))
    };
    if page.check {
        let target = source.target(None, path)?;
        let text = render(&source, &target)?;
        return target.put(&text, true, out);
    }
    let folder = source.checker.root().join(tree::parent(path));
    // A folder that a symbolic link puts outside of the root is refused here.
    source.inside_root(Path::new(&folder))?;
    std::fs::create_dir_all(&folder)
        .map_err(|error| format!("cannot create `{}`: {error}", folder.display()))?;
    let _lock = FolderLock::wait(&folder)
        .map_err(|error| format!("cannot lock `{}`: {error}", folder.display()))?;
    for _ in 0..ATTEMPTS {
        let target = source.target(None, path)?;
        let text = render(&source, &target)?;
        if !target.has_changed()? {
            return target.put(&text, false, out);
        }
    }
    Err(format!("`{path}` is being changed by something else; try again").into())
}
