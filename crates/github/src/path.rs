//! Paths and queries, with every value percent-encoded.
//!
//! octocrab's typed calls put a label's name into the path as it is (0.54: `/labels/{name}`),
//! so that `a/b` asks for another resource and `c?#` loses its end. Paths are therefore
//! built here.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything but the unreserved characters of RFC 3986, section 2.3.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A path of these segments, each encoded, under the base of the API.
///
/// ```text
/// ["repos", "acme", "product", "labels", "a/b"]  →  /repos/acme/product/labels/a%2Fb
/// ```
pub(crate) fn path(segments: &[&str]) -> String {
    let mut out = String::new();
    for segment in segments {
        out.push('/');
        match *segment {
            // A step to here or up, which a server may take before it looks for names.
            "." => out.push_str("%2E"),
            ".." => out.push_str("%2E%2E"),
            other => out.extend(utf8_percent_encode(other, RESERVED)),
        }
    }
    out
}

/// The path with these pairs as its query.
pub(crate) fn with_query(mut path: String, pairs: &[(&str, &str)]) -> String {
    for (index, (key, value)) in pairs.iter().enumerate() {
        path.push(if index == 0 { '?' } else { '&' });
        path.extend(utf8_percent_encode(key, RESERVED));
        path.push('=');
        path.extend(utf8_percent_encode(value, RESERVED));
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_name_stays_one_segment_whatever_it_holds() {
        assert_eq!(
            path(&["repos", "acme", "p", "labels", "a/b c?#%"]),
            "/repos/acme/p/labels/a%2Fb%20c%3F%23%25"
        );
        assert_eq!(path(&["labels", ".."]), "/labels/%2E%2E");
        assert_eq!(path(&["labels", "[ai-model-gpt-5.3]"]), "/labels/%5Bai-model-gpt-5.3%5D");
        assert_eq!(path(&["labels", "готово"]), "/labels/%D0%B3%D0%BE%D1%82%D0%BE%D0%B2%D0%BE");
    }

    #[test]
    fn a_value_stays_one_value() {
        assert_eq!(
            with_query("/issues".to_owned(), &[("labels", "a&b=c"), ("state", "all")]),
            "/issues?labels=a%26b%3Dc&state=all"
        );
    }

    proptest! {
        #[test]
        fn every_name_comes_back_as_it_was(name in "\\PC{1,40}") {
            let path = path(&["x", &name]);
            prop_assert!(path.parse::<http::Uri>().is_ok());
            let last = path.rsplit('/').next().unwrap();
            let back = percent_encoding::percent_decode_str(last).decode_utf8().unwrap();
            prop_assert_eq!(back, name);
            prop_assert_eq!(path.matches('/').count(), 2);
        }
    }
}
