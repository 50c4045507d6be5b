//! A workflow or action file, reduced to its events and expressions.

use std::collections::BTreeSet;

use countersign_markup::span::Span;
use countersign_markup::yaml::{self, Budget, Node, NodeKind, Yaml, YamlError};

use super::expression::{Expression, ExpressionError, embedded, parse};
use super::place::Scalar;

/// Limits for one file. The largest workflow that GitHub runs has 512 KB; an anchor may
/// repeat what it names.
const BUDGET: Budget = Budget { nodes: 200_000, depth: 64 };

/// An expression and where it stands.
pub(super) struct Occurrence<'a> {
    /// Spans count from the start of the scalar's value.
    pub(super) expression: Expression,
    pub(super) scalar: Scalar<'a>,
    /// The condition of the job that the expression is in: whatever it asks for holds here.
    pub(super) under: Option<usize>,
}

impl Occurrence<'_> {
    /// Where `part` of the expression stands in the file.
    pub(super) fn locate(&self, part: Span) -> Span {
        self.scalar.locate(part)
    }
}

/// What a file says about labels.
#[derive(Default)]
pub(super) struct Workflow<'a> {
    pub(super) occurrences: Vec<Occurrence<'a>>,
    /// Expressions that cannot be read, placed in the file.
    pub(super) faults: Vec<ExpressionError>,
    /// Whether the workflow runs when a label is set on an issue or pull request.
    pub(super) listens: bool,
    /// Whether it also runs on events that carry no label.
    pub(super) runs_without_label: bool,
    /// File names of the workflows that it calls in its own repository.
    pub(super) calls: BTreeSet<String>,
}

/// Parses the YAML of a file.
pub(super) fn parse_file(text: &str) -> Result<Yaml<'_>, YamlError> {
    // Expressions are placed by their offset in the whole text, byte order mark included.
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    yaml::parse(body, text.len() - body.len(), BUDGET)
}

impl<'a> Workflow<'a> {
    /// Reads the file whose text is `source`.
    pub(super) fn read(source: &'a str, root: Node<'a, 'a>) -> Self {
        let mut workflow = Self::default();
        if let Some(on) = root.get("on") {
            workflow.events(on);
        }
        let reader = &mut Reader { source, workflow };
        for entry in root.entries() {
            match entry.key.as_str() {
                Some("jobs") => entry.value.entries().for_each(|job| reader.job(job.value)),
                // A composite action.
                Some("runs") => reader.job(entry.value),
                _ => reader.embedded(entry.value, None),
            }
        }
        std::mem::take(&mut reader.workflow)
    }

    /// The events of `on`, with the types that GitHub takes if none are named:
    /// <https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows>.
    fn events(&mut self, on: Node<'a, 'a>) {
        let bare = on.one_or_many().filter_map(|event| Some((event.as_str()?, None)));
        let with_types =
            on.entries().filter_map(|entry| Some((entry.key.as_str()?, entry.value.get("types"))));
        for (event, types) in bare.chain(with_types) {
            let all_by_default = match event {
                "issues" => true,
                // By default: opened, synchronize, reopened.
                "pull_request" | "pull_request_target" => false,
                "workflow_call" => continue,
                _ => {
                    self.runs_without_label = true;
                    continue;
                }
            };
            let Some(types) = types.filter(|types| !types.is_null()) else {
                self.listens |= all_by_default;
                self.runs_without_label = true;
                continue;
            };
            for action in types.one_or_many().filter_map(Node::as_str) {
                self.listens |= action == "labeled";
                self.runs_without_label |= !matches!(action, "labeled" | "unlabeled");
            }
        }
    }
}

struct Reader<'a> {
    source: &'a str,
    workflow: Workflow<'a>,
}

impl<'a> Reader<'a> {
    fn job(&mut self, job: Node<'a, 'a>) {
        if let Some(name) = job.get("uses").and_then(Node::as_str).and_then(local) {
            self.workflow.calls.insert(name.to_owned());
        }
        let under = job.get("if").and_then(|condition| self.condition(condition, None));
        for entry in job.entries() {
            match entry.key.as_str() {
                Some("if") if entry.value.kind() == NodeKind::Scalar => {}
                Some("steps") => entry.value.items().for_each(|step| self.step(step, under)),
                _ => self.embedded(entry.value, under),
            }
        }
    }

    fn step(&mut self, step: Node<'a, 'a>, under: Option<usize>) {
        for entry in step.entries() {
            match entry.key.as_str() {
                Some("if") if entry.value.kind() == NodeKind::Scalar => {
                    self.condition(entry.value, under);
                }
                _ => self.embedded(entry.value, under),
            }
        }
    }

    /// A condition, which is an expression with or without `${{ }}`; its place in the list.
    fn condition(&mut self, node: Node<'a, 'a>, under: Option<usize>) -> Option<usize> {
        let value = node.as_str()?;
        if value.contains("${{") {
            let first = self.workflow.occurrences.len();
            self.embedded(node, under);
            // With text around it, the condition is that text, and asks for nothing.
            let alone = value.trim().strip_prefix("${{").is_some_and(|it| it.ends_with("}}"));
            let one = self.workflow.occurrences.len() == first + 1;
            return (alone && one).then_some(first);
        }
        let scalar = Scalar { source: self.source, span: node.span(), value };
        self.expression(scalar, Span::new(0, value.len()), under)
    }

    /// The expressions between `${{` and `}}` in all scalars below `node`.
    fn embedded(&mut self, node: Node<'a, 'a>, under: Option<usize>) {
        match node.kind() {
            NodeKind::Null => {}
            NodeKind::Scalar => {
                let value = node.as_str().unwrap_or_default();
                let scalar = Scalar { source: self.source, span: node.span(), value };
                for found in embedded(value) {
                    match found {
                        Ok(span) => {
                            self.expression(scalar, span, under);
                        }
                        Err(error) => self.fault(scalar, error),
                    }
                }
            }
            NodeKind::Sequence => node.items().for_each(|item| self.embedded(item, under)),
            NodeKind::Mapping => {
                node.entries().for_each(|entry| self.embedded(entry.value, under));
            }
        }
    }

    fn expression(
        &mut self,
        scalar: Scalar<'a>,
        span: Span,
        under: Option<usize>,
    ) -> Option<usize> {
        match parse(scalar.value, span) {
            Ok(expression) => {
                let expression = expression?;
                self.workflow.occurrences.push(Occurrence { expression, scalar, under });
                Some(self.workflow.occurrences.len() - 1)
            }
            Err(error) => {
                self.fault(scalar, error);
                None
            }
        }
    }

    fn fault(&mut self, scalar: Scalar<'a>, error: ExpressionError) {
        let span = scalar.locate(error.span);
        self.workflow.faults.push(ExpressionError { span, ..error });
    }
}

/// The file name of a workflow of the same repository: `./.github/workflows/x.yml`, the
/// same with `$`, or by the name of the repository.
fn local(uses: &str) -> Option<&str> {
    let path = uses.split_once('@').map_or(uses, |(path, _)| path);
    let (folder, name) = path.rsplit_once('/')?;
    folder.ends_with(".github/workflows").then_some(name)
}
