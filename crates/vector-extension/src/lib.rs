//! Makes [sqlite-vec](https://github.com/asg017/sqlite-vec) part of the SQLite that this
//! program is linked with: the table `vec0` and functions such as `vec_distance_cosine`.
//!
//! This is all the unsafe code of the workspace. It is a crate of its own so that the
//! others can forbid unsafe code.

use std::ffi::{c_char, c_int};
use std::sync::OnceLock;

use libsqlite3_sys::{SQLITE_OK, sqlite3, sqlite3_api_routines, sqlite3_auto_extension};

/// What SQLite calls for every new connection.
type EntryPoint =
    unsafe extern "C" fn(*mut sqlite3, *mut *mut c_char, *const sqlite3_api_routines) -> c_int;

/// SQLite did not take the extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotRegistered {
    /// What it answered: <https://sqlite.org/rescode.html>.
    pub code: i32,
}

impl std::fmt::Display for NotRegistered {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "SQLite does not take the extension sqlite-vec (code {})", self.code)
    }
}

impl std::error::Error for NotRegistered {}

/// Every connection that this process opens from now on has sqlite-vec. May be called any
/// number of times, by any thread.
///
/// # Errors
///
/// If SQLite has no memory for one more pointer.
pub fn register() -> Result<(), NotRegistered> {
    static ANSWER: OnceLock<c_int> = OnceLock::new();
    match *ANSWER.get_or_init(register_once) {
        SQLITE_OK => Ok(()),
        code => Err(NotRegistered { code }),
    }
}

#[expect(unsafe_code, reason = "a C function is given to a C library")]
fn register_once() -> c_int {
    // SAFETY: `sqlite3_vec_init` is declared by its crate without parameters, but is the C
    // function `int sqlite3_vec_init(sqlite3 *, char **, const sqlite3_api_routines *)`
    // (sqlite-vec.h), which is exactly `EntryPoint`, and a function pointer may become one
    // of another type as long as it is called with its true one, as SQLite does. It was
    // compiled with `SQLITE_CORE`, so that it calls this SQLite directly and ignores its
    // third argument, which SQLite leaves null for extensions that are linked in. It lives
    // as long as the program. `sqlite3_auto_extension` locks what it changes.
    unsafe {
        let entry_point =
            std::mem::transmute::<unsafe extern "C" fn(), EntryPoint>(sqlite_vec::sqlite3_vec_init);
        sqlite3_auto_extension(Some(entry_point))
    }
}

#[cfg(test)]
#[expect(unsafe_code, reason = "nothing safer is linked here that could ask SQLite")]
mod tests {
    use std::ffi::CStr;
    use std::ptr;

    use libsqlite3_sys::{
        SQLITE_ROW, sqlite3_close, sqlite3_column_text, sqlite3_finalize, sqlite3_open,
        sqlite3_prepare_v2, sqlite3_step,
    };

    /// The first column of the first row.
    fn ask(query: &CStr) -> String {
        let mut connection = ptr::null_mut();
        let mut statement = ptr::null_mut();
        // SAFETY: every pointer comes from SQLite and is given back once; the text is copied
        // before its statement ends.
        unsafe {
            assert_eq!(sqlite3_open(c":memory:".as_ptr(), &raw mut connection), super::SQLITE_OK);
            let prepared = sqlite3_prepare_v2(
                connection,
                query.as_ptr(),
                -1,
                &raw mut statement,
                ptr::null_mut(),
            );
            assert_eq!(prepared, super::SQLITE_OK);
            assert_eq!(sqlite3_step(statement), SQLITE_ROW);
            let answer = CStr::from_ptr(sqlite3_column_text(statement, 0).cast());
            let answer = answer.to_str().unwrap().to_owned();
            sqlite3_finalize(statement);
            sqlite3_close(connection);
            answer
        }
    }

    #[test]
    fn every_connection_has_it_however_often_it_is_registered() {
        let threads: Vec<_> = (0..4).map(|_| std::thread::spawn(super::register)).collect();
        for thread in threads {
            assert_eq!(thread.join().unwrap(), Ok(()));
        }
        assert_eq!(ask(c"SELECT vec_version()"), "v0.1.9");
        assert_eq!(ask(c"SELECT vec_distance_l2('[3, 0]', '[0, 4]')"), "5.0");
    }
}
