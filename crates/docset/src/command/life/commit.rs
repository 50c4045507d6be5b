//! A commit of generated files, and of nothing else.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::command::Fault;
use crate::diagnostic::escape;

/// Who commits in a workflow that names nobody, by name and number:
/// <https://github.com/actions/checkout#push-a-commit-to-a-pr-using-the-built-in-token>.
const BOT: (&str, &str) =
    ("github-actions[bot]", "41898282+github-actions[bot]@users.noreply.github.com");

const MESSAGE: &str = "Bring docsets up to date";

/// A commit that is to be made.
pub(super) struct Commit {
    root: PathBuf,
    /// The way from the top of the work tree to the root: empty, or with a slash at its end.
    prefix: String,
    /// Whether the bot stands in where git knows no author.
    bot: bool,
    /// The remote and the branch to push to.
    push: Option<(String, String)>,
}

impl Commit {
    /// A commit in the work tree that `root` is in. `push` asks for a branch that can be
    /// pushed to.
    pub(super) fn open(root: &Path, in_workflow: bool, push: bool) -> Result<Self, Fault> {
        let mut commit =
            Self { root: root.to_owned(), prefix: String::new(), bot: false, push: None };
        commit.prefix = commit.line(&["rev-parse", "--show-prefix"])?;
        let given = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let known = commit.line(&["config", "user.email"]).is_ok_and(|email| !email.is_empty());
        commit.bot = in_workflow && !known && !given("GIT_AUTHOR_EMAIL");
        if push {
            let branch = commit.line(&["symbolic-ref", "--short", "--quiet", "HEAD"]).map_err(
                |_| "no branch is checked out, so nothing can be pushed: check out the branch by name",
            )?;
            let remote = commit.line(&["config", &format!("branch.{branch}.remote")]);
            commit.push = Some((remote.unwrap_or_else(|_| "origin".to_owned()), branch));
        }
        Ok(commit)
    }

    /// Fails if something is staged that is not among `paths`: whoever staged it means to
    /// commit it otherwise.
    pub(super) fn refuse_what_is_not_ours(&self, paths: &[String]) -> Result<(), Fault> {
        let ours: BTreeSet<String> =
            paths.iter().map(|path| format!("{}{path}", self.prefix)).collect();
        let staged = self.git(&["diff", "--cached", "--name-only", "--no-renames", "-z"])?;
        let foreign: Vec<String> = staged
            .split('\0')
            .filter(|path| !path.is_empty() && !ours.contains(*path))
            .map(|path| format!("`{}`", escape(path)))
            .collect();
        if foreign.is_empty() {
            return Ok(());
        }
        let (shown, more) = (foreign.iter().take(5), foreign.len().saturating_sub(5));
        let shown = shown.cloned().collect::<Vec<_>>().join(", ");
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        Err(format!(
            "{shown}{more}: staged, and not generated; commit it, or take it back with \
             `git restore --staged`"
        )
        .into())
    }

    /// Commits what is new in `paths`, and pushes it if that was asked for. Gives the
    /// commit; `None` if there is nothing new.
    pub(super) fn make(&self, paths: &[String]) -> Result<Option<String>, Fault> {
        // A run that was stopped may have written a file and not committed it.
        let with_paths = |arguments: &[&'static str]| -> Vec<String> {
            let words = arguments.iter().map(|&word| word.to_owned());
            words.chain(["--".to_owned()]).chain(paths.iter().cloned()).collect()
        };
        self.git(&with_paths(&["add"]))?;
        if self.git(&with_paths(&["diff", "--cached", "--name-only", "-z"]))?.is_empty() {
            return Ok(None);
        }
        self.git(&with_paths(&["commit", "--quiet", "--only", "--message", MESSAGE]))?;
        let made = self.line(&["rev-parse", "HEAD"])?;
        if let Some((remote, branch)) = &self.push {
            let target = format!("HEAD:refs/heads/{branch}");
            self.git(&["push", "--quiet", remote, &target]).map_err(|error| {
                format!("{error}; the commit {made} is here, and not at `{remote}`")
            })?;
        }
        Ok(Some(made))
    }

    /// The one line that git answers.
    fn line(&self, arguments: &[&str]) -> Result<String, Fault> {
        Ok(self.git(arguments)?.trim_end_matches(['\n', '\r']).to_owned())
    }

    fn git<S: AsRef<str>>(&self, arguments: &[S]) -> Result<String, Fault> {
        let mut command = Command::new("git");
        // Hooks of git have these set, and git would work on another index or work tree.
        for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
            command.env_remove(variable);
        }
        if self.bot {
            let (name, email) = BOT;
            for who in ["AUTHOR", "COMMITTER"] {
                command.env(format!("GIT_{who}_NAME"), name);
                command.env(format!("GIT_{who}_EMAIL"), email);
            }
        }
        let arguments = arguments.iter().map(AsRef::as_ref);
        let output = command
            .arg("-C")
            .arg(&self.root)
            // A path with an asterisk in it means itself.
            .args(["--literal-pathspecs", "-c", "core.quotePath=false"])
            .args(arguments.clone())
            // Nobody is there to be asked for a password.
            .env("GIT_TERMINAL_PROMPT", "0")
            .stdin(Stdio::null())
            .output()
            .map_err(|error| format!("cannot run git: {error}"))?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("it failed");
        let what = arguments.take(1).collect::<String>();
        Err(format!("git {what}: {}", said.trim_start_matches("fatal: ")).into())
    }
}
