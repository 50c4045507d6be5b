//! Standard output of a program.

use std::io::{self, IsTerminal as _, Write};

use super::Color;
use crate::Styling;

/// Standard output, buffered, and whether it shows colours.
#[derive(Debug)]
pub struct Console {
    out: io::BufWriter<io::StdoutLock<'static>>,
    styling: Styling,
}

impl Console {
    /// Standard output, until the value is dropped.
    #[must_use]
    pub fn new(color: Color) -> Self {
        let stdout = io::stdout().lock();
        let styling = color.styling(stdout.is_terminal());
        Self { out: io::BufWriter::with_capacity(1 << 16, stdout), styling }
    }

    /// Whether it shows colours.
    #[must_use]
    pub fn styling(&self) -> Styling {
        self.styling
    }

    /// `text` in bold, where there is bold.
    #[must_use]
    pub fn bold(&self, text: &str) -> String {
        match self.styling {
            Styling::Ansi => format!("\u{1b}[1m{text}\u{1b}[0m"),
            Styling::Plain => text.to_owned(),
        }
    }
}

impl Write for Console {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
