//! Inputs of an action as arguments of a program.
//!
//! The inputs reach the program as variables, `INPUT_` and the name in capitals; so no
//! shell ever sees them as code. The table of a [`Command`] says what each becomes. What
//! the arguments may be is the program's own business, as always.

use std::ffi::OsString;

use crate::{Event, StepError, Variables};

/// The option that makes a command a step.
const STEP: &str = "--step";

/// A command that can be a step of a workflow.
#[derive(Clone, Copy, Debug)]
pub struct Command {
    /// Its words: `["sync"]`.
    pub words: &'static [&'static str],
    /// Its inputs.
    pub inputs: &'static [Input],
}

/// An input of an action.
#[derive(Clone, Copy, Debug)]
pub struct Input {
    /// Its name: `changed-since`; empty if the action has no such input.
    pub name: &'static str,
    /// What becomes of its value.
    pub takes: Takes,
    /// What stands in for it where nobody gave one.
    pub usual: Usual,
}

/// What becomes of the value of an input.
#[derive(Clone, Copy, Debug)]
pub enum Takes {
    /// The option, with the value.
    Value(&'static str),
    /// The option, once for each line.
    Values(&'static str),
    /// The option, if the value is `true`; nothing for `false`.
    Flag(&'static str),
    /// Words behind all options, one for each line.
    Words,
    /// The arguments beside the value.
    OneOf(&'static [(&'static str, &'static [&'static str])]),
    /// Options, one for each line: `type=adr` becomes `--type=adr`. Only these are taken.
    Options(&'static [&'static str]),
    /// A further word of the command, and the inputs that go with it.
    Subcommand(&'static [(&'static str, &'static [Input])]),
}

/// What stands in for an input that nobody gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Usual {
    /// Nothing: the argument is left out.
    Nothing,
    /// There is nothing: it is required.
    Required,
    /// The issue of the event, if it is about one.
    Issue,
    /// The pull request of the event, if it is about one.
    PullRequest,
    /// The commit that the pull request of the event is to be merged into.
    Base,
    /// The file of the event.
    EventFile,
    /// The value of a variable that the runner sets.
    Variable(&'static str),
    /// This value.
    Text(&'static str),
}

impl Command {
    /// The variables that its inputs come in, sorted: what the action beside it must set.
    #[must_use]
    pub fn variables(&self) -> Vec<String> {
        let mut variables = Vec::new();
        let mut open: Vec<&Input> = self.inputs.iter().collect();
        while let Some(input) = open.pop() {
            if !input.name.is_empty() {
                variables.push(input.variable());
            }
            if let Takes::Subcommand(choices) = input.takes {
                open.extend(choices.iter().flat_map(|(_, inputs)| *inputs));
            }
        }
        variables.sort();
        variables.dedup();
        variables
    }
}

impl Input {
    /// An input that may be left out.
    #[must_use]
    pub const fn new(name: &'static str, takes: Takes) -> Self {
        Self { name, takes, usual: Usual::Nothing }
    }

    /// An option that no input gives: its value is always the usual one.
    #[must_use]
    pub const fn given(option: &'static str, usual: Usual) -> Self {
        Self { name: "", takes: Takes::Value(option), usual }
    }

    /// The same, with what stands in for it.
    #[must_use]
    pub const fn usually(self, usual: Usual) -> Self {
        Self { usual, ..self }
    }

    /// The variable that it comes in.
    #[must_use]
    pub fn variable(&self) -> String {
        format!("INPUT_{}", self.name.to_uppercase().replace('-', "_"))
    }

    /// Its value, or what stands in for it.
    fn value(
        &self,
        variables: &Variables,
        event: &mut LazyEvent<'_>,
    ) -> Result<Option<String>, StepError> {
        if let Some(value) = variables.get(&self.variable())?.filter(|_| !self.name.is_empty()) {
            // A value of blanks alone says nothing either; a line end comes with YAML's `|`.
            let value = value.trim_matches(['\n', '\r', ' ', '\t']);
            if !value.is_empty() {
                return Ok(Some(value.to_owned()));
            }
        }
        Ok(match self.usual {
            Usual::Nothing => None,
            Usual::Required => return Err(StepError::Missing { input: self.name }),
            Usual::Issue => event.get()?.issue.map(|number| number.to_string()),
            Usual::PullRequest => event.get()?.pull_request.map(|number| number.to_string()),
            Usual::Base => event.get()?.base.clone(),
            Usual::EventFile => variables.get("GITHUB_EVENT_PATH")?.map(str::to_owned),
            Usual::Text(text) => Some(text.to_owned()),
            Usual::Variable(name) => variables.get(name)?.map(str::to_owned),
        })
    }
}

/// The event, read when it is asked for.
struct LazyEvent<'v> {
    variables: &'v Variables,
    event: Option<Event>,
}

impl LazyEvent<'_> {
    fn get(&mut self) -> Result<&Event, StepError> {
        match &mut self.event {
            Some(event) => Ok(event),
            empty => Ok(empty.insert(Event::of(self.variables)?)),
        }
    }
}

/// Whether `--step` is among the arguments.
#[must_use]
pub fn is_step(arguments: &[OsString]) -> bool {
    position(arguments).is_some()
}

fn position(arguments: &[OsString]) -> Option<usize> {
    let options = arguments.iter().take_while(|argument| *argument != "--");
    options.into_iter().position(|argument| argument == STEP)
}

/// The arguments with the inputs put in, if `--step` is among them; otherwise as they are.
///
/// # Errors
///
/// [`StepError`] if there is no runner, the command is none of `commands`, or an input
/// cannot be what it is.
pub fn arguments(
    arguments: Vec<OsString>,
    commands: &[Command],
    variables: &Variables,
) -> Result<Vec<OsString>, StepError> {
    let asks_help = |argument: &OsString| argument == "--help" || argument == "-h";
    let Some(at) = position(&arguments) else { return Ok(arguments) };
    if arguments.iter().any(asks_help) {
        return Ok(arguments);
    }
    if variables.get("GITHUB_OUTPUT")?.is_none() {
        return Err(StepError::NoRunner { variable: "GITHUB_OUTPUT" });
    }
    let is_called = |command: &&Command| {
        arguments.windows(command.words.len()).any(|words| words == command.words)
    };
    let command = commands.iter().filter(is_called).max_by_key(|command| command.words.len());
    let command = command.ok_or_else(|| StepError::NoStep {
        known: commands.iter().map(|command| command.words.join(" ")).collect(),
    })?;
    let mut more = More::default();
    let mut event = LazyEvent { variables, event: None };
    more.add(command.inputs, variables, &mut event)?;

    let has_words = arguments.iter().any(|argument| argument == "--");
    let mut all = arguments;
    all.splice(at + 1..=at, more.options.into_iter().map(OsString::from));
    if !more.words.is_empty() {
        // Behind the two dashes a path cannot be an option, however it begins.
        all.extend((!has_words).then(|| OsString::from("--")));
        all.extend(more.words.into_iter().map(OsString::from));
    }
    Ok(all)
}

/// Arguments made of inputs.
#[derive(Default)]
struct More {
    options: Vec<String>,
    words: Vec<String>,
}

impl More {
    fn add(
        &mut self,
        inputs: &'static [Input],
        variables: &Variables,
        event: &mut LazyEvent<'_>,
    ) -> Result<(), StepError> {
        for input in inputs {
            let Some(value) = input.value(variables, event)? else { continue };
            let wrong = |value: &str, expected: String| {
                Err(StepError::Input { input: input.name, value: value.to_owned(), expected })
            };
            match input.takes {
                Takes::Value(option) => self.options.push(format!("{option}={value}")),
                Takes::Values(option) => {
                    self.options.extend(lines(&value).map(|line| format!("{option}={line}")));
                }
                Takes::Words => self.words.extend(lines(&value).map(str::to_owned)),
                Takes::Flag(option) => match &*value {
                    "true" => self.options.push(option.to_owned()),
                    "false" => {}
                    _ => return wrong(&value, "`true` or `false`".to_owned()),
                },
                Takes::OneOf(choices) => {
                    match choices.iter().find(|(choice, _)| *choice == value) {
                        Some((_, arguments)) => {
                            self.options.extend(arguments.iter().map(|&it| it.to_owned()));
                        }
                        None => return wrong(&value, or(choices.iter().map(|(it, _)| *it))),
                    }
                }
                Takes::Options(names) => {
                    for line in lines(&value) {
                        let name = line.split_once('=').map(|(name, _)| name);
                        if !name.is_some_and(|name| names.contains(&name)) {
                            let names = or(names.iter().copied());
                            return wrong(line, format!("`name=value` with one of {names}"));
                        }
                        self.options.push(format!("--{line}"));
                    }
                }
                Takes::Subcommand(choices) => {
                    match choices.iter().find(|(choice, _)| *choice == value) {
                        Some((word, inputs)) => {
                            self.options.push((*word).to_owned());
                            self.add(inputs, variables, event)?;
                        }
                        None => return wrong(&value, or(choices.iter().map(|(it, _)| *it))),
                    }
                }
            }
        }
        Ok(())
    }
}

/// The lines that say something, without the blanks around them.
fn lines(value: &str) -> impl Iterator<Item = &str> {
    value.split(['\n', '\r']).map(str::trim).filter(|line| !line.is_empty())
}

/// `a`, `b` or `c`.
fn or<'a>(choices: impl Iterator<Item = &'a str>) -> String {
    let mut choices: Vec<String> = choices.map(|choice| format!("`{choice}`")).collect();
    match (choices.pop(), choices.is_empty()) {
        (Some(last), false) => format!("{} or {last}", choices.join(", ")),
        (last, _) => last.unwrap_or_default(),
    }
}
