//! The PostgreSQL that `cargo xtask bench kb` and `store` measure with: that of the tests, with
//! as much shared memory as a server has that was set up for its machine.
//!
//! For every line on standard input it makes an empty database and prints its address. The
//! server ends with the program.
#![allow(clippy::print_stdout, reason = "a program that talks to the benchmark")]

use std::error::Error;
use std::io::BufRead as _;

use countersign_testkit::Postgres;

fn main() -> Result<(), Box<dyn Error>> {
    let server = Postgres::start(&[("shared_buffers", "1GB")])?;
    let mut databases = Vec::new();
    for line in std::io::stdin().lock().lines() {
        line?;
        let database = server.database()?;
        println!("{}", database.url());
        databases.push(database);
    }
    Ok(())
}
