//! The servers, this repository as adopters see it, and an adopter.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use countersign_testkit::{Access, FakeGitHub, GitServer, Grant};
use serde_json::json;

use super::event::Event;
use super::report::Report;
use super::repository::{ask, commit, commit_all, portable, serve};
use crate::docset::Docset;
use crate::files;
use crate::gha::{Answer, Gha, Question, files_below};
use crate::process::Program;
use crate::tools;
use crate::workspace::Workspace;

/// The adopter's repository.
pub(crate) const PRODUCT: &str = "acme/product";
/// Its owner, with the number that the configuration knows.
pub(crate) const OWNER: (&str, u64) = ("marta-acme", 583_231);
/// What it calls this one, and at which tag.
const OURS: &str = "acme/countersign";
const TAG: &str = "v0.1.0";
/// The token of a job. It is long: the runner blots it out of its output wherever it stands.
const JOB_TOKEN: &str = "ghs_0123456789abcdefghijklmnopqrstuvwxyz";
/// More than any run of these takes.
const LONGEST: Duration = Duration::from_secs(180);

/// Everything that a run needs.
#[derive(Debug)]
pub(crate) struct Scene {
    pub(crate) gha: Gha,
    pub(crate) git: GitServer,
    /// Folder of the bare repositories and of files to be downloaded.
    pub(crate) served: PathBuf,
    /// Folder of the programs, as somebody would put them on a runner without network.
    pub(crate) seed: PathBuf,
    /// The commit of this repository that [`TAG`] names.
    pub(crate) commit: String,
    docset: Docset,
    /// What all adopters begin with.
    adopter: PathBuf,
    act: PathBuf,
    pub(crate) folder: PathBuf,
}

/// An adopter's repository, checked out.
#[derive(Debug)]
pub(crate) struct Adopter {
    pub(crate) folder: PathBuf,
}

/// One run: what happens, and with what.
#[derive(Debug)]
pub(crate) struct Run<'a> {
    /// The file of the wrapper, in `.github/workflows`.
    pub(crate) workflow: &'a str,
    pub(crate) event: &'a Event,
    /// Variables of the repository.
    pub(crate) vars: &'a [(&'static str, &'static str)],
    pub(crate) secrets: &'a [(&'static str, &'a str)],
    /// Variables of the runner.
    pub(crate) environment: &'a [(&'static str, &'a str)],
    /// Where the runner keeps tools, and all else, until the next run; by default, nothing is
    /// kept.
    pub(crate) kept: Option<&'a Path>,
}

impl Scene {
    /// Starts the servers and puts this repository there. `programs` is a folder with the
    /// built programs.
    ///
    /// # Errors
    ///
    /// If something is missing or does not start.
    pub(crate) fn set(workspace: &Workspace, programs: &Path, extent: Extent) -> Result<Self> {
        let folder = workspace.target("tmp/act");
        files::make_empty_folder(&folder)?;
        let served = folder.join("served");
        files::make_folder(&served)?;
        let python = tools::python(workspace)?;
        let scene = Self {
            gha: Gha::prepare(workspace, &python)?,
            git: GitServer::start_blocking(&served)?,
            seed: programs.to_owned(),
            commit: publish(workspace, &folder.join("ours"), &served, extent)?,
            docset: Docset::at(programs.join(program_name("docset"))),
            adopter: folder.join("adopter"),
            act: python.program("act"),
            served,
            folder,
        };
        scene.prepare_adopter(&workspace.root().join("examples/acme"))?;
        Ok(scene)
    }

    /// A fake GitHub where a job's token may do what `permissions` say, which the runner does
    /// not look at.
    ///
    /// # Errors
    ///
    /// If it does not start.
    pub(crate) fn github(permissions: &[(&str, Access)]) -> Result<FakeGitHub> {
        let github = FakeGitHub::start_blocking()?;
        let grant = Grant::workflow(PRODUCT);
        let grant =
            permissions.iter().fold(grant, |grant, (name, access)| grant.allow(name, *access));
        github.token(JOB_TOKEN, grant);
        Ok(github)
    }

    /// Serves this repository at another tag, `released`, after a change that a release makes.
    ///
    /// # Errors
    ///
    /// If the change fails.
    pub(crate) fn publish_released(&self, change: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
        let ours = self.folder.join("ours");
        change(&ours)?;
        commit_all(&ours, "Release")?;
        serve(&ours, &self.served, OURS, &["released"]).map(drop)
    }

    /// The example repository with owners, an issue that has gone through `intake`, and what
    /// `docset init --github` installs; after a change.
    ///
    /// # Errors
    ///
    /// If the change fails.
    pub(crate) fn adopter(
        &self,
        name: &str,
        change: impl FnOnce(&Path) -> Result<()>,
    ) -> Result<Adopter> {
        let folder = self.folder.join("adopters").join(name);
        files::make_empty_folder(&folder)?;
        files::copy_folder(&self.adopter, &folder)?;
        change(&folder)?;
        commit_all(&folder, "Change")?;
        serve(&folder, &self.served, PRODUCT, &[])?;
        Ok(Adopter { folder })
    }

    /// Makes what all adopters begin with.
    fn prepare_adopter(&self, example: &Path) -> Result<()> {
        let folder = &self.adopter;
        files::make_empty_folder(folder)?;
        files::copy_folder(example, folder)?;
        let configuration = folder.join("countersign.yaml");
        let (login, id) = OWNER;
        let owners = format!("owners: [{{login: {login}, id: {id}}}]");
        // What `docset init` installs has README files, and its own configuration says this.
        let text = files::read(&configuration)?.replacen(
            "  include: [docs]\n",
            "  include: [docs]\n  exclude: [docs/templates]\n  plain: [\"**/README.md\"]\n",
            1,
        );
        let text = format!("{text}\nprocess:\n  {owners}\nlabels:\n  guard:\n    {owners}\n");
        files::write(&configuration, &text)?;
        for arguments in [
            &["init", "--github", "--root", ".", "--from", OURS, "--ref", TAG][..],
            &["sync", "issue", "41", "--stage", "intake", "--root", "."][..],
            &["map", "--root", "."][..],
            &["index", "--root", "."][..],
        ] {
            self.docset.run(folder, arguments)?.expect_code(0)?;
        }
        let workflows = folder.join(".github/workflows");
        for file in files_below(&workflows, |_| true)? {
            let path = workflows.join(file);
            files::write(&path, &portable(&files::read(&path)?, PRODUCT, "main"))?;
        }
        commit(folder, PRODUCT).map(drop)
    }

    /// The files that differ between two commits of the adopter's repository on the server.
    ///
    /// # Errors
    ///
    /// If the server does not have them.
    pub(crate) fn changed_on_server(&self, from: &str, to: &str) -> Result<Vec<String>> {
        let bare = self.served.join(format!("{PRODUCT}.git"));
        let printed = ask(&bare, &["diff", "--name-only", from, to])?;
        Ok(printed.lines().map(str::to_owned).collect())
    }

    /// What GitHub would start for an event, by its own code.
    ///
    /// # Errors
    ///
    /// If it cannot be asked.
    pub(crate) fn starts(&self, adopter: &Adopter, run: &Run<'_>) -> Result<Answer> {
        let question = Question {
            workflow: adopter.folder.join(".github/workflows").join(run.workflow),
            event: run.event.name,
            payload: run.event.payload.clone(),
            github: json!({
                "repository": PRODUCT, "actor": run.event.sender(), "run_id": "1",
                "ref": "refs/heads/main", "workflow": "test",
            }),
            vars: run.vars.iter().copied().collect::<BTreeMap<_, _>>(),
        };
        let mut answers = self.gha.starts(&[question])?;
        answers.pop().context("no answer")
    }

    /// Runs a workflow of an adopter.
    ///
    /// # Errors
    ///
    /// If the runner does not start or does not end.
    pub(crate) fn run(
        &self,
        adopter: &Adopter,
        github: &FakeGitHub,
        run: &Run<'_>,
    ) -> Result<Report> {
        let work = self.folder.join("work");
        files::make_empty_folder(&work)?;
        let payload = work.join("event.json");
        files::write(&payload, &serde_json::to_string(&run.event.payload)?)?;
        let server = self.git.url();
        let mut program = Program::new(&self.act, &adopter.folder);
        program.command().env_clear();
        program = program
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", &work)
            .env("LANG", "C.UTF-8")
            .arg(run.event.name)
            .args(["--workflows", &format!(".github/workflows/{}", run.workflow)])
            .arg("--eventpath")
            .arg(&payload)
            .args(["--platform", "ubuntu-latest=-self-hosted", "--json", "--no-cache-server"])
            .arg("--action-cache-path")
            .arg(run.kept.map_or_else(|| work.join("cache"), Path::to_path_buf))
            .args([
                "--actor",
                run.event.sender(),
                "--secret",
                &format!("GITHUB_TOKEN={JOB_TOKEN}"),
            ]);
        let seed = self.seed.to_string_lossy();
        let environment = [
            ("GITHUB_SERVER_URL", server.as_str()),
            ("GITHUB_API_URL", &github.url()),
            ("COUNTERSIGN_SEED", &seed),
            // What a job pushes goes to the server, too, wherever `origin` points.
            ("GIT_CONFIG_COUNT", "1"),
            ("GIT_CONFIG_KEY_0", &format!("url.{server}/.insteadOf")),
            ("GIT_CONFIG_VALUE_0", "https://github.com/"),
        ];
        let overridden = |name: &str| run.environment.iter().any(|(other, _)| *other == name);
        for (name, value) in
            environment.iter().filter(|(name, _)| !overridden(name)).chain(run.environment)
        {
            program = program.args(["--env", &format!("{name}={value}")]);
        }
        for (name, value) in run.vars {
            program = program.args(["--var", &format!("{name}={value}")]);
        }
        for (name, value) in run.secrets {
            program = program.args(["--secret", &format!("{name}={value}")]);
        }
        finish(program)
    }
}

impl Adopter {
    /// What of the tree is not as it was committed, as git tells it; empty if nothing.
    ///
    /// # Errors
    ///
    /// If git fails.
    pub(crate) fn status(&self) -> Result<String> {
        ask(&self.folder, &["status", "--porcelain", "--untracked-files=all"])
    }

    /// The commit that is checked out.
    ///
    /// # Errors
    ///
    /// If git fails.
    pub(crate) fn head(&self) -> Result<String> {
        ask(&self.folder, &["rev-parse", "HEAD"])
    }
}

/// The name of a program's file.
pub(crate) fn program_name(name: &str) -> String {
    format!("{name}{}", std::env::consts::EXE_SUFFIX)
}

/// How much of this repository is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// Workflows and actions. Of the rest, which only `setup` looks at, a file of each folder:
    /// the runner clones all of it again and again.
    Thin,
    /// What git knows, so that times are true.
    Whole,
}

/// Serves this repository as runners fetch it.
fn publish(workspace: &Workspace, folder: &Path, served: &Path, extent: Extent) -> Result<String> {
    let root = workspace.root();
    files::make_empty_folder(folder)?;
    let known = ask(root, &["ls-files", "--cached", "--others", "--exclude-standard"])?;
    let mut folders = BTreeSet::new();
    for file in known.lines().filter(|file| root.join(file).is_file()) {
        let first = file.split('/').next().unwrap_or_default();
        let wanted = file.starts_with(".github/workflows/")
            || matches!(first, "actions" | "Cargo.toml" | "Cargo.lock")
            || extent == Extent::Whole
            || folders.insert(first);
        if !wanted {
            continue;
        }
        let (from, to) = (root.join(file), folder.join(file));
        files::copy(&from, &to)?;
        if to.extension().is_some_and(|extension| extension == "yml") {
            files::write(&to, &portable(&files::read(&from)?, OURS, TAG))?;
        }
    }
    // `setup` reads the rules, too.
    files::copy(&root.join("docs/rules/README.md"), &folder.join("docs/rules/README.md"))?;
    let commit = commit(folder, OURS)?;
    serve(folder, served, OURS, &[TAG])?;
    Ok(commit)
}

/// Runs a program that must come to an end.
fn finish(mut program: Program) -> Result<Report> {
    let line: String = program.to_string().chars().take(200).collect();
    let command = program.command();
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().with_context(|| format!("cannot start `{line}`"))?;
    let mut stdout = child.stdout.take().context("no standard output")?;
    let mut stderr = child.stderr.take().context("no standard error")?;
    let printed = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        stdout.read_to_end(&mut bytes).map(|_| bytes)
    });
    let complained = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        stderr.read_to_end(&mut bytes).map(|_| bytes)
    });
    let start = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if start.elapsed() > LONGEST {
            child.kill()?;
            child.wait()?;
            bail!("`{line}` had not ended after {} s", LONGEST.as_secs());
        }
        std::thread::sleep(Duration::from_millis(10));
    };
    let text = |thread: std::thread::JoinHandle<std::io::Result<Vec<u8>>>| -> Result<String> {
        let bytes = thread.join().map_err(|_| anyhow::anyhow!("reading failed"))??;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    };
    Ok(Report::read(&text(printed)?, &text(complained)?, status.code()))
}
