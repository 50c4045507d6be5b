//! What a change may not do to get through a gate.

use super::in_the_way;
use crate::repository::Repository;

/// What `permitted-paths` has against everything that changed since the last commit.
fn against(repository: &Repository, stage: &str) -> Vec<String> {
    let gate = ["gate", "leave", "--stage", stage, "--issue", "12", "--changed-since", "HEAD"];
    let verdict = repository.policy(&[&gate[..], &["--format", "json"]].concat()).json();
    let lines = in_the_way(verdict["conditions"].as_array().unwrap());
    lines.into_iter().filter(|line| line.starts_with("[permitted-paths]")).collect()
}

#[test]
fn a_change_does_not_say_itself_what_it_may_change() {
    let repository = Repository::new();
    repository.write("countersign.yaml", "process: {owners: [octavia]}\n");
    repository.commit();
    repository.write("src/main.rs", "fn main() {}\n");
    let outside = against(&repository, "intake");
    assert!(outside[0].contains("`src/main.rs` is not for `intake` to change"), "{outside:?}");
    repository.write(
        "countersign.yaml",
        "process: {owners: [mallory], stages: {intake: {may_change: [everything]}}}\n",
    );
    for stage in ["intake", "dev"] {
        let loosened = against(&repository, stage);
        assert!(loosened[0].contains("rewrites `countersign.yaml`"), "{loosened:?}");
        assert!(loosened[0].contains("in a pull request of its own"), "{loosened:?}");
    }
    // Taking it away is a change, too: the default may allow more.
    std::fs::remove_file(repository.path("countersign.yaml")).unwrap();
    assert!(against(&repository, "dev")[0].contains("rewrites `countersign.yaml`"));
    // Once an owner has taken it over, it counts.
    repository.write(
        "countersign.yaml",
        "process: {owners: [octavia], stages: {intake: {may_change: [everything]}}}\n",
    );
    repository.commit();
    repository.write("src/main.rs", "fn main() { loop {} }\n");
    assert_eq!(against(&repository, "intake"), Vec::<String>::new());
}

#[test]
fn a_path_is_what_git_says_it_is() {
    let repository = Repository::new();
    repository.write("src/secret.rs", "fn secret() {}\n");
    repository.commit();
    // Moved into what is permitted, it is gone from where it was.
    std::fs::create_dir_all(repository.path("docs")).unwrap();
    repository.git(&["mv", "src/secret.rs", "docs/secret.rs"]);
    let moved = against(&repository, "intake");
    assert!(moved[0].contains("`src/secret.rs`"), "{moved:?}");
    repository.git(&["reset", "--quiet", "--hard"]);
    for path in ["Docs/a.md", "docs2/a.md", "docs\\a.md", "x/docs/a.md", "docs.md"] {
        repository.write(path, "x\n");
        assert_eq!(against(&repository, "intake").len(), 1, "{path}");
        std::fs::remove_file(repository.path(path)).unwrap();
    }
}
