//! The guard: may this label stay?
//!
//! GitHub lets everybody with triage access set every label, and a label of this process can
//! start an agent. The guard looks at each event that changes labels and decides, from the
//! identity of the sender, whether the label stays.
//!
//! | Label | set by | is |
//! |---|---|---|
//! | of the owner's (`run:*`, deploy labels) | an owner | kept |
//! | | an app or agent with the owner's approval of exactly that | kept |
//! | | anybody else, nobody, a deleted account | taken off and explained |
//! | a second one of a family (stage, model, reasoning) | anybody | taken off and explained |
//! | that only the owner takes off (`state:blocked`, `need:input`), taken off | anybody else | set again and explained |
//! | any other | anybody | kept |
//!
//! [`decide`] is a pure function of event, catalogue, settings and facts; `apply` does on
//! GitHub what it says. What the event leaves out is never guessed: an unknown sender is no
//! owner, and an event without its label is no decision at all ([`Undecided`]).
//!
//! Left out: whether an approval was used before (the gateway uses each once), whether the
//! stage may begin at all (the policy's gates), and events that GitHub does not send.

#[cfg(feature = "cli")]
pub mod apply;
mod approval;
mod authority;
mod decide;
mod facts;
mod label;
pub mod marker;
mod phrase;
mod rule;
mod settings;
mod show;
mod standing;
mod verdict;

pub use approval::{Approval, ApprovalError, OPERATION};
pub use decide::{Undecided, decide};
pub use facts::{Facts, Permission};
pub use rule::Rule;
pub use settings::{Delegate, GuardSettings, KnownAccount, SettingsFault};
pub use show::{human, markdown};
pub use standing::permission_wanted;
pub use verdict::{Decision, Effect, Finding, Place, Reason, Verdict, Who};
