//! The error of this crate.

use std::fmt;

/// An error from parsing a colour name, setting up a classifier or borrowing an image.
///
/// Classifying itself cannot fail.
///
/// ```
/// use ai4fashion_color::{BasicColor, ErrorKind};
///
/// let error = "teal".parse::<BasicColor>().unwrap_err();
/// assert!(matches!(error.kind(), ErrorKind::UnknownColor { name, .. } if name == "teal"));
/// assert!(error.to_string().starts_with("unknown color `teal`, expected one of black, blue, "));
/// ```
#[derive(Debug)]
pub struct Error(Box<ErrorKind>);

/// The kinds of [`Error`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A text that is not one of the eleven colour names.
    #[non_exhaustive]
    UnknownColor {
        /// The text.
        name: String,
        /// The legal names.
        legal: String,
    },
    /// An option of [`ClassifyOptions`](crate::ClassifyOptions) outside its interval.
    #[non_exhaustive]
    Setting {
        /// Name of the field.
        option: &'static str,
        /// Value of the field.
        value: String,
        /// The legal interval.
        legal: String,
    },
    /// A stride shorter than a row, so that rows would overlap.
    #[non_exhaustive]
    Stride {
        /// Bytes from the start of a row to the start of the next.
        stride: usize,
        /// Bytes of a row's pixels.
        row: usize,
    },
    /// A buffer shorter than its image.
    #[non_exhaustive]
    Length {
        /// Bytes in the buffer.
        length: usize,
        /// Bytes that the image needs.
        needed: usize,
    },
}

impl Error {
    pub(crate) fn new(kind: ErrorKind) -> Self {
        Self(Box::new(kind))
    }

    /// Returns the kind of the error, with its values.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.0
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind() {
            ErrorKind::UnknownColor { name, legal } => {
                write!(
                    f,
                    "unknown color `{}`, expected one of {legal}",
                    name.escape_debug()
                )
            }
            ErrorKind::Setting { option, value, legal } => {
                write!(f, "{option} is {value}, expected {legal}")
            }
            ErrorKind::Stride { stride, row } => {
                write!(f, "stride is {stride} bytes, a row needs {row}")
            }
            ErrorKind::Length { length, needed } => {
                write!(f, "buffer has {length} bytes, the image needs {needed}")
            }
        }
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn error_is_one_pointer_wide() {
        assert_eq!(size_of::<Error>(), size_of::<usize>());
    }

    #[test]
    fn error_may_cross_threads() {
        fn check<T: Send + Sync + 'static>() {}
        check::<Error>();
    }

    #[test]
    fn message_has_value_and_interval() {
        let err = Error::new(ErrorKind::Setting {
            option: "background_tolerance",
            value: 2.0.to_string(),
            legal: "(0, 0.2]".to_owned(),
        });
        assert_eq!(err.to_string(), "background_tolerance is 2, expected (0, 0.2]");
    }
}
