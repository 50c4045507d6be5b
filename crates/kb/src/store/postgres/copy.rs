//! Rows in the binary format of `COPY`
//! (<https://www.postgresql.org/docs/current/sql-copy.html>), the quickest way in.

use sqlx::PgConnection;

/// How much is sent at a time, in bytes.
const PIECE: usize = 256 * 1024;

/// The object id of type `text`.
const TEXT: i32 = 25;

/// Rows of one table.
pub(super) struct Rows {
    bytes: Vec<u8>,
    count: usize,
}

impl Rows {
    pub(super) fn new() -> Self {
        let mut bytes = Vec::with_capacity(64 * 1024);
        bytes.extend_from_slice(b"PGCOPY\n\xff\r\n\0");
        bytes.extend_from_slice(&[0; 8]);
        Self { bytes, count: 0 }
    }

    /// Begins a row of so many fields, which have to follow.
    pub(super) fn row(&mut self, fields: i16) {
        self.count += 1;
        self.bytes.extend_from_slice(&fields.to_be_bytes());
    }

    pub(super) fn bigint(&mut self, value: i64) {
        self.bytes(&value.to_be_bytes());
    }

    pub(super) fn integer(&mut self, value: u32) {
        self.bytes(&i32::try_from(value).unwrap_or(i32::MAX).to_be_bytes());
    }

    pub(super) fn bytes(&mut self, value: &[u8]) {
        self.sized(|bytes| bytes.extend_from_slice(value));
    }

    pub(super) fn text(&mut self, value: &str) {
        self.sized(|bytes| push_text(bytes, value));
    }

    pub(super) fn texts(&mut self, values: &[String]) {
        self.sized(|bytes| {
            // Dimensions, whether there are nulls, the type of elements.
            push(bytes, i32::from(!values.is_empty()));
            push(bytes, 0);
            push(bytes, TEXT);
            if !values.is_empty() {
                // The length, and the index of the first one.
                push(bytes, i32::try_from(values.len()).unwrap_or(i32::MAX));
                push(bytes, 1);
            }
            for value in values {
                sized(bytes, |bytes| push_text(bytes, value));
            }
        });
    }

    /// A `tsvector`: terms, sorted and each once, with how much each counts. A term that
    /// counts n has positions 1 to n; PostgreSQL keeps at most 255.
    pub(super) fn tsvector(&mut self, terms: &[(&str, u16)]) {
        self.sized(|bytes| {
            push(bytes, i32::try_from(terms.len()).unwrap_or(i32::MAX));
            for (term, count) in terms {
                bytes.extend_from_slice(term.as_bytes());
                bytes.push(0);
                let count = (*count).min(255);
                bytes.extend_from_slice(&count.to_be_bytes());
                for position in 1..=count {
                    bytes.extend_from_slice(&position.to_be_bytes());
                }
            }
        });
    }

    /// A `vector` of pgvector.
    pub(super) fn vector(&mut self, numbers: &[f32]) {
        self.sized(|bytes| {
            let dimensions = u16::try_from(numbers.len()).unwrap_or(u16::MAX);
            bytes.extend_from_slice(&dimensions.to_be_bytes());
            bytes.extend_from_slice(&[0; 2]);
            for number in numbers {
                bytes.extend_from_slice(&number.to_be_bytes());
            }
        });
    }

    fn sized(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        sized(&mut self.bytes, write);
    }

    /// Sends them to where `statement`, a `COPY … FROM STDIN (FORMAT BINARY)`, says.
    pub(super) async fn send(
        mut self,
        connection: &mut PgConnection,
        statement: &str,
    ) -> Result<(), sqlx::Error> {
        if self.count == 0 {
            return Ok(());
        }
        self.bytes.extend_from_slice(&(-1_i16).to_be_bytes());
        let mut copy = connection.copy_in_raw(statement).await?;
        for piece in self.bytes.chunks(PIECE) {
            if let Err(error) = copy.send(piece).await {
                // The connection would wait for the end for ever.
                let _ = copy.abort("cut off").await;
                return Err(error);
            }
        }
        copy.finish().await.map(|_| ())
    }
}

fn push(bytes: &mut Vec<u8>, value: i32) {
    bytes.extend_from_slice(&value.to_be_bytes());
}

/// Text as PostgreSQL keeps it: anything but NUL.
fn push_text(bytes: &mut Vec<u8>, value: &str) {
    if value.contains('\0') {
        bytes.extend_from_slice(value.replace('\0', "\u{fffd}").as_bytes());
    } else {
        bytes.extend_from_slice(value.as_bytes());
    }
}

/// A value behind its length in bytes.
fn sized(bytes: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    let at = bytes.len();
    push(bytes, 0);
    write(bytes);
    let length = i32::try_from(bytes.len() - at - 4).unwrap_or(i32::MAX);
    bytes[at..at + 4].copy_from_slice(&length.to_be_bytes());
}
