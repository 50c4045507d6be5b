//! A server of files, on this machine alone: what releases are downloaded from.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result};

/// Serves files of a folder for as long as the process runs.
#[derive(Debug)]
pub(super) struct Server {
    address: String,
}

impl Server {
    /// Starts it for `folder`.
    ///
    /// # Errors
    ///
    /// If there is no free port.
    pub(super) fn start(folder: &Path) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").context("no free port")?;
        let address = format!("http://{}", listener.local_addr()?);
        let folder = folder.to_owned();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let folder = folder.clone();
                // A client that goes away in the middle harms nobody.
                std::thread::spawn(move || answer(&stream, &folder));
            }
        });
        Ok(Self { address })
    }

    /// Where it listens, without a slash at the end.
    pub(super) fn address(&self) -> &str {
        &self.address
    }
}

fn answer(stream: &TcpStream, folder: &Path) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut lines = BufReader::new(stream).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    // The rest of the head is read, so that closing does not reset the connection.
    while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
    let path = first.split(' ').nth(1).unwrap_or_default().trim_start_matches('/').to_owned();
    let mut out = stream;
    match std::fs::read(folder.join(path)) {
        Ok(bytes) => {
            let length = bytes.len();
            write!(
                out,
                "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
            )?;
            out.write_all(&bytes)
        }
        Err(_) => out
            .write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
    }
}
