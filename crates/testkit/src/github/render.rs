//! State in the shapes that GitHub's description gives to replies.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::state::{
    AccountKind, Comment, Issue, Label, PullRequest, Reaction, Repository, State, Variable,
    Visibility,
};
use super::tree::blob_id;

/// What of a segment of a path needs no encoding.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

const REACTIONS: [&str; 8] = ["+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes"];

/// Encodes one segment of a path.
pub(crate) fn segment(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

/// Encodes a path, leaving its slashes.
pub(crate) fn path(text: &str) -> String {
    text.split('/').map(segment).collect::<Vec<_>>().join("/")
}

/// Draws state with addresses under `base`.
#[derive(Clone, Copy)]
pub(crate) struct Render<'a> {
    pub(crate) base: &'a str,
    pub(crate) state: &'a State,
}

impl Render<'_> {
    fn api(&self, repository: &Repository, rest: &str) -> String {
        format!("{}/repos/{}{rest}", self.base, repository.full_name())
    }

    fn web(&self, repository: &Repository, rest: &str) -> String {
        format!("{}/{}{rest}", self.base, repository.full_name())
    }

    /// An account as it appears inside of other things.
    pub(crate) fn user(&self, login: &str) -> Value {
        let account = self.state.accounts.get(&login.to_lowercase());
        let kind = account.map_or(AccountKind::User, |account| account.kind);
        let login = account.map_or(login, |account| account.login.as_str());
        let url = format!("{}/users/{}", self.base, segment(login));
        json!({
            "login": login,
            "id": account.map_or(0, |account| account.id),
            "node_id": format!("U_{login}"),
            "avatar_url": format!("{}/avatars/{}", self.base, segment(login)),
            "gravatar_id": "",
            "url": url,
            "html_url": format!("{}/{}", self.base, segment(login)),
            "followers_url": format!("{url}/followers"),
            "following_url": format!("{url}/following{{/other_user}}"),
            "gists_url": format!("{url}/gists{{/gist_id}}"),
            "starred_url": format!("{url}/starred{{/owner}}{{/repo}}"),
            "subscriptions_url": format!("{url}/subscriptions"),
            "organizations_url": format!("{url}/orgs"),
            "repos_url": format!("{url}/repos"),
            "events_url": format!("{url}/events{{/privacy}}"),
            "received_events_url": format!("{url}/received_events"),
            "type": kind.name(),
            "user_view_type": "public",
            "site_admin": false,
        })
    }

    /// Somebody who may have been deleted since.
    pub(crate) fn author(&self, login: Option<&str>) -> Value {
        login.map_or(Value::Null, |login| self.user(login))
    }

    /// An account as it shows itself; `private` is what only its owner sees.
    pub(crate) fn profile(&self, login: &str, private: bool) -> Value {
        let mut profile = self.user(login);
        let at = self.state.now.to_string();
        let mut rest = json!({
            "name": null, "company": null, "blog": "", "location": null, "email": null,
            "hireable": null, "bio": null, "twitter_username": null,
            "public_repos": 0, "public_gists": 0, "followers": 0, "following": 0,
            "created_at": at, "updated_at": at,
        });
        if private {
            merge(
                &mut rest,
                json!({
                    "user_view_type": "private",
                    "private_gists": 0, "total_private_repos": 0, "owned_private_repos": 0,
                    "disk_usage": 0, "collaborators": 0, "two_factor_authentication": true,
                }),
            );
        }
        merge(&mut profile, rest);
        profile
    }

    pub(crate) fn repository(&self, repository: &Repository) -> Value {
        let url = self.api(repository, "");
        let web = self.web(repository, "");
        let open = repository.issues.values().filter(|issue| issue.open).count();
        let created = repository.created_at.to_string();
        let pushed = repository.pushed_at().to_string();
        let mut value = json!({
            "id": repository.id,
            "node_id": format!("R_{}", repository.id),
            "name": repository.name,
            "full_name": repository.full_name(),
            "owner": self.user(&repository.owner),
            "private": repository.private,
            "visibility": if repository.private { "private" } else { "public" },
            "html_url": web,
            "description": null,
            "fork": false,
            "url": url,
            "git_url": format!("git://127.0.0.1/{}.git", repository.full_name()),
            "ssh_url": format!("git@127.0.0.1:{}.git", repository.full_name()),
            "clone_url": format!("{web}.git"),
            "svn_url": web,
            "mirror_url": null,
            "homepage": null,
            "language": null,
            "forks_count": 0, "stargazers_count": 0, "watchers_count": 0, "size": 0,
            "default_branch": repository.default_branch,
            "open_issues_count": open,
            "has_issues": true, "has_projects": true, "has_wiki": true, "has_pages": false,
            "has_downloads": true, "has_discussions": false,
            "archived": repository.archived,
            "disabled": false,
            "pushed_at": pushed, "created_at": created, "updated_at": pushed,
            "subscribers_count": 0, "network_count": 0,
            "license": null,
            "forks": 0, "open_issues": open, "watchers": 0,
        });
        const URLS: [(&str, &str); 36] = [
            ("archive_url", "/{archive_format}{/ref}"),
            ("assignees_url", "/assignees{/user}"),
            ("blobs_url", "/git/blobs{/sha}"),
            ("branches_url", "/branches{/branch}"),
            ("collaborators_url", "/collaborators{/collaborator}"),
            ("comments_url", "/comments{/number}"),
            ("commits_url", "/commits{/sha}"),
            ("compare_url", "/compare/{base}...{head}"),
            ("contents_url", "/contents/{+path}"),
            ("contributors_url", "/contributors"),
            ("deployments_url", "/deployments"),
            ("downloads_url", "/downloads"),
            ("events_url", "/events"),
            ("forks_url", "/forks"),
            ("git_commits_url", "/git/commits{/sha}"),
            ("git_refs_url", "/git/refs{/sha}"),
            ("git_tags_url", "/git/tags{/sha}"),
            ("hooks_url", "/hooks"),
            ("issue_comment_url", "/issues/comments{/number}"),
            ("issue_events_url", "/issues/events{/number}"),
            ("issues_url", "/issues{/number}"),
            ("keys_url", "/keys{/key_id}"),
            ("labels_url", "/labels{/name}"),
            ("languages_url", "/languages"),
            ("merges_url", "/merges"),
            ("milestones_url", "/milestones{/number}"),
            ("notifications_url", "/notifications{?since,all,participating}"),
            ("pulls_url", "/pulls{/number}"),
            ("releases_url", "/releases{/id}"),
            ("stargazers_url", "/stargazers"),
            ("statuses_url", "/statuses/{sha}"),
            ("subscribers_url", "/subscribers"),
            ("subscription_url", "/subscription"),
            ("tags_url", "/tags"),
            ("teams_url", "/teams"),
            ("trees_url", "/git/trees{/sha}"),
        ];
        for (name, rest) in URLS {
            value[name] = format!("{url}{rest}").into();
        }
        value
    }

    pub(crate) fn label(&self, repository: &Repository, label: &Label) -> Value {
        json!({
            "id": label.id,
            "node_id": format!("LA_{}", label.id),
            "url": self.api(repository, &format!("/labels/{}", segment(&label.name))),
            "name": label.name,
            "color": label.color,
            "default": false,
            "description": label.description,
        })
    }

    pub(crate) fn labels(&self, repository: &Repository, ids: &[u64]) -> Value {
        repository.labels_with(ids).map(|label| self.label(repository, label)).collect()
    }

    fn association(&self, repository: &Repository, login: Option<&str>) -> &'static str {
        use super::grant::Role;
        let Some(login) = login else { return "NONE" };
        if login.eq_ignore_ascii_case(&repository.owner) {
            return "OWNER";
        }
        match repository.role_of(login) {
            Role::None | Role::Read => "NONE",
            Role::Triage | Role::Write | Role::Maintain | Role::Admin => "COLLABORATOR",
        }
    }

    fn reactions(&self, url: &str, reactions: &[Reaction]) -> Value {
        let mut rollup = json!({
            "url": format!("{url}/reactions"),
            "total_count": reactions.len(),
        });
        for content in REACTIONS {
            rollup[content] = reactions.iter().filter(|it| it.content == content).count().into();
        }
        rollup
    }

    pub(crate) fn reaction(&self, reaction: &Reaction) -> Value {
        json!({
            "id": reaction.id,
            "node_id": format!("REA_{}", reaction.id),
            "user": self.user(&reaction.author),
            "content": reaction.content,
            "created_at": reaction.created_at.to_string(),
        })
    }

    /// An issue, or a pull request as the issues API shows it.
    pub(crate) fn issue(&self, repository: &Repository, issue: &Issue) -> Value {
        let url = self.api(repository, &format!("/issues/{}", issue.number));
        let kind = if issue.pull_request.is_some() { "pull" } else { "issues" };
        let web = self.web(repository, &format!("/{kind}/{}", issue.number));
        let mut value = json!({
            "url": url,
            "repository_url": self.api(repository, ""),
            "labels_url": format!("{url}/labels{{/name}}"),
            "comments_url": format!("{url}/comments"),
            "events_url": format!("{url}/events"),
            "timeline_url": format!("{url}/timeline"),
            "html_url": web,
            "id": issue.id,
            "node_id": format!("I_{}", issue.id),
            "number": issue.number,
            "title": issue.title,
            "user": self.author(issue.author.as_deref()),
            "labels": self.labels(repository, &issue.labels),
            "state": state_name(issue),
            "state_reason": issue.state_reason,
            "locked": false,
            "active_lock_reason": null,
            "assignee": self.author(issue.assignees.first().map(String::as_str)),
            "assignees": self.users(&issue.assignees),
            "milestone": null,
            "comments": issue.comments.len(),
            "created_at": issue.created_at.to_string(),
            "updated_at": issue.updated_at.to_string(),
            "closed_at": issue.closed_at.map(|at| at.to_string()),
            "closed_by": self.author(issue.closed_by.as_deref()),
            "author_association": self.association(repository, issue.author.as_deref()),
            "body": issue.body,
            "performed_via_github_app": null,
            "reactions": self.reactions(&url, &issue.reactions),
        });
        if let Some(pull) = &issue.pull_request {
            value["draft"] = pull.draft.into();
            value["pull_request"] = json!({
                "url": self.api(repository, &format!("/pulls/{}", issue.number)),
                "html_url": web,
                "diff_url": format!("{web}.diff"),
                "patch_url": format!("{web}.patch"),
                "merged_at": null,
            });
        }
        value
    }

    fn users(&self, logins: &[String]) -> Value {
        logins.iter().map(|login| self.user(login)).collect()
    }

    pub(crate) fn comment(&self, repository: &Repository, issue: u64, comment: &Comment) -> Value {
        let url = self.api(repository, &format!("/issues/comments/{}", comment.id));
        json!({
            "url": url,
            "html_url": self.web(repository, &format!("/issues/{issue}#issuecomment-{}", comment.id)),
            "issue_url": self.api(repository, &format!("/issues/{issue}")),
            "id": comment.id,
            "node_id": format!("IC_{}", comment.id),
            "user": self.author(comment.author.as_deref()),
            "created_at": comment.created_at.to_string(),
            "updated_at": comment.updated_at.to_string(),
            "author_association": self.association(repository, comment.author.as_deref()),
            "body": comment.body,
            "performed_via_github_app": null,
            "reactions": self.reactions(&url, &comment.reactions),
        })
    }

    /// A pull request as lists show it.
    pub(crate) fn pull(&self, repository: &Repository, issue: &Issue, it: &PullRequest) -> Value {
        let number = issue.number;
        let url = self.api(repository, &format!("/pulls/{number}"));
        let web = self.web(repository, &format!("/pull/{number}"));
        let issue_url = self.api(repository, &format!("/issues/{number}"));
        let head = repository.commits.find(&it.head).map_or("", |commit| commit.sha.as_str());
        let statuses = self.api(repository, &format!("/statuses/{head}"));
        let link = |href: &str| json!({ "href": href });
        json!({
            "url": url,
            "id": issue.id,
            "node_id": format!("PR_{}", issue.id),
            "html_url": web,
            "diff_url": format!("{web}.diff"),
            "patch_url": format!("{web}.patch"),
            "issue_url": issue_url,
            "number": number,
            "state": state_name(issue),
            "locked": false,
            "title": issue.title,
            "user": self.author(issue.author.as_deref()),
            "body": issue.body,
            "created_at": issue.created_at.to_string(),
            "updated_at": issue.updated_at.to_string(),
            "closed_at": issue.closed_at.map(|at| at.to_string()),
            "merged_at": null,
            "merge_commit_sha": null,
            "assignee": self.author(issue.assignees.first().map(String::as_str)),
            "assignees": self.users(&issue.assignees),
            "requested_reviewers": [],
            "requested_teams": [],
            "labels": self.labels(repository, &issue.labels),
            "milestone": null,
            "draft": it.draft,
            "commits_url": format!("{url}/commits"),
            "review_comments_url": format!("{url}/comments"),
            "review_comment_url": self.api(repository, "/pulls/comments{/number}"),
            "comments_url": format!("{issue_url}/comments"),
            "statuses_url": statuses,
            "head": self.branch(repository, &it.head),
            "base": self.branch(repository, &it.base),
            "_links": {
                "self": link(&url),
                "html": link(&web),
                "issue": link(&issue_url),
                "comments": link(&format!("{issue_url}/comments")),
                "review_comments": link(&format!("{url}/comments")),
                "review_comment": link(&self.api(repository, "/pulls/comments{/number}")),
                "commits": link(&format!("{url}/commits")),
                "statuses": link(&statuses),
            },
            "author_association": self.association(repository, issue.author.as_deref()),
            "auto_merge": null,
            "active_lock_reason": null,
        })
    }

    /// A pull request on its own.
    pub(crate) fn full_pull(
        &self,
        repository: &Repository,
        issue: &Issue,
        it: &PullRequest,
    ) -> Value {
        let mut value = self.pull(repository, issue, it);
        let files = self.files(repository, it);
        let sum = |name: &str| files.iter().filter_map(|file| file[name].as_u64()).sum::<u64>();
        merge(
            &mut value,
            json!({
                "merged": it.merged,
                "mergeable": true,
                "rebaseable": true,
                "mergeable_state": "clean",
                "merged_by": null,
                "comments": issue.comments.len(),
                "review_comments": 0,
                "maintainer_can_modify": false,
                "commits": repository.commits.ahead(&it.base, &it.head),
                "additions": sum("additions"),
                "deletions": sum("deletions"),
                "changed_files": files.len(),
            }),
        );
        value
    }

    fn branch(&self, repository: &Repository, name: &str) -> Value {
        json!({
            "label": format!("{}:{name}", repository.owner),
            "ref": name,
            "sha": repository.commits.find(name).map_or("", |commit| commit.sha.as_str()),
            "user": self.user(&repository.owner),
            "repo": self.repository(repository),
        })
    }

    /// The files that a pull request changes.
    pub(crate) fn files(&self, repository: &Repository, it: &PullRequest) -> Vec<Value> {
        let head = repository.commits.find(&it.head).map_or("", |commit| commit.sha.as_str());
        let text =
            |bytes: Option<&[u8]>| String::from_utf8_lossy(bytes.unwrap_or(b"")).into_owned();
        repository
            .commits
            .changes(&it.base, &it.head)
            .into_iter()
            .map(|change| {
                let diff =
                    diffy::create_patch(&text(change.before), &text(change.after)).to_string();
                // GitHub leaves out the two lines that name the files.
                let patch = diff.splitn(3, '\n').nth(2).unwrap_or("");
                let starting =
                    |sign: char| patch.lines().filter(|line| line.starts_with(sign)).count();
                let (additions, deletions) = (starting('+'), starting('-'));
                let status = match (change.before, change.after) {
                    (None, _) => "added",
                    (_, None) => "removed",
                    _ => "modified",
                };
                let at = path(change.path);
                let contents = self.api(repository, &format!("/contents/{at}?ref={head}"));
                json!({
                    "sha": blob_id(change.after.or(change.before).unwrap_or(b"")),
                    "filename": change.path,
                    "status": status,
                    "additions": additions,
                    "deletions": deletions,
                    "changes": additions + deletions,
                    "blob_url": self.web(repository, &format!("/blob/{head}/{at}")),
                    "raw_url": self.web(repository, &format!("/raw/{head}/{at}")),
                    "contents_url": contents,
                    "patch": patch.trim_end(),
                })
            })
            .collect()
    }

    /// A variable; that of an organisation also says who sees it.
    pub(crate) fn variable(&self, variable: &Variable, organisation: Option<&str>) -> Value {
        let mut value = json!({
            "name": variable.name,
            "value": variable.value,
            "created_at": variable.created_at.to_string(),
            "updated_at": variable.updated_at.to_string(),
        });
        if let Some(organisation) = organisation {
            value["visibility"] = variable.visibility.name().into();
            if matches!(variable.visibility, Visibility::Selected(_)) {
                let name = &variable.name;
                let url = format!(
                    "{}/orgs/{organisation}/actions/variables/{name}/repositories",
                    self.base
                );
                value["selected_repositories_url"] = url.into();
            }
        }
        value
    }
}

impl Visibility {
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Private => "private",
            Self::Selected(_) => "selected",
        }
    }
}

fn state_name(issue: &Issue) -> &'static str {
    if issue.open { "open" } else { "closed" }
}

/// Lays the keys of one object over another.
pub(crate) fn merge(onto: &mut Value, from: Value) {
    if let (Some(onto), Value::Object(from)) = (onto.as_object_mut(), from) {
        let from: Map<String, Value> = from;
        onto.extend(from);
    }
}
