//! Files that no honest person writes: each gives its finding, quickly, and the
//! other documents are checked all the same.

use std::fs::{self, File};

use countersign_docset::Request;

use crate::tree::{Tree, story};

/// The findings of a tree with one document at `docs/x.md`.
fn findings_of(content: impl AsRef<[u8]>) -> Vec<String> {
    let tree = Tree::new();
    tree.write("docs/x.md", content);
    let findings = tree.findings();
    let path = "docs/x.md ";
    findings.iter().map(|finding| finding.strip_prefix(path).unwrap().to_owned()).collect()
}

/// The document without findings, with more front matter.
fn with_keys(keys: &str) -> String {
    let story = story();
    assert!(story.contains("\n---\n\n#"));
    story.replacen("\n---\n\n#", &format!("\n{keys}---\n\n#"), 1)
}

/// The document without findings, with more body.
fn with_body(body: &str) -> String {
    format!("{}\n{body}\n", story())
}

fn only(path: &str) -> Request {
    Request { paths: vec![path.to_owned()], ..Request::default() }
}

#[test]
fn the_document_that_the_others_are_made_of_has_no_finding() {
    assert_eq!(findings_of(story()), [""; 0]);
}

#[test]
fn text_that_is_not_utf8() {
    assert_eq!(
        findings_of([story().as_bytes(), b"\xcf\xf0\xe8\xe2\xe5\xf2\n"].concat()),
        ["invalid-utf8"]
    );
    let utf16: Vec<u8> = story().encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(findings_of([b"\xff\xfe".as_slice(), &utf16].concat()), ["invalid-utf8"]);
    assert_eq!(findings_of(b"\xf0\x9f"), ["invalid-utf8"]);
}

#[test]
fn nul_bytes() {
    assert_eq!(findings_of(with_body("a\0b")), ["control-character"]);
    let mut rules = findings_of("\0".repeat(1000));
    rules.sort();
    rules.dedup();
    assert_eq!(rules, ["control-character", "missing-front-matter"]);
}

#[test]
fn characters_that_change_what_a_reader_sees() {
    assert_eq!(findings_of(with_body("a\u{202e}b")), ["control-character"]);
    assert_eq!(findings_of(with_body("a\u{2066}b\u{85}c\u{7f}")), ["control-character"; 3]);
    assert_eq!(findings_of(with_body("tabs\tand \u{201c}quotes\u{201d} are fine\r\n")), [""; 0]);
}

#[test]
fn escape_sequences_are_shown_escaped() {
    let tree = Tree::new();
    tree.write(
        "docs/x.md",
        with_keys("version: 1\n").replacen("type: story", "type: \"\\e[31mstory\\e[0m\"", 1),
    );
    tree.write("docs/y.md", story().replacen("type: story", "type: st\u{1b}[2Jory", 1));
    let report = tree.report(&Request::default());
    assert!(!report.diagnostics.is_empty());
    for finding in &report.diagnostics {
        let said = format!("{} {:?} {}", finding.message, finding.help, finding.label);
        assert!(!said.contains('\u{1b}'), "{said:?}");
    }
    let unknown = report.diagnostics.iter().filter(|finding| finding.rule == "unknown-type");
    let messages: Vec<&str> = unknown.map(|finding| &*finding.message).collect();
    assert_eq!(messages.first(), Some(&"unknown document type `\\u{1b}[31mstory\\u{1b}[0m`"));
}

#[test]
fn a_byte_order_mark_hides_nothing() {
    assert_eq!(findings_of(format!("\u{feff}{}", story())), ["byte-order-mark"]);
    assert_eq!(findings_of("\u{feff}"), ["byte-order-mark", "missing-front-matter"]);
    let role = story().replacen("owner_role: PM", "owner_role: pm", 1);
    assert_eq!(findings_of(format!("\u{feff}{role}")), ["byte-order-mark", "unknown-role"]);
}

#[test]
fn line_ends_of_windows_change_nothing() {
    assert_eq!(findings_of(story().replace('\n', "\r\n")), [""; 0]);
    let lone = with_keys("related_issues: 12\n").replace('\n', "\r\n");
    assert_eq!(findings_of(lone), ["wrong-value-type"]);
    let padded = story().replacen("---\n", "--- \t\r\n", 1);
    assert_eq!(findings_of(padded), ["padded-fence"]);
}

#[test]
fn hardly_any_text() {
    assert_eq!(findings_of(""), ["missing-front-matter"]);
    assert_eq!(findings_of("\n"), ["missing-front-matter"]);
    assert_eq!(findings_of("---"), ["unclosed-front-matter"]);
    assert_eq!(findings_of("---\n"), ["unclosed-front-matter"]);
    assert_eq!(findings_of("---\r"), ["unclosed-front-matter", "control-character"]);
    assert_eq!(findings_of("---\n---"), ["front-matter-not-mapping"]);
    assert_eq!(findings_of("---\n---\n"), ["front-matter-not-mapping"]);
}

#[test]
fn a_hundred_thousand_keys() {
    let mut keys = String::new();
    for number in 0..100_000 {
        keys.push_str(&format!("key{number}: {number}\n"));
    }
    assert_eq!(findings_of(with_keys(&keys)), ["front-matter-too-large"]);
}

#[test]
fn a_few_bytes_that_stand_for_billions() {
    let mut bomb = String::from("a: &a [x, x, x, x, x, x, x, x, x]\n");
    for (of, name) in ["a", "b", "c", "d", "e", "f", "g", "h"].windows(2).map(|w| (w[0], w[1])) {
        bomb.push_str(&format!("{name}: &{name} [{}]\n", vec![format!("*{of}"); 9].join(", ")));
    }
    assert_eq!(findings_of(with_keys(&bomb)), ["front-matter-too-large"]);
    assert_eq!(findings_of(with_keys("a: &a [*a]\n")), ["malformed-front-matter"]);
}

#[test]
fn deep_nesting() {
    let flow = format!("version: {}{}\n", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(findings_of(with_keys(&flow)), ["front-matter-too-large"]);
    let block = format!("version:\n  {}x\n", "- ".repeat(100_000));
    assert_eq!(findings_of(with_keys(&block)), ["front-matter-too-large"]);
    let quotes = with_body(&format!("{} x", ">".repeat(100_000)));
    assert_eq!(findings_of(quotes), [""; 0]);
    let brackets = with_body(&"[".repeat(100_000));
    assert_eq!(findings_of(brackets), [""; 0]);
}

#[test]
fn a_line_of_a_megabyte() {
    assert_eq!(findings_of(with_body(&"x".repeat(1 << 20))), [""; 0]);
    assert_eq!(findings_of(with_keys(&format!("version: {}\n", "x".repeat(1 << 20)))), [""; 0]);
    // Each of these looked, word by word, at the whole line.
    assert_eq!(findings_of(with_body(&"TODO list ".repeat(100_000))), [""; 0]);
    assert_eq!(findings_of(with_body(&"A-XXX-".repeat(200_000))), [""; 0]);
    assert_eq!(findings_of(with_body(&"a <b ".repeat(200_000))), [""; 0]);
}

#[test]
fn many_anchors_and_many_links_that_miss_them() {
    let mut body = String::new();
    for number in 0..5_000 {
        body.push_str(&format!("## Part {number}\n\n[to](#prat-{number})\n\n"));
    }
    let story = with_body(&body).replacen("type: story", "type: index", 1);
    let story = story.replacen("doc_id: STR", "doc_id: IDX", 1);
    let findings = findings_of(story);
    assert_eq!(findings.iter().filter(|rule| *rule == "broken-link").count(), 5_000);
}

#[test]
fn a_file_of_a_gibibyte_is_not_read() {
    let tree = Tree::new();
    let file = File::create(tree.path("docs/x.md")).unwrap();
    file.set_len(1 << 30).unwrap();
    assert_eq!(tree.findings(), ["docs/x.md file-too-large"]);
    file.set_len(64 << 20).unwrap();
    // Exactly the limit is read; it is full of NUL.
    assert!(tree.findings().contains(&"docs/x.md missing-front-matter".to_owned()));
}

#[test]
fn a_folder_with_the_name_of_a_document_is_a_folder() {
    let tree = Tree::new();
    tree.write("docs/x.md/story.md", story().replacen("owner_role: PM", "owner_role: pm", 1));
    assert_eq!(tree.findings(), ["docs/x.md/story.md unknown-role"]);
}

#[test]
fn a_path_out_of_the_root() {
    let tree = Tree::new();
    let outside = tempfile::tempdir().unwrap();
    let path = outside.path().join("story.md");
    countersign_docset::edit::write_atomically(&path, story().as_bytes()).unwrap();
    let mut request = only(path.to_str().unwrap());
    request.paths.push("docs/neighbour.md".to_owned());
    let report = tree.report(&request);
    let rules: Vec<&str> = report.diagnostics.iter().map(|finding| finding.rule).collect();
    assert_eq!((rules, report.documents.len()), (vec!["outside-root"], 1));
    let mut request = only("../");
    request.paths.push("docs/neighbour.md".to_owned());
    let rules: Vec<&str> =
        tree.report(&request).diagnostics.iter().map(|finding| finding.rule).collect();
    assert_eq!(rules, ["outside-root"]);
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::symlink;
    use std::process::Command;

    use super::*;

    #[test]
    fn a_link_to_nothing_in_the_place_of_a_document() {
        let tree = Tree::new();
        symlink("nowhere.md", tree.path("docs/x.md")).unwrap();
        symlink("nowhere.png", tree.path("docs/x.png")).unwrap();
        assert_eq!(tree.findings(), ["docs/x.md unreadable-file"]);
    }

    #[test]
    fn a_link_to_itself() {
        let tree = Tree::new();
        symlink("x.md", tree.path("docs/x.md")).unwrap();
        symlink("y", tree.path("docs/y")).unwrap();
        assert_eq!(tree.findings(), ["docs/x.md unreadable-file", "docs/y symlink-loop"]);
    }

    #[test]
    fn a_link_to_the_folder_that_it_stands_in() {
        let tree = Tree::new();
        fs::create_dir(tree.path("docs/deeper")).unwrap();
        symlink("..", tree.path("docs/deeper/up")).unwrap();
        assert_eq!(tree.findings(), ["docs/deeper/up symlink-loop"]);
    }

    #[test]
    fn a_link_out_of_the_root() {
        let tree = Tree::new();
        let outside = tempfile::tempdir().unwrap();
        let path = outside.path().join("story.md");
        countersign_docset::edit::write_atomically(&path, story().as_bytes()).unwrap();
        symlink(&path, tree.path("docs/x.md")).unwrap();
        symlink(outside.path(), tree.path("docs/y")).unwrap();
        assert_eq!(tree.findings(), ["docs/x.md outside-root", "docs/y outside-root"]);
        let mut request = only("docs/x.md");
        request.paths.push("docs/neighbour.md".to_owned());
        assert_eq!(tree.findings_of(&request), ["docs/x.md outside-root"]);
    }

    #[test]
    fn a_link_inside_the_root_is_no_second_document() {
        let tree = Tree::new();
        tree.write("docs/x.md", story());
        symlink("x.md", tree.path("docs/y.md")).unwrap();
        let mut request = only("docs/y.md");
        request.paths.extend(["docs/x.md", "docs/neighbour.md"].map(str::to_owned));
        assert_eq!(tree.findings(), [""; 0]);
        let report = tree.report(&request);
        assert_eq!((report.diagnostics.len(), report.documents.len()), (0, 2));
    }

    #[test]
    fn a_pipe_makes_nobody_wait() {
        let tree = Tree::new();
        let made = Command::new("mkfifo").arg(tree.path("docs/x.md")).status().unwrap();
        assert!(made.success());
        assert_eq!(tree.findings(), ["docs/x.md unreadable-file"]);
        let mut request = only("docs/x.md");
        request.paths.push("docs/neighbour.md".to_owned());
        assert_eq!(tree.findings_of(&request), ["docs/x.md unreadable-file"]);
    }

    #[test]
    fn a_file_that_may_not_be_read() {
        use std::os::unix::fs::PermissionsExt as _;
        let tree = Tree::new();
        tree.write("docs/x.md", story());
        let path = tree.path("docs/x.md");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
        // The administrator may read everything.
        if File::open(&path).is_err() {
            assert_eq!(tree.findings(), ["docs/x.md unreadable-file"]);
        }
    }
}
