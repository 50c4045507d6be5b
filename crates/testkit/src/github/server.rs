//! HTTP/1.1 on loopback, and the ways in which a reply may fail to arrive.

use std::convert::Infallible;
use std::future::{Future, pending};
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use http_body_util::{BodyExt, Limited};
use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};
use hyper::header::{HeaderName, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, mpsc, watch};
use tokio::time::{Sleep, sleep};

use super::fault::{Fault, Moment};
use super::service::{Delivery, Incoming as Call, Service};

/// More than GitHub takes; nobody gets to fill the memory.
const LARGEST_BODY: usize = 128 << 20;

/// How long the first half of a torn reply has to get through before the connection goes away.
const TEAR: Duration = Duration::from_millis(5);

/// What the fake asks of its server.
#[derive(Debug)]
pub(crate) enum Control {
    /// Drop all connections and refuse new ones, for a time or until told otherwise.
    Offline(Option<Duration>, Option<std::sync::mpsc::Sender<()>>),
    /// Take connections again.
    Online(std::sync::mpsc::Sender<()>),
}

/// What connections share.
#[derive(Debug, Clone)]
pub(crate) struct Shared {
    pub(crate) service: Arc<Mutex<Service>>,
    pub(crate) control: mpsc::UnboundedSender<Control>,
}

impl Shared {
    /// A test that panicked while it looked at the state does not spoil it for others.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Service> {
        self.service.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes connections until the other end of `stop` goes away.
pub(crate) async fn run(
    listener: TcpListener,
    address: SocketAddr,
    shared: Shared,
    mut control: mpsc::UnboundedReceiver<Control>,
    mut stop: watch::Receiver<()>,
) {
    let (hang_up, _) = watch::channel(());
    let mut listener = Some(listener);
    // When to take connections again after an outage with an end.
    let mut back: Option<Pin<Box<Sleep>>> = None;
    loop {
        tokio::select! {
            _ = stop.changed() => return,
            order = control.recv() => match order {
                None => return,
                Some(Control::Offline(time, done)) => {
                    listener = None;
                    hang_up.send_replace(());
                    back = time.map(|time| Box::pin(sleep(time)));
                    // Whoever asked may have gone.
                    let _ = done.map(|done| done.send(()));
                }
                Some(Control::Online(done)) => {
                    listener = rebind(listener, address).await;
                    back = None;
                    let _ = done.send(());
                }
            },
            () = due(back.as_mut()) => {
                listener = rebind(listener, address).await;
                back = None;
            }
            accepted = accept(listener.as_ref()) => {
                if let Ok(stream) = accepted {
                    tokio::spawn(connection(stream, shared.clone(), hang_up.subscribe()));
                }
            }
        }
    }
}

async fn due(sleep: Option<&mut Pin<Box<Sleep>>>) {
    match sleep {
        Some(sleep) => sleep.await,
        None => pending().await,
    }
}

async fn accept(listener: Option<&TcpListener>) -> io::Result<TcpStream> {
    match listener {
        Some(listener) => listener.accept().await.map(|(stream, _)| stream),
        None => pending().await,
    }
}

/// Takes the same port again. Nothing else can have it but for bad luck, which passes.
async fn rebind(current: Option<TcpListener>, address: SocketAddr) -> Option<TcpListener> {
    if current.is_some() {
        return current;
    }
    for _ in 0..100 {
        if let Ok(listener) = TcpListener::bind(address).await {
            return Some(listener);
        }
        sleep(Duration::from_millis(10)).await;
    }
    None
}

async fn connection(stream: TcpStream, shared: Shared, mut hang_up: watch::Receiver<()>) {
    // Replies are small, and the client waits for each.
    let _ = stream.set_nodelay(true);
    let reset = Arc::new(Notify::new());
    let service = {
        let reset = Arc::clone(&reset);
        service_fn(move |request| {
            let (shared, reset) = (shared.clone(), Arc::clone(&reset));
            let answer: Pin<Box<dyn Future<Output = _> + Send>> =
                Box::pin(async move { respond(request, &shared, &reset).await });
            answer
        })
    };
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(stream), service);
    tokio::select! {
        // A client that goes away early is its own affair.
        _ = &mut connection => return,
        _ = hang_up.changed() => {}
        () = reset.notified() => {}
    }
    // Without this the connection would end in good order.
    let _ = connection.into_parts().io.into_inner().set_zero_linger();
}

async fn respond(
    request: Request<Incoming>,
    shared: &Shared,
    reset: &Notify,
) -> Result<Response<Reply>, Infallible> {
    let (head, body) = request.into_parts();
    let headers = head
        .headers
        .iter()
        .map(|(name, value)| {
            (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        })
        .collect();
    let Ok(body) = Limited::new(body, LARGEST_BODY).collect().await else {
        reset.notify_one();
        return pending().await;
    };
    let call = Call {
        method: head.method.as_str().to_owned(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        headers,
        body: body.to_bytes().to_vec(),
    };
    let fault = shared.lock().faults.draw(&call.method, &call.path);
    let slow = |moment| match &fault {
        Some(rule) if rule.moment == moment => match rule.fault {
            Fault::Slow(time) => Some(time),
            _ => None,
        },
        _ => None,
    };
    if let Some(time) = slow(Moment::Before) {
        sleep(time).await;
    }
    let (reply, delivery) = shared.lock().answer(&call, fault.as_ref());
    if let Some(time) = slow(Moment::After) {
        sleep(time).await;
    }
    match delivery {
        Delivery::Whole | Delivery::Torn => {}
        Delivery::Reset => {
            reset.notify_one();
            return pending().await;
        }
        Delivery::Offline(time) => {
            let _ = shared.control.send(Control::Offline(Some(time), None));
            return pending().await;
        }
    }
    let (mut bytes, content_type) = reply.bytes();
    let torn = delivery == Delivery::Torn;
    if torn && bytes.is_empty() {
        bytes = b"{}".to_vec();
    }
    let mut response = Response::new(Reply::new(Bytes::from(bytes), torn));
    let mut status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::IM_A_TEAPOT);
    if torn && (status == StatusCode::NO_CONTENT || status == StatusCode::NOT_MODIFIED) {
        // These have no body that could be torn.
        status = StatusCode::OK;
    }
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert("server", HeaderValue::from_static("github.com"));
    if let Some(content_type) = content_type {
        headers.insert("content-type", HeaderValue::from_static(content_type));
    }
    for (name, value) in &reply.headers {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.append(HeaderName::from_static(name), value);
        }
    }
    Ok(response)
}

/// The body of a response, all of it or half.
struct Reply {
    bytes: Option<Bytes>,
    torn: bool,
    length: u64,
    breaks: Option<Pin<Box<Sleep>>>,
}

impl Reply {
    fn new(bytes: Bytes, torn: bool) -> Self {
        let length = bytes.len() as u64;
        Self { bytes: Some(bytes).filter(|bytes| !bytes.is_empty()), torn, length, breaks: None }
    }
}

impl Body for Reply {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(mut bytes) = self.bytes.take() {
            if self.torn {
                bytes.truncate(bytes.len() / 2);
                self.breaks = Some(Box::pin(sleep(TEAR)));
            }
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
        match &mut self.breaks {
            None => Poll::Ready(None),
            Some(sleep) => {
                ready!(sleep.as_mut().poll(context));
                self.breaks = None;
                Poll::Ready(Some(Err(io::ErrorKind::ConnectionAborted.into())))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_none() && self.breaks.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length)
    }
}
