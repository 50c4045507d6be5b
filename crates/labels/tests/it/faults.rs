//! Synchronisation under faults and kills: whatever labels there are, whatever goes wrong, run
//! again until it is done, it ends in the planned state, and at no moment has an issue lost a
//! meaning.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::ops::ControlFlow;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use countersign_config::ConfigFile;
use countersign_github::{Clock, GitHub, Repository, Token};
use countersign_labels::plan::{Plan, Progress, RemoteLabel, Request, Step, plan};
use countersign_labels::sync::{Outcome, carry_out, observe};
use countersign_labels::{Catalogue, LabelsConfig};
use countersign_testkit::{FakeGitHub, Fault, FaultPlan, Grant, RepositoryHandle};
use proptest::prelude::*;

use crate::sync::SMALL;

/// Waits take no time.
struct NoWait(Mutex<SystemTime>);

impl Clock for NoWait {
    fn now(&self) -> SystemTime {
        *self.0.lock().unwrap()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        *self.0.lock().unwrap() += duration;
        Box::pin(std::future::ready(()))
    }
}

struct World {
    runtime: tokio::runtime::Runtime,
    github: FakeGitHub,
    catalogue: Catalogue,
}

impl World {
    fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let github = FakeGitHub::start_blocking().unwrap();
        github.token("ghp_owner", Grant::owner("olga"));
        let config = LabelsConfig::read(&ConfigFile::new("countersign.yaml", SMALL)).unwrap();
        Self { runtime, github, catalogue: Catalogue::new(&config).unwrap() }
    }

    /// A client for one run of the program.
    fn client(&self, name: &str, attempts: u32) -> Repository {
        let _within = self.runtime.enter();
        let github = GitHub::builder()
            .api_url(self.github.url())
            .token(Token::new("ghp_owner").unwrap())
            .clock(NoWait(Mutex::new(SystemTime::now())))
            .retries(attempts, Duration::from_millis(1), Duration::from_millis(2))
            .timeout(Duration::from_secs(5))
            .build()
            .unwrap();
        github.repository(&name.parse().unwrap())
    }

    /// What a label means: the label of the catalogue that it is or becomes, or itself.
    fn meaning(&self, label: &str) -> String {
        let found = self.catalogue.by_name(label).or_else(|| self.catalogue.by_alias(label));
        found.map_or_else(|| label.to_lowercase(), |known| known.name.clone())
    }

    fn meanings(&self, held: &RepositoryHandle, issues: &[u64]) -> Vec<BTreeSet<String>> {
        let of = |labels: Vec<String>| labels.iter().map(|label| self.meaning(label)).collect();
        issues.iter().map(|issue| of(held.labels_of(*issue))).collect()
    }
}

fn remote(held: &RepositoryHandle) -> Vec<RemoteLabel> {
    let mut labels: Vec<RemoteLabel> = held
        .labels()
        .into_iter()
        .map(|label| RemoteLabel {
            name: label.name,
            color: label.color,
            description: label.description.unwrap_or_default(),
        })
        .collect();
    labels.sort();
    labels
}

/// The labels that a plan ends in, and which of them may be there or not.
fn planned(plan: &Plan) -> BTreeMap<String, RemoteLabel> {
    let mut labels: BTreeMap<String, RemoteLabel> =
        plan.observed.iter().map(|label| (label.name.to_lowercase(), label.clone())).collect();
    for step in &plan.steps {
        match step {
            Step::Create { label } => {
                labels.insert(label.name.to_lowercase(), label.clone());
            }
            Step::Rename { from, to } | Step::Update { from, to } => {
                labels.remove(&from.name.to_lowercase());
                labels.insert(to.name.to_lowercase(), to.clone());
            }
            Step::Merge { from, .. } => {
                labels.remove(&from.to_lowercase());
            }
            Step::Delete { label } => {
                labels.remove(&label.name.to_lowercase());
            }
        }
    }
    labels
}

fn a_name() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "run:intake",
        "RUN:Intake",
        "run:plan",
        "[ai-plan]",
        "AI-Plan",
        "bug",
        "Bug",
        "ai-model-gpt-5.3-codex",
        "[ai-model-gpt-5.3-codex]",
        "mine",
        "a/b c?#%",
        "x,y",
        "срочно",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_goes_wrong_sync_ends_in_the_planned_state_and_no_issue_loses_a_meaning(
        names in prop::collection::vec(a_name(), 0..8),
        issues in prop::collection::vec(prop::collection::vec(0_usize..8, 0..4), 0..4),
        prune: bool,
        seed: u64,
        one_in in 2_u64..6,
        attempts in 1_u32..4,
        kills in prop::collection::vec(1_usize..5, 0..5),
    ) {
        let world = World::new();
        let held = world.github.repository("acme/product");
        for name in &names {
            held.label(name, "ededed", None);
        }
        let numbers: Vec<u64> = issues
            .iter()
            .map(|labels| {
                let labels: Vec<&str> =
                    labels.iter().filter_map(|at| names.get(*at).copied()).collect();
                held.issue("An issue", &labels)
            })
            .collect();
        let before = world.meanings(&held, &numbers);
        let used: BTreeSet<String> =
            numbers.iter().flat_map(|number| held.labels_of(*number)).collect();
        let request = Request { prune, in_use: used, ..Request::default() };
        let expected = planned(&plan(&world.catalogue, &request, &remote(&held)).unwrap());
        // What the program knows: nothing of what is in use.
        let request = Request { in_use: BTreeSet::new(), ..request };

        world.github.faults(FaultPlan::random(seed).one_in(one_in).at_most(25));
        let mut kills = kills.into_iter();
        let mut runs = 0;
        loop {
            runs += 1;
            prop_assert!(runs < 100, "it does not come to an end");
            let repository = world.client("acme/product", attempts);
            let mut left = kills.next().unwrap_or(usize::MAX);
            let lost = Arc::new(Mutex::new(Vec::new()));
            let result = world.runtime.block_on(async {
                let observed = observe(&repository).await.map_err(|error| error.to_string())?;
                let made = plan(&world.catalogue, &request, &observed).unwrap();
                carry_out(&repository, &made.steps, &mut |effect| {
                    if world.meanings(&held, &numbers) != before {
                        lost.lock().unwrap().push(effect);
                    }
                    left -= 1;
                    if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
                })
                .await
                .map_err(|error| error.to_string())
            });
            prop_assert_eq!(world.meanings(&held, &numbers), before.clone(), "{:?}", result);
            prop_assert!(lost.lock().unwrap().is_empty(), "{:?}", lost);
            if result == Ok(Outcome::Done) {
                break;
            }
        }
        let now: BTreeMap<String, RemoteLabel> = remote(&held)
            .into_iter()
            .map(|label| (label.name.to_lowercase(), label))
            .collect();
        prop_assert_eq!(now, expected);

        // And again: one look, nothing to do.
        world.github.no_faults();
        let _ = world.github.take_requests();
        let repository = world.client("acme/product", 1);
        let observed = world.runtime.block_on(observe(&repository)).unwrap();
        let again = plan(&world.catalogue, &request, &observed).unwrap();
        let only_used = again.steps.iter().all(|step| matches!(step, Step::Delete { .. }));
        prop_assert!(only_used, "{:?}", again.steps);
        prop_assert_eq!(world.github.request_count(), 1);
    }

    #[test]
    fn an_exchange_of_names_survives_every_fault(
        seed: u64,
        attempts in 1_u32..4,
        kills in prop::collection::vec(1_usize..3, 0..4),
    ) {
        let world = World::new();
        let held = world.github.repository("acme/product");
        let pairs = [("a", "b"), ("b", "c"), ("c", "a"), ("x", "z")];
        let numbers: Vec<u64> = ["a", "b", "c", "x"].map(|name| held.issue(name, &[name])).to_vec();
        let renames = pairs.map(|(from, to)| (from.to_owned(), to.to_owned())).to_vec();
        let request = Request { renames, ..Request::default() };
        let reviewed = plan(&world.catalogue, &request, &remote(&held)).unwrap();
        world.github.faults(FaultPlan::random(seed).one_in(3).at_most(15));
        let mut kills = kills.into_iter();
        let mut taken = 0;
        for runs in 0.. {
            prop_assert!(runs < 100, "it does not come to an end");
            let repository = world.client("acme/product", attempts);
            let mut left = kills.next().unwrap_or(usize::MAX);
            let result = world.runtime.block_on(async {
                let observed = observe(&repository).await.map_err(|error| error.to_string())?;
                let Progress::Left(steps) = reviewed.progress(&observed, taken) else {
                    panic!("a state on the way is taken for a change: {observed:?}");
                };
                let mut outcome = Outcome::Done;
                for (at, step) in steps.iter().enumerate() {
                    if step.closes_circle() {
                        taken = reviewed.taken(&steps[at..]);
                    }
                    let one = std::slice::from_ref(step);
                    outcome = carry_out(&repository, one, &mut |_| {
                        left -= 1;
                        if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
                    })
                    .await
                    .map_err(|error| error.to_string())?;
                    if outcome != Outcome::Done {
                        break;
                    }
                }
                Ok::<_, String>(outcome)
            });
            for number in &numbers {
                prop_assert_eq!(held.labels_of(*number).len(), 1);
            }
            if result == Ok(Outcome::Done) {
                break;
            }
        }
        for (number, (_, to)) in numbers.iter().zip(pairs) {
            prop_assert_eq!(held.labels_of(*number), [to]);
        }
    }
}

#[test]
fn issues_that_get_the_old_label_while_they_are_moved_over_are_found() {
    let world = World::new();
    let held = world.github.repository("acme/product");
    held.label("run:plan", "ededed", None);
    let first = held.issue("First", &["ai-plan"]);
    let repository = world.client("acme/product", 1);
    let late = Mutex::new(None);
    let outcome = world.runtime.block_on(async {
        let observed = observe(&repository).await.unwrap();
        let made = plan(&world.catalogue, &Request::default(), &observed).unwrap();
        carry_out(&repository, &made.steps, &mut |_| {
            late.lock().unwrap().get_or_insert_with(|| held.issue("Late", &["ai-plan"]));
            ControlFlow::Continue(())
        })
        .await
        .unwrap()
    });
    assert_eq!(outcome, Outcome::Done);
    let late = late.into_inner().unwrap().unwrap();
    assert_eq!([held.labels_of(first), held.labels_of(late)], [["run:plan"], ["run:plan"]]);
}

#[test]
fn a_label_is_not_deleted_while_an_issue_cannot_get_the_other() {
    let world = World::new();
    let held = world.github.repository("acme/product");
    held.label("run:plan", "ededed", None);
    let issue = held.issue("Locked away", &["ai-plan"]);
    let refused = Fault::Reply { status: 404, body: "{\"message\":\"Not Found\"}".to_owned() };
    world.github.fail_next(refused.on("POST", "/repos/*/*/issues/*/labels").always());
    let repository = world.client("acme/product", 1);
    let error = world.runtime.block_on(async {
        let observed = observe(&repository).await.unwrap();
        let made = plan(&world.catalogue, &Request::default(), &observed).unwrap();
        carry_out(&repository, &made.steps, &mut |_| ControlFlow::Continue(())).await.unwrap_err()
    });
    insta::assert_snapshot!(error, @"`ai-plan` is not deleted: 1 issues have it and cannot get `run:plan`");
    assert_eq!(held.labels_of(issue), ["ai-plan"]);
}
