//! Text of others, made fit to be shown: bounded, on one line, without control characters.

use std::fmt::Write as _;

/// `text` on one line, at most `most` characters of it, with control, invisible and
/// direction-changing characters as escapes.
pub(crate) fn shown(text: &str, most: usize) -> String {
    let mut out = String::with_capacity(text.len().min(most + 16));
    for (count, character) in text.trim().chars().enumerate() {
        if count == most {
            out.push('…');
            break;
        }
        match character {
            '\n' | '\r' | '\t' => out.push(' '),
            _ if character.is_control() || is_invisible(character) => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(character));
            }
            _ => out.push(character),
        }
    }
    out
}

/// Characters that change what a reader sees without being seen: marks of direction
/// (<https://trojansource.codes>), joiners, separators, tags.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_others_cannot_move_the_cursor_or_run_on() {
        assert_eq!(shown("a\u{1b}[2Jb\r\nc", 80), "a\\u{1b}[2Jb  c");
        assert_eq!(shown("a\u{202e}b", 80), "a\\u{202e}b");
        assert_eq!(shown("абвгд", 3), "абв…");
        assert_eq!(shown("абв", 3), "абв");
    }
}
