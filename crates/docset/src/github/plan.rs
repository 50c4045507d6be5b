//! What an installation or an upgrade does, as data.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::Path;

use serde::Serialize;

use super::lock::{Entry, LOCK_FILE, Lock, digest};
use super::merge::merge;
use super::present::{Content, Present};
use super::source::{Source, VERSION};
use super::template::Template;
use crate::edit::Rewrite;

/// What becomes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// It is not there, and is created.
    Create,
    /// Nobody edited it: the new text takes its place.
    Replace,
    /// Somebody edited it, and what changed in the template is added to that.
    Merge,
    /// It is what it would become.
    Current,
    /// Somebody edited it, and the template has nothing new for it.
    Edited,
    /// Somebody edited it, and the template changed in the same places: people decide.
    Conflict,
    /// It was deleted, and stays so.
    Deleted,
    /// There is another file, here or elsewhere, that was never ours.
    Theirs,
    /// There is something that is not touched, such as a symbolic link.
    Untouched,
    /// This version has no such file any more; what is there belongs to the repository.
    Retired,
}

impl Action {
    /// Whether the file gets another text.
    #[must_use]
    pub fn writes(self) -> bool {
        matches!(self, Self::Create | Self::Replace | Self::Merge)
    }

    /// Whether an upgrade has something to do that is not done yet.
    #[must_use]
    pub fn is_open(self) -> bool {
        self.writes() || self == Self::Conflict
    }
}

/// One file and what becomes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// From the root, with `/`.
    pub path: String,
    /// What becomes of it.
    pub action: Action,
    /// The text that is there, as it is; `None` if there is none or it is not read.
    pub before: Option<String>,
    /// The text that it gets, for actions that write; for a conflict, the text of the
    /// new template.
    pub after: Option<String>,
    /// For a conflict, the text that people began with, if it can be told.
    pub base: Option<String>,
    /// More about it, such as what is in the way; empty if there is no more to say.
    pub note: String,
}

/// All files, and the lock that goes with them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// In the order of the templates, those without one last.
    pub steps: Vec<Step>,
    /// What is noted afterwards.
    pub lock: Lock,
    /// The text of the lock that is there.
    before: Option<String>,
}

impl Plan {
    /// The files to write below `root`, the lock last: whoever is stopped in between begins
    /// again, and finds what is done already.
    #[must_use]
    pub fn rewrites(&self, root: &Path) -> Vec<Rewrite> {
        let files = self.steps.iter().filter(|step| step.action.writes()).filter_map(|step| {
            let after = step.after.clone()?;
            Some(Rewrite { path: root.join(&step.path), before: step.before.clone(), after })
        });
        let lock = Rewrite {
            path: root.join(LOCK_FILE),
            before: self.before.clone(),
            after: self.lock.write(),
        };
        files.chain([lock]).collect()
    }

    /// Whether nothing is left to do: no file to write, none for people to decide about.
    #[must_use]
    pub fn is_done(&self) -> bool {
        !self.steps.iter().any(|step| step.action.is_open())
    }

    /// Whether a file is left to people.
    #[must_use]
    pub fn has_conflict(&self) -> bool {
        self.steps.iter().any(|step| step.action == Action::Conflict)
    }
}

/// Creates what is missing, also what was deleted before: who installs again wants it
/// back. What is there is left alone. `former` is the lock that is there, with its text.
#[must_use]
pub fn install(
    templates: &[Template],
    source: &Source,
    language: &str,
    present: &Present,
    former: Option<(&Lock, &str)>,
) -> Plan {
    let mut files = former.map(|(lock, _)| lock.files.clone()).unwrap_or_default();
    let mut steps = Vec::new();
    for template in templates {
        let known = matches!(files.get(template.path), Some(Entry::Installed { .. }));
        let content = present.files.get(template.path).unwrap_or(&Content::Missing);
        let elsewhere = present.elsewhere.get(template.path);
        let mut step = Step::new(template.path, Action::Theirs);
        if *content == Content::Missing && elsewhere.is_none() {
            let text = source.render(template.text);
            files.insert(template.path.to_owned(), installed(source, &text));
            step.action = Action::Create;
            step.after = Some(text);
        } else if !known {
            if *content == Content::Missing {
                step.note = there_is(elsewhere.copied());
            }
            files.insert(template.path.to_owned(), Entry::Theirs);
        }
        steps.push(step);
    }
    let lock = Lock { source: source.clone(), language: language.to_owned(), files };
    Plan { steps, lock, before: former.map(|(_, text)| text.to_owned()) }
}

/// Brings what was installed to `templates` and `source`. `former` is the lock that is
/// there, with its text. The files named in `keep` stay as they are, and count as edited
/// on the ground of the new text from now on.
#[must_use]
pub fn upgrade(
    templates: &[Template],
    source: &Source,
    present: &Present,
    former: (&Lock, &str),
    keep: &BTreeSet<String>,
) -> Plan {
    let (lock, before) = former;
    let mut files = lock.files.clone();
    let mut steps = Vec::new();
    for template in templates {
        let content = present.files.get(template.path).unwrap_or(&Content::Missing);
        let wanted = source.render(template.text);
        let entry = lock.files.get(template.path);
        let (step, entry) = match (entry, content) {
            (None, Content::Missing) => match present.elsewhere.get(template.path) {
                Some(path) => {
                    let note = there_is(Some(path));
                    (Step { note, ..Step::new(template.path, Action::Theirs) }, Entry::Theirs)
                }
                None => {
                    let entry = installed(source, &wanted);
                    let after = Some(wanted);
                    (Step { after, ..Step::new(template.path, Action::Create) }, entry)
                }
            },
            (None | Some(Entry::Theirs), _) => {
                (Step::new(template.path, Action::Theirs), Entry::Theirs)
            }
            (Some(entry), Content::Missing) => {
                (Step::new(template.path, Action::Deleted), entry.clone())
            }
            (Some(entry), Content::Other(what)) => {
                let note = format!("it is {what}");
                (Step { note, ..Step::new(template.path, Action::Untouched) }, entry.clone())
            }
            (Some(entry @ Entry::Installed { source: old, digest, .. }), Content::Text(text)) => {
                let old = Old { source: old, digest };
                let kept = keep.contains(template.path);
                let step = bring(template, &old, text, wanted.clone(), kept);
                let entry = match step.action {
                    // What people began with stays known until they have decided.
                    Action::Conflict => entry.clone(),
                    _ => installed(source, &wanted),
                };
                (step, entry)
            }
        };
        files.insert(step.path.clone(), entry);
        steps.push(step);
    }
    let is_template = |path: &String| templates.iter().any(|template| template.path == path);
    files.retain(|path, entry| {
        let known = is_template(path);
        if !known && matches!(entry, Entry::Installed { .. }) {
            steps.push(Step::new(path, Action::Retired));
        }
        known
    });
    let lock = Lock { source: source.clone(), language: lock.language.clone(), files };
    Plan { steps, lock, before: Some(before.to_owned()) }
}

/// What is known of a file that was installed.
struct Old<'l> {
    source: &'l Source,
    digest: &'l str,
}

impl Old<'_> {
    /// The text that was installed, if a template that we know makes it.
    fn text(&self, template: &Template) -> Option<String> {
        let texts = [template.text].into_iter().chain(template.former.iter().copied());
        texts.map(|text| self.source.render(text)).find(|text| digest(text) == self.digest)
    }
}

/// Brings one file with the text `present` to `wanted`.
fn bring(template: &Template, old: &Old<'_>, present: &str, wanted: String, keep: bool) -> Step {
    // Git may have checked it out with other line ends; they stay.
    let plain = plain(present);
    let dressed = |text: String| match present.contains("\r\n") {
        true => text.replace('\n', "\r\n"),
        false => text,
    };
    let mut step = Step::new(template.path, Action::Current);
    step.before = Some(present.to_owned());
    if plain == wanted {
        return step;
    }
    if digest(&plain) == old.digest {
        step.action = Action::Replace;
        step.after = Some(dressed(wanted));
        return step;
    }
    step.action = Action::Edited;
    if keep || digest(&wanted) == old.digest {
        return step;
    }
    step.base = old.text(template);
    match step.base.as_ref().map(|base| merge(template.path, base, &plain, &wanted)) {
        Some(Some(merged)) if merged == plain => step.base = None,
        Some(Some(merged)) => {
            step.action = Action::Merge;
            step.after = Some(dressed(merged));
            step.base = None;
        }
        outcome => {
            step.action = Action::Conflict;
            step.after = Some(wanted);
            step.note = match outcome {
                Some(_) => "you and the new version changed the same place".to_owned(),
                None => "what it began with is not known to this version".to_owned(),
            };
        }
    }
    step
}

/// A text with plain line feeds.
fn plain(text: &str) -> Cow<'_, str> {
    match text.contains("\r\n") {
        true => Cow::Owned(text.replace("\r\n", "\n")),
        false => Cow::Borrowed(text),
    }
}

fn installed(source: &Source, text: &str) -> Entry {
    Entry::Installed { version: VERSION.to_owned(), source: source.clone(), digest: digest(text) }
}

fn there_is(elsewhere: Option<&str>) -> String {
    elsewhere.map(|path| format!("there is `{path}`")).unwrap_or_default()
}

impl Step {
    fn new(path: &str, action: Action) -> Self {
        Self {
            path: path.to_owned(),
            action,
            before: None,
            after: None,
            base: None,
            note: String::new(),
        }
    }
}
