//! What a run of `act` said, from its lines of JSON.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

/// How a job or a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    Well,
    Badly,
    /// It began, and no end was told: it calls another workflow, or was cut off.
    Open,
}

/// A line for a file that GitHub shows where it belongs.
#[derive(Debug)]
pub(crate) struct Annotation {
    /// `error`, `warning` or `notice`.
    pub(crate) level: String,
    pub(crate) file: Option<String>,
    pub(crate) line: Option<u64>,
    pub(crate) message: String,
}

/// A whole run.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// By name, as in `Checks / Countersign: checks / Documents`, but with bare slashes.
    pub(crate) jobs: BTreeMap<String, Option<Ended>>,
    pub(crate) annotations: Vec<Annotation>,
    /// Step summaries, one after the other.
    pub(crate) summary: String,
    /// Outputs of steps by name, each with its values in the order in which they were set.
    outputs: BTreeMap<String, Vec<String>>,
    /// Times of steps by name, in the order in which they ended: inner ones first.
    times: Vec<(String, Duration)>,
    /// What steps printed.
    pub(crate) log: String,
    /// What the runner complained about.
    errors: Vec<String>,
    /// Exit code of the runner.
    code: Option<i32>,
}

impl Report {
    /// Reads what the runner printed.
    pub(super) fn read(printed: &str, complaints: &str, code: Option<i32>) -> Self {
        let mut report = Self { code, ..Self::default() };
        for line in printed.lines().chain(complaints.lines()) {
            match serde_json::from_str::<Value>(line) {
                Ok(event) => report.add(&event),
                Err(_) => report.errors.push(line.to_owned()),
            }
        }
        report
    }

    fn add(&mut self, event: &Value) {
        let text = |key: &str| event[key].as_str().unwrap_or_default().to_owned();
        let job = text("job").trim().to_owned();
        if !job.is_empty() {
            self.jobs.entry(job.clone()).or_insert(None);
        }
        if let Some(result) = event["jobResult"].as_str() {
            let ended = if result == "success" { Ended::Well } else { Ended::Badly };
            self.jobs.insert(job, Some(ended));
        }
        if event["stepResult"].is_string() && event["stage"] == "Main" {
            let time = Duration::from_nanos(event["executionTime"].as_u64().unwrap_or_default());
            let name = text("msg");
            let name = name.split(" - Main ").last().unwrap_or_default();
            let name = name.split(" [").next().unwrap_or_default();
            self.times.push((name.to_owned(), time));
        }
        match event["command"].as_str() {
            Some(level @ ("error" | "warning" | "notice")) => {
                let about = &event["kvPairs"];
                self.annotations.push(Annotation {
                    level: level.to_owned(),
                    file: about["file"].as_str().map(str::to_owned),
                    line: about["line"].as_str().and_then(|line| line.parse().ok()),
                    message: text("arg"),
                });
            }
            Some("summary") => self.summary.push_str(&text("content")),
            Some("set-output") => {
                self.outputs.entry(text("name")).or_default().push(text("arg"));
            }
            _ if event["raw_output"] == true => self.log.push_str(&text("msg")),
            _ if event["level"] == "error" => self.errors.push(text("msg")),
            _ => {}
        }
    }

    /// The end of a job whose name ends so.
    pub(crate) fn job(&self, name: &str) -> Option<Ended> {
        let found =
            self.jobs.iter().find(|(job, _)| *job == name || job.ends_with(&format!("/{name}")));
        found.map(|(_, ended)| ended.unwrap_or(Ended::Open))
    }

    /// The last value of an output that a step gave under this name and that is not empty.
    pub(crate) fn output(&self, name: &str) -> &str {
        let mut values = self.outputs.get(name).into_iter().flatten();
        values.rfind(|value| !value.is_empty()).map_or("", String::as_str)
    }

    /// All values that steps gave an output under this name.
    pub(crate) fn outputs(&self, name: &str) -> impl Iterator<Item = &str> {
        self.outputs.get(name).into_iter().flatten().map(String::as_str)
    }

    /// How long a step took that runs a script; of several with one name, the one at this place.
    ///
    /// # Errors
    ///
    /// If there was no such step.
    pub(crate) fn time(&self, step: &str, place: usize) -> Result<Duration> {
        let mut found = self.times.iter().filter(|(name, _)| name == step);
        let found = found.nth(place).map(|(_, time)| *time);
        found.with_context(|| format!("no step `{step}`\n{}", self.show()))
    }

    /// Nothing, if exactly these jobs ran and ended so.
    ///
    /// # Errors
    ///
    /// If not; the error has everything that is known of the run.
    pub(crate) fn expect_jobs(&self, expected: &[(&str, Ended)]) -> Result<()> {
        for (name, ended) in expected {
            let found = self.job(name);
            ensure!(
                found == Some(*ended),
                "job `{name}`: {found:?}, expected {ended:?}\n{}",
                self.show()
            );
        }
        // A caller has no end of its own.
        let ran = self.jobs.values().flatten().count();
        ensure!(
            ran == expected.len(),
            "{ran} jobs ran, expected {}\n{}",
            expected.len(),
            self.show()
        );
        let well = expected.iter().all(|(_, ended)| *ended == Ended::Well);
        ensure!(
            well == (self.code == Some(0)),
            "the runner ended with {:?}\n{}",
            self.code,
            self.show()
        );
        Ok(())
    }

    /// Nothing, if a summary says this.
    ///
    /// # Errors
    ///
    /// If not.
    pub(crate) fn expect_summary(&self, part: &str) -> Result<()> {
        ensure!(self.summary.contains(part), "no summary says `{part}`\n{}", self.show());
        Ok(())
    }

    /// Nothing, if the output has this value.
    ///
    /// # Errors
    ///
    /// If not.
    pub(crate) fn expect_output(&self, name: &str, value: &str) -> Result<()> {
        let found = self.output(name);
        ensure!(found == value, "output `{name}` is `{found}`, not `{value}`\n{}", self.show());
        Ok(())
    }

    /// Everything, for a message.
    pub(crate) fn show(&self) -> String {
        let mut text = format!("jobs: {:?}\noutputs: {:?}\n", self.jobs, self.outputs);
        for it in &self.annotations {
            let _ = writeln!(text, "{} {:?}:{:?}: {}", it.level, it.file, it.line, it.message);
        }
        let _ = writeln!(
            text,
            "summary:\n{}\nlog:\n{}\nerrors: {:#?}",
            self.summary, self.log, self.errors
        );
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_that_was_skipped_did_not_run() {
        let line = r#"{"job":"Labels/Guard ","jobResult":"success","level":"info","msg":"x"}"#;
        let report = Report::read(line, "", Some(0));
        assert_eq!(report.job("Guard"), Some(Ended::Well));
        assert_eq!(report.job("Gate"), None);
        assert!(report.expect_jobs(&[("Guard", Ended::Well), ("Gate", Ended::Well)]).is_err());
        assert!(report.expect_jobs(&[("Guard", Ended::Well)]).is_ok());
    }

    #[test]
    fn commands_outputs_and_summaries_are_read() {
        let lines = concat!(
            r#"{"job":"a","command":"error","kvPairs":{"file":"a.md","line":"3"},"arg":"b\nc","msg":"x"}"#,
            "\n",
            r#"{"job":"a","command":"set-output","name":"n","arg":"1"}"#,
            "\n",
            r#"{"job":"a","command":"set-output","name":"n","arg":""}"#,
            "\n",
            r##"{"job":"a","command":"summary","content":"# S\n"}"##,
            "\n",
            r#"{"job":"a","raw_output":true,"msg":"hello\n"}"#,
            "\n",
            "Error: it went wrong\n",
        );
        let report = Report::read(lines, "", Some(1));
        let [annotation] = &report.annotations[..] else { panic!("{:?}", report.annotations) };
        assert_eq!((annotation.file.as_deref(), annotation.line), (Some("a.md"), Some(3)));
        assert_eq!(annotation.message, "b\nc");
        assert_eq!(report.output("n"), "1");
        assert_eq!(report.summary, "# S\n");
        assert_eq!(report.log, "hello\n");
        assert_eq!(report.errors, ["Error: it went wrong"]);
    }
}
