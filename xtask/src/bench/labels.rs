//! `labels sync` on many labels and repositories: how many requests it makes beside the least
//! possible, and how long it takes beside the usual tool for one repository.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use super::figure::{Figure, Goal};
use super::{Measured, builds, machine, to_f64};
use crate::files;
use crate::process::Program;
use crate::tools;
use crate::workspace::Workspace;

const LABELS: usize = 1000;
const REPOSITORIES: usize = 50;

/// Items of a page of GitHub's.
const PER_PAGE: usize = 100;

/// Of a hundred labels: so many are missing, look otherwise, or have another name.
const CHANGES_IN_HUNDRED: usize = 5 + 4 + 1;
const MISSING_IN_HUNDRED: usize = 5;

/// Runs the peer as its own command line does, but on the server that the address names: its
/// command line reaches port 443 alone.
const PEER: &str = "
const [sync, octonode, address, repo] = process.argv.slice(1);
const {protocol, hostname, port} = new URL(address);
const github = require(octonode);
const {client} = github;
github.client = (token) => client(token, {protocol, hostname, port});
require(sync)({
  accessToken: 'ghp_bench',
  allowAddedLabels: true,
  labels: JSON.parse(require('fs').readFileSync('labels.json', 'utf8')),
  repo,
}).catch((error) => { console.error(error); process.exit(1); });
";

/// Measures both.
pub(super) fn measure(workspace: &Workspace, quick: bool) -> Result<Measured> {
    let (program, scene) = builds::labels(workspace)?;
    let labels = if quick { LABELS / 10 } else { LABELS };
    let repositories = if quick { REPOSITORIES / 10 } else { REPOSITORIES };
    let folder = workspace.target("bench/labels");
    files::make_empty_folder(&folder)?;
    configure(&program, &folder, labels)?;
    let mut github = GitHub::start(&scene, labels, repositories)?;

    let names: Vec<String> = (0..repositories).map(|at| format!("acme/product-{at}")).collect();
    println!("  labels sync on {labels} labels and {repositories} repositories");
    let sync = Program::new(&program, &folder)
        .args(["sync", "--quiet", "--apply"])
        .args(&names)
        .env("GITHUB_API_URL", &github.url)
        .env("GH_TOKEN", "ghp_bench")
        .capture()?;
    sync.expect_code(0)?;
    let requests = github.turn(labels * repositories)?;
    let least = least(labels, repositories);
    let mut figures = vec![
        Figure::new("`labels sync`: requests", to_f64(requests), "", Goal::None),
        Figure::new("The least possible", to_f64(least), "", Goal::None),
        Figure::new(
            "`labels sync`: requests, in times of the least",
            to_f64(requests) / to_f64(least),
            "×",
            Goal::AtMost(1.1),
        ),
        Figure::new("`labels sync`: time", sync.time.as_secs_f64(), "s", Goal::None),
    ];

    let node = tools::node(workspace)?;
    println!("  github-label-sync, one repository after the other");
    let mut time = Duration::ZERO;
    for name in &names {
        let run = Program::new("node", &folder)
            .args(["-e", PEER])
            .args([node.package("github-label-sync"), node.package("octonode")])
            .args([github.url.as_str(), name])
            .capture()?;
        run.expect_code(0)?;
        time += run.time;
    }
    let peer = github.turn(labels * repositories)?;
    figures.extend([
        Figure::new("`github-label-sync`: requests", to_f64(peer), "", Goal::None),
        Figure::new(
            "`github-label-sync`: requests, in times of `labels sync`",
            to_f64(peer) / to_f64(requests),
            "×",
            Goal::None,
        ),
        Figure::new("`github-label-sync`: time", time.as_secs_f64(), "s", Goal::None),
        Figure::new(
            "`github-label-sync`: time, in times of `labels sync`",
            time.as_secs_f64() / sync.time.as_secs_f64(),
            "×",
            Goal::AtLeast(1.0),
        ),
    ]);
    let version = machine::version(Program::new(&program, workspace.root()));
    let subject = format!(
        "labels {version} and {} on {labels} labels and {repositories} repositories",
        node.versions("github-label-sync")
    );
    Ok(Measured { subject, figures })
}

/// Every page of labels once, and one request for each change.
fn least(labels: usize, repositories: usize) -> usize {
    let there = labels - labels * MISSING_IN_HUNDRED / 100;
    repositories * (there.div_ceil(PER_PAGE) + labels * CHANGES_IN_HUNDRED / 100)
}

/// The same labels for both programs.
fn configure(program: &Path, folder: &Path, labels: usize) -> Result<()> {
    let list = Program::new(program, folder).args(["list", "--format", "json"]).capture()?;
    let known: Vec<serde_json::Value> = serde_json::from_str(&list.stdout_if_success()?)?;
    let mut ours = "labels:\n  without:\n".to_owned();
    for label in &known {
        // Writing to a string cannot fail.
        let _ = writeln!(ours, "    - {}", label["key"]);
    }
    ours.push_str("  catalogue:\n");
    let mut theirs = Vec::new();
    for at in 0..labels {
        let alias = format!("old:{at}");
        let _ = writeln!(
            ours,
            "    'team:{at}': {{color: c2e0c6, summary: {{en: A team}}, aliases: ['{alias}']}}"
        );
        theirs.push(serde_json::json!({
            "name": format!("team:{at}"),
            "color": "c2e0c6",
            "description": "A team",
            "aliases": [alias],
        }));
    }
    files::write(&folder.join("countersign.yaml"), &ours)?;
    files::write(&folder.join("labels.json"), &serde_json::to_string(&theirs)?)
}

/// The fake GitHub, in a process of its own.
struct GitHub {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    url: String,
}

impl GitHub {
    fn start(scene: &Path, labels: usize, repositories: usize) -> Result<Self> {
        let mut child = Command::new(scene)
            .args([labels.to_string(), repositories.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", scene.display()))?;
        let input = child.stdin.take().context("the fake GitHub has no input")?;
        let output = child.stdout.take().context("the fake GitHub has no output")?;
        let mut github = Self { child, input, output: BufReader::new(output), url: String::new() };
        github.url = github.line()?;
        Ok(github)
    }

    /// How many requests came, if all labels are as they are to be; begins anew.
    fn turn(&mut self, wanted: usize) -> Result<usize> {
        writeln!(self.input)?;
        let line = self.line()?;
        let (requests, right) = line.split_once(' ').context("the fake GitHub said nothing")?;
        ensure!(right.parse::<usize>()? == wanted, "{right} of {wanted} labels are right");
        self.url = self.line()?;
        Ok(requests.parse()?)
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        Ok(line.trim().to_owned())
    }
}

impl Drop for GitHub {
    fn drop(&mut self) {
        // It ends with its input; nobody waits for it otherwise.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_is_every_page_once_and_every_change_once() {
        assert_eq!(least(1000, 50), 50 * (10 + 100));
        assert_eq!(least(100, 1), 1 + 10);
    }
}
