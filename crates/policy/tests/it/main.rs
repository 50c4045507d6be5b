//! Tests of the whole crate, in one program: decisions and what agents can never bring
//! about, gates, audits, manifests.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper that fails fails its test")]

mod audit;
mod decide;
mod gate;
mod invariant;
mod program;
mod rbac;
mod repository;
mod step;
