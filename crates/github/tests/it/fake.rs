//! A fake GitHub that holds state, and a client of it whose waits take no time.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use countersign_github::{Event, GitHub, GitHubBuilder, GitHubError, Label, Repository, Token};
use countersign_testkit::{FakeGitHub, Grant, RepositoryHandle};

use crate::clock::TestClock;

/// GitHub, its repository `acme/product`, and a client that may do everything there.
pub(crate) struct Scene {
    pub(crate) fake: FakeGitHub,
    pub(crate) clock: TestClock,
    events: Arc<Mutex<Vec<Event>>>,
}

impl Scene {
    pub(crate) async fn new() -> Self {
        let fake = FakeGitHub::start().await.unwrap();
        fake.token("ghp_owner", Grant::owner("olga"));
        fake.repository("acme/product");
        Self { fake, clock: TestClock::new(), events: Arc::default() }
    }

    /// What the fake holds of `acme/product`.
    pub(crate) fn held(&self) -> RepositoryHandle {
        self.fake.repository("acme/product")
    }

    pub(crate) fn client(&self) -> GitHubBuilder {
        let events = self.events.clone();
        GitHub::builder()
            .api_url(self.fake.url())
            .token(Token::new("ghp_owner").unwrap())
            .clock(self.clock.clone())
            .seed(1)
            .timeout(Duration::from_secs(5))
            .observer(move |event| events.lock().unwrap().push(event.clone()))
    }

    pub(crate) fn github(&self) -> GitHub {
        self.client().build().unwrap()
    }

    pub(crate) fn product(&self) -> Repository {
        crate::wire::product(&self.github())
    }

    /// What an observer was told to wait for.
    pub(crate) fn waits_told(&self) -> Vec<String> {
        let events = self.events.lock().unwrap();
        events
            .iter()
            .filter_map(|event| match event {
                Event::Waiting { why, .. } => Some(why.to_string()),
                _ => None,
            })
            .collect()
    }

    /// Methods and paths of all requests, in order, and what became of them.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.fake
            .requests()
            .iter()
            .map(|one| {
                let status = one.status.map_or_else(|| "lost".to_owned(), |s| s.to_string());
                format!("{} {} {status}", one.method, one.path)
            })
            .collect()
    }

    /// Names of the labels that `acme/product` has.
    pub(crate) fn label_names(&self) -> Vec<String> {
        self.held().labels().into_iter().map(|label| label.name).collect()
    }
}

pub(crate) fn label(name: &str) -> Label {
    Label { name: name.into(), color: "ff0000".into(), description: Some("About it".into()) }
}

/// An error and its help, as a person reads them.
pub(crate) fn said(error: &GitHubError) -> String {
    format!("{error}\nhelp: {}", error.help())
}
