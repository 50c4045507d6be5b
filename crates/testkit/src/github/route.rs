//! Which request means which operation, and what it asks of a token.
//!
//! Permissions are those of
//! <https://docs.github.com/rest/authentication/permissions-required-for-github-apps>.

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::grant::{Access, Grant, Role};
use super::reply::{Answer, Reply};
use super::state::{Repository, State};
use super::{api, render};

/// An operation of the API.
pub(crate) struct Route {
    pub(crate) method: &'static str,
    /// As in GitHub's description. `{path}` stands for the rest of a path.
    pub(crate) template: &'static str,
    /// Its page, under `https://docs.github.com/rest/`.
    pub(crate) docs: &'static str,
    /// Permissions of which one is enough. Empty: any token will do.
    pub(crate) needs: &'static [(&'static str, Access)],
    /// What a person must be in the repository.
    pub(crate) role: Role,
    pub(crate) run: fn(&mut State, &Call<'_>) -> Answer,
}

impl Route {
    /// As in the records: method and template.
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.method, self.template)
    }

    /// `x-accepted-github-permissions`: alternatives are parted by semicolons.
    pub(crate) fn accepted_permissions(&self) -> String {
        let one = |(name, access): &(&str, Access)| format!("{name}={}", access.name());
        self.needs.iter().map(one).collect::<Vec<_>>().join("; ")
    }

    pub(crate) fn is_in_repository(&self) -> bool {
        self.template.starts_with("/repos/{owner}/{repo}")
    }

    pub(crate) fn is_in_organisation(&self) -> bool {
        self.template.starts_with("/orgs/{org}/actions")
    }
}

/// The values of the template's parameters if the path fits.
fn fit<'t>(template: &'t str, path: &[String]) -> Option<Vec<(&'t str, String)>> {
    let mut template = template.split('/').skip(1);
    let mut rest = path;
    let mut params = Vec::new();
    loop {
        match (template.next(), rest.split_first()) {
            (None, None) => return Some(params),
            (Some("{path}"), _) => {
                params.push(("path", rest.join("/")));
                return Some(params);
            }
            (Some(part), Some((segment, others))) => {
                match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
                    Some(name) => params.push((name, segment.clone())),
                    None if part == segment => {}
                    None => return None,
                }
                rest = others;
            }
            _ => return None,
        }
    }
}

/// The parameters in the path of a request whose operation is known. A repository by its number
/// has no owner and name to look at.
pub(crate) fn path_params(template: &str, path: &str) -> Vec<(String, String)> {
    let params = fit(template, &segments(path)).unwrap_or_default();
    params.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Names of a template's parameters, and what stands there in a path, decoded.
pub(crate) type Params = Vec<(&'static str, String)>;

/// One request, understood.
pub(crate) struct Call<'a> {
    pub(crate) base: &'a str,
    pub(crate) grant: &'a Grant,
    pub(crate) params: Params,
    pub(crate) query: Vec<(String, String)>,
    /// `Null` if there was none.
    pub(crate) body: Value,
    /// The path as GitHub writes it in links: a repository by its number.
    pub(crate) canonical_path: String,
}

impl<'a> Call<'a> {
    /// A parameter of the path, decoded. Empty if the template has none of that name.
    pub(crate) fn param(&self, name: &str) -> &str {
        self.params.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value.as_str())
    }

    /// A number in the path; what is none is not found.
    pub(crate) fn number(&self, name: &str) -> Result<u64, Reply> {
        self.param(name).parse().map_err(|_| Reply::not_found())
    }

    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn repository_key(&self) -> String {
        format!("{}/{}", self.param("owner"), self.param("repo")).to_lowercase()
    }

    pub(crate) fn repository<'s>(&self, state: &'s State) -> Result<&'s Repository, Reply> {
        state.repositories.get(&self.repository_key()).ok_or_else(Reply::not_found)
    }

    pub(crate) fn repository_mut<'s>(
        &self,
        state: &'s mut State,
    ) -> Result<&'s mut Repository, Reply> {
        state.repositories.get_mut(&self.repository_key()).ok_or_else(Reply::not_found)
    }

    pub(crate) fn render<'s>(&self, state: &'s State) -> render::Render<'s>
    where
        'a: 's,
    {
        render::Render { base: self.base, state }
    }

    /// A text of the body: `None` if it is missing or null, a refusal if it is something else.
    pub(crate) fn text(&self, field: &str) -> Result<Option<&str>, Reply> {
        match &self.body[field] {
            Value::Null => Ok(None),
            Value::String(text) => Ok(Some(text)),
            other => Err(Reply::malformed(&format!(
                "For 'properties/{field}', {other} is not a string."
            ))),
        }
    }

    pub(crate) fn required_text(&self, field: &str) -> Result<&str, Reply> {
        self.text(field)?.ok_or_else(|| Reply::missing(field))
    }
}

/// Splits a path into its segments, decoded.
pub(crate) fn segments(path: &str) -> Vec<String> {
    path.trim_start_matches('/')
        .split('/')
        .map(|part| percent_decode_str(part).decode_utf8_lossy().into_owned())
        .collect()
}

/// The pairs of a query, decoded.
pub(crate) fn query_pairs(query: &str) -> Vec<(String, String)> {
    let decode =
        |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        })
        .collect()
}

/// Finds the operation for a request.
pub(crate) fn find(method: &str, path: &[String]) -> Option<(&'static Route, Params)> {
    ROUTES
        .iter()
        .filter(|route| route.method == method)
        .find_map(|route| fit(route.template, path).map(|params| (route, params)))
}

const NOTHING: &[(&str, Access)] = &[];
const METADATA: &[(&str, Access)] = &[("metadata", Access::Read)];
const READ_ISSUES: &[(&str, Access)] = &[("issues", Access::Read)];
const WRITE_ISSUES: &[(&str, Access)] = &[("issues", Access::Write)];
const READ_PULLS: &[(&str, Access)] = &[("pull_requests", Access::Read)];
const WRITE_PULLS: &[(&str, Access)] = &[("pull_requests", Access::Write)];
const READ_EITHER: &[(&str, Access)] = &[("issues", Access::Read), ("pull_requests", Access::Read)];
const WRITE_EITHER: &[(&str, Access)] =
    &[("issues", Access::Write), ("pull_requests", Access::Write)];
const READ_VARIABLES: &[(&str, Access)] = &[("actions_variables", Access::Read)];
const WRITE_VARIABLES: &[(&str, Access)] = &[("actions_variables", Access::Write)];
const READ_ORG_VARIABLES: &[(&str, Access)] = &[("organization_actions_variables", Access::Read)];
const WRITE_ORG_VARIABLES: &[(&str, Access)] = &[("organization_actions_variables", Access::Write)];
const READ_CONTENTS: &[(&str, Access)] = &[("contents", Access::Read)];
const WRITE_CONTENTS: &[(&str, Access)] = &[("contents", Access::Write)];
const WRITE_ACTIONS: &[(&str, Access)] = &[("actions", Access::Write)];

macro_rules! routes {
    ($($method:literal $template:literal, $docs:literal, $needs:ident, $role:ident, $run:path;)*) => {
        &[$(Route {
            method: $method,
            template: $template,
            docs: $docs,
            needs: $needs,
            role: Role::$role,
            run: $run,
        }),*]
    };
}

/// Every operation of the fake. Where two templates fit, the first one wins.
#[rustfmt::skip]
pub(crate) static ROUTES: &[Route] = routes! {
    "GET" "/user", "users/users#get-the-authenticated-user", NOTHING, None, api::account::me;
    "GET" "/users/{username}", "users/users#get-a-user", NOTHING, None, api::account::get;
    "GET" "/rate_limit", "rate-limit/rate-limit#get-rate-limit-status-for-the-authenticated-user", NOTHING, None, api::account::rate_limit;

    "GET" "/orgs/{org}/repos", "repos/repos#list-organization-repositories", METADATA, None, api::repository::of_organisation;
    "GET" "/users/{username}/repos", "repos/repos#list-repositories-for-a-user", METADATA, None, api::repository::of_user;
    "GET" "/repos/{owner}/{repo}", "repos/repos#get-a-repository", METADATA, Read, api::repository::get;
    "GET" "/repos/{owner}/{repo}/collaborators/{username}/permission", "collaborators/collaborators#get-repository-permissions-for-a-user", METADATA, Read, api::repository::permission;
    "POST" "/repos/{owner}/{repo}/dispatches", "repos/repos#create-a-repository-dispatch-event", WRITE_CONTENTS, Write, api::dispatch::repository;
    "POST" "/repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches", "actions/workflows#create-a-workflow-dispatch-event", WRITE_ACTIONS, Write, api::dispatch::workflow;

    "GET" "/repos/{owner}/{repo}/labels", "issues/labels#list-labels-for-a-repository", READ_EITHER, Read, api::label::list;
    "POST" "/repos/{owner}/{repo}/labels", "issues/labels#create-a-label", WRITE_EITHER, Write, api::label::create;
    "GET" "/repos/{owner}/{repo}/labels/{name}", "issues/labels#get-a-label", READ_EITHER, Read, api::label::get;
    "PATCH" "/repos/{owner}/{repo}/labels/{name}", "issues/labels#update-a-label", WRITE_EITHER, Write, api::label::update;
    "DELETE" "/repos/{owner}/{repo}/labels/{name}", "issues/labels#delete-a-label", WRITE_EITHER, Write, api::label::delete;
    "GET" "/repos/{owner}/{repo}/issues/{issue_number}/labels", "issues/labels#list-labels-for-an-issue", READ_EITHER, Read, api::issue_label::list;
    "POST" "/repos/{owner}/{repo}/issues/{issue_number}/labels", "issues/labels#add-labels-to-an-issue", WRITE_EITHER, Triage, api::issue_label::add;
    "PUT" "/repos/{owner}/{repo}/issues/{issue_number}/labels", "issues/labels#set-labels-for-an-issue", WRITE_EITHER, Triage, api::issue_label::set;
    "DELETE" "/repos/{owner}/{repo}/issues/{issue_number}/labels", "issues/labels#remove-all-labels-from-an-issue", WRITE_EITHER, Triage, api::issue_label::clear;
    "DELETE" "/repos/{owner}/{repo}/issues/{issue_number}/labels/{name}", "issues/labels#remove-a-label-from-an-issue", WRITE_EITHER, Triage, api::issue_label::remove;

    "GET" "/repos/{owner}/{repo}/actions/variables", "actions/variables#list-repository-variables", READ_VARIABLES, Write, api::variable::list;
    "POST" "/repos/{owner}/{repo}/actions/variables", "actions/variables#create-a-repository-variable", WRITE_VARIABLES, Write, api::variable::create;
    "GET" "/repos/{owner}/{repo}/actions/variables/{name}", "actions/variables#get-a-repository-variable", READ_VARIABLES, Write, api::variable::get;
    "PATCH" "/repos/{owner}/{repo}/actions/variables/{name}", "actions/variables#update-a-repository-variable", WRITE_VARIABLES, Write, api::variable::update;
    "DELETE" "/repos/{owner}/{repo}/actions/variables/{name}", "actions/variables#delete-a-repository-variable", WRITE_VARIABLES, Write, api::variable::delete;
    "GET" "/orgs/{org}/actions/variables", "actions/variables#list-organization-variables", READ_ORG_VARIABLES, Admin, api::variable::list;
    "POST" "/orgs/{org}/actions/variables", "actions/variables#create-an-organization-variable", WRITE_ORG_VARIABLES, Admin, api::variable::create;
    "GET" "/orgs/{org}/actions/variables/{name}", "actions/variables#get-an-organization-variable", READ_ORG_VARIABLES, Admin, api::variable::get;
    "PATCH" "/orgs/{org}/actions/variables/{name}", "actions/variables#update-an-organization-variable", WRITE_ORG_VARIABLES, Admin, api::variable::update;
    "DELETE" "/orgs/{org}/actions/variables/{name}", "actions/variables#delete-an-organization-variable", WRITE_ORG_VARIABLES, Admin, api::variable::delete;

    "GET" "/repos/{owner}/{repo}/issues", "issues/issues#list-repository-issues", READ_ISSUES, Read, api::issue::list;
    "POST" "/repos/{owner}/{repo}/issues", "issues/issues#create-an-issue", WRITE_ISSUES, Read, api::issue::create;
    "GET" "/repos/{owner}/{repo}/issues/comments", "issues/comments#list-issue-comments-for-a-repository", READ_EITHER, Read, api::comment::list_all;
    "GET" "/repos/{owner}/{repo}/issues/comments/{comment_id}", "issues/comments#get-an-issue-comment", READ_EITHER, Read, api::comment::get;
    "PATCH" "/repos/{owner}/{repo}/issues/comments/{comment_id}", "issues/comments#update-an-issue-comment", WRITE_EITHER, Read, api::comment::update;
    "DELETE" "/repos/{owner}/{repo}/issues/comments/{comment_id}", "issues/comments#delete-an-issue-comment", WRITE_EITHER, Read, api::comment::delete;
    "GET" "/repos/{owner}/{repo}/issues/{issue_number}", "issues/issues#get-an-issue", READ_EITHER, Read, api::issue::get;
    "PATCH" "/repos/{owner}/{repo}/issues/{issue_number}", "issues/issues#update-an-issue", WRITE_EITHER, Read, api::issue::update;
    "GET" "/repos/{owner}/{repo}/issues/{issue_number}/comments", "issues/comments#list-issue-comments", READ_EITHER, Read, api::comment::list;
    "POST" "/repos/{owner}/{repo}/issues/{issue_number}/comments", "issues/comments#create-an-issue-comment", WRITE_EITHER, Read, api::comment::create;
    "GET" "/repos/{owner}/{repo}/issues/{issue_number}/reactions", "reactions/reactions#list-reactions-for-an-issue", READ_EITHER, Read, api::reaction::list;
    "POST" "/repos/{owner}/{repo}/issues/{issue_number}/reactions", "reactions/reactions#create-reaction-for-an-issue", WRITE_EITHER, Read, api::reaction::create;
    "GET" "/repos/{owner}/{repo}/issues/comments/{comment_id}/reactions", "reactions/reactions#list-reactions-for-an-issue-comment", READ_EITHER, Read, api::reaction::list;
    "POST" "/repos/{owner}/{repo}/issues/comments/{comment_id}/reactions", "reactions/reactions#create-reaction-for-an-issue-comment", WRITE_EITHER, Read, api::reaction::create;

    "GET" "/repos/{owner}/{repo}/pulls", "pulls/pulls#list-pull-requests", READ_PULLS, Read, api::pull::list;
    "POST" "/repos/{owner}/{repo}/pulls", "pulls/pulls#create-a-pull-request", WRITE_PULLS, Write, api::pull::create;
    "GET" "/repos/{owner}/{repo}/pulls/{pull_number}", "pulls/pulls#get-a-pull-request", READ_PULLS, Read, api::pull::get;
    "PATCH" "/repos/{owner}/{repo}/pulls/{pull_number}", "pulls/pulls#update-a-pull-request", WRITE_PULLS, Read, api::pull::update;
    "GET" "/repos/{owner}/{repo}/pulls/{pull_number}/files", "pulls/pulls#list-pull-requests-files", READ_PULLS, Read, api::pull::files;

    "GET" "/repos/{owner}/{repo}/contents/{path}", "repos/contents#get-repository-content", READ_CONTENTS, Read, api::contents::get;
    "PUT" "/repos/{owner}/{repo}/contents/{path}", "repos/contents#create-or-update-file-contents", WRITE_CONTENTS, Write, api::contents::put;
    "DELETE" "/repos/{owner}/{repo}/contents/{path}", "repos/contents#delete-a-file", WRITE_CONTENTS, Write, api::contents::delete;
};
