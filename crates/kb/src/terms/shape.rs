//! What the way that something is written says about it.

use super::compound::Part;

fn raw<'t>(text: &'t str, part: &Part) -> &'t str {
    &text[part.start..part.end]
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_latin(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// Whether the parts say something together: an identifier, a path, a word with a hyphen.
/// Slips like `слово.Слово` and choices like `и/или` do not.
pub(super) fn is_whole(text: &str, parts: &[Part]) -> bool {
    let hyphens = parts.iter().skip(1).all(|part| part.joint == Some('-'));
    hyphens || parts.iter().all(|part| raw(text, part).is_ascii())
}

/// Dates, times, versions, addresses: numbers, perhaps with a `v` in front.
pub(super) fn is_numeric(text: &str, parts: &[Part]) -> bool {
    parts.iter().enumerate().all(|(at, part)| {
        let raw = raw(text, part);
        is_digits(raw) || at == 0 && raw.strip_prefix(['v', 'V']).is_some_and(is_digits)
    })
}

/// Whether a compound in a query can only be meant literally.
pub(super) fn is_literal(text: &str, parts: &[Part]) -> bool {
    if !is_whole(text, parts) {
        return false;
    }
    let count = |joint| parts.iter().skip(1).filter(|part| part.joint == Some(joint)).count();
    let (slashes, colons, dots) = (count('/'), count(':'), count('.'));
    let (Some(first), Some(last)) = (parts.first(), parts.last()) else { return false };
    if is_numeric(text, parts) {
        // `1.2.3` and `v1.2`, but no date, and no amount.
        return dots + 1 == parts.len() && (dots > 1 || !is_digits(raw(text, first)));
    }
    if count('_') > 0 || colons > 0 || slashes > 1 || slashes > 0 && last.joint == Some('.') {
        return true;
    }
    if dots > 0 {
        // `services.yaml`, but not `e.g`.
        return slashes == 0 && parts.iter().any(|part| raw(text, part).len() > 1);
    }
    // `ADR-0013`, `LBL-CK8S-0001`, but not `7-day` nor `self-improve`.
    slashes == 0 && is_digits(raw(text, last)) && raw(text, first).chars().all(char::is_alphabetic)
}

/// The name and the number that a compound begins with: `ADR-0013`.
pub(super) fn numbered(text: &str, parts: &[Part]) -> Option<[Part; 2]> {
    let [name, digits, ..] = parts else { return None };
    let fits = digits.joint == Some('-')
        && is_latin(raw(text, name))
        && is_digits(raw(text, digits))
        && digits.end - name.start <= super::MAX_TERM;
    fits.then_some([*name, *digits])
}

/// Where the first word of a run in several scripts ends: Latin and Cyrillic letters make
/// no word together.
pub(super) fn script_change(run: &str) -> usize {
    if run.is_ascii() {
        return run.len();
    }
    let mut script = None;
    for (at, char) in run.char_indices() {
        let next = if char.is_ascii_alphabetic() {
            false
        } else if super::letters::is_cyrillic(char) {
            true
        } else {
            continue;
        };
        if script.is_some_and(|script| script != next) {
            return at;
        }
        script = Some(next);
    }
    run.len()
}

/// Most words are not: lower case, or only the first letter in upper case.
pub(super) fn may_be_camel_case(name: &str) -> bool {
    name.is_ascii() && name.bytes().skip(1).any(|byte| byte.is_ascii_uppercase())
}

/// The words of an ASCII name in camel case; one if it is none.
///
/// `HTTPServer` is `HTTP`, `Server`; the plural `IDs` is one word. Digits belong to what
/// stands before them.
pub(super) fn humps(name: &str) -> Vec<&str> {
    let bytes = name.as_bytes();
    let mut humps = Vec::new();
    let mut start = 0;
    for at in 1..bytes.len() {
        let (before, here) = (bytes[at - 1], bytes[at]);
        let next = bytes.get(at + 1).copied().unwrap_or_default();
        let after = bytes.get(at + 2).copied().unwrap_or_default();
        let plural = next == b's' && !after.is_ascii_lowercase();
        let rises = here.is_ascii_uppercase() && !before.is_ascii_uppercase();
        let falls = here.is_ascii_uppercase() && next.is_ascii_lowercase() && !plural;
        if rises && !before.is_ascii_digit() || falls {
            humps.push(&name[start..at]);
            start = at;
        }
    }
    humps.push(&name[start..]);
    humps
}

/// Whether a name in camel case is one of a program, and not of a product: it begins in
/// lower case, or has three words.
pub(super) fn is_literal_name(name: &str, humps: &[&str]) -> bool {
    name.len() >= 6 && (humps.len() > 2 || name.starts_with(|char: char| char.is_ascii_lowercase()))
}

/// Whether a word is a code: `E0502`, `TS2345`, or the hash of a commit.
pub(super) fn is_code(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    if digits == 0 || digits == word.len() || !word.is_ascii() || word.len() > super::MAX_TERM {
        return false;
    }
    let is_hash = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f');
    if word.len() >= 7 && word.bytes().all(is_hash) {
        return true;
    }
    let letters = word.len() - digits;
    let (name, number) = word.split_at(letters);
    let upper = name.bytes().all(|byte| byte.is_ascii_uppercase());
    letters <= 6 && is_latin(name) && is_digits(number) && digits >= if upper { 3 } else { 4 }
}
