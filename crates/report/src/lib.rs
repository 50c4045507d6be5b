//! Findings, and how people and programs get to see them.
//!
//! A [`Diagnostic`] is a finding as data: what, where, how bad, and what to do. [`Output`]
//! writes findings in one of the [formats](Format), all in the same order and the same bytes
//! on every run; [`edit`] applies the fixes that findings carry. With the feature `terminal`
//! there is the format for people, and `terminal` holds what all programs do alike: colours,
//! buffered output, and how a fault is reported.

mod causes;
mod diagnostic;
pub mod edit;
mod output;
mod sources;
#[cfg(feature = "terminal")]
pub mod terminal;

pub use causes::causes;
pub use diagnostic::{Applicability, Diagnostic, Finding, Fix, Related, Severity, sort};
pub use output::{
    Format, Output, RuleDescriptor, Styling, Summary, Tool, annotation, count, markdown_text,
};
pub use sources::Sources;
