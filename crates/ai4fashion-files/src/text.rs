//! Parts of messages.

use std::error::Error as StdError;

/// Writes a number of things, such as `1 image` or `2 images`.
///
/// ```
/// use ai4fashion_files::count;
///
/// assert_eq!([0, 1, 2].map(|number| count(number, "row")), ["0 rows", "1 row", "2 rows"]);
/// ```
#[must_use]
pub fn count(number: usize, thing: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {thing}{ending}")
}

/// Lists the message of an error and those of its causes.
///
/// A cause that the message above it repeats at its end is left out, as some libraries repeat it.
#[must_use]
pub fn messages(error: &dyn StdError) -> Vec<String> {
    let mut messages = vec![error.to_string()];
    let mut cause = error.source();
    while let Some(error) = cause {
        let message = error.to_string();
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
