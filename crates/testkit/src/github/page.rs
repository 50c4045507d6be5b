//! Pages of lists and the `Link` header between them.
//!
//! <https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api>

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::route::Call;

/// What of a value in a query needs no encoding.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// How many items a page has when nobody says, and at most.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PageSize {
    pub(crate) usual: usize,
    pub(crate) most: usize,
}

pub(crate) const USUAL: PageSize = PageSize { usual: 30, most: 100 };

/// Variables come in smaller pages than everything else.
///
/// <https://docs.github.com/rest/actions/variables#list-repository-variables>
pub(crate) const VARIABLES: PageSize = PageSize { usual: 10, most: 30 };

/// Which part of a list to show, and where the other parts are.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) skip: usize,
    pub(crate) take: usize,
    /// Empty if there is one page only.
    pub(crate) link: String,
}

impl Page {
    /// The page that the request asks for, of a list with `total` items.
    pub(crate) fn of(call: &Call<'_>, total: usize, size: PageSize) -> Self {
        let number = |name: &str| call.query(name).and_then(|text| text.parse::<usize>().ok());
        let take = number("per_page").filter(|n| *n > 0).unwrap_or(size.usual).min(size.most);
        let page = number("page").filter(|n| *n > 0).unwrap_or(1);
        let last = total.div_ceil(take).max(1);
        let mut links = Vec::new();
        if page > 1 {
            links.push((page.saturating_sub(1).min(last), "prev"));
        }
        if page < last {
            links.push((page + 1, "next"));
            links.push((last, "last"));
        }
        if page > 1 {
            links.push((1, "first"));
        }
        let link = links
            .into_iter()
            .map(|(page, rel)| format!("<{}>; rel=\"{rel}\"", address(call, page)))
            .collect::<Vec<_>>()
            .join(", ");
        Self { skip: page.saturating_sub(1).saturating_mul(take), take, link }
    }
}

/// The address of another page. GitHub names a repository by its number there, so a client
/// that builds addresses itself instead of following them will be found out.
fn address(call: &Call<'_>, page: usize) -> String {
    let mut query: Vec<String> = call
        .query
        .iter()
        .filter(|(name, _)| name != "page")
        .map(|(name, value)| {
            format!("{}={}", utf8_percent_encode(name, QUERY), utf8_percent_encode(value, QUERY))
        })
        .collect();
    query.push(format!("page={page}"));
    format!("{}{}?{}", call.base, call.canonical_path, query.join("&"))
}
