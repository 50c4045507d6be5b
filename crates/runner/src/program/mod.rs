//! What is the same in all programs: `main`, and the arguments that they share.

mod arguments;
mod completions;

use std::error::Error;
use std::ffi::OsString;
use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser;
use countersign_report::terminal::{CLEAN, Color, Console, FAILED, Fault, report, say};

pub use arguments::{
    OutputFormat, PrintArguments, ProgramArguments, RootArguments, named_root, repository_root,
};
pub use completions::CompletionsArguments;

use crate::{Command, Step, Variables, fault, is_step};

/// A program: how it is called, and what it does.
pub struct Program<C> {
    /// Its name.
    pub name: &'static str,
    /// The commands that can be steps of workflows.
    pub commands: &'static [Command],
    /// What it was given of what every program takes.
    pub arguments: fn(&C) -> ProgramArguments,
    /// Does the work, and gives the exit code.
    pub run: fn(C, Option<&mut Step>, &mut Console) -> Result<u8, Fault>,
    /// What a fault itself knows to do.
    pub help: fn(&(dyn Error + 'static)) -> Option<String>,
}

impl<C: Parser> Program<C> {
    /// Runs it with the arguments and variables of the process. A fault is said on standard
    /// error, and, in a step, where people look at a workflow.
    #[must_use]
    pub fn main(&self) -> ExitCode {
        let given: Vec<OsString> = std::env::args_os().collect();
        let variables = Variables::of_process();
        let is_step = is_step(&given);
        let end = |error: &(dyn Error + 'static), color| {
            if is_step {
                self.tell(error, &variables);
            }
            report(error, (self.help)(error).as_deref(), color)
        };
        let given = match crate::arguments(given, self.commands, &variables) {
            Ok(given) => given,
            Err(error) => return end(&error, Color::Auto),
        };
        let cli = match C::try_parse_from(given) {
            Ok(cli) => cli,
            Err(error) => {
                // Help and version are no faults. A closed pipe is nobody's.
                let code = if error.use_stderr() { FAILED } else { CLEAN };
                if is_step && code == FAILED {
                    self.tell(&error, &variables);
                }
                if code == FAILED && std::env::var_os("GITHUB_ACTIONS").is_some() {
                    // It quotes values as they are, line ends and all.
                    say(&error.render().to_string());
                } else {
                    let _ = error.print();
                }
                return ExitCode::from(code);
            }
        };
        let arguments = (self.arguments)(&cli);
        match self.work(cli, arguments, &variables) {
            Ok(code) => ExitCode::from(code),
            Err(error) => end(&*error, arguments.color),
        }
    }

    fn work(
        &self,
        cli: C,
        arguments: ProgramArguments,
        variables: &Variables,
    ) -> Result<u8, Fault> {
        let mut step = arguments.step.then(|| Step::open(variables)).transpose()?;
        let mut out = Console::new(arguments.color);
        let code = (self.run)(cli, step.as_mut(), &mut out)?;
        out.flush()?;
        step.map(Step::finish).transpose()?;
        Ok(code)
    }

    fn tell(&self, error: &(dyn Error + 'static), variables: &Variables) {
        let text = fault(self.name, error, (self.help)(error).as_deref(), variables);
        // Nobody reading it does not make the run a success: the exit code says it too.
        let _ = std::io::stdout().write_all(text.as_bytes());
    }
}
