//! What is asked of a store, and what it answers.

mod hit;
mod request;
mod snippet;

pub use self::hit::{Hit, Place};
pub use self::request::{Filters, Request, Standing, Terms};
pub use self::snippet::{Part, snippet};
