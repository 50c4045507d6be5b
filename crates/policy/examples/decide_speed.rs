//! How long decisions take: prints the number of requests, the median and the 99th
//! percentile in nanoseconds. `cargo xtask bench decisions` runs it.
#![expect(clippy::print_stdout, reason = "the figures go to `cargo xtask bench`")]

use std::hint::black_box;
use std::time::Instant;

use countersign_policy::invariant::{Extent, Space};
use countersign_policy::request::{Actor, ActorKind, Grant};
use countersign_policy::{Policy, Request};

/// Every so many requests of the space of all.
const STRIDE: usize = 97;
/// How often each is decided on.
const ROUNDS: usize = 5;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let text = "process:
  owners: [{login: octavia, id: 7}, otto]
  delegations: [{to: anna, labels: [trigger], until: 2026-12-31T00:00:00Z}]
";
    let policy = Policy::parse("countersign.yaml", text)?;
    let mut requests: Vec<Request> = Vec::new();
    let mut number = 0;
    Space::new(&policy, Extent::Whole).each_request(&mut |_, request| {
        number += 1;
        if number % STRIDE == 0 {
            requests.push(request.clone());
        }
    });
    // Some come back with an approval.
    for request in requests.iter_mut().step_by(10) {
        let Some(now) = request.context.now else { continue };
        let by = Actor {
            kind: ActorKind::Human,
            login: Some("otto".to_owned()),
            verified: true,
            ..Actor::default()
        };
        let expires = now.after(std::time::Duration::from_secs(60));
        let (digest, policy) = (request.digest(), policy.digest());
        let id = "REQ-1".to_owned();
        request.approvals.push(Grant { id, request: digest, policy, by, at: now, expires });
    }
    let mut times = Vec::with_capacity(requests.len() * ROUNDS);
    for _ in 0..ROUNDS {
        for request in &requests {
            let start = Instant::now();
            let verdict = policy.decide(black_box(request));
            times.push(start.elapsed().as_nanos());
            black_box(verdict);
        }
    }
    times.sort_unstable();
    let at = |percent: usize| times[(times.len() - 1) * percent / 100];
    println!("{} {} {}", requests.len(), at(50), at(99));
    Ok(())
}
