//! Runs of letters and digits, with what joins them.

use super::compound::{Compound, Part, Sink};
use super::letters::{Class, normalized, push_folded};

/// The hyphen that is nothing but a hyphen; NFKC makes the one that does not break of it.
const HYPHEN: char = '\u{2010}';

/// Finds the runs of a text and gives their terms to `sink`.
pub(super) fn runs(text: &str, sink: &mut dyn Sink) {
    let text = normalized(text);
    let mut compound = Compound::default();
    let mut rest = text.char_indices().map(|(at, char)| (at, char, Class::of(char))).peekable();
    // What stands between the part before and the next one.
    let mut joint = None;
    while let Some((start, char, class)) = rest.next() {
        match class {
            Class::Word => {
                let mut end = start + char.len_utf8();
                while let Some((at, char, _)) =
                    rest.next_if(|(_, _, class)| matches!(class, Class::Word | Class::Ignored))
                {
                    end = at + char.len_utf8();
                }
                let part = Part { start, end, joint: joint.take() };
                compound.add(&text, part, sink);
            }
            Class::Dense => {
                compound.finish(&text, sink);
                joint = None;
                let mut run = vec![char];
                while let Some((_, char, class)) =
                    rest.next_if(|(_, _, class)| matches!(class, Class::Dense | Class::Ignored))
                {
                    if class == Class::Dense {
                        run.push(char);
                    }
                }
                dense(&run, sink);
            }
            Class::Ignored => {}
            // `::` joins as `:` does, and `__` as `_`.
            Class::Joint if joint == Some(char) && matches!(char, ':' | '_') => {}
            Class::Joint | Class::Apostrophe if compound.is_open() && joint.is_none() => {
                joint = Some(if char == HYPHEN { '-' } else { char });
            }
            Class::Joint | Class::Apostrophe | Class::Break => {
                compound.finish(&text, sink);
                joint = None;
            }
        }
    }
    compound.finish(&text, sink);
}

/// Single characters and pairs: a query of one character finds as well as one of a word.
fn dense(run: &[char], sink: &mut dyn Sink) {
    let mut term = String::new();
    for (at, char) in run.iter().enumerate() {
        term.clear();
        push_folded(*char, &mut term);
        if run.len() == 1 {
            sink.term(&term);
        } else {
            sink.single(&term);
        }
        if let Some(next) = run.get(at + 1) {
            push_folded(*next, &mut term);
            sink.term(&term);
        }
    }
}
