//! The program `kb` on trees of documents.

mod commands;
mod faults;
mod index;
#[cfg(feature = "embed")]
mod model;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "embed")]
mod rerank;
mod search;
mod step;

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// A repository on disk, with a database of its own.
pub(crate) struct Scene {
    folder: tempfile::TempDir,
    /// What `DATABASE_URL` says.
    url: Option<String>,
}

impl Scene {
    /// An empty repository.
    pub(crate) fn new() -> Self {
        let scene = Self { folder: tempfile::tempdir().unwrap(), url: None };
        scene.write("countersign.yaml", "docs: {include: [docs]}\n");
        scene
    }

    /// A copy of `examples/acme`.
    pub(crate) fn acme() -> Self {
        let scene = Self { folder: tempfile::tempdir().unwrap(), url: None };
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/acme");
        copy(&from, scene.folder.path());
        scene
    }

    /// Documents in Russian: one that was replaced, one that counts, a draft.
    pub(crate) fn russian() -> Self {
        let scene = Self::new();
        scene.write(
            "docs/adr/adr-0001.md",
            "---\ndoc_id: ADR-0001\ntype: adr\ntitle: Опрос внешней системы\nstatus: superseded\nowner_role: SA\n\
             created_at: 2026-01-10\nupdated_at: 2026-01-10\nrelated_issues: [7]\nsuperseded_by: [ADR-0002]\n---\n\
             # Опрос внешней системы\n\n## Решение\n\nКаждую минуту опрашиваем внешнюю систему.\n",
        );
        scene.write(
            "docs/adr/adr-0002.md",
            "---\ndoc_id: ADR-0002\ntype: adr\ntitle: Вебхуки вместо опроса\nstatus: accepted\nowner_role: SA\n\
             created_at: 2026-01-12\nupdated_at: 2026-01-12\nrelated_issues: [7]\nrelated_prs: [9]\nsupersedes: [ADR-0001]\n---\n\
             # Вебхуки вместо опроса\n\n## Решение\n\nВыбрали вебхуки: опрос медленный и дорогой.\n\n\
             ## Последствия\n\nПовторные доставки ограничены пятью попытками, ошибка E0502 означает потерю.\n",
        );
        scene.write(
            "docs/prd/prd-0001.md",
            "---\ndoc_id: PRD-0001\ntype: prd\ntitle: Уведомления покупателей\nstatus: draft\nowner_role: PM\n\
             created_at: 2026-01-12\nupdated_at: 2026-01-12\nrelated_issues: [8]\nrelated_docsets: [DS-ISSUE-0008]\n---\n\
             # Уведомления покупателей\n\nПокупатель получает уведомление о доставке заказа.\n",
        );
        scene
    }

    /// The same repository with a database on a server.
    #[cfg(feature = "postgres")]
    pub(crate) fn with_database(mut self, url: &str) -> Self {
        self.url = Some(url.to_owned());
        self
    }

    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        countersign_files::write_atomically(&path, text.as_ref()).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path(path)).unwrap()
    }

    /// Puts `new` in the place of `old`, which must be there.
    pub(crate) fn edit(&self, path: &str, old: &str, new: &str) {
        let text = self.read(path);
        assert!(text.contains(old), "{path} has no `{old}`");
        self.write(path, text.replace(old, new));
    }

    pub(crate) fn remove(&self, path: &str) {
        std::fs::remove_file(self.path(path)).unwrap();
    }

    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        let output = Command::new("git")
            .args(["-c", "user.name=Olga", "-c", "user.email=olga@example.org"])
            .args(["-c", "init.defaultBranch=main", "-c", "commit.gpgsign=false"])
            .args(arguments)
            .current_dir(self.root())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Commits everything; gives the commit.
    pub(crate) fn commit(&self) -> String {
        if !self.path(".git").exists() {
            self.git(&["init", "--quiet"]);
        }
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message", "More"]);
        self.git(&["rev-parse", "HEAD"])
    }

    /// The program, in this repository and with nothing in the environment that could lead
    /// it elsewhere.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kb"));
        command
            .args(arguments)
            .current_dir(self.root())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HF_HUB_OFFLINE", "1")
            .envs(self.url.as_ref().map(|url| ("DATABASE_URL", url)))
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn output(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// The exit code and both outputs.
    pub(crate) fn run(&self, arguments: &[&str]) -> String {
        let output = self.output(arguments);
        let mut text = format!("exit {}\n", output.status.code().unwrap());
        for (name, bytes) in [("", &output.stdout), ("stderr:\n", &output.stderr)] {
            if !bytes.is_empty() {
                text.push_str(name);
                text.push_str(&String::from_utf8_lossy(bytes));
            }
        }
        let root = self.root().canonicalize().unwrap();
        text.replace(&root.display().to_string(), "[ROOT]")
    }

    /// What a command that must succeed prints, as JSON.
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let output = self.output(&[arguments, &["--format", "json"]].concat());
        let error = String::from_utf8_lossy(&output.stderr);
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("no JSON: {error}"))
    }

    /// Indexes without embeddings; gives the summary.
    pub(crate) fn index(&self, arguments: &[&str]) -> Value {
        self.json(&[&["index", "--no-embeddings"], arguments].concat())
    }

    /// The paths that a search finds, each once, best first.
    pub(crate) fn search(&self, arguments: &[&str]) -> Vec<String> {
        let answer = self.json(&[&["search"], arguments].concat());
        let mut paths = Vec::new();
        for hit in answer["hits"].as_array().unwrap() {
            let path = hit["path"].as_str().unwrap().to_owned();
            if !paths.contains(&path) {
                paths.push(path);
            }
        }
        paths
    }

    /// Everything that the index holds, sorted.
    pub(crate) fn export(&self) -> String {
        let output = self.output(&["export"]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// What a new index of the same documents holds.
    pub(crate) fn fresh_export(&self) -> String {
        let folder = tempfile::tempdir().unwrap();
        let db = format!("sqlite:{}", folder.path().join("fresh.db").display());
        let output = self.output(&["index", "--no-embeddings", "--db", &db]);
        assert!(output.status.code().is_some_and(|code| code < 2));
        let output = self.output(&["export", "--db", &db]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// The index says what the documents say, no more and no less, and is sound.
    pub(crate) fn assert_up_to_date(&self) {
        let (own, fresh) = (self.export(), self.fresh_export());
        assert!(fresh.contains("\"record\":\"document\""), "nothing is indexed");
        assert!(own == fresh, "the index differs from a fresh one:\n{own}\n-- fresh --\n{fresh}");
        let doctor = self.run(&["doctor"]);
        assert!(doctor.starts_with("exit 0\n"), "{doctor}");
    }
}

/// Added, changed, unchanged, removed.
pub(crate) fn counts(summary: &Value) -> [u64; 4] {
    let count = |name: &str| match &summary[name] {
        Value::Array(paths) => paths.len() as u64,
        number => number.as_u64().unwrap(),
    };
    ["added", "changed", "unchanged", "removed"].map(count)
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
