//! The GitHub that `cargo xtask bench labels` measures against: repositories whose labels are
//! nearly those of a catalogue.
//!
//! `fake_github LABELS REPOSITORIES` prints the address. For every line on standard input it
//! prints how many requests came since the line before and how many labels are as they are to be,
//! and puts the repositories back to how they began.
#![allow(clippy::print_stdout, reason = "a program that talks to the benchmark")]

use std::error::Error;
use std::io::BufRead as _;
use std::time::Duration;

use countersign_testkit::{FakeGitHub, Grant, Limit};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut number = || {
        arguments
            .next()
            .ok_or("say how many labels and repositories")?
            .parse()
            .map_err(Box::<dyn Error>::from)
    };
    let (labels, repositories): (usize, usize) = (number()?, number()?);
    let mut github = begin(labels, repositories)?;
    println!("{}", github.url());
    for line in std::io::stdin().lock().lines() {
        line?;
        println!("{} {}", github.request_count(), as_wanted(&github, labels, repositories));
        github = begin(labels, repositories)?;
        println!("{}", github.url());
    }
    Ok(())
}

/// Of a hundred labels five are missing, four have another colour and one another name.
fn begin(labels: usize, repositories: usize) -> Result<FakeGitHub, Box<dyn Error>> {
    let github = FakeGitHub::start_blocking()?;
    github.token("ghp_bench", Grant::owner("olga"));
    // More than the 5,000 of a person, as an app's installation has, so that no wait is measured.
    github.limit(Limit { requests: 1_000_000, window: Duration::from_secs(3600) });
    github.organisation("acme");
    for at in 0..repositories {
        let held = github.repository(&format!("acme/product-{at}"));
        for label in 0..labels {
            let name = format!("team:{label}");
            match label % 100 {
                0..5 => {}
                5..9 => {
                    held.label(&name, "ededed", Some("A team"));
                }
                9 => {
                    held.label(&format!("old:{label}"), "c2e0c6", Some("A team"));
                }
                _ => {
                    held.label(&name, "c2e0c6", Some("A team"));
                }
            }
        }
    }
    Ok(github)
}

fn as_wanted(github: &FakeGitHub, labels: usize, repositories: usize) -> usize {
    let wanted: std::collections::BTreeSet<String> =
        (0..labels).map(|label| format!("team:{label}")).collect();
    let is_wanted = |label: &countersign_testkit::Label| {
        label.color == "c2e0c6" && wanted.contains(&label.name)
    };
    (0..repositories)
        .map(|at| github.repository(&format!("acme/product-{at}")).labels())
        .map(|labels| labels.iter().filter(|label| is_wanted(label)).count())
        .sum()
}
