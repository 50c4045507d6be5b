//! The `Link` header, which says where the next page is.
//!
//! Sources: <https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api>
//! and RFC 8288, section 3. The transport follows the link, and only on the same server.

use http::HeaderMap;
use http::header::LINK;

/// How many pages one list may have. With 100 items a page, more than any repository has
/// labels or issues worth listing at once.
pub(crate) const MOST_PAGES: usize = 2_000;

/// The target of the first link with the relation `next`, as it stands.
pub(crate) fn next(headers: &HeaderMap) -> Option<&str> {
    headers.get_all(LINK).iter().filter_map(|value| value.to_str().ok()).find_map(next_of)
}

fn next_of(mut rest: &str) -> Option<&str> {
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        rest = rest.strip_prefix('<')?;
        let (target, after) = rest.split_once('>')?;
        let (is_next, after) = parameters(after);
        if is_next {
            return Some(target);
        }
        rest = after;
    }
}

/// Reads `; name=value` up to the comma before the next link. Gives whether one of them is a
/// `rel` that holds `next`, and what follows.
fn parameters(mut rest: &str) -> (bool, &str) {
    let mut is_next = false;
    loop {
        rest = rest.trim_start();
        let Some(after) = rest.strip_prefix(';') else { return (is_next, rest) };
        let end = after.find(['=', ';', ',']).unwrap_or(after.len());
        let name = after[..end].trim();
        rest = &after[end..];
        let Some(value) = rest.strip_prefix('=') else { continue };
        let value = value.trim_start();
        let (text, after) = match value.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => value.split_at(value.find([';', ',']).unwrap_or(value.len())),
        };
        // Several relations may share one link: rel="next last".
        is_next |= name.eq_ignore_ascii_case("rel")
            && text.split_ascii_whitespace().any(|one| one.eq_ignore_ascii_case("next"));
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn next_in(text: &str) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.append(LINK, text.parse().unwrap());
        next(&headers).map(str::to_owned)
    }

    #[test]
    fn the_next_page_is_found_among_the_others() {
        let text = "<https://api.github.com/x?page=1>; rel=\"prev\", \
                    <https://api.github.com/x?page=3&a=b,c>; rel=\"next\", \
                    <https://api.github.com/x?page=9>; rel=\"last\"";
        assert_eq!(next_in(text).unwrap(), "https://api.github.com/x?page=3&a=b,c");
    }

    #[test]
    fn the_last_page_has_no_next() {
        assert_eq!(next_in("<https://a/x?page=1>; rel=\"first\""), None);
        assert_eq!(next_in(""), None);
    }

    #[test]
    fn links_are_read_as_the_standard_allows_them() {
        assert_eq!(next_in("<a>;rel=next").unwrap(), "a");
        assert_eq!(next_in("<a>; title=\"x, y; z\"; REL=\"last Next\"").unwrap(), "a");
        assert_eq!(next_in("<a>; flag; rel=prev , <b> ; rel=next").unwrap(), "b");
        assert_eq!(next_in("<a>; title=\"rel=next\""), None);
        assert_eq!(next_in("nonsense, <b>; rel=next"), None);
    }

    #[test]
    fn a_header_may_come_twice() {
        let mut headers = HeaderMap::new();
        headers.append(LINK, "<a>; rel=last".parse().unwrap());
        headers.append(LINK, "<b>; rel=next".parse().unwrap());
        assert_eq!(next(&headers), Some("b"));
    }

    proptest! {
        #[test]
        fn no_header_makes_it_run_on_or_panic(text in "[<>;,= \"a-z/?&]{0,60}") {
            let _ = next_of(&text);
        }
    }
}
