//! `--fix`: changes to documents on disk.

use insta::assert_snapshot;

use super::harness::{Repo, altered, index};

/// Everything that a careless writer of YAML would lose: comments, order, quotes,
/// Windows line ends, blanks.
const UNTIDY: &str = "---\r\n\
# who reads this?\r\n\
updated_at:   2026-01-06   # last\r\n\
doc_id: 'IDX-0001'\r\n\
type: index\r\n\
title: \"A: b\"\r\n\
status: Draft  # soon\r\n\
owner_role: KM\r\n\
created_at: 2026-1-5\r\n\
relatd_prs: [3]\r\n\
---\r\n\
\r\n\
# A\r\n\
\r\n\
## TL;DR\r\n\
\r\n\
Text.  \r\n\
No end of line";

fn untidy() -> Repo {
    Repo::new(&[("docs/a.md", UNTIDY), ("docs/b.md", &index("IDX-0002", ""))])
}

#[test]
fn safe_fixes_change_their_own_bytes_and_no_others() {
    let repo = untidy();
    assert_snapshot!(repo.concise(&["--fix"]), @"
    exit 1
    --- stdout
    docs/a.md:10:1: error[unknown-key] unknown key `relatd_prs`
    2 documents: 1 error (2 fixed)
    ");
    let wanted = UNTIDY.replace("Draft", "draft").replace("2026-1-5", "2026-01-05");
    assert_eq!(repo.read("docs/a.md"), wanted);
    assert_eq!(repo.read("docs/b.md"), index("IDX-0002", ""));
}

#[test]
fn guesses_are_applied_only_when_asked_for() {
    let repo = untidy();
    assert_snapshot!(repo.concise(&["--fix", "--unsafe-fixes"]), @"
    exit 0
    --- stdout
    2 documents: nothing to report (3 fixed)
    ");
    assert!(repo.read("docs/a.md").contains("related_prs: [3]\r\n---"));
}

#[test]
fn fixing_twice_changes_nothing_more() {
    let repo = untidy();
    repo.check(&["--fix", "--unsafe-fixes"]);
    let once = repo.read("docs/a.md");
    assert_snapshot!(repo.concise(&["--fix", "--unsafe-fixes"]), @"
    exit 0
    --- stdout
    2 documents: nothing to report
    ");
    assert_eq!(repo.read("docs/a.md"), once);
}

#[test]
fn a_difference_is_shown_and_nothing_is_written() {
    let repo = untidy();
    let outcome = repo.check(&["--fix", "--diff"]);
    assert_snapshot!(outcome.to_string().replace('\r', "␍"), @r#"
    exit 1
    --- stdout
    --- a/docs/a.md
    +++ b/docs/a.md
    @@ -4,9 +4,9 @@
     doc_id: 'IDX-0001'␍
     type: index␍
     title: "A: b"␍
    -status: Draft  # soon␍
    +status: draft  # soon␍
     owner_role: KM␍
    -created_at: 2026-1-5␍
    +created_at: 2026-01-05␍
     relatd_prs: [3]␍
     ---␍
     ␍
    "#);
    assert_eq!(repo.read("docs/a.md"), UNTIDY);
    assert_snapshot!(repo.check(&["--fix", "--diff", "docs/b.md"]), @"
    exit 0
    --- stdout
    nothing to fix
    ");
}

#[test]
fn git_can_apply_the_difference_that_is_shown() {
    let repo = Repo::committed(&[("docs/a.md", UNTIDY)]);
    let diff = repo.check(&["--fix", "--diff", "--unsafe-fixes"]).stdout;
    repo.write("fixes.diff", diff);
    repo.git(&["apply", "--whitespace=nowarn", "fixes.diff"]);
    let applied = repo.read("docs/a.md");
    repo.write("docs/a.md", UNTIDY);
    repo.check(&["--fix", "--unsafe-fixes"]);
    assert_eq!(repo.read("docs/a.md"), applied);
}

#[test]
fn only_documents_that_were_asked_for_are_fixed() {
    let bad = altered("IDX-0002", "draft", "Draft");
    let repo = Repo::new(&[("docs/a.md", UNTIDY), ("docs/b.md", &bad)]);
    assert_eq!(repo.check(&["--fix", "docs/b.md"]).code, 0);
    assert_eq!(repo.read("docs/a.md"), UNTIDY);
    assert_eq!(repo.read("docs/b.md"), index("IDX-0002", ""));
}

#[cfg(unix)]
#[test]
fn permissions_are_kept_and_documents_without_fixes_are_not_touched() {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
    let repo = untidy();
    let of = |path: &str| std::fs::metadata(repo.path(path)).unwrap();
    let permissions = std::fs::Permissions::from_mode(0o754);
    std::fs::set_permissions(repo.path("docs/a.md"), permissions).unwrap();
    let untouched = of("docs/b.md").ino();
    repo.check(&["--fix"]);
    assert_ne!(repo.read("docs/a.md"), UNTIDY);
    assert_eq!(of("docs/a.md").mode() & 0o777, 0o754);
    assert_eq!(of("docs/b.md").ino(), untouched);
    assert_eq!(std::fs::read_dir(repo.path("docs")).unwrap().count(), 2, "nothing is left behind");
}

#[test]
fn flags_that_mean_nothing_without_fix_are_refused() {
    let repo = untidy();
    for flag in ["--diff", "--unsafe-fixes"] {
        let outcome = repo.check(&[flag]);
        assert_eq!(outcome.code, 2);
        assert!(outcome.stderr.contains("--fix"), "{}", outcome.stderr);
    }
    assert_eq!(repo.read("docs/a.md"), UNTIDY);
}
