//! Plans, carried out on a model of a repository that has issues.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use countersign_config::ConfigFile;
use proptest::prelude::*;

use super::*;
use crate::catalogue::Catalogue;
use crate::config::LabelsConfig;
use crate::name::fold;

/// A catalogue of few labels: `a` (once `old-a`, `older-a`), `b`, `[ai-model-m]`.
fn small() -> &'static Catalogue {
    static SMALL: LazyLock<Catalogue> = LazyLock::new(read_small);
    &SMALL
}

fn read_small() -> Catalogue {
    let all: Vec<String> =
        Catalogue::default().labels().iter().map(|label| format!("'{}'", label.key)).collect();
    let text = format!(
        "labels:\n  without: [{}]\n  catalogue:\n    a: {{color: aaaaaa, summary: {{en: A}}, aliases: [old-a, older-a]}}\n    b: {{color: bbbbbb}}\n    '[ai-model-m]': {{color: cccccc}}\n",
        all.join(", ")
    );
    let file = ConfigFile::new("countersign.yaml", text);
    Catalogue::new(&LabelsConfig::read(&file).unwrap()).unwrap()
}

fn remote(name: &str) -> RemoteLabel {
    RemoteLabel { name: name.to_owned(), color: "ededed".to_owned(), description: String::new() }
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(one, other)| ((*one).to_owned(), (*other).to_owned())).collect()
}

fn shown(request: &Request, names: &[&str]) -> String {
    let observed: Vec<RemoteLabel> = names.iter().map(|name| remote(name)).collect();
    let plan = plan(small(), request, &observed).unwrap();
    let mut text = String::new();
    for step in &plan.steps {
        text.push_str(&match step {
            Step::Merge { from, into } => format!("merge {from} -> {into}\n"),
            Step::Rename { from, to } => format!("rename {} -> {}\n", from.name, to.name),
            Step::Update { from, to } => format!("update {} -> {}\n", from.name, to.name),
            Step::Create { label } => format!("create {}\n", label.name),
            Step::Delete { label } => format!("delete {}\n", label.name),
        });
    }
    for note in &plan.notes {
        text.push_str(&format!("{:?} {}: {}\n", note.kind, note.label, note.text));
    }
    text
}

#[test]
fn an_empty_repository_gets_every_label() {
    insta::assert_snapshot!(shown(&Request::default(), &[]), @r"
    create [ai-model-m]
    create a
    create b
    ");
}

#[test]
fn an_alias_is_renamed_and_a_second_one_merged() {
    insta::assert_snapshot!(shown(&Request::default(), &["older-a", "Old-A", "AI-model-M"]), @r"
    merge older-a -> Old-A
    rename AI-model-M -> [ai-model-m]
    rename Old-A -> a
    create b
    ");
    insta::assert_snapshot!(shown(&Request::default(), &["A", "old-a"]), @r"
    merge old-a -> A
    update A -> a
    create [ai-model-m]
    create b
    ");
}

#[test]
fn names_go_round_through_a_temporary_one() {
    let swap = Request { renames: pairs(&[("a", "b"), ("b", "a")]), ..Request::default() };
    insta::assert_snapshot!(shown(&swap, &["a", "b"]), @r"
    rename a -> ~countersign-rename-ca978112-3e23e816
    rename b -> a
    rename ~countersign-rename-ca978112-3e23e816 -> b
    create [ai-model-m]
    ");
    let error = |renames| {
        let request = Request { renames: pairs(renames), ..Request::default() };
        plan(small(), &request, &[]).unwrap_err().to_string()
    };
    insta::assert_snapshot!(
        error(&[("x", "y"), ("y", "z")]),
        @"`x` is to be called `y`, and `y` is to be called `z`; rename the second one first, in a run of its own"
    );
    insta::assert_snapshot!(
        error(&[("x", "y"), ("y", "x"), ("p", "q"), ("q", "p")]),
        @"names go round in two circles, at `x` and at `p`; do one in a run of its own"
    );
    insta::assert_snapshot!(shown(&swap, &["a"]), @r"
    update a -> a
    create [ai-model-m]
    create b
    Blocked a: cannot be called `b`: names go round in a circle, and one of them is not there; leave it out
    ");
}

#[test]
fn what_is_asked_for_and_cannot_be_is_said() {
    let request = Request {
        renames: pairs(&[("x", "y"), ("gone", "nowhere")]),
        merges: pairs(&[("p", "a"), ("r", "s"), ("missing", "a")]),
        ..Request::default()
    };
    insta::assert_snapshot!(shown(&request, &["a", "x", "y", "p", "r"]), @r"
    merge p -> a
    update a -> a
    create [ai-model-m]
    create b
    Kept gone: is not there, so it is not renamed
    Kept missing: is not there, so it is not merged
    Blocked r: there is no `s` to merge it into; to call it that, use --rename
    Blocked x: cannot be called `y`, which is there already; if it was renamed before, all is well; to move its issues over, use --merge
    ");
}

#[test]
fn a_request_that_contradicts_itself_is_no_plan() {
    let error = |renames: &[(&str, &str)], merges: &[(&str, &str)]| {
        let request =
            Request { renames: pairs(renames), merges: pairs(merges), ..Request::default() };
        plan(small(), &request, &[]).unwrap_err().to_string()
    };
    insta::assert_snapshot!(error(&[("x", "y"), ("X", "z")], &[]), @"`X` is to be renamed or merged twice; a label can only become one other");
    insta::assert_snapshot!(error(&[("x", "y"), ("z", "Y")], &[]), @"two labels are to be called `Y`; rename one and merge the other into it");
    insta::assert_snapshot!(error(&[("x", "")], &[]), @"`x` cannot become ``: the new name is empty");
    insta::assert_snapshot!(error(&[("A", "x")], &[]), @"`A` is a label of the catalogue and would come back; change `labels: catalogue: a: name:` in countersign.yaml instead");
    insta::assert_snapshot!(error(&[], &[("b", "x")]), @"`b` is a label of the catalogue and would come back; change `labels: catalogue: b: name:` in countersign.yaml instead");
    insta::assert_snapshot!(error(&[("x", "older-A")], &[]), @"`older-A` is another name of `a`; rename or merge to that one");
    insta::assert_snapshot!(error(&[("x", "x")], &[]), @"`x` cannot become itself");
    insta::assert_snapshot!(error(&[], &[("x", "y"), ("y", "x")]), @"`x` cannot become itself");
}

#[test]
fn prune_leaves_what_is_used() {
    let request =
        Request { prune: true, in_use: BTreeSet::from(["used".to_owned()]), ..Request::default() };
    insta::assert_snapshot!(shown(&request, &["a", "used", "unused"]), @r"
    update a -> a
    create [ai-model-m]
    create b
    delete unused
    Kept used: is in use, so it is not deleted
    ");
    insta::assert_snapshot!(shown(&Request::default(), &["a", "unused"]), @r"
    update a -> a
    create [ai-model-m]
    create b
    ");
}

#[test]
fn a_plan_file_is_carried_out_from_where_it_was_left_and_nowhere_else() {
    let observed: Vec<RemoteLabel> = ["a", "b", "x"].map(remote).to_vec();
    let swap =
        Request { renames: pairs(&[("a", "b"), ("b", "a")]), prune: true, ..Request::default() };
    let made = plan(small(), &swap, &observed).unwrap();
    let text = PlanFile::new([("acme/product".to_owned(), made.clone())]).to_text().unwrap();
    let file = PlanFile::parse(&text).unwrap();
    let (name, read) = file.plans().next().unwrap();
    assert_eq!((name, read), ("acme/product", &made));

    let mut labels = observed.clone();
    for done in 0..made.steps.len() {
        assert_eq!(made.progress(&labels, 0), Progress::Left(made.steps[done..].to_vec()));
        state::after(&mut labels, &made.steps[done]);
    }
    assert_eq!(made.progress(&labels, 0), Progress::Left(Vec::new()));

    // Without the looks, the end of a circle is its beginning; what was remembered tells.
    let circle = Plan { steps: made.steps[..3].to_vec(), ..made.clone() };
    let mut alike = circle.clone();
    for step in &mut alike.steps {
        if let Step::Rename { to, .. } = step {
            *to = remote(&to.name);
        }
    }
    assert!(alike.steps[2].closes_circle());
    assert_eq!(alike.progress(&observed, 0), Progress::Left(alike.steps.clone()));
    assert_eq!(alike.progress(&observed, 2), Progress::Left(Vec::new()));

    let mut other = observed.clone();
    other[2].color = "000000".to_owned();
    other.push(remote("new"));
    other.remove(0);
    let Progress::Changed(changes) = made.progress(&other, 0) else { panic!("taken for the same") };
    insta::assert_snapshot!(describe(&changes), @r"
    `a` is not there any more
    `new` is there now
    `x` has the colour 000000 now, not ededed
    ");

    let edited = text.replacen("ededed", "ededee", 1);
    insta::assert_snapshot!(PlanFile::parse(&edited).unwrap_err(), @"the plan of `acme/product` was changed: its digest is not that of the repository and the labels in it; plan again");
    insta::assert_snapshot!(PlanFile::parse("{\"version\": 7}").unwrap_err(), @"the plan has the form of version 7, and this program knows version 1; plan again");
    insta::assert_snapshot!(PlanFile::parse("{\n  \"version\": ").unwrap_err(), @"line 2, column 13: this is no plan of `labels sync`");
}

/// A repository as GitHub keeps it: a rename keeps issues labelled, a deletion does not.
#[derive(Clone, Debug, Default)]
struct Model {
    labels: BTreeMap<usize, RemoteLabel>,
    issues: Vec<BTreeSet<usize>>,
    /// Into which label another was merged.
    merged: BTreeMap<usize, usize>,
}

impl Model {
    fn new(names: &[String], issues: &[Vec<usize>]) -> Self {
        let mut labels: BTreeMap<usize, RemoteLabel> = BTreeMap::new();
        for name in names {
            if !labels.values().any(|label| fold(&label.name) == fold(name)) {
                labels.insert(labels.len(), remote(name));
            }
        }
        let count = labels.len();
        let pick = |issue: &Vec<usize>| match count {
            0 => BTreeSet::new(),
            _ => issue.iter().map(|at| at % count).collect(),
        };
        Self { issues: issues.iter().map(pick).collect(), labels, merged: BTreeMap::new() }
    }

    fn state(&self) -> Vec<RemoteLabel> {
        self.labels.values().cloned().collect()
    }

    fn find(&self, name: &str) -> Option<usize> {
        let is = |label: &RemoteLabel| fold(&label.name) == fold(name);
        self.labels.iter().find(|(_, label)| is(label)).map(|(id, _)| *id)
    }

    /// Carries a step out, effect by effect; stops before the effect that finds `left` at 0.
    fn carry_out(&mut self, step: &Step, left: &mut usize) -> bool {
        let mut may = || {
            let may = *left > 0;
            *left = left.saturating_sub(1);
            may
        };
        match step {
            Step::Create { label } => {
                if !may() {
                    return false;
                }
                assert_eq!(self.find(&label.name), None, "{label:?} is there already");
                let id = self.labels.keys().max().map_or(1000, |id| id + 1000);
                self.labels.insert(id, label.clone());
            }
            Step::Rename { from, to } | Step::Update { from, to } => {
                if !may() {
                    return false;
                }
                let id = self.find(&from.name).expect("the label to change is there");
                let holder = self.find(&to.name);
                assert!(holder.is_none_or(|holder| holder == id), "{to:?} is taken");
                self.labels.insert(id, to.clone());
            }
            Step::Merge { from, into } => {
                let (from, into) = (self.find(from).unwrap(), self.find(into).unwrap());
                for at in 0..self.issues.len() {
                    let issue = &self.issues[at];
                    if issue.contains(&from) && !issue.contains(&into) {
                        if !may() {
                            return false;
                        }
                        self.issues[at].insert(into);
                    }
                }
                if !may() {
                    return false;
                }
                self.merged.insert(from, into);
                self.delete(from);
            }
            Step::Delete { label } => {
                let id = self.find(&label.name).unwrap();
                if self.issues.iter().any(|issue| issue.contains(&id)) {
                    return true;
                }
                if !may() {
                    return false;
                }
                self.delete(id);
            }
        }
        true
    }

    fn delete(&mut self, id: usize) {
        self.labels.remove(&id);
        for issue in &mut self.issues {
            issue.remove(&id);
        }
    }

    /// Whether every issue still means what it meant: each label it had is there, or the one
    /// that it was merged into.
    fn means_what(&self, before: &Self) -> bool {
        before.issues.iter().zip(&self.issues).all(|(before, now)| {
            before.iter().all(|id| {
                let mut id = *id;
                loop {
                    if now.contains(&id) {
                        return true;
                    }
                    match self.merged.get(&id) {
                        Some(next) => id = *next,
                        None => return false,
                    }
                }
            })
        })
    }
}

/// What each label that was there at first is called in the end, through merges.
fn endings(model: &Model, before: &Model) -> BTreeMap<usize, String> {
    before
        .labels
        .keys()
        .filter_map(|&first| {
            let mut id = first;
            while let Some(next) = model.merged.get(&id) {
                id = *next;
            }
            Some((first, model.labels.get(&id)?.name.clone()))
        })
        .collect()
}

fn a_name() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "a",
        "A",
        "b",
        "B",
        "old-a",
        "Old-A",
        "older-a",
        "ai-model-m",
        "[ai-model-m]",
        "x",
        "y",
        "z",
        "p,q",
        "w",
    ])
    .prop_map(str::to_owned)
}

/// Renames and merges that do not contradict each other or themselves.
fn a_request() -> impl Strategy<Value = Request> {
    let pair = (a_name(), a_name());
    (prop::collection::vec((pair, any::<bool>()), 0..5), any::<bool>()).prop_map(
        |(pairs, prune)| {
            let mut request = Request { prune, ..Request::default() };
            for (pair, is_merge) in pairs {
                let mut next = request.clone();
                if is_merge { &mut next.merges } else { &mut next.renames }.push(pair);
                if plan(small(), &next, &[]).is_ok() {
                    request = next;
                }
            }
            request
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Without a request: from any labels, however often it is killed, the same end, and no
    /// issue loses a meaning on the way.
    #[test]
    fn sync_ends_in_the_planned_state_however_often_it_is_killed(
        names in prop::collection::vec(a_name(), 0..9),
        issues in prop::collection::vec(prop::collection::vec(0_usize..9, 0..4), 0..5),
        prune: bool,
        kills in prop::collection::vec(0_usize..6, 0..6),
    ) {
        let catalogue = small();
        let before = Model::new(&names, &issues);
        let request = Request { prune, ..Request::default() };
        let mut straight = before.clone();
        for step in &plan(catalogue, &request, &before.state()).unwrap().steps {
            prop_assert!(straight.carry_out(step, &mut usize::MAX.clone()));
            prop_assert!(straight.means_what(&before));
        }
        let mut killed = before.clone();
        for kill in kills.into_iter().chain([usize::MAX]) {
            let mut left = kill;
            for step in &plan(catalogue, &request, &killed.state()).unwrap().steps {
                let going_on = killed.carry_out(step, &mut left);
                prop_assert!(killed.means_what(&before));
                if !going_on {
                    break;
                }
            }
        }
        prop_assert_eq!(state::sorted(&killed.state()), state::sorted(&straight.state()));
        prop_assert_eq!(endings(&killed, &before), endings(&straight, &before));
        let again = plan(catalogue, &request, &straight.state()).unwrap();
        let only_used = again.steps.iter().all(|step| matches!(step, Step::Delete { .. }));
        prop_assert!(only_used, "{:?}", again.steps);
    }

    /// With a request, which says what to do once: a plan is carried out to its end by going on
    /// with it, and every new plan of the same request from a state on the way ends there too.
    #[test]
    fn an_interrupted_request_ends_where_it_would_have(
        names in prop::collection::vec(a_name(), 0..9),
        issues in prop::collection::vec(prop::collection::vec(0_usize..9, 0..4), 0..5),
        request in a_request(),
        kill in 0_usize..12,
    ) {
        let catalogue = small();
        let before = Model::new(&names, &issues);
        let made = plan(catalogue, &request, &before.state()).unwrap();
        let mut straight = before.clone();
        for step in &made.steps {
            prop_assert!(straight.carry_out(step, &mut usize::MAX.clone()));
            prop_assert!(straight.means_what(&before));
        }
        let mut killed = before.clone();
        let mut left = kill;
        let stopped_at =
            made.steps.iter().position(|step| !killed.carry_out(step, &mut left));
        prop_assert!(killed.means_what(&before));
        let Some(stopped_at) = stopped_at else { return Ok(()) };

        let Progress::Left(rest) = made.progress(&killed.state(), 0) else {
            return Err(TestCaseError::fail("a state on the way is no change"));
        };
        let mut by_file = killed.clone();
        for step in &rest {
            prop_assert!(by_file.carry_out(step, &mut usize::MAX.clone()));
            prop_assert!(by_file.means_what(&before));
        }
        prop_assert_eq!(state::sorted(&by_file.state()), state::sorted(&straight.state()));
        prop_assert_eq!(endings(&by_file, &before), endings(&straight, &before));

        // While labels are merged and names go round. What is left afterwards (looks,
        // creations, deletions) is the catalogue's, and needs no request.
        let is_move =
            |step: &Step| matches!(step, Step::Merge { .. } | Step::Rename { .. });
        if made.steps[stopped_at..].iter().any(is_move) {
            let mut by_request = killed.clone();
            let anew = plan(catalogue, &request, &by_request.state()).unwrap();
            for step in &anew.steps {
                prop_assert!(by_request.carry_out(step, &mut usize::MAX.clone()));
                prop_assert!(by_request.means_what(&before));
            }
            prop_assert_eq!(endings(&by_request, &before), endings(&straight, &before));
        }
    }
}
