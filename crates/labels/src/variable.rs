//! Names of the variables that hold the names of labels.
//!
//! A workflow says `vars.RUN_INTAKE_LABEL`, never `run:intake`. The name of the variable is
//! made from the label's key: capitals and digits stay, everything between them becomes one
//! underscore, and `_LABEL` follows. What GitHub allows:
//! <https://docs.github.com/actions/reference/workflows-and-actions/variables#naming-conventions>.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

/// The longest name of a variable that is taken, in characters.
pub const LONGEST: usize = 255;

const SUFFIX: &str = "_LABEL";

/// Whether GitHub takes a variable of this name, written in capitals, as it keeps them.
#[must_use]
pub fn is_legal(name: &str) -> bool {
    let mut bytes = name.bytes();
    name.len() <= LONGEST
        && !name.starts_with("GITHUB_")
        && bytes.next().is_some_and(|first| first.is_ascii_uppercase() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

/// A name for the variable of each key.
///
/// The keys of the default catalogue come first and have the plain name. Where other keys
/// would share a name, with each other or with what is `taken`, each of them is told apart
/// by the beginning of its SHA-256; so is a key of which the plain name says too little. The
/// order of the keys makes no difference.
pub(crate) fn names<'k>(
    taken: &[&str],
    default_keys: impl IntoIterator<Item = &'k str>,
    other_keys: impl IntoIterator<Item = &'k str>,
) -> BTreeMap<&'k str, String> {
    let mut names: BTreeMap<&str, String> = BTreeMap::new();
    for key in default_keys {
        names.insert(key, plain(key));
    }
    let mut groups: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for key in other_keys {
        groups.entry(plain(key)).or_default().push(key);
    }
    let used: Vec<String> =
        names.values().cloned().chain(taken.iter().map(|&name| name.to_owned())).collect();
    // Every plain name is kept for whoever could claim it, so that no label's variable is
    // called what another label's would be.
    let reserved: Vec<String> = used.iter().cloned().chain(groups.keys().cloned()).collect();
    for (plain, keys) in &groups {
        let alone = keys.len() == 1 && !used.contains(plain);
        for &key in keys {
            let name = if alone && is_telling(key) {
                plain.clone()
            } else {
                distinct(key, plain, |name| {
                    reserved.iter().any(|other| other == name)
                        || names.values().any(|other| other == name)
                })
            };
            names.insert(key, name);
        }
    }
    names
}

/// The name that a key has when there is no other to mind.
fn plain(key: &str) -> String {
    let mut name = String::with_capacity(key.len() + SUFFIX.len());
    for char in key.chars() {
        if char.is_ascii_alphanumeric() {
            name.push(char.to_ascii_uppercase());
        } else if !name.is_empty() && !name.ends_with('_') {
            name.push('_');
        }
    }
    name.truncate(name.trim_end_matches('_').len());
    name.truncate(LONGEST - SUFFIX.len());
    name.push_str(SUFFIX);
    if name.starts_with("GITHUB_") || name.starts_with(|char: char| char.is_ascii_digit()) {
        // GitHub takes neither; an underscore in front it does.
        name.insert(0, '_');
        name.truncate(LONGEST);
    }
    name
}

/// Whether the plain name holds all letters and digits of the key.
fn is_telling(key: &str) -> bool {
    key.chars().any(|char| char.is_ascii_alphanumeric())
        && key.chars().all(|char| char.is_ascii() || !char.is_alphanumeric())
        && key.len() + SUFFIX.len() < LONGEST
}

fn distinct(key: &str, plain: &str, taken: impl Fn(&str) -> bool) -> String {
    let digest: String =
        Sha256::digest(key.as_bytes()).iter().map(|byte| format!("{byte:02X}")).collect();
    let base = plain.strip_suffix(SUFFIX).unwrap_or(plain);
    let mut length = 8;
    loop {
        let tail = &digest[..length];
        let room = LONGEST - SUFFIX.len() - tail.len() - 1;
        let base = base.get(..room).unwrap_or(base);
        let name = format!("{base}_{tail}{SUFFIX}");
        // With all 64 digits there is no other key of the same name.
        if length >= digest.len() || !taken(&name) {
            return name;
        }
        length += 8;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of<'k>(keys: &[&'k str]) -> BTreeMap<&'k str, String> {
        names(&[], ["run:intake"], keys.iter().copied())
    }

    #[test]
    fn a_key_tells_the_name() {
        for (key, name) in [
            ("team:web", "TEAM_WEB_LABEL"),
            ("[ai-model-gpt-5.3-codex]", "AI_MODEL_GPT_5_3_CODEX_LABEL"),
            ("2fa", "_2FA_LABEL"),
            ("github:sync", "_GITHUB_SYNC_LABEL"),
            ("good first issue", "GOOD_FIRST_ISSUE_LABEL"),
        ] {
            assert_eq!(of(&[key])[key], name);
        }
    }

    #[test]
    fn labels_that_would_share_a_name_are_told_apart() {
        let names = of(&["run-intake", "gpt-5.3", "gpt-5-3", "срочно", "🚀"]);
        insta::assert_debug_snapshot!(names, @r#"
        {
            "gpt-5-3": "GPT_5_3_C35D2342_LABEL",
            "gpt-5.3": "GPT_5_3_C70BD381_LABEL",
            "run-intake": "RUN_INTAKE_F4A4C3FE_LABEL",
            "run:intake": "RUN_INTAKE_LABEL",
            "срочно": "_50FD6D6D_LABEL",
            "🚀": "_EBBC0B28_LABEL",
        }
        "#);
    }

    proptest! {
        #[test]
        fn names_are_legal_and_distinct_in_any_order(
            mut keys in prop::collection::btree_set(".{1,50}|[a-c:.-]{1,4}|github[_:-]x", 1..20)
        ) {
            keys.remove("run:intake");
            let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
            let reversed: Vec<&str> = keys.iter().rev().copied().collect();
            let names = of(&keys);
            prop_assert_eq!(&names, &of(&reversed));
            let mut all: Vec<&String> = names.values().collect();
            all.sort();
            all.dedup();
            prop_assert_eq!(all.len(), keys.len() + 1);
            for name in all {
                prop_assert!(is_legal(name), "{}", name);
            }
        }
    }
}
