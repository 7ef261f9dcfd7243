//! Parts of messages.

use std::{borrow::Cow, error::Error as StdError};

use crate::numbers::thousands;

/// Writes a number of things, such as `1 image` or `22,048 images`.
///
/// ```
/// use ai4fashion_files::count;
///
/// assert_eq!([0, 1, 4765].map(|number| count(number, "row")), ["0 rows", "1 row", "4,765 rows"]);
/// ```
#[must_use]
pub fn count(number: usize, thing: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{} {thing}{ending}", thousands(number))
}

/// Escapes what would steer a terminal: control characters, line breaks among them, and marks that
/// change the direction of text.
///
/// They are written as JSON writes them, so that JSON stays JSON.
///
/// ```
/// use ai4fashion_files::printable;
///
/// assert_eq!(printable("red\u{1b}[31m\n"), "red\\u001b[31m\\n");
/// assert_eq!(printable("C:\\rosé"), "C:\\rosé");
/// ```
#[must_use]
pub fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(steers) {
        return text.into();
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            _ if steers(character) => escaped.push_str(&format!("\\u{:04x}", u32::from(character))),
            _ => escaped.push(character),
        }
    }
    escaped.into()
}

/// Whether a terminal or an editor does something else with a character than to show it.
fn steers(character: char) -> bool {
    let is_mark = matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    character.is_control() || is_mark
}

/// Lists the message of an error and those of its causes, each [`printable`] on one line.
///
/// A cause that the message above it repeats at its end is left out, as some libraries repeat it.
#[must_use]
pub fn messages(error: &dyn StdError) -> Vec<String> {
    let text = |error: &dyn StdError| printable(&error.to_string()).into_owned();
    let mut messages = vec![text(error)];
    let mut cause = error.source();
    while let Some(error) = cause {
        let message = text(error);
        if !messages.last().is_some_and(|above| above.ends_with(&message)) {
            messages.push(message);
        }
        cause = error.source();
    }
    messages
}

/// Joins the message of an error and those of its causes on one line.
///
/// ```
/// use ai4fashion_files::{chain, json};
///
/// let error = json::read::<u8>("no/such/file.json").unwrap_err();
/// assert!(chain(&error).starts_with("cannot read `no/such/file.json`: "));
/// ```
#[must_use]
pub fn chain(error: &dyn StdError) -> String {
    messages(error).join(": ")
}

#[cfg(test)]
mod tests {
    use std::fmt;

    use super::*;

    #[derive(Debug)]
    struct Caused(&'static str, Option<Box<Caused>>);

    impl fmt::Display for Caused {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }
    }

    impl StdError for Caused {
        fn source(&self) -> Option<&(dyn StdError + 'static)> {
            let cause = self.1.as_deref()?;
            Some(cause)
        }
    }

    #[test]
    fn what_steers_a_terminal_is_escaped() {
        let inner = Caused("\u{9b}2J \u{202e}gpj.a", None);
        let outer = Caused("row `\u{1b}]0;title\u{7}`\r\nnext", Some(Box::new(inner)));
        assert_eq!(
            chain(&outer),
            r"row `\u001b]0;title\u0007`\r\nnext: \u009b2J \u202egpj.a"
        );
    }

    #[test]
    fn repeated_cause_is_left_out() {
        let inner = Caused("file not found", None);
        let middle = Caused("cannot open: file not found", Some(Box::new(inner)));
        let outer = Caused("cannot read the table", Some(Box::new(middle)));
        assert_eq!(
            messages(&outer),
            ["cannot read the table", "cannot open: file not found"]
        );
        assert_eq!(
            chain(&outer),
            "cannot read the table: cannot open: file not found"
        );
    }
}
