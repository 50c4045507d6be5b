//! A server that says exactly what it is told, byte for byte, and remembers what it heard.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use countersign_github::{GitHub, GitHubBuilder, Repository, Token};

/// A token that must turn up at no other server and in no text.
pub(crate) const SECRET: &str = "ghp_thisMustNotBeSeenAnywhere";

pub(crate) struct Wire {
    address: SocketAddr,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Wire {
    /// Answers the n-th request (from 0), given whole, with the bytes that `answer` returns, and
    /// closes the connection.
    pub(crate) fn start(answer: impl Fn(usize, &str) -> Vec<u8> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let (answer, all) = (Arc::new(answer), heard.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (answer, all) = (answer.clone(), all.clone());
                std::thread::spawn(move || serve(stream.unwrap(), &all, &*answer));
            }
        });
        Self { address, heard }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What it heard, oldest first: head and body of each request.
    pub(crate) fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }

    /// A client of it that holds [`SECRET`].
    pub(crate) fn client(&self) -> GitHubBuilder {
        GitHub::builder().api_url(self.url()).token(Token::new(SECRET).unwrap()).seed(1)
    }
}

fn serve(mut stream: TcpStream, all: &Mutex<Vec<String>>, answer: &dyn Fn(usize, &str) -> Vec<u8>) {
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        if is_whole(&request) {
            break;
        }
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => return,
            Ok(read) => request.extend(&buffer[..read]),
        }
    }
    let request = String::from_utf8(request).unwrap();
    let number = {
        let mut all = all.lock().unwrap();
        all.push(request.clone());
        all.len() - 1
    };
    let _ = stream.write_all(&answer(number, &request));
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request).to_ascii_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"))
        .map_or(0, |length| length.trim().parse().unwrap());
    body.len() >= length
}

/// A reply with these headers and body.
pub(crate) fn reply(status: u16, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let mut text = format!("HTTP/1.1 {status} x\r\nconnection: close\r\n");
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str(&format!("content-length: {}\r\n\r\n{body}", body.len()));
    text.into_bytes()
}

/// The repository that the tests speak of.
pub(crate) fn product(github: &GitHub) -> Repository {
    github.repository(&"acme/product".parse().unwrap())
}
