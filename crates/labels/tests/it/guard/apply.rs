//! What the guard does on a GitHub that holds state, and how that GitHub's events come back.

use std::time::Duration;

use chrono::DateTime;
use countersign_github::{GitHub, GitHubError, Repository, Token, TokenKind};
use countersign_labels::Catalogue;
use countersign_labels::event::Event;
use countersign_labels::guard::apply::{Done, TokenStatement, apply, own_account};
use countersign_labels::guard::{
    Decision, Facts, GuardSettings, KnownAccount, Verdict, decide, marker,
};
use countersign_testkit::{Access, FakeGitHub, Fault, FaultRule, Grant, RepositoryHandle, Role};
use serde_json::{Value, json};

const GUARD: &str = "ghs_guard";

/// A product with a guard, and `octavia`, who owns it; `mallory` may set labels.
struct World {
    github: FakeGitHub,
    product: RepositoryHandle,
    issue: u64,
}

impl World {
    fn new() -> Self {
        let github = FakeGitHub::start_blocking().unwrap();
        github.token("owner", Grant::owner("octavia"));
        github.token("mallory", Grant::user("mallory"));
        github.token("app", Grant::installation("helper", 5).allow("issues", Access::Write));
        github.token(GUARD, Grant::workflow("acme/product").allow("issues", Access::Write));
        let product = github.repository("acme/product");
        for label in ["run:prd", "run:dev", "state:blocked", "bug"] {
            product.label(label, "1d76db", None);
        }
        product.collaborator("mallory", Role::Triage);
        let issue = product.issue("A new product", &["bug"]);
        Self { github, product, issue }
    }

    fn client(&self, token: &str) -> GitHub {
        let kind = if token == GUARD { TokenKind::Workflow } else { TokenKind::Classic };
        let millisecond = Duration::from_millis(1);
        GitHub::builder()
            .api_url(self.github.url())
            .token(Token::new(token).unwrap())
            .token_kind(kind)
            .retries(3, millisecond, millisecond)
            .write_pause(Duration::ZERO)
            .longest_wait(Duration::from_secs(5))
            .seed(1)
            .build()
            .unwrap()
    }

    fn repository(&self, token: &str) -> Repository {
        self.client(token).repository(&"acme/product".parse().unwrap())
    }

    /// Somebody sets a label; the event that GitHub sends.
    async fn set(&self, token: &str, label: &str) -> Value {
        self.repository(token).add_labels(self.issue, &[label]).await.unwrap();
        self.last_event("issues.labeled")
    }

    async fn take_off(&self, token: &str, label: &str) -> Value {
        self.repository(token).remove_label(self.issue, label).await.unwrap();
        self.last_event("issues.unlabeled")
    }

    fn last_event(&self, name: &str) -> Value {
        let events = self.github.events();
        let last = events.last().unwrap();
        assert_eq!(last.name, name);
        last.payload()
    }

    fn judge(&self, payload: &Value, own: Option<&KnownAccount>) -> Verdict {
        let event = Event::read(payload.to_string().as_bytes(), None).unwrap();
        let settings: GuardSettings =
            serde_json::from_value(json!({"owners": ["octavia"]})).unwrap();
        let facts = Facts { own: own.cloned(), ..Facts::at(DateTime::UNIX_EPOCH) };
        decide(&event, &Catalogue::default(), &settings, &facts).unwrap()
    }

    /// One run of the guard on an event.
    async fn run(&self, payload: &Value) -> Result<Vec<Done>, GitHubError> {
        let repository = self.repository(GUARD);
        let own = own_account(repository.github()).await?;
        let verdict = self.judge(payload, own.as_ref());
        apply(&repository, self.issue, &verdict.effects(), own.as_ref()).await
    }

    fn labels(&self) -> Vec<String> {
        self.product.labels_of(self.issue)
    }

    fn comments(&self) -> Vec<String> {
        self.product.comments_of(self.issue)
    }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

#[test]
fn a_trigger_set_by_a_stranger_goes_and_the_guards_own_events_change_nothing() {
    block_on(async {
        let world = World::new();
        let event = world.set("mallory", "run:prd").await;
        let before = world.github.events().len();
        let done = world.run(&event).await.unwrap();
        assert!(matches!(&done[..], [Done::Removed { .. }, Done::Commented { .. }]), "{done:?}");
        assert_eq!(world.labels(), ["bug"]);
        assert_eq!(world.comments().len(), 1);

        // What the guard did comes back as events: each decides to nothing.
        let own = own_account(&world.client(GUARD)).await.unwrap();
        let echoes: Vec<_> = world.github.events().split_off(before);
        let names: Vec<&str> = echoes.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["issues.unlabeled", "issue_comment.created"]);
        for echo in &echoes {
            let verdict = world.judge(&echo.payload(), own.as_ref());
            assert_eq!(verdict.decision, Decision::Keep, "{verdict:?}");
            assert!(verdict.effects().is_empty());
        }
        // And all that was said is as GitHub describes its API.
        assert_eq!(world.github.violations().unwrap(), []);
    });
}

#[test]
fn the_same_event_twice_has_one_effect() {
    block_on(async {
        let world = World::new();
        let event = world.set("mallory", "run:prd").await;
        world.run(&event).await.unwrap();
        let (labels, comments) = (world.labels(), world.comments());
        let events = world.github.events().len();
        let done = world.run(&event).await.unwrap();
        assert!(
            matches!(&done[..], [Done::AlreadyOff { .. }, Done::CommentUnchanged { .. }]),
            "{done:?}"
        );
        assert_eq!((world.labels(), world.comments()), (labels, comments));
        assert_eq!(world.github.events().len(), events);
    });
}

#[test]
fn another_offence_updates_the_comment_and_another_label_gets_its_own() {
    block_on(async {
        let world = World::new();
        let event = world.set("mallory", "run:prd").await;
        world.run(&event).await.unwrap();
        let event = world.set("app", "run:prd").await;
        let done = world.run(&event).await.unwrap();
        assert!(matches!(done[1], Done::CommentUpdated { .. }), "{done:?}");
        assert_eq!(world.comments().len(), 1);
        assert!(world.comments()[0].contains("`helper[bot]`"), "{:?}", world.comments());
        let event = world.set("mallory", "run:dev").await;
        world.run(&event).await.unwrap();
        assert_eq!(world.comments().len(), 2);
        assert_eq!(world.labels(), ["bug"]);
    });
}

#[test]
fn a_comment_that_only_carries_the_marker_is_left_alone() {
    block_on(async {
        let world = World::new();
        let forged = format!("{}\nmine", marker::of(Some("run:prd")));
        world.product.comment(world.issue, "mallory", &forged);
        let event = world.set("mallory", "run:prd").await;
        let done = world.run(&event).await.unwrap();
        assert!(matches!(done[1], Done::Commented { .. }), "{done:?}");
        assert_eq!(world.comments().len(), 2);
        assert_eq!(world.comments()[0], forged);
    });
}

#[test]
fn a_block_that_an_app_takes_off_is_set_again_and_the_owner_takes_it_off() {
    block_on(async {
        let world = World::new();
        world.set("owner", "state:blocked").await;
        let event = world.take_off("app", "state:blocked").await;
        let done = world.run(&event).await.unwrap();
        assert!(matches!(&done[..], [Done::Added { .. }, Done::Commented { .. }]), "{done:?}");
        assert_eq!(world.labels(), ["bug", "state:blocked"]);
        // Its own `labeled` decides to nothing, and a second run finds it done.
        assert!(matches!(world.run(&event).await.unwrap()[0], Done::AlreadySet { .. }));
        let event = world.take_off("owner", "state:blocked").await;
        assert_eq!(world.run(&event).await.unwrap(), []);
        assert_eq!(world.labels(), ["bug"]);
    });
}

#[test]
fn a_label_that_was_deleted_from_the_repository_is_not_made_again() {
    block_on(async {
        let world = World::new();
        world.set("owner", "state:blocked").await;
        let event = world.take_off("app", "state:blocked").await;
        world.repository("owner").delete_label("state:blocked").await.unwrap();
        let done = world.run(&event).await.unwrap();
        assert!(matches!(done[0], Done::LabelDeleted { .. }), "{done:?}");
        assert!(world.product.labels().iter().all(|label| label.name != "state:blocked"));
    });
}

#[test]
fn an_event_that_came_too_late_takes_nothing_off() {
    block_on(async {
        let world = World::new();
        let event = world.set("mallory", "run:prd").await;
        world.take_off("owner", "run:prd").await;
        assert!(matches!(world.run(&event).await.unwrap()[0], Done::AlreadyOff { .. }));
        assert_eq!(world.labels(), ["bug"]);
    });
}

/// Everything that goes wrong on a network, before or after the effect.
fn faults() -> Vec<FaultRule> {
    let limited = Fault::SecondaryRateLimit { status: 429, retry_after: Some(Duration::ZERO) };
    let mut rules: Vec<FaultRule> = vec![limited.into()];
    for fault in [Fault::BadGateway, Fault::Reset, Fault::Torn] {
        rules.push(fault.clone().into());
        rules.push(fault.after());
    }
    // Not before the effect: that would be a success that is none, which no network makes.
    rules.push(Fault::MalformedJson.after());
    rules
}

#[test]
fn whatever_fails_once_the_end_is_the_same() {
    block_on(async {
        for (at, rule) in faults().into_iter().enumerate() {
            // The guard makes three requests: the label, the comments, the comment. A fourth looks
            // for what became of them.
            for nth in 1..=4 {
                let world = World::new();
                let event = world.set("mallory", "run:prd").await;
                world.github.fail_next(rule.clone().on("*", "/**").nth(nth));
                let mut runs = 0;
                while let Err(error) = world.run(&event).await {
                    runs += 1;
                    assert!(runs < 3, "fault {at} at request {nth}: {error}");
                }
                assert_eq!(world.labels(), ["bug"], "fault {at} at request {nth}");
                assert_eq!(world.comments().len(), 1, "fault {at} at request {nth}");
            }
        }
    });
}

#[test]
fn the_label_is_off_even_when_the_comment_cannot_be_written() {
    block_on(async {
        let world = World::new();
        let event = world.set("mallory", "run:prd").await;
        let locked = Fault::Reply {
            status: 403,
            body: json!({"message": "Unable to create comment because issue is locked."})
                .to_string(),
        };
        world.github.fail_next(locked.on("POST", "/repos/*/*/issues/*/comments"));
        let error = world.run(&event).await.unwrap_err();
        assert!(matches!(error, GitHubError::Forbidden { .. }), "{error}");
        assert_eq!(
            (world.labels().as_slice(), world.comments().len()),
            (&["bug".to_owned()][..], 0)
        );
        // The next run finishes it.
        let done = world.run(&event).await.unwrap();
        assert!(matches!(&done[..], [Done::AlreadyOff { .. }, Done::Commented { .. }]), "{done:?}");
    });
}

#[test]
fn a_token_without_the_permission_is_told_which() {
    block_on(async {
        let world = World::new();
        let event = world.set("mallory", "run:prd").await;
        world.github.token(GUARD, Grant::workflow("acme/product").allow("issues", Access::Read));
        let error = world.run(&event).await.unwrap_err();
        assert!(error.help().contains("issues=write"), "{error}: {}", error.help());
        assert_eq!(world.labels(), ["bug", "run:prd"]);
    });
}

#[test]
fn a_personal_token_knows_its_account_and_an_apps_does_not() {
    block_on(async {
        let world = World::new();
        let own = own_account(&world.client("mallory")).await.unwrap().unwrap();
        assert_eq!(own.login, "mallory");
        assert!(own.id.is_some());
        // Of no known kind, but GitHub says that it is no person's.
        assert_eq!(own_account(&world.client("app")).await.unwrap(), None);
        let own = own_account(&world.client(GUARD)).await.unwrap().unwrap();
        assert_eq!(own.login, "github-actions[bot]");
    });
}

#[test]
fn the_statement_about_the_token_is_true_of_github() {
    block_on(async {
        for (token, kind, starts) in
            [(GUARD, TokenKind::Workflow, false), ("owner", TokenKind::Classic, true)]
        {
            let statement = TokenStatement::of(kind);
            assert_eq!(statement.starts_workflows, starts);
            let world = World::new();
            world.set(token, "run:prd").await;
            let event = world.github.events().pop().unwrap();
            assert_eq!(event.suppressed, !statement.starts_workflows);
        }
    });
}
