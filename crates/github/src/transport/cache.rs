//! What was read before, with its `ETag`, so that GitHub can say "still so" at no cost.
//!
//! A conditional request answered by 304 does not count against the primary rate limit:
//! <https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#use-conditional-requests-if-appropriate>.
//! Every answer is asked for again: nothing is ever believed without GitHub's word. The cache
//! lives in memory and belongs to one client, hence to one token.

use std::collections::{HashMap, VecDeque};

use bytes::Bytes;
use http::HeaderMap;

/// An answer to keep.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    pub(crate) etag: http::HeaderValue,
    pub(crate) body: Bytes,
    /// The headers that still count: `link`.
    pub(crate) headers: HeaderMap,
}

/// Answers by address, the oldest of which leave when there are too many bytes.
#[derive(Debug)]
pub(crate) struct Cache {
    kept: HashMap<String, Kept>,
    /// Addresses in the order they came.
    order: VecDeque<String>,
    /// Bytes of all bodies and addresses.
    size: usize,
    most: usize,
}

impl Cache {
    pub(crate) fn new(most: usize) -> Self {
        Self { kept: HashMap::new(), order: VecDeque::new(), size: 0, most }
    }

    pub(crate) fn get(&self, address: &str) -> Option<&Kept> {
        self.kept.get(address)
    }

    pub(crate) fn put(&mut self, address: &str, kept: Kept) {
        self.remove(address);
        let size = size_of(address, &kept);
        if size > self.most {
            return;
        }
        while self.size + size > self.most {
            let Some(oldest) = self.order.front().cloned() else { break };
            self.remove(&oldest);
        }
        self.size += size;
        self.order.push_back(address.to_owned());
        self.kept.insert(address.to_owned(), kept);
    }

    pub(crate) fn remove(&mut self, address: &str) {
        if let Some(old) = self.kept.remove(address) {
            self.size -= size_of(address, &old);
            self.order.retain(|one| one != address);
        }
    }
}

fn size_of(address: &str, kept: &Kept) -> usize {
    // The address stands twice; 256 for the headers and the tables.
    kept.body.len() + 2 * address.len() + 256
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(length: usize) -> Kept {
        Kept {
            etag: http::HeaderValue::from_static("\"x\""),
            body: vec![b'x'; length].into(),
            headers: HeaderMap::new(),
        }
    }

    #[test]
    fn the_oldest_leave_when_it_is_full() {
        let mut cache = Cache::new(3000);
        for address in ["a", "b", "a", "c"] {
            cache.put(address, kept(1000));
        }
        assert!(cache.get("b").is_none() && cache.get("a").is_some() && cache.get("c").is_some());
        cache.put("d", kept(9000));
        assert!(cache.get("d").is_none() && cache.get("c").is_some());
        cache.remove("a");
        cache.remove("c");
        assert_eq!((cache.size, cache.order.len()), (0, 0));
    }
}
