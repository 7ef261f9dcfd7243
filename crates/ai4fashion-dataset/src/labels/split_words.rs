//! Words in file names that other programs take for a split.

/// What Hugging Face's `datasets` looks for between two separators of a file's name (version 5.2,
/// `SPLIT_KEYWORDS` in data_files.py). One such name in a folder, and all other files are passed
/// over without a word.
const WORDS: [&str; 10] = [
    "train",
    "training",
    "validation",
    "valid",
    "dev",
    "val",
    "test",
    "testing",
    "eval",
    "evaluation",
];

/// Writes a letter of each word that names a split as `%XX`.
///
/// The text is the stem of a labelled name, with an underscore on both sides.
pub(super) fn escape(stem: &str) -> String {
    let mut escaped = String::with_capacity(stem.len());
    for part in stem.split_inclusive(is_separator) {
        let word = part.trim_end_matches(is_separator);
        // The first, unless that leaves a word behind the digits: `%65val`.
        let letter = match word {
            "eval" => Some(1),
            word => WORDS.contains(&word).then_some(0),
        };
        match letter {
            Some(at) => {
                let (before, after) = part.split_at(at);
                escaped += &format!("{before}%{:02X}{}", after.as_bytes()[0], &after[1..]);
            }
            None => escaped += part,
        }
    }
    escaped
}

/// `NON_WORDS_CHARS` in data_files.py.
fn is_separator(character: char) -> bool {
    matches!(character, '-' | '.' | '_' | ' ' | '0'..='9')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_name_a_split_are_escaped() {
        for (stem, expected) in [
            ("training pants", "%74raining pants"),
            ("test", "%74est"),
            ("val 2", "%76al 2"),
            ("cotton_valid", "cotton_%76alid"),
            ("a-dev.test_2train3", "a-%64ev.%74est_2%74rain3"),
            ("trainers", "trainers"),
            ("Test", "Test"),
            ("eval-dress", "e%76al-dress"),
            ("été", "été"),
            ("", ""),
        ] {
            assert_eq!(escape(stem), expected);
        }
    }

    #[test]
    fn no_word_is_left() {
        for word in WORDS {
            let escaped = escape(word);
            let left = escaped.split(is_separator).find(|part| WORDS.contains(part));
            assert_eq!(left, None, "{escaped}");
        }
    }
}
