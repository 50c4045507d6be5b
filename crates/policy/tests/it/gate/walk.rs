//! An issue on its way through all stages: each gate refuses before, and opens after.
//!
//! The snapshot is the whole story: each gate with what it says, and behind a refusal
//! every reason with what mends it.

use std::fmt::Write as _;

use countersign_docset::new::What;

use super::in_the_way;
use crate::repository::{Outcome, Repository, owner};

struct Walk {
    repository: Repository,
    story: String,
}

impl Walk {
    fn tell(&mut self, command: &str, outcome: &Outcome) {
        let verdict = outcome.json();
        let word = verdict["outcome"].as_str().unwrap();
        let _ = writeln!(self.story, "$ policy gate {command}\n    {word}");
        for line in in_the_way(verdict["conditions"].as_array().unwrap()) {
            let _ = writeln!(self.story, "    {line}");
        }
        self.story.push('\n');
    }

    #[track_caller]
    fn enter(&mut self, code: i32, stage: &str, label: &str) {
        let event = self.repository.event(12, &["feature", label], label, &owner());
        let outcome = self.repository.policy(&[
            "gate", "enter", "--stage", stage, "--issue", "12", "--event", &event, "--format",
            "json",
        ]);
        let why = in_the_way(outcome.json()["conditions"].as_array().unwrap());
        assert_eq!(outcome.code, code, "{stage}: {why:#?}");
        self.tell(&format!("enter --stage {stage} --issue 12"), &outcome);
    }

    #[track_caller]
    fn leave(&mut self, code: i32, stage: &str, more: &[&str]) {
        let arguments = [
            &["gate", "leave", "--stage", stage, "--issue", "12", "--changed-since", "HEAD"][..],
            &["--format", "json"],
            more,
        ];
        let outcome = self.repository.policy(&arguments.concat());
        let why = in_the_way(outcome.json()["conditions"].as_array().unwrap());
        assert_eq!(outcome.code, code, "{stage}: {why:#?}");
        self.tell(&format!("leave --stage {stage} --issue 12 {}", more.join(" ")), &outcome);
    }

    fn by_hand(&mut self, what: &str) {
        let _ = writeln!(self.story, "# {what}\n");
    }

    /// A stage that writes its package, which the owner then approves; `next` may start
    /// only after that.
    fn stage(&mut self, stage: &str, more: &[&str], next: &str) {
        self.enter(0, stage, &format!("run:{stage}"));
        self.leave(1, stage, &[]);
        let mut paths = self.repository.create(What::Package(stage.to_owned()), 12);
        for kind in more {
            paths.extend(self.repository.create(What::Document((*kind).to_owned()), 12));
        }
        self.repository.sync(12, Some(stage));
        self.by_hand("write the package from its templates");
        self.leave(1, stage, &[]);
        self.repository.fill(&paths);
        self.by_hand("fill it in");
        self.leave(1, stage, &[]);
        self.repository.sync(12, None);
        self.by_hand("bring the docset up to date");
        self.leave(0, stage, &[]);
        self.repository.submit(&paths);
        self.repository.commit();
        self.by_hand("submit it, and merge");
        self.enter(1, next, &format!("run:{next}"));
        self.repository.approve(&paths);
        self.repository.sync(12, None);
        self.repository.commit();
        self.by_hand("the owner approves it");
    }
}

#[test]
fn every_gate_refuses_before_and_opens_after() {
    let mut walk = Walk { repository: Repository::new(), story: String::new() };
    walk.enter(1, "vision", "run:vision");
    walk.stage("intake", &[], "vision");
    walk.stage("vision", &[], "prd");
    walk.stage("prd", &[], "arch");

    // An edit behind the owner's back, and back again.
    let prd = "docs/prd/prd-0001-faster-checkout.md";
    let approved = walk.repository.read(prd);
    walk.repository.write(prd, &approved.replacen("sample text", "other text", 1));
    walk.by_hand("change a word of the approved PRD");
    walk.enter(1, "arch", "run:arch");
    walk.repository.write(prd, &approved);
    walk.by_hand("take it back");

    walk.stage("arch", &[], "design");
    walk.stage("design", &[], "plan");
    walk.stage("plan", &[], "dev");

    walk.enter(0, "dev", "run:dev");
    walk.repository.write("src/main.rs", "fn main() {}\n");
    walk.leave(1, "dev", &["--pr", "34"]);
    let decision = walk.repository.create(What::Document("adr".to_owned()), 12);
    walk.repository.fill(&decision);
    walk.repository.sync(12, Some("dev"));
    walk.repository.sync_pull_request(34, "HEAD");
    walk.by_hand("write code and a decision, and the docset of the pull request");
    walk.leave(0, "dev", &["--pr", "34"]);
    walk.repository.commit();

    walk.enter(0, "doc-audit", "run:doc-audit");
    walk.leave(1, "doc-audit", &[]);
    let report = walk.repository.create(What::Document("audit-report".to_owned()), 12);
    walk.repository.fill(&report);
    walk.repository.map();
    walk.repository.sync(12, Some("doc-audit"));
    walk.by_hand("write the report and the map");
    walk.leave(0, "doc-audit", &[]);
    walk.repository.approve(&report);
    walk.repository.approve(&decision);
    walk.repository.sync(12, None);
    walk.repository.commit();

    walk.enter(0, "qa", "run:qa");
    walk.repository.write("src/main.rs", "fn main() { todo!() }\n");
    walk.by_hand("change code while testing");
    walk.leave(1, "qa", &[]);
    walk.repository.git(&["checkout", "--quiet", "--", "src"]);
    walk.stage("qa", &[], "release");
    walk.stage("release", &[], "postdeploy");

    walk.enter(0, "postdeploy", "run:postdeploy");
    let review = walk.repository.create(What::Document("postdeploy-review".to_owned()), 12);
    walk.repository.fill(&review);
    walk.repository.sync(12, Some("postdeploy"));
    walk.by_hand("write the review; there was an incident");
    walk.leave(1, "postdeploy", &["--fact", "incident"]);
    let postmortem = walk.repository.create(What::Document("postmortem".to_owned()), 12);
    walk.repository.fill(&postmortem);
    walk.repository.sync(12, None);
    walk.leave(0, "postdeploy", &["--fact", "incident"]);
    walk.repository.commit();
    walk.enter(1, "ops", "run:ops");
    walk.repository.approve(&review);
    walk.repository.sync(12, None);
    walk.repository.commit();
    walk.stage("ops", &[], "dev");

    insta::assert_snapshot!(walk.story);
}
