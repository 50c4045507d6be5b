//! Whether a definition is sound: what no single value shows.
//!
//! Names that stand for nothing are found when the definition is read. Here is what needs
//! an eye on the whole: stages that nothing leads to, artifacts that nobody produces,
//! labels, workflows and roles that do not fit together, and rules that would let agents
//! do what only an owner may.

mod audit;
mod label;
mod places;
mod role;
mod rule;
mod stage;

use countersign_docset::catalogue;
use countersign_process::{Place, Process};
use countersign_report::{Diagnostic, RuleDescriptor, Severity, Sources};

use crate::Policy;
use crate::invariant::{Extent, prove};

/// What the definition is looked at beside.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings<'a> {
    /// The types of documents.
    pub types: &'a catalogue::Catalogue,
    /// The names of the `wf_…` workflows that the repository has, without `.yml`.
    pub workflows: &'a [String],
}

/// A finding, before anybody asks where in which text.
#[derive(Debug)]
struct Found {
    rule: &'static str,
    /// Where the thing is written; `None` for the file as a whole.
    place: Option<Place>,
    message: String,
    help: String,
}

/// What `policy check` finds, in alphabetical order.
pub const RULES: &[RuleDescriptor] = &[
    descriptor("agents-alone", "agents can bring about what only an owner may", Severity::Error),
    descriptor("idle-role", "a role works on no stage", Severity::Note),
    descriptor("label-without-stage", "a trigger starts no stage", Severity::Error),
    descriptor("malformed-path", "a set of paths is no set of globs", Severity::Error),
    descriptor("no-owner", "nobody is an owner", Severity::Warning),
    descriptor(
        "role-without-access",
        "agents have a role whose access nobody has said",
        Severity::Error,
    ),
    descriptor("unknown-label", "the catalogue has no such label", Severity::Error),
    descriptor("unknown-type", "there is no such type of documents", Severity::Error),
    descriptor("unknown-value", "a rule asks for a value that a fact never has", Severity::Error),
    descriptor(
        "unproduced-artifact",
        "a stage needs what no earlier stage produces",
        Severity::Error,
    ),
    descriptor("unreachable-stage", "nothing leads to a stage", Severity::Error),
    descriptor("workflow-without-stage", "a workflow that no stage starts", Severity::Warning),
];

const fn descriptor(id: &'static str, summary: &'static str, severity: Severity) -> RuleDescriptor {
    RuleDescriptor { id, summary, severity, page: summary }
}

/// Looks at a policy; the findings are sorted and point into `sources`.
#[must_use]
pub fn check(policy: &Policy, around: Surroundings<'_>, sources: &Sources) -> Vec<Diagnostic> {
    let process = policy.process();
    let mut found = Vec::new();
    stage::check(process, around.types, &mut found);
    audit::check(process, around.types, &mut found);
    label::check(policy, around.workflows, &mut found);
    role::check(policy, &mut found);
    rule::check(policy, &mut found);
    owners(process, &mut found);
    alone(policy, &mut found);
    let mut diagnostics: Vec<Diagnostic> =
        found.into_iter().map(|found| places::diagnostic(found, sources)).collect();
    countersign_report::sort(&mut diagnostics);
    diagnostics
}

fn owners(process: &Process, found: &mut Vec<Found>) {
    if process.owners.is_empty() {
        found.push(Found {
            rule: "no-owner",
            place: None,
            message: "nobody is an owner: whatever needs an approval is denied".to_owned(),
            help: "name the owners in countersign.yaml: `process: owners: [LOGIN]`".to_owned(),
        });
    }
}

fn alone(policy: &Policy, found: &mut Vec<Found>) {
    let Err(counterexample) = prove(policy, Extent::Relevant) else { return };
    let last = counterexample.steps.last();
    let rules = last.map(|step| step.verdict.reason.because.as_slice()).unwrap_or_default();
    found.push(Found {
        rule: "agents-alone",
        place: rules.iter().find_map(|reason| reason.place.clone()),
        message: format!("agents alone can bring about that {}", counterexample.breach.as_str()),
        help: counterexample.to_string().replace('\n', "; "),
    });
}
