//! What is asked of a store, and what it answers.

mod hit;
mod request;

pub use self::hit::{Hit, Place};
pub use self::request::{Filters, Request, Standing, Terms};
