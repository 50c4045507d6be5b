//! Markdown and YAML with byte spans.
//!
//! Documents of a repository are Markdown with a YAML block in front. This crate reads
//! both so that whoever finds a fault can point at it: every key, value, heading and link
//! has its [`span`]. It knows no types of documents and no rules, and touches no disk.
//!
//! * [`front_matter`] finds the block, parses it and computes the [content
//!   digest](front_matter::content_digest) that approvals are bound to.
//! * [`yaml`] is one dialect for front matter and configuration: spans, a budget against
//!   alias bombs, typed values by serde with errors that know their place.
//! * [`markdown`] gives the headings, links, images and code of a body.
//! * [`shown`] and [`nearest`] are for messages: text made fit to be shown, and "did you
//!   mean".
//!
//! All input is taken for hostile: no text makes it panic, and time and memory stay in
//! proportion to the size of the text.

pub mod front_matter;
pub mod markdown;
pub mod nearest;
pub mod shown;
pub mod span;
pub mod yaml;
