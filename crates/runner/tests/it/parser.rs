//! The runner's own way of reading the file of outputs, written from its source alone:
//! <https://github.com/actions/runner/blob/main/src/Runner.Worker/FileCommandManager.cs>
//! (`LoadEntriesFromFile`), for systems where a line ends with a line feed.

/// The outputs in `text`, or why the runner would refuse the file.
pub(super) fn read(text: &str) -> Result<Vec<(String, String)>, String> {
    let mut entries = Vec::new();
    let mut rest = text;
    while let Some((line, _)) = next_line(&mut rest) {
        if line.is_empty() {
            continue;
        }
        let (equals, here) = (line.find('='), line.find("<<"));
        match (equals, here) {
            (equals, Some(here)) if equals.is_none_or(|equals| here < equals) => {
                let (name, word) = (&line[..here], &line[here + 2..]);
                if name.is_empty() || word.is_empty() {
                    return Err(format!("invalid format `{line}`"));
                }
                let start = rest;
                let mut length = 0;
                loop {
                    let before = rest;
                    let Some((line, line_end)) = next_line(&mut rest) else {
                        return Err(format!("matching delimiter not found `{word}`"));
                    };
                    if line == word {
                        break;
                    }
                    if line_end.is_empty() {
                        return Err("a value without a line end".to_owned());
                    }
                    length += before.len() - rest.len();
                }
                // The line end before the word is not the value's.
                let value = start[..length].strip_suffix('\n').unwrap_or_default();
                entries.push((name.to_owned(), value.to_owned()));
            }
            (Some(equals), _) if equals > 0 => {
                entries.push((line[..equals].to_owned(), line[equals + 1..].to_owned()));
            }
            _ => return Err(format!("invalid format `{line}`")),
        }
    }
    Ok(entries)
}

fn next_line<'t>(rest: &mut &'t str) -> Option<(&'t str, &'t str)> {
    if rest.is_empty() {
        return None;
    }
    let (line, after, end) = match rest.split_once('\n') {
        Some((line, after)) => (line, after, "\n"),
        None => (*rest, "", ""),
    };
    *rest = after;
    Some((line, end))
}

#[test]
fn the_parser_reads_what_the_documentation_shows() {
    let text = "a=1\n\nJSON<<EOF\n{\n}\nEOF\nempty<<E\nE\n";
    let pairs = [("a", "1"), ("JSON", "{\n}"), ("empty", "")];
    assert_eq!(read(text).unwrap(), pairs.map(|(a, b)| (a.to_owned(), b.to_owned())));
    assert!(read("a<<EOF\nx\n").is_err());
    assert!(read("nothing\n").is_err());
}
