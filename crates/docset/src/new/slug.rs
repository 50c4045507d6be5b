//! A title as part of a file name.

/// Longer slugs are cut at the end of a word.
const LONGEST: usize = 60;

/// `title` in small letters and digits, joined by hyphens. Cyrillic is written in Latin
/// letters, other scripts as they are. Empty if the title has no letters and digits.
#[must_use]
pub fn slug(title: &str) -> String {
    let mut slug = String::new();
    for char in title.chars().flat_map(char::to_lowercase) {
        match latin(char) {
            Some(letters) => slug.push_str(letters),
            None if char.is_alphanumeric() => slug.push(char),
            // `don't` is one word.
            None if matches!(char, '\'' | '’') => {}
            None if slug.is_empty() || slug.ends_with('-') => {}
            None => slug.push('-'),
        }
    }
    if let Some((cut, behind)) = slug.char_indices().nth(LONGEST) {
        let word = if behind == '-' { Some(cut) } else { slug[..cut].rfind('-') };
        slug.truncate(word.unwrap_or(cut));
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

fn latin(char: char) -> Option<&'static str> {
    let letters = match char {
        'а' => "a",
        'б' => "b",
        'в' => "v",
        'г' | 'ґ' => "g",
        'д' => "d",
        'е' | 'ё' | 'э' => "e",
        'є' => "ye",
        'ж' => "zh",
        'з' => "z",
        'и' | 'і' => "i",
        'ї' => "yi",
        'й' => "y",
        'к' => "k",
        'л' => "l",
        'м' => "m",
        'н' => "n",
        'о' => "o",
        'п' => "p",
        'р' => "r",
        'с' => "s",
        'т' => "t",
        'у' | 'ў' => "u",
        'ф' => "f",
        'х' => "kh",
        'ц' => "ts",
        'ч' => "ch",
        'ш' => "sh",
        'щ' => "shch",
        'ъ' | 'ь' => "",
        'ы' => "y",
        'ю' => "yu",
        'я' => "ya",
        _ => return None,
    };
    Some(letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_a_safe_file_name() {
        for (title, expected) in [
            ("Faster checkout", "faster-checkout"),
            ("Быстрая оплата: щёлк!", "bystraya-oplata-shchelk"),
            ("  ../../etc/passwd\n", "etc-passwd"),
            ("Don’t \"quote\" {{ me }}", "dont-quote-me"),
            ("決済を速く", "決済を速く"),
            ("…", ""),
            ("", ""),
        ] {
            assert_eq!(slug(title), expected);
        }
    }

    #[test]
    fn a_long_title_is_cut_between_words() {
        let long = slug(&"word ".repeat(100));
        assert!(long.len() <= LONGEST && long.ends_with("word"), "{long}");
        assert_eq!(slug(&"é".repeat(100)).chars().count(), LONGEST);
    }
}
