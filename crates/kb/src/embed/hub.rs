//! Models from a hub, kept in the cache that programs of Hugging Face share.
//!
//! `hf-hub` knows how a hub is spoken to, how a broken download goes on, and how the cache is
//! laid out. It has no limits of time: a server that takes a connection and says nothing
//! would be waited for without end. So it works on a thread of its own and has to give signs
//! of life; one that gives none is left behind.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use hf_hub::Cache;
use hf_hub::api::sync::{ApiBuilder, ApiError, ApiRepo};
use secrecy::ExposeSecret as _;

use super::catalogue::Published;
use super::files::Files;
use super::{Choice, LoadError, Progress};

/// How long another program may take to download the same file.
const OTHER_PROGRAM: Duration = Duration::from_secs(30 * 60);
/// How often who waits hears of a download, at most.
const TICK: Duration = Duration::from_millis(100);

/// The files of a model, downloaded as far as they are not in the cache.
pub(super) fn fetch(
    choice: &Choice,
    model: &Published,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Files, LoadError> {
    let hub = Hub { choice, model };
    let tokenizer = hub.file("tokenizer.json", progress)?;
    let mut configs = Vec::new();
    for name in ["config.json", "tokenizer_config.json"] {
        configs.extend(hub.file_if_there(name, progress)?);
    }
    let mut weights = Vec::new();
    for name in &model.weights {
        // The graph has it by its name in the folder.
        let short = name.rsplit('/').next().unwrap_or(name).to_owned();
        weights.push((short, hub.file(name, progress)?));
    }
    let graph = hub.file(&model.graph, progress)?;
    Ok(Files { name: model.name.clone(), graph, weights, tokenizer, configs })
}

/// Whether all files that [`fetch`] must have are in the cache. Nothing is downloaded.
pub(super) fn is_here(choice: &Choice, model: &Published) -> Result<bool, LoadError> {
    let hub = Hub { choice, model };
    let files = ["tokenizer.json", &model.graph];
    for file in files.into_iter().chain(model.weights.iter().map(String::as_str)) {
        if hub.cached(file)?.is_none() {
            return if choice.offline { Err(hub.switched_off()) } else { Ok(false) };
        }
    }
    Ok(true)
}

/// A model on the hub that a choice leads to.
struct Hub<'a> {
    choice: &'a Choice,
    model: &'a Published,
}

/// What the thread that downloads says.
enum Sign {
    /// So many bytes of a file of so many are here.
    Bytes(u64, u64),
    /// Another program has the file locked.
    Waiting,
    /// It is over.
    Done(Result<PathBuf, ApiError>),
}

impl Hub<'_> {
    /// A file that the model may lack.
    fn file_if_there(
        &self,
        file: &str,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<Option<PathBuf>, LoadError> {
        match self.file(file, progress) {
            Ok(path) => Ok(Some(path)),
            Err(LoadError::Refused { .. } | LoadError::NoModel { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// A file of the model, from the cache or from the hub.
    fn file(
        &self,
        file: &str,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<PathBuf, LoadError> {
        if let Some(path) = self.cached(file)? {
            return Ok(path);
        }
        if self.choice.offline {
            return Err(self.switched_off());
        }
        let mut builder = ApiBuilder::from_cache(self.cache()?)
            .with_progress(false)
            .with_endpoint(self.choice.endpoint.clone());
        if let Some(token) = &self.choice.token {
            builder = builder.with_token(Some(token.expose_secret().to_owned()));
        }
        let api = builder.build().map_err(|error| self.failed(file, &error))?;
        let repository = api.model(self.model.repository.clone());
        let signs = download(repository, file.to_owned()).map_err(|source| self.disk(source))?;
        self.wait(file, &signs, progress)
    }

    /// A file of the model, if it is in the cache.
    fn cached(&self, file: &str) -> Result<Option<PathBuf>, LoadError> {
        Ok(self.cache()?.model(self.model.repository.clone()).get(file))
    }

    fn cache(&self) -> Result<Cache, LoadError> {
        let folder = std::path::absolute(&self.choice.cache);
        Ok(Cache::new(folder.map_err(|source| self.disk(source))?))
    }

    /// Waits for the end of a download, or for the end of patience.
    fn wait(
        &self,
        file: &str,
        signs: &Receiver<Sign>,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<PathBuf, LoadError> {
        loop {
            match signs.recv_timeout(self.choice.patience) {
                Ok(Sign::Bytes(done, total)) => {
                    progress(Progress::Download { file, done, total });
                }
                Ok(Sign::Waiting) => progress(Progress::Waiting { file }),
                Ok(Sign::Done(Ok(path))) => return Ok(path),
                Ok(Sign::Done(Err(error))) => return Err(self.failed(file, &error)),
                Err(RecvTimeoutError::Timeout) => {
                    let seconds = self.choice.patience.as_secs_f32();
                    return Err(self.unreachable(format!("no answer for {seconds} seconds")));
                }
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(self.unreachable("the download broke off".to_owned()));
                }
            }
        }
    }

    fn disk(&self, source: std::io::Error) -> LoadError {
        LoadError::Disk { path: self.choice.cache.clone(), source }
    }

    fn switched_off(&self) -> LoadError {
        let cache = self.choice.cache.clone();
        LoadError::NoModel { model: self.model.name.clone(), cache }
    }

    fn unreachable(&self, reason: String) -> LoadError {
        let endpoint = self.choice.endpoint.clone();
        LoadError::Unreachable { model: self.model.name.clone(), endpoint, reason }
    }

    fn failed(&self, file: &str, error: &ApiError) -> LoadError {
        match error {
            // Of the disk, if the system says so; otherwise of the connection.
            ApiError::IoError(source) if source.raw_os_error().is_some() && !is_network(source) => {
                self.disk(std::io::Error::new(source.kind(), source.to_string()))
            }
            ApiError::RequestError(error) => match **error {
                ureq::Error::StatusCode(status @ 400..=499) if status != 429 => {
                    LoadError::Refused {
                        model: self.model.name.clone(),
                        endpoint: self.choice.endpoint.clone(),
                        file: file.to_owned(),
                        reason: format!("status {status}"),
                    }
                }
                _ => self.unreachable(error.to_string()),
            },
            other => self.unreachable(other.to_string()),
        }
    }
}

fn is_network(error: &std::io::Error) -> bool {
    use std::io::ErrorKind;
    matches!(
        error.kind(),
        ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::BrokenPipe
            | ErrorKind::TimedOut
            | ErrorKind::UnexpectedEof
    )
}

/// Downloads on a thread of its own.
fn download(repository: ApiRepo, file: String) -> std::io::Result<Receiver<Sign>> {
    let (sender, receiver) = channel();
    thread::Builder::new().name("download".to_owned()).spawn(move || {
        let start = Instant::now();
        let done = loop {
            let reporter = Reporter { sender: sender.clone(), done: 0, total: 0, last: start };
            match repository.download_with_progress(&file, reporter) {
                Err(ApiError::LockAcquisition(_)) if start.elapsed() < OTHER_PROGRAM => {
                    // The error took 5 seconds to come. Nobody listens: nobody waits.
                    if sender.send(Sign::Waiting).is_err() {
                        return;
                    }
                }
                done => break done,
            }
        };
        let _ = sender.send(Sign::Done(done));
    })?;
    Ok(receiver)
}

/// Passes on what is heard of a download.
struct Reporter {
    sender: Sender<Sign>,
    done: u64,
    total: u64,
    last: Instant,
}

impl Reporter {
    fn say(&mut self) {
        self.last = Instant::now();
        let _ = self.sender.send(Sign::Bytes(self.done, self.total));
    }
}

impl hf_hub::api::Progress for Reporter {
    fn init(&mut self, size: usize, _: &str) {
        (self.done, self.total) = (0, size as u64);
        self.say();
    }

    fn update(&mut self, size: usize) {
        self.done += size as u64;
        if self.last.elapsed() >= TICK {
            self.say();
        }
    }

    fn finish(&mut self) {
        self.say();
    }
}
