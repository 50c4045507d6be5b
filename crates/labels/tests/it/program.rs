//! Runs `labels` in a folder of its own, against a fake GitHub or none.

use std::path::Path;
use std::process::{Command, Stdio};

use countersign_testkit::{FakeGitHub, Grant};

/// A repository on disk and a GitHub.
pub(crate) struct Scene {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) github: FakeGitHub,
}

impl Scene {
    /// With this `countersign.yaml`; the GitHub has an owner.
    pub(crate) fn new(configuration: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let github = FakeGitHub::start_blocking().unwrap();
        github.token("ghp_owner", Grant::owner("olga"));
        let scene = Self { folder, github };
        scene.write("countersign.yaml", configuration);
        scene
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        countersign_files::write_atomically(&self.path(path), text.as_bytes()).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path(path)).unwrap()
    }

    pub(crate) fn path(&self, path: &str) -> std::path::PathBuf {
        self.folder.path().join(path)
    }

    /// The exit code and both outputs.
    pub(crate) fn run(&self, arguments: &[&str]) -> String {
        self.run_as("ghp_owner", arguments)
    }

    /// As [`run`](Self::run), with another token.
    pub(crate) fn run_as(&self, token: &str, arguments: &[&str]) -> String {
        let url = self.github.url();
        let text =
            run(self.folder.path(), &[("GITHUB_API_URL", &url), ("GH_TOKEN", token)], arguments);
        assert!(!text.contains(token), "the token is shown");
        text.replace(&url, "[GITHUB]")
    }
}

/// The exit code and both outputs of a run in `folder` with nothing else in the environment.
pub(crate) fn run(folder: &Path, environment: &[(&str, &str)], arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_labels"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .envs(environment.iter().copied())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let mut text = format!("exit {}\n", output.status.code().unwrap());
    for (name, bytes) in [("", &output.stdout), ("stderr:\n", &output.stderr)] {
        if !bytes.is_empty() {
            text.push_str(name);
            text.push_str(&String::from_utf8_lossy(bytes));
        }
    }
    text.replace(&folder.display().to_string(), "[FOLDER]")
}
