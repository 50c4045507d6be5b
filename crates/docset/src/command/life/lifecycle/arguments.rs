//! The arguments of the commands that decide over documents.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use countersign_runner::RootArguments;

use crate::command::cli::ListArguments;
use crate::command::life::arguments::number;
use crate::document::Date;
use crate::front_matter::Digest;

/// Where the documents are, and whether to touch them.
#[derive(Debug, Args)]
pub(in crate::command) struct Target {
    /// Print the changes as a diff and write nothing
    #[arg(long)]
    pub(super) dry_run: bool,

    #[command(flatten)]
    pub(super) root: RootArguments,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  docset submit PRD-0001                 a draft goes into review
  docset submit PRD-0001 BR-0001 --dry-run

Exit codes: 0 done, 1 refused and nothing written, 2 the job could not be done.")]
pub(in crate::command) struct SubmitArguments {
    /// Ids (or paths from the root) of the documents
    #[arg(required = true, value_name = "ID")]
    pub(super) ids: Vec<String>,

    #[command(flatten)]
    pub(super) target: Target,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  docset approve ADR-0001 --by octavia --request-id REQ-17
  docset approve ADR-0001 --by octavia --request-id REQ-17 --digest sha256:0d3b…
  docset approve PRD-0001 BR-0001 --by octavia --request-id REQ-18 --dry-run

The approval is bound to the content: `docset check` and `docset verify` find a later
edit, and a document that was edited is approved anew by the same command.

Exit codes: 0 done, 1 refused and nothing written, 2 the job could not be done.")]
pub(in crate::command) struct ApproveArguments {
    /// Ids (or paths from the root) of the documents
    #[arg(required = true, value_name = "ID")]
    pub(super) ids: Vec<String>,

    /// Login of the owner who approves
    #[arg(long, value_name = "LOGIN", value_parser = word)]
    pub(super) by: String,

    /// Id of the approval request
    #[arg(long, value_name = "ID", value_parser = word)]
    pub(super) request_id: String,

    /// Day of the approval, YYYY-MM-DD. Default: today in UTC
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub(super) date: Option<Date>,

    /// Digest of what the owner read, as `docset digest` prints it: anything else is
    /// refused. May be given once per document
    #[arg(long, value_name = "DIGEST")]
    pub(super) digest: Vec<Digest>,

    #[command(flatten)]
    pub(super) target: Target,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  docset request-changes PRD-0001 --by octavia
  docset request-changes PRD-0001 --by octavia --request-id REQ-17

Exit codes: 0 done, 1 refused and nothing written, 2 the job could not be done.")]
pub(in crate::command) struct RequestChangesArguments {
    /// Ids (or paths from the root) of the documents
    #[arg(required = true, value_name = "ID")]
    pub(super) ids: Vec<String>,

    /// Login of the owner who wants changes; shown, not recorded in the document
    #[arg(long, value_name = "LOGIN", value_parser = word)]
    pub(super) by: String,

    /// Id of the approval request. Default: what the document says
    #[arg(long, value_name = "ID", value_parser = word)]
    pub(super) request_id: Option<String>,

    #[command(flatten)]
    pub(super) target: Target,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  docset supersede ADR-0001 ADR-0007    ADR-0007 takes the place of ADR-0001
  docset supersede ADR-0001 ADR-0007 --dry-run

Exit codes: 0 done, 1 refused and nothing written, 2 the job could not be done.")]
pub(in crate::command) struct SupersedeArguments {
    /// Id of the document that is replaced
    #[arg(value_name = "OLD")]
    pub(super) old: String,

    /// Id of the document that takes its place
    #[arg(value_name = "NEW")]
    pub(super) new: String,

    #[command(flatten)]
    pub(super) target: Target,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  docset abandon --issue 12                 the documents that only issue 12 needs
  docset abandon --issue 12 --dry-run       show what would change
  docset abandon --issue 12 --closed 9,10   issues 9 and 10 need nothing any more

Documents that another issue needs, too, are listed and left alone.

Exit codes: 0 done, 1 refused and nothing written, 2 the job could not be done.")]
pub(in crate::command) struct AbandonArguments {
    /// Number of the issue that is given up
    #[arg(long, value_name = "N", value_parser = number())]
    pub(super) issue: u64,

    /// Issues that are closed, so that they need no document
    #[arg(long, value_name = "N,…", value_delimiter = ',')]
    pub(super) closed: Vec<u64>,

    #[command(flatten)]
    pub(super) target: Target,
}

/// What becomes of documents that other open issues need, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::command) enum WhatIsShared {
    /// Refuse, and name them
    Refuse,
    /// Leave them as they are
    Keep,
    /// Give them a new version, too
    Rethink,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  docset rethink --issue 12 --to vision            vision and all that came after it
  docset rethink --issue 12 --to vision --dry-run  print the changes as a diff
  docset rethink --issue 12 --to prd --shared keep

What is in force is superseded by a new version, a draft with the same text. What is in
review becomes a draft again, and drafts stay. The docset file of the issue gets the stage.

Exit codes: 0 done, 1 refused and nothing written, 2 the job could not be done.")]
pub(in crate::command) struct RethinkArguments {
    /// Number of the issue that goes back
    #[arg(long, value_name = "N", value_parser = number())]
    pub(super) issue: u64,

    /// The stage that it goes back to
    #[arg(long, value_name = "STAGE", value_parser = word)]
    pub(super) to: String,

    /// What to do with documents that other issues need, too
    #[arg(long, value_enum, default_value_t = WhatIsShared::Refuse, value_name = "WHAT")]
    pub(super) shared: WhatIsShared,

    /// Issues that are closed, so that they need no document
    #[arg(long, value_name = "N,…", value_delimiter = ',')]
    pub(super) closed: Vec<u64>,

    /// Day of the new versions, YYYY-MM-DD. Default: today in UTC
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub(super) date: Option<Date>,

    #[command(flatten)]
    pub(super) target: Target,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  docset verify                  all approvals: forged, stale, unbound, approved
  docset verify --format json    the same for programs

Exit codes: 0 no approval is forged or stale, 1 some are, 2 the job could not be done.")]
pub(in crate::command) struct VerifyArguments {
    #[command(flatten)]
    pub(super) list: ListArguments,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  docset digest docs/adr/0001.md    what an approval of it would be bound to
  docset digest docs/adr/*.md")]
pub(in crate::command) struct DigestArguments {
    /// Documents
    #[arg(required = true, value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
}

/// A name that can stand in one line.
fn word(text: &str) -> Result<String, String> {
    let text = text.trim();
    match text {
        "" => Err("it is empty".to_owned()),
        _ if text.chars().any(crate::diagnostic::is_unprintable) => {
            Err("it holds characters that cannot be shown".to_owned())
        }
        _ if !text.chars().any(char::is_alphanumeric) => {
            Err("it holds no letter and no digit".to_owned())
        }
        _ => Ok(text.to_owned()),
    }
}

fn day(text: &str) -> Result<Date, String> {
    Date::parse(text).ok_or_else(|| "it is no day of the form YYYY-MM-DD".to_owned())
}
