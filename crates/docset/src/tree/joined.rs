//! Threads that end with what they were started in.

use std::thread::ScopedJoinHandle;

/// What a thread gives back. A panic in it is a bug, and goes on as what it is.
pub(crate) fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    match thread.join() {
        Ok(value) => value,
        Err(panic) => std::panic::resume_unwind(panic),
    }
}
