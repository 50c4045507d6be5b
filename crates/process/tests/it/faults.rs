//! What is wrong with a definition is said with its line.

use countersign_config::ConfigError;
use countersign_process::Process;

fn error(text: &str) -> String {
    match Process::parse("countersign.yaml", text).unwrap_err() {
        ConfigError::Invalid { line, column, message, help, .. } => {
            format!("{line}:{column}: {message} ({help})")
        }
        other => other.to_string(),
    }
}

#[test]
fn every_fault_names_its_line_and_what_to_do() {
    let mut errors = String::new();
    for text in [
        "process: {stage: {}}",
        "process:\n  profiles:\n    full: [intake, visoin]\n",
        "process:\n  profiles:\n    full: [intake, intake]\n",
        "process:\n  profiles:\n    full: [intake, abort]\n",
        "process:\n  profiles:\n    full: []\n",
        "process: {default_profile: ful}",
        "process:\n  stages:\n    intake: {roles: [PO]}\n",
        "process:\n  stages:\n    intake: {may_change: [doc]}\n",
        "process:\n  stages:\n    intake: {start: {label: 'run:prd'}}\n",
        "process:\n  stages:\n    intake: {start: {workflow: 'a b'}}\n",
        "process:\n  stages:\n    x: {roles: [PM]}\n",
        "process:\n  stages:\n    x: {start: {label: l, workflow: w}}\n",
        "process:\n  stages:\n    intake: {produces: {optional: [brief]}}\n",
        "process:\n  stages:\n    intake: {needs: {things: [isue]}}\n",
        "process:\n  stages:\n    vision: {needs: {packages: [[intake, foo]]}}\n",
        "process:\n  stages:\n    vision: ~\n",
        "process:\n  roles:\n    QA: ~\n",
        "process:\n  roles:\n    PM: {access: {run_modes: [], read: none, write: none, metrics: none, database: none, secrets: none}}\n",
        "process:\n  owners: ['dependabot[bot]']\n",
        "process:\n  owners: [octavia, Ghost]\n",
        "process:\n  owners: [{login: octavia, id: 10137}]\n",
        "process:\n  owners: [{login: octavia, id: 0}]\n",
        "process:\n  owners: [{login: octavia, di: 1}]\n",
        "process:\n  delegations: [{to: 'x[bot]', labels: [trigger], until: 2026-12-31T00:00:00Z}]\n",
        "process:\n  delegations: [{to: anna, labels: [trigger], until: 2026-12-31}]\n",
        "process:\n  delegations: [{to: anna, until: 2026-12-31T00:00:00Z}]\n",
        "process:\n  delegations: [{to: anna, operations: [deplo], until: 2026-12-31T00:00:00Z}]\n",
        "process:\n  operations:\n    tweet: {en: tweet}\n",
        "process:\n  rules:\n    drafts: {operations: [github_comments]}\n",
        "process:\n  rules:\n    drafts: {who: [robot]}\n",
        "process:\n  rules:\n    drafts: {when: {issue.stag: [dev]}}\n",
        "process:\n  rules:\n    drafts: {when: {issue.stage: []}}\n",
        "process:\n  rules:\n    drafts: {when: {issue.stage: {}}}\n",
        "process:\n  rules:\n    drafts: {decide: maybe}\n",
        "process:\n  rules:\n    drafts: {decide: {approval: {quorum: 0}}}\n",
        "process:\n  rules:\n    drafts: {decide: {approval: {by: [anna], quorum: 2}}}\n",
        "process:\n  rules:\n    drafts: {decide: {approval: {by: ['a[bot]']}}}\n",
        "process:\n  rules:\n    drafts: {decide: {approval: {expires: soon}}}\n",
        "process:\n  rules:\n    mine: {who: [agent], operations: ['*'], because: x}\n",
        "process:\n  rules:\n    mine: {who: [agent], operations: ['*'], decide: allow}\n",
        "process:\n  rules:\n    mine: {operations: ['*'], decide: allow, because: x}\n",
        "process:\n  rules:\n    mine: {who: [agent], decide: allow, because: x}\n",
    ] {
        errors.push_str(&error(text));
        errors.push('\n');
    }
    insta::assert_snapshot!(errors, @"
    1:11: unknown key `stage` (did you mean `stages`?)
    3:20: there is no stage `visoin` (did you mean `vision`?)
    3:20: the profile `full` has the stage `intake` twice (keep one of the two)
    3:20: the stage `abort` may follow any stage (leave it out of profiles)
    3:5: the profile `full` has no stages (name them in their order)
    1:28: there is no profile `ful` (did you mean `full`?)
    3:22: there is no role `PO` (did you mean `PM`?)
    3:27: there is no set of paths `doc` (did you mean `docs`?)
    3:29: the label `run:prd` starts `intake` and `prd` (give each a label of its own)
    3:32: `a b` is no name of a workflow (write its file name without `.yml`)
    3:5: `start` of the stage `x` names no workflow (add `workflow:`)
    3:5: no role works on the stage `x` (add `roles:` with the leading role first)
    3:14: the stage `intake` produces `brief` twice (it is required, one or more, optional, or conditional: keep one)
    3:31: there is no thing `isue` (did you mean `issue`?)
    3:42: there is no stage `foo` (use one of abort, arch, design, dev, doc-audit, intake, ops, plan, postdeploy, prd, qa, release, rethink, vision)
    1:1: there is no stage `vision`, which `profiles: full: 1` of the default process names (use one of abort, arch, design, dev, doc-audit, intake, ops, plan, postdeploy, prd, qa, release, rethink; or change that entry, too)
    1:1: there is no role `QA`, which `stages: design: roles: 1` of the default process names (did you mean `SA`?; or change that entry, too)
    3:19: agents of the role `PM` are run in no way at all (name `full-env`, `code-only` or both)
    2:12: `dependabot[bot]` is no login of a person (write the login of a person on GitHub; an agent can be neither owner nor delegate)
    2:21: `Ghost` is no login of a person (write the login of a person on GitHub; an agent can be neither owner nor delegate)
    2:12: `octavia` with the number 10137 is no account of a person (write `id` of https://api.github.com/users/octavia, or leave it out)
    2:12: `octavia` with the number 0 is no account of a person (write `id` of https://api.github.com/users/octavia, or leave it out)
    2:11: expected a login, or `{login: …, id: …}` ()
    2:22: `x[bot]` is no login of a person (write the login of a person on GitHub; an agent can be neither owner nor delegate)
    2:54: `2026-12-31` is no point in time; write it as `2026-12-31T00:00:00Z` (a delegation ends at a point in time, in UTC)
    2:22: nothing is delegated to `anna` (name classes of labels (`labels: [trigger]`) or operations)
    2:28: there is no operation `deplo` (did you mean `deploy`?)
    3:5: the operation `tweet` does not say what it can bring about (add `effect:` with one of label, work, record, read, question, stage, run, deploy, merge, approval, authority)
    3:27: there is no operation `github_comments` (did you mean `github_comment`?)
    3:20: unknown value `robot` (use one of owner, delegate, human, agent, workflow, unknown)
    3:21: there is no fact `issue.stag` (did you mean `issue.stage`?; others are `arguments.NAME` and `context.NAME`)
    3:21: nothing is asked of the fact `issue.stage` (name values, or leave the fact out)
    3:21: nothing is asked of the fact `issue.stage` (name values, or leave the fact out)
    3:13: expected `allow`, `deny`, or `{approval: {by: [owner]}}` ()
    3:42: the approval of the rule `drafts` needs nobody (write 1 or more, or `decide: allow`)
    3:54: the approval of the rule `drafts` needs more people than may give it (lower `quorum:`, or name more in `by:`)
    3:34: `a[bot]` is no login of a person (write the login of a person on GitHub; an agent can be neither owner nor delegate)
    3:43: the approval of the rule `drafts` has no expiry that can be read (write it as `24h` or `15m`)
    3:5: the rule `mine` decides nothing (add `decide:` with `allow`, `deny` or `{approval: {by: [owner]}}`)
    3:5: the rule `mine` does not say why it is there (add `because:`)
    3:5: the rule `mine` is about nobody (add `who:`, such as `[agent]`)
    3:5: the rule `mine` is about no operation (add `operations:` or `effects:`)
    ");
}
