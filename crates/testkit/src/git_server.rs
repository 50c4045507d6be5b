//! A git server on loopback: repositories below a folder, over HTTP, as git itself serves them.
//!
//! It stands beside the fake GitHub for what fetches and pushes with git: a local runner of
//! workflows gets actions and called workflows by tag, branch or commit from it, and what a
//! workflow pushes lands in a repository that a test can look into. Files below `files/` of the
//! folder are served as they are, for downloads.

use std::convert::Infallible;
use std::io::{self, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::sync::watch;

/// More than any repository of a test; nobody gets to fill the memory.
const LARGEST_BODY: usize = 128 << 20;

/// What a request was about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GitRequest {
    /// `GET` or `POST`.
    pub method: String,
    /// The path as sent, without the query.
    pub path: String,
    /// The status of the answer.
    pub status: u16,
}

/// A server that runs until it is dropped.
///
/// A repository `OWNER/NAME.git` of its folder has the address `<url>/OWNER/NAME`, with or
/// without `.git`. Everybody may fetch and push, and fetch any commit by its hash.
#[derive(Debug)]
pub struct GitServer {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<GitRequest>>>,
    /// The server stops when this goes away.
    stop: Option<watch::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl GitServer {
    /// Serves the bare repositories below `folder`, on a free port and a thread of its own.
    ///
    /// # Errors
    /// If no port or no thread can be had.
    pub fn start_blocking(folder: &Path) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let folder: Arc<Path> = folder.canonicalize()?.into();
        let requests = Arc::default();
        let (stop, stopped) = watch::channel(());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let seen = Arc::clone(&requests);
        let thread =
            std::thread::Builder::new().name("git-server".to_owned()).spawn(move || {
                runtime.block_on(async move {
                    if let Ok(listener) = tokio::net::TcpListener::from_std(listener) {
                        run(listener, folder, seen, stopped).await;
                    }
                });
            })?;
        Ok(Self { address, requests, stop: Some(stop), thread: Some(thread) })
    }

    /// Where it serves; without a slash at the end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What came in so far, oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<GitRequest> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for GitServer {
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            // A server that panicked has shown why; a second panic would hide it.
            let _ = thread.join();
        }
    }
}

async fn run(
    listener: tokio::net::TcpListener,
    folder: Arc<Path>,
    requests: Arc<Mutex<Vec<GitRequest>>>,
    mut stop: watch::Receiver<()>,
) {
    loop {
        let stream = tokio::select! {
            _ = stop.changed() => return,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(_) => continue,
            },
        };
        let (folder, requests) = (Arc::clone(&folder), Arc::clone(&requests));
        let service = service_fn(move |request| {
            let (folder, requests) = (Arc::clone(&folder), Arc::clone(&requests));
            async move { Ok::<_, Infallible>(respond(request, folder, &requests).await) }
        });
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

async fn respond(
    request: Request<Incoming>,
    folder: Arc<Path>,
    requests: &Mutex<Vec<GitRequest>>,
) -> Response<Full<Bytes>> {
    let (head, body) = request.into_parts();
    let path = head.uri.path().to_owned();
    let header = |name: &str| {
        let value = head.headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    let answer = match Limited::new(body, LARGEST_BODY).collect().await {
        Err(_) => Answer::plain(StatusCode::PAYLOAD_TOO_LARGE, "the request is too large"),
        Ok(body) => {
            let call = Call {
                method: head.method.as_str().to_owned(),
                path: path.clone(),
                query: head.uri.query().unwrap_or_default().to_owned(),
                content_type: header("content-type"),
                content_encoding: header("content-encoding"),
                protocol: header("git-protocol"),
                body: body.to_bytes(),
            };
            // git is a process, and waiting for it would hold up all other requests.
            let answered = tokio::task::spawn_blocking(move || call.answer(&folder)).await;
            answered.map_err(io::Error::other).flatten().unwrap_or_else(|error| {
                Answer::plain(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string())
            })
        }
    };
    let status = answer.status.as_u16();
    let seen = GitRequest { method: head.method.as_str().to_owned(), path, status };
    requests.lock().unwrap_or_else(PoisonError::into_inner).push(seen);
    let mut response = Response::builder().status(answer.status);
    for (name, value) in &answer.headers {
        response = response.header(name, value);
    }
    response.body(Full::new(answer.body)).unwrap_or_else(|_| Response::new(Full::default()))
}

/// A request, read to its end.
struct Call {
    method: String,
    path: String,
    query: String,
    content_type: String,
    content_encoding: String,
    protocol: String,
    body: Bytes,
}

struct Answer {
    status: StatusCode,
    headers: Vec<(String, String)>,
    body: Bytes,
}

impl Answer {
    fn plain(status: StatusCode, text: &str) -> Self {
        let headers = vec![("content-type".to_owned(), "text/plain; charset=utf-8".to_owned())];
        Self { status, headers, body: Bytes::from(text.to_owned()) }
    }

    fn not_found() -> Self {
        Self::plain(StatusCode::NOT_FOUND, "Not Found")
    }
}

impl Call {
    fn answer(&self, folder: &Path) -> io::Result<Answer> {
        let segments: Vec<&str> = self.path.split('/').skip(1).collect();
        // A name of a file is taken as it is: nothing is decoded, and nothing leads upwards.
        if segments.iter().any(|segment| matches!(*segment, "" | "." | "..")) {
            return Ok(Answer::not_found());
        }
        match segments[..] {
            ["files", ..] if self.method == "GET" => Self::file(&below(folder, &segments)),
            [owner, name, ref rest @ ..] if !rest.is_empty() => {
                let name = name.strip_suffix(".git").unwrap_or(name);
                self.git(folder, &format!("/{owner}/{name}.git/{}", rest.join("/")))
            }
            _ => Ok(Answer::not_found()),
        }
    }

    fn file(path: &Path) -> io::Result<Answer> {
        match std::fs::read(path) {
            Ok(bytes) => {
                let kind = "application/octet-stream".to_owned();
                let headers = vec![("content-type".to_owned(), kind)];
                Ok(Answer { status: StatusCode::OK, headers, body: bytes.into() })
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Answer::not_found()),
            Err(error) => Err(error),
        }
    }

    /// Asks git, by the interface that it has for web servers.
    ///
    /// <https://git-scm.com/docs/git-http-backend>
    fn git(&self, folder: &Path, path: &str) -> io::Result<Answer> {
        let mut command = Command::new("git");
        command
            .args(["-c", "http.receivepack=true", "-c", "uploadpack.allowAnySHA1InWant=true"])
            .arg("http-backend")
            .env("GIT_PROJECT_ROOT", folder)
            .env("GIT_HTTP_EXPORT_ALL", "1")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("REQUEST_METHOD", &self.method)
            .env("QUERY_STRING", &self.query)
            .env("PATH_INFO", path)
            .env("CONTENT_TYPE", &self.content_type)
            .env("CONTENT_LENGTH", self.body.len().to_string())
            .env("HTTP_CONTENT_ENCODING", &self.content_encoding)
            .env("GIT_PROTOCOL", &self.protocol)
            .env("REMOTE_USER", "fake")
            .env("REMOTE_ADDR", "127.0.0.1");
        for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"] {
            command.env_remove(variable);
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn()?;
        let input = child.stdin.take();
        let body = self.body.clone();
        // git may answer before it has read everything.
        let writer = std::thread::spawn(move || input.map(|mut input| input.write_all(&body)));
        let output = child.wait_with_output()?;
        drop(writer.join());
        if output.stdout.is_empty() {
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            return Ok(Answer::plain(StatusCode::INTERNAL_SERVER_ERROR, &said));
        }
        Ok(parse(&output.stdout))
    }
}

fn below(folder: &Path, segments: &[&str]) -> PathBuf {
    let mut path = folder.to_owned();
    path.extend(segments);
    path
}

/// What a program printed for a web server: headers, an empty line, the body.
fn parse(printed: &[u8]) -> Answer {
    let end = printed.windows(4).position(|window| window == b"\r\n\r\n");
    let (head, body) = match end {
        Some(end) => (&printed[..end], &printed[end + 4..]),
        None => (&printed[..0], printed),
    };
    let mut answer =
        Answer { status: StatusCode::OK, headers: Vec::new(), body: Bytes::copy_from_slice(body) };
    for line in String::from_utf8_lossy(head).lines() {
        let Some((name, value)) = line.split_once(':') else { continue };
        let value = value.trim();
        if name.eq_ignore_ascii_case("status") {
            let code = value.split(' ').next().and_then(|code| code.parse().ok());
            answer.status = code.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        } else {
            answer.headers.push((name.to_owned(), value.to_owned()));
        }
    }
    answer
}
