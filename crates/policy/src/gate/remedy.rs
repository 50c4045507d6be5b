//! Commands that mend something, as text to paste into a shell.

/// A command: each word as one word of a POSIX shell, whatever it holds.
#[must_use]
pub(crate) fn command(words: &[&str]) -> String {
    words.iter().map(|word| shell_word(word)).collect::<Vec<_>>().join(" ")
}

/// `text` as one word of a POSIX shell. Ids and titles come from documents: pasted into a
/// shell, they must stay what they are.
fn shell_word(text: &str) -> String {
    let plain = |char: char| char.is_ascii_alphanumeric() || "-_./:=@%+,".contains(char);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    // What cannot be seen is not pasted; no name of a document has it.
    let seen: String = text.chars().filter(|char| !char.is_control()).collect();
    format!("'{}'", seen.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_stay_words() {
        assert_eq!(command(&["docset", "approve", "PRD-0001"]), "docset approve PRD-0001");
        assert_eq!(command(&["a", "", "b c", "$(x)"]), "a '' 'b c' '$(x)'");
        assert_eq!(command(&["it's"]), r"'it'\''s'");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn a_shell_reads_back_what_was_written(word in "[^\\x00-\\x1f\\x7f-\\x9f]{0,12}") {
            if cfg!(unix) {
                let script = format!("printf %s {}", command(&[&word]));
                let output = Command::new("sh").args(["-c", &script]).output().unwrap();
                prop_assert_eq!(String::from_utf8_lossy(&output.stdout), word);
            }
        }
    }
}
