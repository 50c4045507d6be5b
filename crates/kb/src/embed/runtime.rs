//! ONNX Runtime: the library that computes, found when the program runs.
//!
//! It is loaded once, and stays until the program ends.

#[cfg(feature = "embed")]
mod places;

use std::sync::{Mutex, PoisonError};

use ort::environment::Environment;

use super::{Choice, LoadError};

/// The runtime of this process: a second one cannot be had.
static STARTED: Mutex<Option<Environment>> = Mutex::new(None);

/// Starts the runtime, or gives the one that runs already.
pub(super) fn start(choice: &Choice) -> Result<Environment, LoadError> {
    let mut started = STARTED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(environment) = started.as_ref() {
        return Ok(environment.clone());
    }
    let environment = find_and_start(choice)?;
    // What goes wrong comes back as an error; the runtime would say it a second time, on
    // standard error.
    environment.set_log_level(ort::logging::LogLevel::Fatal);
    Ok(started.insert(environment).clone())
}

#[cfg(feature = "embed")]
fn find_and_start(choice: &Choice) -> Result<Environment, LoadError> {
    if let Some(path) = &choice.runtime {
        let failed = |reason| LoadError::Runtime { path: path.clone(), reason };
        return open(path).map_err(failed);
    }
    let mut tried = Vec::new();
    for path in places::libraries() {
        match open(&path) {
            Ok(environment) => return Ok(environment),
            Err(reason) => tried.push((path, reason)),
        }
    }
    Err(LoadError::NoRuntime { tried })
}

/// Loads a library. One that is no runtime, or too old, is let go again.
#[cfg(feature = "embed")]
fn open(path: &std::path::Path) -> Result<Environment, String> {
    use ort::LoadDynamicError;

    // A relative path would be looked for beside the program.
    let path = std::path::absolute(path).map_err(|error| error.to_string())?;
    let metadata = std::fs::metadata(&path).map_err(|error| error.to_string())?;
    if !metadata.is_file() {
        return Err("it is no file".to_owned());
    }
    let builder = ort::init_from(&path).map_err(|error| match error {
        LoadDynamicError::Dlopen { error, .. } => format!("it cannot be loaded: {error}"),
        LoadDynamicError::MissingApi { .. } => "it is another library".to_owned(),
        LoadDynamicError::BadVersion { version_str, .. } => format!(
            "it is version {version_str}, and 1.{} is the oldest that will do",
            ort::MINOR_VERSION
        ),
        other => other.to_string(),
    })?;
    builder.with_name("kb").with_telemetry(false).build().map_err(|error| error.to_string())
}

#[cfg(not(feature = "embed"))]
fn find_and_start(_: &Choice) -> Result<Environment, LoadError> {
    let environment = ort::init().with_name("kb").with_telemetry(false).build();
    environment.map_err(|error| LoadError::Runtime {
        path: "(linked in)".into(),
        reason: error.to_string(),
    })
}
