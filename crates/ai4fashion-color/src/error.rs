//! The error of this crate.

use std::fmt;

/// What went wrong when a name was read, a classifier was set up or a picture was borrowed. Classifying itself cannot
/// fail.
#[derive(Debug)]
pub struct Error(Box<ErrorKind>);

/// The kinds of [`Error`]. All of them are the caller's or the data's to mend.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A text that is none of the eleven names.
    UnknownColor {
        /// The text as it was given.
        name: String,
        /// The eleven names.
        legal: String,
    },
    /// An option of [`ClassifyOptions`](crate::ClassifyOptions) outside its interval.
    Setting {
        /// The field.
        option: &'static str,
        /// Its value.
        value: f32,
        /// The legal interval, as in its documentation.
        legal: &'static str,
    },
    /// Rows of a picture that would overlap.
    Stride {
        /// Bytes from one row to the next, as given.
        stride: usize,
        /// Bytes of the pixels of a row: the least stride.
        row: usize,
    },
    /// A buffer with fewer bytes than its picture takes.
    Length {
        /// Bytes that there are.
        length: usize,
        /// Bytes that there must be.
        needed: usize,
    },
}

impl Error {
    pub(crate) fn new(kind: ErrorKind) -> Self {
        Self(Box::new(kind))
    }

    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.0
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind() {
            ErrorKind::UnknownColor { name, legal } => {
                write!(f, "color name `{}` is none of {legal}", name.escape_debug())
            }
            ErrorKind::Setting { option, value, legal } => {
                write!(f, "{option} is {value}, legal is {legal}")
            }
            ErrorKind::Stride { stride, row } => {
                write!(f, "stride {stride} is less than the {row} bytes of a row")
            }
            ErrorKind::Length { length, needed } => {
                write!(
                    f,
                    "buffer of {length} bytes is shorter than the {needed} that the picture takes"
                )
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
    fn message_gives_value_and_interval() {
        let err = Error::new(ErrorKind::Setting {
            option: "tolerance",
            value: 2.0,
            legal: "(0, 0.2]",
        });
        assert_eq!(err.to_string(), "tolerance is 2, legal is (0, 0.2]");
    }
}
