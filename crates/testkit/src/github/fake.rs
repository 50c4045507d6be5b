//! The handle that tests hold.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::{mpsc, watch};

use super::event::Event;
use super::fault::{FaultPlan, FaultRule};
use super::grant::Grant;
use super::record::Recorded;
use super::repository::RepositoryHandle;
use super::route::{ROUTES, Route};
use super::server::{self, Control, Shared};
use super::service::{Limit, Service};
use super::state::{AccountKind, State};
use crate::openapi::{Description, OpenApiError, Violation};

/// A GitHub for tests: it serves until it is dropped.
#[derive(Debug)]
pub struct FakeGitHub {
    address: SocketAddr,
    shared: Shared,
    /// The server stops when this goes away.
    stop: Option<watch::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl FakeGitHub {
    /// Starts a fake with nothing in it, on a free port of the loopback interface and on a
    /// thread of its own.
    ///
    /// # Errors
    /// If no port or no thread can be had.
    #[expect(clippy::unused_async, reason = "tests read alike, and may have to wait one day")]
    pub async fn start() -> io::Result<Self> {
        Self::start_blocking()
    }

    /// [`start`](Self::start) for tests that are not asynchronous.
    ///
    /// # Errors
    /// If no port or no thread can be had.
    pub fn start_blocking() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let (control, orders) = mpsc::unbounded_channel();
        let service = Arc::new(Mutex::new(Service::new(format!("http://{address}"))));
        let shared = Shared { service, control };
        let (stop, stopped) = watch::channel(());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let serving = shared.clone();
        let thread =
            std::thread::Builder::new().name("fake-github".to_owned()).spawn(move || {
                runtime.block_on(async move {
                    if let Ok(listener) = tokio::net::TcpListener::from_std(listener) {
                        server::run(listener, address, serving, orders, stopped).await;
                    }
                });
            })?;
        Ok(Self { address, shared, stop: Some(stop), thread: Some(thread) })
    }

    /// The operations that every fake has, named as in GitHub's description:
    /// `GET /repos/{owner}/{repo}/labels`.
    pub fn operations() -> impl Iterator<Item = String> {
        ROUTES.iter().map(Route::name)
    }

    /// Where it serves, for `GITHUB_API_URL`; without a slash at the end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Makes a token known. Any other is refused with 401, and so is a request without one.
    pub fn token(&self, secret: &str, grant: Grant) {
        let mut service = self.shared.lock();
        let kind = if grant.is_bot() { AccountKind::Bot } else { AccountKind::User };
        service.state.account(&grant.login(), kind);
        service.state.tokens.insert(secret.to_owned(), grant);
    }

    /// Makes a token unknown again.
    pub fn revoke(&self, secret: &str) {
        self.shared.lock().state.tokens.remove(secret);
    }

    /// A repository, made public and empty if it does not exist.
    pub fn repository(&self, full_name: &str) -> RepositoryHandle {
        self.shared.lock().state.ensure_repository(full_name);
        RepositoryHandle::new(self.shared.clone(), full_name)
    }

    /// Makes sure that a person exists.
    pub fn user(&self, login: &str) {
        self.shared.lock().state.account(login, AccountKind::User);
    }

    /// Makes sure that an organisation exists.
    pub fn organisation(&self, login: &str) {
        self.shared.lock().state.account(login, AccountKind::Organization);
    }

    /// Deletes an account. What it wrote stays, without an author.
    pub fn delete_account(&self, login: &str) {
        let mut service = self.shared.lock();
        service.state.accounts.remove(&login.to_lowercase());
        let gone = |author: &Option<String>| {
            author.as_ref().is_some_and(|author| author.eq_ignore_ascii_case(login))
        };
        for repository in service.state.repositories.values_mut() {
            repository.collaborators.remove(&login.to_lowercase());
            for issue in repository.issues.values_mut() {
                if gone(&issue.author) {
                    issue.author = None;
                }
                for comment in &mut issue.comments {
                    if gone(&comment.author) {
                        comment.author = None;
                    }
                }
            }
        }
    }

    /// Lets something go wrong with the next request, or with the one that the rule says. May be
    /// called again and again; the oldest rule that fits strikes first.
    pub fn fail_next(&self, fault: impl Into<FaultRule>) {
        self.shared.lock().faults.next.push(fault.into());
    }

    /// Sets the plan of what goes wrong, in place of the one before.
    pub fn faults(&self, plan: FaultPlan) {
        self.shared.lock().faults.plan = plan;
    }

    /// Takes back all faults.
    pub fn no_faults(&self) {
        let mut service = self.shared.lock();
        service.faults.next.clear();
        service.faults.plan = FaultPlan::none();
    }

    /// Drops all connections and refuses new ones until [`go_online`](Self::go_online).
    pub fn go_offline(&self) {
        self.order(|done| Control::Offline(None, Some(done)));
    }

    /// Takes connections again, at the same address.
    pub fn go_online(&self) {
        self.order(Control::Online);
    }

    /// Sends an order and waits until it is carried out.
    fn order(&self, order: impl FnOnce(std::sync::mpsc::Sender<()>) -> Control) {
        let (done, carried_out) = std::sync::mpsc::channel();
        if self.shared.control.send(order(done)).is_ok() {
            // The server answers within a second; if it is gone, so is the sender.
            let _ = carried_out.recv_timeout(Duration::from_secs(10));
        }
    }

    /// How many requests each token may send. 5,000 in an hour unless told.
    pub fn limit(&self, limit: Limit) {
        self.shared.lock().limit = limit;
    }

    /// What came in so far, oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        self.shared.lock().records.clone()
    }

    /// Takes what came in so far, and forgets it.
    #[must_use]
    pub fn take_requests(&self) -> Vec<Recorded> {
        std::mem::take(&mut self.shared.lock().records)
    }

    /// How many requests came in so far.
    #[must_use]
    pub fn request_count(&self) -> usize {
        self.shared.lock().records.len()
    }

    /// What GitHub would have told its listeners, oldest first.
    #[must_use]
    pub fn events(&self) -> Vec<Event> {
        self.shared.lock().state.events.clone()
    }

    /// Looks at everything the fake holds.
    ///
    /// No request is answered meanwhile, so `look` must not wait for one.
    pub fn state<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.shared.lock().state)
    }

    /// What of the exchanges so far does not fit GitHub's description of its API: requests that
    /// the fake took though GitHub would not, replies that GitHub would not give, operations
    /// that do not exist. What a fault made of a reply is left out.
    ///
    /// # Errors
    /// If the description is not there and cannot be installed: see [`crate::openapi`].
    pub fn violations(&self) -> Result<Vec<Violation>, OpenApiError> {
        let description = Description::load()?;
        Ok(description.check(&self.requests()))
    }
}

impl Drop for FakeGitHub {
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            // A server that panicked has shown why; a second panic would hide it.
            let _ = thread.join();
        }
    }
}
