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

/// Writes the first letter of each word that names a split as `%XX`.
///
/// The text is the stem of a labelled name, with an underscore on both sides.
pub(super) fn escape(stem: &str) -> String {
    let mut escaped = String::with_capacity(stem.len());
    for part in stem.split_inclusive(is_separator) {
        let word = part.trim_end_matches(is_separator);
        if WORDS.contains(&word) {
            escaped += &format!("%{:02X}{}", part.as_bytes()[0], &part[1..]);
        } else {
            escaped += part;
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
            ("été", "été"),
            ("", ""),
        ] {
            assert_eq!(escape(stem), expected);
        }
    }
}
