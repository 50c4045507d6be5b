//! How far a run has come, for who waits at a terminal.

use std::sync::Mutex;
use std::time::Duration;

use countersign_markup::shown::escape;
use countersign_report::terminal::say;
use indicatif::{ProgressBar, ProgressStyle};

use crate::embed::Progress;
use crate::index::{Observer, Phase};

/// A bar on standard error, if that is a terminal.
#[derive(Default)]
pub(super) struct Bar(Mutex<Option<ProgressBar>>);

impl Bar {
    /// Takes the bar away.
    pub(super) fn finish(&self) {
        if let Ok(mut bar) = self.0.lock()
            && let Some(bar) = bar.take()
        {
            bar.finish_and_clear();
        }
    }
}

impl Observer for Bar {
    fn begin(&self, phase: Phase, total: u64) {
        self.finish();
        let what = match phase {
            Phase::Documents => "documents",
            Phase::Vectors => "vectors",
        };
        let bar = if total == 0 { ProgressBar::new_spinner() } else { ProgressBar::new(total) };
        let template = match total {
            0 => "{spinner} {pos} {msg} ({elapsed})",
            _ => "{wide_bar} {pos}/{len} {msg}, {eta} left",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(what);
        bar.enable_steady_tick(Duration::from_millis(200));
        if let Ok(mut own) = self.0.lock() {
            *own = Some(bar);
        }
    }

    fn advance(&self, by: u64) {
        if let Ok(bar) = self.0.lock()
            && let Some(bar) = &*bar
        {
            bar.inc(by);
        }
    }

    fn note(&self, text: &str) {
        let line = format!("note: {}\n", escape(text));
        let bar = self.0.lock().ok().and_then(|bar| bar.clone());
        match bar {
            Some(bar) => bar.suspend(|| say(&line)),
            None => say(&line),
        }
    }
}

/// Bars of downloads.
#[derive(Default)]
pub(super) struct Downloads(Option<(String, ProgressBar)>);

impl Downloads {
    /// Shows how far a download has come.
    pub(super) fn tell(&mut self, progress: Progress<'_>) {
        match progress {
            Progress::Download { file, done, total } => {
                if self.0.as_ref().is_none_or(|(known, _)| known != file) {
                    self.finish();
                    let bar = ProgressBar::new(total);
                    let template = "{msg} {wide_bar} {bytes}/{total_bytes}, {eta} left";
                    if let Ok(style) = ProgressStyle::with_template(template) {
                        bar.set_style(style);
                    }
                    bar.set_message(escape(file));
                    self.0 = Some((file.to_owned(), bar));
                }
                if let Some((_, bar)) = &self.0 {
                    bar.set_position(done);
                }
            }
            Progress::Waiting { file } => {
                say(&format!("note: another program is downloading {}\n", escape(file)));
            }
            _ => self.finish(),
        }
    }

    fn finish(&mut self) {
        if let Some((_, bar)) = self.0.take() {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Downloads {
    fn drop(&mut self) {
        self.finish();
    }
}
