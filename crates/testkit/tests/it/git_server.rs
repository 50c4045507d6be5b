//! The git server, with git as its client.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use countersign_testkit::GitServer;

fn git(folder: &Path, arguments: &[&str]) -> String {
    let identity = ["-c", "user.name=t", "-c", "user.email=t@localhost"];
    let mut command = Command::new("git");
    command.current_dir(folder).args(identity).args(arguments);
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_TERMINAL_PROMPT", "0");
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        command.env_remove(variable);
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "git {arguments:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn write(path: &Path, text: &str) {
    File::create(path).unwrap().write_all(text.as_bytes()).unwrap();
}

/// A folder with the repository `acme/product`, which has one commit.
fn served() -> (tempfile::TempDir, GitServer) {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    git(root, &["init", "--quiet", "--bare", "--initial-branch=main", "acme/product.git"]);
    git(root, &["init", "--quiet", "--initial-branch=main", "work"]);
    git(&root.join("work"), &["commit", "--quiet", "--allow-empty", "--message=one"]);
    git(&root.join("work"), &["push", "--quiet", "../acme/product.git", "main"]);
    let server = GitServer::start_blocking(root).unwrap();
    (folder, server)
}

#[test]
fn what_is_pushed_can_be_cloned() {
    let (folder, server) = served();
    let work = folder.path().join("work");
    let address = format!("{}/acme/product", server.url());
    write(&work.join("a.md"), &"# A\n".repeat(100_000));
    git(&work, &["add", "a.md"]);
    git(&work, &["commit", "--quiet", "--message=two"]);
    git(&work, &["push", "--quiet", &address, "main"]);
    git(folder.path(), &["clone", "--quiet", &format!("{address}.git"), "copy"]);
    let copied = std::fs::read(folder.path().join("copy/a.md")).unwrap();
    assert_eq!(copied.len(), 400_000);
    let pushes = server.requests().into_iter().filter(|it| it.path.ends_with("git-receive-pack"));
    assert!(pushes.clone().count() > 0 && pushes.into_iter().all(|it| it.status == 200));
}

#[test]
fn a_commit_can_be_fetched_by_its_hash() {
    let (folder, server) = served();
    let work = folder.path().join("work");
    let commit = git(&work, &["rev-parse", "HEAD"]);
    git(&work, &["commit", "--quiet", "--allow-empty", "--message=two"]);
    git(&work, &["push", "--quiet", "../acme/product.git", "main"]);
    git(folder.path(), &["init", "--quiet", "copy"]);
    let address = format!("{}/acme/product", server.url());
    git(&folder.path().join("copy"), &["fetch", "--quiet", "--depth=1", &address, &commit]);
    assert_eq!(git(&folder.path().join("copy"), &["rev-parse", "FETCH_HEAD"]), commit);
}

#[test]
fn files_are_served_and_nothing_above_them_is() {
    let (folder, server) = served();
    std::fs::create_dir_all(folder.path().join("files/v1")).unwrap();
    write(&folder.path().join("files/v1/a.txt"), "hello");
    write(&folder.path().join("secret.txt"), "secret");
    let agent = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
    let get = |path: &str| {
        let mut response = agent.get(format!("{}{path}", server.url())).call().unwrap();
        (response.status().as_u16(), response.body_mut().read_to_string().unwrap())
    };
    assert_eq!(get("/files/v1/a.txt"), (200, "hello".to_owned()));
    for path in ["/files/v1/b.txt", "/files/v1/%2e%2e/%2e%2e/secret.txt", "/files", "/"] {
        let (status, body) = get(path);
        assert!(status >= 400 && !body.contains("secret"), "{path}: {status} {body}");
    }
}
