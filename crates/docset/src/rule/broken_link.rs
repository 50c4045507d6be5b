//! `broken-link`: a link that leads nowhere.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;
use rustc_hash::FxHashMap;

use super::{Check, DocumentContext, Rule, TreeContext, TreeFindings};
use crate::diagnostic::{Finding, Severity, excerpt};
use crate::document::Document;
use crate::markdown::{LinkKind, Outline, anchors, certainly_has_slug, plain_text, slug};
use crate::nearest::nearest;
use crate::tree::{AnchoredLink, parent, resolve};

pub(super) static RULE: Rule = Rule {
    id: "broken-link",
    summary: "a link, anchor or back-ticked path that leads nowhere",
    severity: Severity::Error,
    page: include_str!("../../../../docs/rules/broken-link.md"),
    options: &["extensions"],
    check: Check::Both(check, check_tree),
};

/// Back-ticked names with these extensions are taken for paths of the repository.
const BACKTICKED: [&str; 1] = ["md"];

/// First folders of addresses that GitHub answers beside the files of a repository.
const GITHUB_PAGES: [&str; 16] = [
    "actions",
    "blob",
    "commit",
    "commits",
    "compare",
    "discussions",
    "issues",
    "labels",
    "milestone",
    "milestones",
    "projects",
    "pull",
    "pulls",
    "releases",
    "tree",
    "wiki",
];

/// Looking for a near anchor costs a comparison with every anchor; past so many
/// findings the reader has other worries.
const SUGGESTIONS: usize = 20;

/// Anchors that no heading makes: an HTML `id` or `name`, and `{#id}`.
static EXPLICIT: LazyLock<Regex> = LazyLock::new(|| {
    fixed(
        r#"(?:\b[iI][dD]|\b[nN][aA][mM][eE])\s*=\s*(?:"([^"\n]+)"|'([^'\n]+)'|([^\s"'=<>`]+))|\{#([^}\s]+)\}"#,
    )
});

/// Headings written in HTML.
static HTML_HEADING: LazyLock<Regex> = LazyLock::new(|| {
    fixed(r"<[hH][1-6](?:\s[^>]*)?>([^<]*(?:<[^/][^>]*>[^<]*|</[^hH][^>]*>[^<]*)*)</[hH][1-6]>")
});

fn fixed(pattern: &str) -> Regex {
    match Regex::new(pattern) {
        Ok(regex) => regex,
        Err(error) => unreachable!("the pattern is fixed: {error}"),
    }
}

/// Paths, and anchors of the document itself.
fn check(context: &DocumentContext<'_>, findings: &mut Vec<Finding>) {
    let outline = &context.document.outline;
    let mut own_anchors = None;
    let mut suggestions = 0;
    for link in outline.links.iter().filter(|link| link.kind != LinkKind::Autolink) {
        let fault = match target(context.path, &link.destination) {
            Target::Elsewhere => continue,
            Target::Nowhere(message, help) => Some((message, help)),
            Target::Own(anchor) if has_heading(context.text(), outline, &anchor) => continue,
            Target::Own(anchor) => {
                let anchors = own_anchors
                    .get_or_insert_with(|| all_anchors(context.text(), context.document));
                (!has_anchor(anchors, &anchor)).then(|| {
                    (
                        format!("no heading here has the anchor `#{}`", excerpt(&anchor)),
                        near_anchor(&anchor, anchors, &mut suggestions),
                    )
                })
            }
            Target::File { path, .. } => (!context.files.exists(&path)).then(|| {
                let message = format!("there is no `{}`", excerpt(&path));
                (message, "mend the path, or remove the link".to_owned())
            }),
        };
        if let Some((message, help)) = fault {
            findings.push(Finding::new(link.span, message).help(help));
        }
    }
    for span in &outline.code_spans {
        let Some(path) = span.text(context.text()) else {
            continue;
        };
        if !looks_like_path(context, path) {
            continue;
        }
        let from_here = resolve(parent(context.path), path);
        let from_root = resolve("", path);
        let exists = [from_root, from_here].iter().flatten().any(|path| context.files.exists(path));
        if !exists {
            findings.push(
                Finding::new(*span, format!("there is no `{}`", excerpt(path)))
                    .label("read as a path of this repository")
                    .help("mend the path, or write the name without the folder"),
            );
        }
    }
}

/// Anchors of other documents.
fn check_tree(context: &TreeContext<'_>, findings: &mut TreeFindings) {
    let mut known: FxHashMap<&str, Option<HashSet<String>>> = FxHashMap::default();
    let mut suggestions = 0;
    for (_, facts) in context.reported() {
        for link in &facts.anchored_links {
            if context.by_path(&link.target).is_some_and(|other| other.has_heading(&link.anchor)) {
                continue;
            }
            let target = known.entry(&*link.target).or_insert_with(|| {
                let text = context.sources.text(&link.target)?;
                Some(all_anchors(&text, &Document::parse(&text)))
            });
            // A target that cannot be read is a finding of its own.
            let Some(anchors) = target else { continue };
            if !has_anchor(anchors, &link.anchor) {
                let message = format!(
                    "`{}` has no heading with the anchor `#{}`",
                    excerpt(&link.target),
                    excerpt(&link.anchor)
                );
                let finding = Finding::new(link.span, message);
                let help = near_anchor(&link.anchor, anchors, &mut suggestions);
                findings.report(facts, finding.help(help));
            }
        }
    }
}

/// The links of a document that only the tree can judge.
pub(crate) fn anchored_links(path: &str, document: &Document<'_>) -> Vec<AnchoredLink> {
    let links = document.outline.links.iter().filter(|link| link.destination.contains('#'));
    links
        .filter(|link| link.kind != LinkKind::Autolink)
        .filter_map(|link| match target(path, &link.destination) {
            Target::File { path, anchor: Some(anchor) } if is_markdown(&path) => {
                Some(AnchoredLink { target: path.into(), anchor: anchor.into(), span: link.span })
            }
            _ => None,
        })
        .collect()
}

/// Where a destination leads.
enum Target {
    /// Out of reach: another site, a page of GitHub, a placeholder.
    Elsewhere,
    /// Nowhere on any machine but one, or nowhere at all: fact and remedy.
    Nowhere(String, String),
    /// To a heading of the document itself.
    Own(String),
    /// To a file, from the root.
    File { path: String, anchor: Option<String> },
}

fn target(from: &str, destination: &str) -> Target {
    if destination.is_empty() {
        let help = "write a path or an address between the round brackets";
        return Target::Nowhere("the link has no destination".to_owned(), help.to_owned());
    }
    // What is left of a template is the business of `left-over-placeholder`.
    if destination.contains("{{") || destination.contains('<') || destination.starts_with("//") {
        return Target::Elsewhere;
    }
    if let Some((scheme, _)) = destination.split_once(':')
        && is_scheme(scheme)
    {
        if scheme.eq_ignore_ascii_case("file") {
            return Target::Nowhere(
                "the link leads to a file of one machine".to_owned(),
                "link to a path of the repository".to_owned(),
            );
        }
        return Target::Elsewhere;
    }
    let (path, anchor) = match destination.split_once('#') {
        Some((path, anchor)) => (path, Some(decode(anchor)).filter(|anchor| !anchor.is_empty())),
        None => (destination, None),
    };
    let path = path.split('?').next().unwrap_or_default();
    if path.is_empty() {
        return anchor.map_or(Target::Elsewhere, Target::Own);
    }
    let path = decode(path);
    // GitHub reads a leading slash as the root of the repository.
    let base = if path.starts_with('/') { "" } else { parent(from) };
    match resolve(base, path.trim_start_matches('/')) {
        Some(path) => Target::File { path, anchor },
        None if is_github_page(&path) => Target::Elsewhere,
        None => Target::Nowhere(
            format!("`{}` leads out of the repository", excerpt(&path)),
            "link to a path of the repository, or to a full address".to_owned(),
        ),
    }
}

/// RFC 3986, section 3.1; one letter alone is a Windows drive.
fn is_scheme(text: &str) -> bool {
    text.len() > 1
        && text.starts_with(|char: char| char.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

fn is_github_page(path: &str) -> bool {
    let beyond = path.trim_start_matches("../");
    let first = beyond.split('/').next().unwrap_or_default();
    GITHUB_PAGES.contains(&first)
}

fn decode(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

fn is_markdown(path: &str) -> bool {
    let extension = path.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    matches!(extension.as_deref(), Some("md" | "markdown"))
}

/// Whether a back-ticked text is certainly meant as a path of this repository: it
/// has a known extension and begins in a folder that exists, or with a dot.
fn looks_like_path(context: &DocumentContext<'_>, text: &str) -> bool {
    let named = |extension: &str| {
        text.strip_suffix(extension).is_some_and(|stem| stem.ends_with('.') && stem.len() > 1)
    };
    let known = match &context.options().extensions {
        Some(extensions) => extensions.iter().any(|extension| named(extension)),
        None => BACKTICKED.into_iter().any(named),
    };
    let plain =
        |byte: u8| !byte.is_ascii_whitespace() && !b"*<>{}[]()$|?:=,;\\\"'`#@!&".contains(&byte);
    if !known || !text.contains('/') || !text.bytes().all(plain) {
        return false;
    }
    // A pattern of names, not the name of a file.
    if ["...", "XXX", "NNN", "YYYY"].iter().any(|part| text.contains(part)) {
        return false;
    }
    let first = text.split('/').next().unwrap_or_default();
    match first {
        "" | "~" => false,
        "." | ".." => true,
        folder => context.files.exists(folder),
    }
}

/// Whether a heading certainly has the anchor; see [`certainly_has_slug`]. With so many
/// headings that trying each for every link would be slow, the answer is no.
fn has_heading(text: &str, outline: &Outline<'_>, anchor: &str) -> bool {
    /// Far more than a document that a person can read.
    const MOST: usize = 200;
    if outline.headings.len() > MOST {
        return false;
    }
    let mut headings = outline.headings.iter().filter_map(|heading| heading.text.text(text));
    headings.any(|heading| certainly_has_slug(heading, anchor))
}

/// All places of a document that a link can name, in lower case.
fn all_anchors(text: &str, document: &Document<'_>) -> HashSet<String> {
    let mut all = anchors(text, &document.outline);
    for found in EXPLICIT.captures_iter(text) {
        let name = found.iter().skip(1).flatten().next();
        all.extend(name.map(|name| name.as_str().to_lowercase()));
    }
    for found in HTML_HEADING.captures_iter(text) {
        all.extend(found.get(1).map(|heading| slug(&plain_text(heading.as_str()))));
    }
    all
}

/// Whether `anchor` is a known place, the top of the page, or a line number (which
/// any text has).
fn has_anchor(anchors: &HashSet<String>, anchor: &str) -> bool {
    let lower = anchor.to_lowercase();
    let user = lower.strip_prefix("user-content-").unwrap_or(&lower);
    lower == "top" || is_line(anchor) || anchors.contains(user)
}

/// `L10`, `L10-L20`, `L10C3-L20C5`, as GitHub writes them.
fn is_line(anchor: &str) -> bool {
    let position = |text: &str| {
        text.strip_prefix('L').is_some_and(|rest| {
            let (line, column) = rest.split_once('C').unwrap_or((rest, "1"));
            [line, column].iter().all(|number| {
                !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
            })
        })
    };
    let (from, to) = anchor.split_once('-').unwrap_or((anchor, "L1"));
    position(from) && position(to)
}

fn near_anchor(anchor: &str, anchors: &HashSet<String>, suggestions: &mut usize) -> String {
    *suggestions += 1;
    let near = (*suggestions <= SUGGESTIONS).then(|| {
        let mut sorted: Vec<&str> = anchors.iter().map(String::as_str).collect();
        sorted.sort_unstable();
        nearest(anchor, sorted)
    });
    match near.flatten() {
        Some(near) => format!("did you mean `#{near}`?"),
        None => "mend the anchor, or remove it".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_number_is_an_anchor_and_a_word_that_begins_like_one_is_not() {
        for line in ["L1", "L10-L20", "L10C3-L20C5"] {
            assert!(is_line(line), "{line}");
        }
        for other in ["l10n-notes", "L", "L10-notes", "L1C", "line-1"] {
            assert!(!is_line(other), "{other}");
        }
    }

    #[test]
    fn only_a_name_given_to_a_place_is_an_anchor() {
        let text = "<a id=\"One\"></a> <a name='two'></a>\n# T {#three}\n\"four\"\n\
                    <h2 align=center>Install <b>now</b></h2> <p id=five>\n";
        let anchors = all_anchors(text, &Document::parse(text));
        assert!(
            ["one", "two", "three", "install-now", "five"]
                .iter()
                .all(|name| has_anchor(&anchors, name))
        );
        assert!(!has_anchor(&anchors, "four"));
    }
}
