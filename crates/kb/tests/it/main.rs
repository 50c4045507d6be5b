//! Tests of `countersign-kb` through its public interface.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper that fails fails its test")]

mod chunks;
#[cfg(feature = "store")]
mod conformance;
#[cfg(feature = "embed")]
mod embed;
mod holds;
mod hostile;
#[cfg(feature = "sqlite")]
mod interrupted;
#[cfg(feature = "tokenizers")]
mod model;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "cli")]
mod program;
mod properties;
#[cfg(feature = "sqlite")]
mod sqlite_file;
#[cfg(feature = "store")]
mod terms;
