//! Links are kept.

use countersign_kb::store::{Entity, Link, Origin};

use super::build::{document, link};
use super::{Place, empty};

fn made(from: &str, relation: &str, to: &str) -> Link {
    Link { origin: Origin::Made, ..link(from, relation, to) }
}

pub(crate) async fn a_link_is_added_once_and_taken_out_once(place: &dyn Place) {
    let store = empty(place).await;
    let link = made("service:billing", "about", "doc:ADR-0013");
    assert!(store.link(&link).await.unwrap());
    assert!(!store.link(&link).await.unwrap());
    assert_eq!(store.links(None).await.unwrap(), std::slice::from_ref(&link));
    assert!(store.unlink(&link).await.unwrap());
    assert!(!store.unlink(&link).await.unwrap());
    assert!(store.links(None).await.unwrap().is_empty());
}

pub(crate) async fn links_of_documents_go_with_them_and_those_of_people_stay(place: &dyn Place) {
    let store = empty(place).await;
    let derived = link("doc:a.md", "related", "issue:1");
    let mut first = document("a.md", &["apple"]);
    first.links = vec![derived.clone(), derived.clone()];
    let mut second = document("b.md", &["apple"]);
    second.links = vec![derived.clone()];
    store.write(&[first.clone(), second], None).await.unwrap();
    let by_hand = Link { origin: Origin::Made, ..derived.clone() };
    assert!(store.link(&by_hand).await.unwrap());
    assert_eq!(store.links(None).await.unwrap(), [derived.clone(), by_hand.clone()]);
    // What a document says is not taken out by hand.
    assert!(store.unlink(&by_hand).await.unwrap());
    assert!(!store.unlink(&by_hand).await.unwrap());
    assert_eq!(store.links(None).await.unwrap(), std::slice::from_ref(&derived));
    assert!(store.link(&by_hand).await.unwrap());
    // Two documents say so: one stops, then the other is gone.
    first.links = vec![link("doc:a.md", "related", "issue:2")];
    store.write(&[first.clone()], None).await.unwrap();
    assert_eq!(
        store.links(None).await.unwrap(),
        [derived, by_hand.clone(), first.links[0].clone()]
    );
    store.remove(&["a.md".to_owned(), "b.md".to_owned()]).await.unwrap();
    assert_eq!(store.links(None).await.unwrap(), [by_hand]);
}

pub(crate) async fn links_are_found_from_both_ends_and_come_in_order(place: &dyn Place) {
    let store = empty(place).await;
    let links = [
        made("issue:2", "related", "issue:10"),
        made("issue:10", "related", "doc:a'\"%.md"),
        made("doc:a'\"%.md", "supersedes", "doc:b.md"),
        made("decision:42", "part-of", "issue:7"),
    ];
    for link in &links {
        assert!(store.link(link).await.unwrap());
    }
    let mut sorted = links.to_vec();
    sorted.sort_unstable();
    assert_eq!(store.links(None).await.unwrap(), sorted);
    let of = |entity: &str| entity.parse::<Entity>().unwrap();
    let found = store.links(Some(&of("issue:10"))).await.unwrap();
    assert_eq!(found.len(), 2);
    assert!(found.is_sorted());
    let found = store.links(Some(&of("doc:a'\"%.md"))).await.unwrap();
    assert_eq!(found.len(), 2);
    assert!(store.links(Some(&of("pr:10"))).await.unwrap().is_empty());
}
