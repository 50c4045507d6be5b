//! What an installation or an upgrade does, as data.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::Path;

use serde::Serialize;

use super::follow::follow;
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
    /// For a conflict, the text that people began with, if it can be told, with the new
    /// source filled in.
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
                let step = bring(template, &old, source, text, kept);
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
    /// The template that was installed, if it is one that we know.
    fn template(&self, template: &Template) -> Option<&'static str> {
        let mut texts = [template.text].into_iter().chain(template.former.iter().copied());
        texts.find(|text| digest(&self.source.render(text)) == self.digest)
    }
}

/// Brings one file with the text `present` to the template and source that are wanted.
fn bring(template: &Template, old: &Old<'_>, new: &Source, present: &str, keep: bool) -> Step {
    // Git may have checked it out with other line ends; they stay.
    let plain = plain(present);
    let dressed = |text: String| match present.contains("\r\n") {
        true => text.replace('\n', "\r\n"),
        false => text,
    };
    let wanted = new.render(template.text);
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
    // The source is nobody's edit. Taken out of the comparison, it is in nobody's way:
    // what people change is mostly the line below it.
    let base = old.template(template).map(|text| new.render(text));
    let ours = follow(&plain, old.source, new);
    match base.as_ref().map(|base| merge(template.path, base, &ours, &wanted)) {
        Some(Some(merged)) if merged == plain => {}
        Some(Some(merged)) => {
            step.action = if merged == wanted { Action::Replace } else { Action::Merge };
            step.after = Some(dressed(merged));
        }
        outcome => {
            step.action = Action::Conflict;
            step.after = Some(wanted);
            step.note = match outcome {
                Some(_) => "you and the new version changed the same place".to_owned(),
                None => "what it began with is not known to this version".to_owned(),
            };
            step.base = base;
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    const PATH: &str = ".github/workflows/a.yml";
    const FIRST: &str = "\
on:
  push:

jobs:
  a:
    uses: OWNER/countersign/.github/workflows/wf_a.yml@REF
    with:
      strict: false
";

    fn source(reference: &str) -> Source {
        Source::new("acme/countersign", reference).unwrap()
    }

    fn template(text: &'static str, former: &'static [&'static str]) -> [Template; 1] {
        [Template { path: PATH, text, former, elsewhere: &[] }]
    }

    fn there(content: Content) -> Present {
        Present { files: BTreeMap::from([(PATH, content)]), ..Present::default() }
    }

    /// The lock after a first installation, and what was installed.
    fn first() -> (Lock, String) {
        let plan =
            install(&template(FIRST, &[]), &source("v0.0.1"), "en", &Present::default(), None);
        assert_eq!(plan.steps[0].action, Action::Create);
        (plan.lock, plan.steps[0].after.clone().unwrap())
    }

    /// What becomes of `text` with a later template.
    fn later(lock: &Lock, text: &str, now: &'static str, former: &'static [&'static str]) -> Plan {
        let there = there(Content::Text(text.to_owned()));
        let none = BTreeSet::new();
        upgrade(&template(now, former), &source("v0.0.2"), &there, (lock, ""), &none)
    }

    const SECOND: &str = "\
on:
  push:
  merge_group:

jobs:
  a:
    uses: OWNER/countersign/.github/workflows/wf_a.yml@REF
    with:
      strict: true
";

    #[test]
    fn a_later_template_takes_the_place_of_what_nobody_edited() {
        let (lock, text) = first();
        // Whether or not the former text is known.
        for former in [&[][..], &[FIRST]] {
            let plan = later(&lock, &text, SECOND, former);
            assert_eq!(plan.steps[0].action, Action::Replace);
            assert_eq!(plan.steps[0].after, Some(source("v0.0.2").render(SECOND)));
            let again = later(&plan.lock, plan.steps[0].after.as_ref().unwrap(), SECOND, &[]);
            assert_eq!(again.steps[0].action, Action::Current);
        }
    }

    #[test]
    fn what_a_later_template_says_is_added_to_edits() {
        let (lock, text) = first();
        let edited = text.replace("on:\n", "name: Ours\non:\n");
        let plan = later(&lock, &edited, SECOND, &[FIRST]);
        assert_eq!(plan.steps[0].action, Action::Merge);
        let merged = plan.steps[0].after.clone().unwrap();
        let wanted = source("v0.0.2").render(SECOND);
        assert_eq!(merged, wanted.replace("on:\n", "name: Ours\non:\n"));
        // And again: what it began with is known after a merge, too.
        let plan = later(&plan.lock, &merged, FIRST, &[SECOND]);
        assert_eq!(plan.steps[0].action, Action::Merge);
        let wanted = source("v0.0.2").render(FIRST);
        assert_eq!(plan.steps[0].after, Some(wanted.replace("on:\n", "name: Ours\non:\n")));
    }

    #[test]
    fn what_changed_in_one_place_is_for_people_and_stays_so() {
        let (lock, text) = first();
        let edited = text.replace("strict: false", "strict: false\n      quick: true");
        let plan = later(&lock, &edited, SECOND, &[FIRST]);
        assert_eq!(plan.steps[0].action, Action::Conflict);
        assert_eq!(plan.steps[0].base, Some(source("v0.0.2").render(FIRST)));
        assert_eq!(plan.lock.files, lock.files);
        assert_eq!(later(&plan.lock, &edited, SECOND, &[FIRST]).steps, plan.steps);
        // Somebody brings over what they want of it.
        let solved = edited.replace("strict: false", "strict: true");
        let plan = later(&plan.lock, &solved, SECOND, &[FIRST]);
        assert_eq!(plan.steps[0].action, Action::Conflict);
        let there = there(Content::Text(solved));
        let keep = BTreeSet::from([PATH.to_owned()]);
        let now = template(SECOND, &[FIRST]);
        let plan = upgrade(&now, &source("v0.0.2"), &there, (&plan.lock, ""), &keep);
        assert_eq!(plan.steps[0].action, Action::Edited);
        let plan = upgrade(&now, &source("v0.0.2"), &there, (&plan.lock, ""), &BTreeSet::new());
        assert_eq!(plan.steps[0].action, Action::Edited);
    }

    #[test]
    fn without_what_it_began_with_nothing_is_guessed() {
        let (lock, text) = first();
        let plan = later(&lock, &(text + "# ours\n"), SECOND, &[]);
        assert_eq!((plan.steps[0].action, &plan.steps[0].base), (Action::Conflict, &None));
        assert!(!plan.is_done() && plan.has_conflict());
    }

    #[test]
    fn a_file_that_is_new_in_a_version_comes_and_one_that_is_no_more_is_let_go() {
        let (lock, text) = first();
        let other =
            [Template { path: "new.md", text: "New\n", former: &[], elsewhere: &["NEW.md"] }];
        let mut present = there(Content::Text(text));
        let none = BTreeSet::new();
        let plan = upgrade(&other, &source("v0.0.2"), &present, (&lock, ""), &none);
        let actions: Vec<_> = plan.steps.iter().map(|step| (&*step.path, step.action)).collect();
        assert_eq!(actions, [("new.md", Action::Create), (PATH, Action::Retired)]);
        assert_eq!(plan.lock.files.keys().collect::<Vec<_>>(), ["new.md"]);
        present.elsewhere.insert("new.md", "NEW.md");
        let plan = upgrade(&other, &source("v0.0.2"), &present, (&lock, ""), &none);
        assert_eq!(plan.steps[0].action, Action::Theirs);
        assert_eq!(plan.lock.files["new.md"], Entry::Theirs);
    }
}
