//! The life of an initiative, from an empty repository to its end, by commands only.
//!
//! The snapshot is the whole story: each command with its exit code, and behind it the
//! files that are new or say something else than before: path, id, status, what the
//! approval comes to, and the beginning of the digest of the content.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use countersign_docset::Checker;

use super::harness::{Outcome, Repo};
use crate::templates::filled;

/// 2026-02-10, for what is generated.
const DAY: &str = "1770681600";

struct Walk {
    repo: Repo,
    story: String,
    /// What was there after the step before.
    before: BTreeMap<String, String>,
}

impl Walk {
    fn new() -> Self {
        let repo = Repo::unmarked(&[]);
        repo.git(&["init", "--quiet", "--initial-branch=main"]);
        Self { repo, story: String::new(), before: BTreeMap::new() }
    }

    /// Runs `docset`, given as one line with `'…'` around what has blanks, tells the
    /// story and commits. The command must end with `code`.
    #[track_caller]
    fn step(&mut self, code: i32, line: &str) -> Outcome {
        let parts = line.split('\'').enumerate();
        let arguments: Vec<&str> = parts
            .flat_map(|(at, part)| match at % 2 {
                0 => part.split_whitespace().collect::<Vec<_>>(),
                _ => vec![part],
            })
            .collect();
        let outcome = self.repo.docset(&arguments).env("SOURCE_DATE_EPOCH", DAY).outcome();
        assert_eq!(outcome.code, code, "{line}: {outcome}");
        self.told(&format!("$ docset {line}"), code);
        outcome
    }

    /// What somebody does to the files, in words.
    fn by_hand(&mut self, what: &str) {
        self.told(&format!("# {what}"), 0);
    }

    fn told(&mut self, what: &str, code: i32) {
        let exit = if code == 0 { String::new() } else { format!("  (exit {code})") };
        let _ = writeln!(self.story, "{what}{exit}");
        let now = state(&self.repo);
        for (path, says) in &now {
            if self.before.get(path) != Some(says) {
                let _ = writeln!(self.story, "    {path}{says}");
            }
        }
        for path in self.before.keys().filter(|path| !now.contains_key(*path)) {
            let _ = writeln!(self.story, "    {path} is gone");
        }
        self.story.push('\n');
        if now != self.before {
            self.repo.commit();
        }
        self.before = now;
    }

    /// Makes the documents of a stage, fills them in, lays them before the owner, who
    /// approves them, and writes the docset file.
    fn stage(&mut self, stage: &str, day: &str, ids: &str) {
        let made = self.step(
            0,
            &format!("new package {stage} --title 'Faster checkout' --issue 41 --date {day}"),
        );
        let empty = self.step(1, "check --format concise");
        assert!(empty.stdout.contains("left-over-placeholder"), "{empty}");
        for path in made.stdout.lines() {
            self.repo.write(path, filled(&self.repo.read(path)));
        }
        self.by_hand("fill in the documents");
        self.clean();
        self.step(0, &format!("submit {ids}"));
        self.step(0, &format!("approve {ids} --by octavia --request-id REQ-{stage} --date {day}"));
        self.clean();
        self.step(0, &format!("sync issue 41 --stage {stage}"));
        self.step(0, "sync issue 41 --check");
    }

    /// Nothing is wrong, and every approval counts.
    fn clean(&mut self) {
        let checked = self.repo.check(&["--max-warnings", "0"]);
        assert_eq!(checked.code, 0, "{checked}");
        let verified = self.repo.docset(&["verify"]).outcome();
        assert_eq!(verified.code, 0, "{verified}");
    }

    /// Everything that is generated is up to date, and a second run writes nothing.
    fn generated(&mut self) {
        for view in ["sync issue 41", "map", "index", "report"] {
            self.step(0, view);
        }
        for view in ["sync issue 41", "map", "index", "report"] {
            self.step(0, &format!("{view} --check"));
        }
    }
}

/// Every file with what it says of itself, if it is a document.
fn state(repo: &Repo) -> BTreeMap<String, String> {
    let mut files = Vec::new();
    below(&repo.path(""), &repo.path(""), &mut files);
    let records = Checker::open(repo.path("")).unwrap().records();
    let says = |path: &String| {
        let Some(record) = records.by_path.get(path.as_str()) else {
            // Its content counts, and not its wording.
            let text = repo.read(path);
            let stage = text.lines().find(|line| line.starts_with("stage: "));
            let missing = text.matches("state: missing").count();
            return match stage.filter(|_| path.ends_with(".yaml")) {
                Some(stage) => format!(
                    ": {stage}, {} documents, {missing} missing",
                    text.matches("digest: \"sha256:").count()
                ),
                None if path.ends_with(".html") => {
                    let (_, summary) = text.split_once("<ul id=\"summary\">").unwrap();
                    let (summary, _) = summary.split_once("</ul>").unwrap();
                    let words = summary.split('<').filter_map(|part| part.split('>').nth(1));
                    let words = words.map(str::trim).filter(|word| !word.is_empty());
                    format!(": {}", words.collect::<Vec<_>>().join(", "))
                }
                None => String::new(),
            };
        };
        let digest = &record.digest.to_string()["sha256:".len()..][..8];
        let mut says =
            format!(": {} {}, {}, {digest}", record.id, record.status, record.standing().name());
        for (word, ids) in
            [("supersedes", &record.supersedes), ("superseded by", &record.superseded_by)]
        {
            if !ids.is_empty() {
                let _ = write!(says, ", {word} {}", ids.join(" "));
            }
        }
        says
    };
    files.into_iter().map(|path| (path.clone(), says(&path))).collect()
}

fn below(root: &Path, folder: &Path, files: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        match path.is_dir() {
            true if entry.file_name() == ".git" => {}
            true => below(root, &path, files),
            false => files.push(path.strip_prefix(root).unwrap().to_str().unwrap().to_owned()),
        }
    }
}

#[test]
fn an_initiative_is_taken_in_decided_rethought_and_given_up() {
    let mut walk = Walk::new();
    walk.step(0, "init");
    walk.step(0, "init");
    walk.stage("intake", "2026-02-02", "PRB-0001 PER-0001 MVP-0001 CST-0001 BRF-0001");

    // An edit behind the owner's back.
    let brief = "docs/intake/brf-0001-faster-checkout.md";
    let text = walk.repo.read(brief);
    walk.repo.write(brief, text.replacen("sample text", "another text", 1));
    walk.by_hand("change a word of the approved brief");
    let stale = walk.step(1, "verify");
    assert!(stale.stdout.contains("stale     docs/intake/brf-0001"), "{stale}");
    let checked = walk.step(1, "check --format concise");
    assert!(checked.stdout.contains("[approval-digest-mismatch]"), "{checked}");
    let docset = walk.step(1, "sync issue 41 --check");
    assert!(docset.stdout.contains("+  - {type: brief, stage: intake, state: stale,"), "{docset}");
    walk.step(0, "approve BRF-0001 --by octavia --request-id REQ-again --date 2026-02-03");
    walk.clean();

    walk.stage("vision", "2026-02-04", "CHR-0001 RSK-0001 MET-0001");
    walk.stage("prd", "2026-02-05", "PRD-0001 STR-0001");
    walk.generated();
    walk.clean();

    // Back to the vision.
    walk.step(1, "rethink --issue 41 --to design");
    let shown = walk.step(0, "rethink --issue 41 --to vision --date 2026-02-06 --dry-run");
    assert_eq!(shown.stdout.matches("--- /dev/null").count(), 5, "{shown}");
    walk.step(0, "rethink --issue 41 --to vision --date 2026-02-06");
    walk.step(0, "rethink --issue 41 --to vision --date 2026-02-07");
    walk.clean();
    walk.generated();
    walk.step(0, "submit CHR-0002");
    walk.step(0, "approve CHR-0002 --by octavia --request-id REQ-vision-2 --date 2026-02-08");
    walk.clean();

    walk.step(0, "abandon --issue 41");
    walk.generated();
    walk.clean();
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("walk", walk.story);
    });
}
