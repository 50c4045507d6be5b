//! The life of a document: from templates over approvals to the views of the whole
//! tree. A part of the program that is still growing, behind the feature `lifecycle`.

mod arguments;
mod commit;
mod docset_files;
mod generated;
mod github;
mod graph;
mod index;
mod init;
mod lifecycle;
mod map;
mod new;
mod report;
mod sync;
mod sync_all;
mod today;
mod upgrade;
mod views;

pub(super) use arguments::LifeCommand;
use arguments::{InitArguments, NewArguments, SourceArguments, UpgradeArguments};

use super::{Console, Fault};
use countersign_runner::Step;

pub(super) fn run(
    command: &LifeCommand,
    step: Option<&mut Step>,
    out: &mut Console,
) -> Result<u8, Fault> {
    match command {
        LifeCommand::Init(arguments) => init::run(arguments, out),
        LifeCommand::Upgrade(arguments) => upgrade::run(arguments, out),
        LifeCommand::New(arguments) => new::run(arguments, out),
        LifeCommand::Submit(arguments) => lifecycle::submit(arguments, out),
        LifeCommand::Approve(arguments) => lifecycle::approve(arguments, out),
        LifeCommand::RequestChanges(arguments) => lifecycle::request_changes(arguments, out),
        LifeCommand::Supersede(arguments) => lifecycle::supersede(arguments, out),
        LifeCommand::Abandon(arguments) => lifecycle::abandon(arguments, out),
        LifeCommand::Rethink(arguments) => lifecycle::rethink(arguments, out),
        LifeCommand::Verify(arguments) => lifecycle::verify(arguments, out),
        LifeCommand::Digest(arguments) => lifecycle::digest(arguments, out),
        LifeCommand::Map(arguments) => map::run(arguments, out),
        LifeCommand::Index(arguments) => index::run(arguments, out),
        LifeCommand::Graph(arguments) => graph::run(arguments, out),
        LifeCommand::Report(arguments) => report::run(arguments, out),
        LifeCommand::Sync(arguments) => sync::run(arguments, step, out),
    }
}
