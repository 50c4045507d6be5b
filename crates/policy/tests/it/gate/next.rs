//! What may happen next.

use countersign_docset::new::What;

use crate::repository::Repository;

#[test]
fn an_issue_in_no_stage_begins_with_the_first() {
    let repository = Repository::new();
    let outcome = repository.policy(&["next", "--issue", "12"]);
    assert_eq!(outcome.code, 0);
    insta::assert_snapshot!(outcome.stdout, @"
        issue 12 is in no stage yet of `full`

        now possible:
          Idea or project: intake (Owner): set `run:intake`
          Give up: abort (Owner): set `run:abort`

        not yet:
          Go back to an earlier stage: rethink
            fails [needed-thing] no document names issue 12
          later: vision, prd, arch, design, plan, dev, doc-audit, qa, release, postdeploy, ops
            fails [legal-transition] the issue is in no stage yet, and `full` begins with `intake`
              help: an owner sets `run:intake`; an issue that is further has it on record: `docset sync issue 12 --stage STAGE`
        ");
}

#[test]
fn an_issue_in_a_stage_is_written_approved_revised_or_moved() {
    let repository = Repository::new();
    let paths = repository.create(What::Package("intake".to_owned()), 12);
    repository.fill(&paths);
    repository.submit(&paths[..1]);
    repository.approve(&paths[1..2]);
    std::fs::remove_file(repository.path(&paths[4])).unwrap();
    repository.sync(12, Some("intake"));
    let outcome = repository.policy(&["next", "--issue", "12", "--label", "state:blocked"]);
    insta::assert_snapshot!(outcome.stdout, @"
        issue 12 is in `intake` of `full`
          fails [not-blocked] the issue is blocked: it has `state:blocked`
            label: state:blocked
            help: an owner settles what it waits for, and removes `state:blocked`

        now possible:
          lay `PRB-0001` before its owner (PM, KM): docset submit PRB-0001
          lay `PER-0001` before its owner (PM, KM): docset submit PER-0001
          write the scope (PM, KM): docset new scope --issue 12 --title TITLE
          approve `BRF-0001` (Owner): docset approve BRF-0001 --by OWNER --request-id ID
          Go back to an earlier stage: rethink (Owner): set `run:rethink`
          Give up: abort (Owner): set `run:abort`

        not yet:
          do intake again
            fails [not-blocked] the issue is blocked: it has `state:blocked`
              help: an owner settles what it waits for, and removes `state:blocked`
          Vision and scope: vision
            fails [needed-artifact] `PRB-0001` is a draft (docs/intake/prb-0001-faster-checkout.md:1:1)
              help: docset submit PRB-0001
            fails [needed-artifact] `PER-0001` is a draft (docs/intake/per-0001-faster-checkout.md:1:1)
              help: docset submit PER-0001
            fails [needed-artifact] no `scope` names issue 12
              help: docset new scope --issue 12 --title TITLE
            fails [needed-artifact] `BRF-0001` waits for its owner (docs/intake/brf-0001-faster-checkout.md:1:1)
              help: docset approve BRF-0001 --by OWNER --request-id ID
            fails [not-blocked] the issue is blocked: it has `state:blocked`
              help: an owner settles what it waits for, and removes `state:blocked`
          later: prd, arch, design, plan, dev, doc-audit, qa, release, postdeploy, ops
            fails [legal-transition] `vision` follows `intake`, and `prd` comes later
              help: an owner sets `run:vision`
        ");
    let outcome = repository.policy(&["next", "--issue", "12", "--format", "markdown"]);
    insta::assert_snapshot!(outcome.stdout, @"
        ### issue 12 is in `intake` of `full`

        | | What | Who | How, or why not |
        |---|---|---|---|
        | ▶ | lay `PRB-0001` before its owner | PM, KM | `docset submit PRB-0001` |
        | ▶ | lay `PER-0001` before its owner | PM, KM | `docset submit PER-0001` |
        | ▶ | write the scope | PM, KM | `docset new scope --issue 12 --title TITLE` |
        | ▶ | approve `BRF-0001` | Owner | `docset approve BRF-0001 --by OWNER --request-id ID` |
        | ▶ | do intake again | Owner | set `run:intake:revise` |
        | ▶ | Go back to an earlier stage: rethink | Owner | set `run:rethink` |
        | ▶ | Give up: abort | Owner | set `run:abort` |
        | – | Vision and scope: vision | Owner | `PRB-0001` is a draft<br>`PER-0001` is a draft<br>no `scope` names issue 12<br>`BRF-0001` waits for its owner |
        | – | later: prd, arch, design, plan, dev, doc-audit, qa, release, postdeploy, ops | | `vision` follows `intake`, and `prd` comes later |
        ");
    let next = repository.policy(&["next", "--issue", "12", "--format", "json"]).json();
    assert_eq!((&next["version"], &next["stage"]), (&1.into(), &"intake".into()));
    let kinds: Vec<&str> =
        next["moves"].as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap()).collect();
    for kind in ["write", "submit", "approve", "revise", "rethink", "abort", "start"] {
        assert!(kinds.contains(&kind), "{kind}: {kinds:?}");
    }
}
