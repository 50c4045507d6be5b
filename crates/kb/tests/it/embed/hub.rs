//! Models from a hub: a small server here, which speaks as the hub does.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use countersign_kb::embed::{Choice, LoadError, Progress, load};

use super::*;

/// A model that the catalogue knows, of which a server has the tiny model's files.
const MODEL: &str = "Qdrant/all-MiniLM-L6-v2-onnx";

/// What the server does with requests for the content of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manner {
    Serves,
    /// Says how long files are, and sends half of each.
    BreaksOff,
    /// Sends half, and then nothing.
    FallsSilent,
    /// Takes connections and says nothing.
    SaysNothing,
    Answers(u16),
}

/// The server; it ends with the process.
pub(super) struct Server {
    endpoint: String,
    model: &'static str,
    manner: Arc<Mutex<Manner>>,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn start(manner: Manner) -> Self {
        Self::of(MODEL, tiny_folder(), manner)
    }

    /// A server that has the files of a folder as this model.
    pub(super) fn of(model: &'static str, folder: PathBuf, manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let manner = Arc::new(Mutex::new(manner));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (its_manner, its_requests) = (Arc::clone(&manner), Arc::clone(&requests));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let manner = *its_manner.lock().unwrap();
                let requests = Arc::clone(&its_requests);
                let folder = folder.clone();
                thread::spawn(move || answer(stream, model, &folder, manner, &requests));
            }
        });
        Self { endpoint, model, manner, requests }
    }

    pub(super) fn choice(&self, cache: &Path) -> Choice {
        Choice {
            model: Some(self.model.to_owned()),
            offline: false,
            endpoint: self.endpoint.clone(),
            cache: cache.to_owned(),
            patience: Duration::from_secs(2),
            ..choice()
        }
    }

    pub(super) fn set(&self, manner: Manner) {
        *self.manner.lock().unwrap() = manner;
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

/// Answers one request, and ends the connection.
fn answer(
    mut stream: TcpStream,
    model: &str,
    folder: &Path,
    manner: Manner,
    requests: &Mutex<Vec<String>>,
) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
    let request = lines.next().unwrap_or_default();
    let headers: HashMap<String, String> = lines
        .take_while(|line| !line.is_empty())
        .filter_map(|line| {
            let (name, value) = line.split_once(": ")?;
            Some((name.to_lowercase(), value.to_owned()))
        })
        .collect();
    requests.lock().unwrap().push(request.clone());
    let path = request.split(' ').nth(1).unwrap_or_default();
    let file = path.strip_prefix(&format!("/{model}/resolve/main/")).unwrap_or_default();
    let status = match (manner, fs::read(folder.join(file))) {
        (Manner::SaysNothing, _) => return thread::sleep(Duration::from_secs(60)),
        (Manner::Answers(status), _) => status,
        (_, Err(_)) => 404,
        (_, Ok(content)) => {
            let range = headers["range"].strip_prefix("bytes=").unwrap().to_owned();
            let (from, to) = range.split_once('-').unwrap();
            let from: usize = from.parse().unwrap();
            let to = to.parse().map_or(content.len(), |last: usize| last + 1);
            let part = &content[from..to];
            let (length, all) = (part.len(), content.len());
            let head = format!(
                "HTTP/1.1 206 Partial Content\r\ncontent-length: {length}\r\n\
                 content-range: bytes {from}-{}/{all}\r\netag: \"{file}-1\"\r\n\
                 x-repo-commit: 0123456789abcdef\r\nconnection: close\r\n\r\n",
                to.max(1) - 1
            );
            stream.write_all(head.as_bytes()).unwrap();
            let faulty = to == all && matches!(manner, Manner::BreaksOff | Manner::FallsSilent);
            let sent = if faulty { &part[..length / 2] } else { part };
            let _ = stream.write_all(sent);
            if faulty && manner == Manner::FallsSilent {
                thread::sleep(Duration::from_secs(60));
            }
            return;
        }
    };
    let head = format!("HTTP/1.1 {status} No\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    let _ = stream.write_all(head.as_bytes());
}

fn error(choice: &Choice) -> LoadError {
    load(choice, &mut |_| {}).err().unwrap()
}

#[test]
fn a_model_is_downloaded_once_and_then_needs_no_hub() {
    let cache = tempfile::tempdir().unwrap();
    let server = Server::start(Manner::Serves);
    let choice = server.choice(cache.path());
    let mut heard = Vec::new();
    let mut model = load(&choice, &mut |progress| {
        if let Progress::Download { file, done, total } = progress {
            heard.push((file.to_owned(), done, total));
        }
    })
    .unwrap();
    assert_eq!(model.model().name, MODEL);
    let size = fs::metadata(tiny_folder().join("model.onnx")).unwrap().len();
    assert!(heard.contains(&("model.onnx".to_owned(), size, size)), "{heard:?}");
    let downloaded = vector(&mut *model, Role::Query, "вебхуки");
    assert_eq!(downloaded, vector(&mut *tiny(), Role::Query, "вебхуки"));

    let requests = server.requests().len();
    server.set(Manner::Answers(500));
    load(&choice, &mut |_| {}).unwrap();
    load(&Choice { offline: true, ..choice }, &mut |_| {}).unwrap();
    assert_eq!(server.requests().len(), requests);
}

#[test]
fn a_download_that_breaks_off_leaves_nothing_that_passes_for_whole_and_goes_on_later() {
    let cache = tempfile::tempdir().unwrap();
    let server = Server::start(Manner::BreaksOff);
    let choice = server.choice(cache.path());
    let failed = error(&choice).to_string();
    assert!(failed.contains(&server.endpoint), "{failed}");
    assert!(error(&Choice { offline: true, ..choice.clone() }).is_absence());
    server.set(Manner::Serves);
    load(&choice, &mut |_| {}).unwrap();
    let from_the_middle = |request: &String| request.contains("tokenizer.json");
    assert!(server.requests().iter().any(from_the_middle));
}

#[test]
fn a_silent_hub_is_not_waited_for() {
    for manner in [Manner::SaysNothing, Manner::FallsSilent] {
        let cache = tempfile::tempdir().unwrap();
        let server = Server::start(manner);
        let choice = server.choice(cache.path());
        let start = Instant::now();
        let failed = error(&choice);
        assert!(failed.is_absence(), "{failed}");
        assert_eq!(
            failed.to_string(),
            format!(
                "cannot download the model `{MODEL}` from {}: no answer for 2 seconds",
                server.endpoint
            )
        );
        assert!(start.elapsed() < Duration::from_secs(15), "{:?}", start.elapsed());
    }
}

#[test]
fn a_hub_that_is_not_there_is_unreachable() {
    let cache = tempfile::tempdir().unwrap();
    let mut choice = Server::start(Manner::Serves).choice(cache.path());
    // Nobody listens at the port of the discard protocol.
    choice.endpoint = "http://127.0.0.1:9".to_owned();
    let start = Instant::now();
    let failed = error(&choice);
    assert!(matches!(failed, LoadError::Unreachable { .. }), "{failed}");
    assert!(start.elapsed() < Duration::from_secs(15));
    choice.endpoint = "no address".to_owned();
    assert!(matches!(error(&choice), LoadError::Unreachable { .. }));
    let help = failed.help().join("\n");
    assert!(help.contains("--model-dir") && help.contains("--no-embeddings"), "{help}");
}

#[test]
fn a_refusal_is_told_from_a_hub_in_trouble() {
    let cache = tempfile::tempdir().unwrap();
    let server = Server::start(Manner::Answers(401));
    let choice = server.choice(cache.path());
    let failed = error(&choice);
    assert!(!failed.is_absence());
    let expected = format!(
        "{} does not give `tokenizer.json` of the model `{MODEL}`: status 401",
        server.endpoint
    );
    assert_eq!(failed.to_string(), expected);
    for status in [500, 503, 429] {
        server.set(Manner::Answers(status));
        assert!(matches!(error(&choice), LoadError::Unreachable { .. }), "{status}");
    }
}

#[test]
fn without_downloads_a_model_must_be_in_the_cache() {
    let cache = tempfile::tempdir().unwrap();
    let server = Server::start(Manner::Serves);
    let failed = error(&Choice { offline: true, ..server.choice(cache.path()) });
    assert!(failed.is_absence());
    let expected = format!(
        "the model `{MODEL}` is not in `{}`, and downloads are switched off",
        cache.path().display()
    );
    assert_eq!(failed.to_string(), expected);
    assert!(server.requests().is_empty());
}

#[test]
fn an_unknown_name_is_found_out_before_anything_else() {
    let choice = Choice {
        model: Some("intfloat/multilingual-e5-smal".to_owned()),
        runtime: Some("/nowhere".into()),
        ..choice()
    };
    let failed = error(&choice);
    assert_eq!(
        failed.to_string(),
        "there is no model `intfloat/multilingual-e5-smal`; did you mean \
         `intfloat/multilingual-e5-small`?"
    );
    assert!(failed.help()[0].contains("BAAI/bge-m3, "), "{:?}", failed.help());
}
