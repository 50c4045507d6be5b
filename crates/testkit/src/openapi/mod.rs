//! GitHub's own description of its API, and what does not fit it.
//!
//! GitHub publishes the description as OpenAPI 3.0; the npm package `@octokit/openapi` carries
//! it. It is too large for this repository (13 MB), so [`Description::load`] looks for it below
//! the build directory (`target/openapi`) and lets `npm` install it there if it is missing.
//! Only what a check needs is parsed.
//!
//! Where the description is known not to agree with what GitHub does, it is mended first: see
//! `schema.rs`.

mod check;
mod description;
mod install;
mod schema;

pub use check::{Place, Violation};
pub use description::Description;
pub use install::OpenApiError;
