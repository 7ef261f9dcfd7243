//! The error of this crate.

use std::{fmt, io, path::PathBuf};

/// An error from parsing a product type or reading weights.
///
/// Classifying itself cannot fail. The message is one line without control characters, whatever it
/// quotes of a file.
///
/// ```
/// use ai4fashion_garment::{ErrorKind, GarmentClassifier};
///
/// let error = GarmentClassifier::from_bytes(b"no weights").unwrap_err();
/// assert!(matches!(error.kind(), ErrorKind::Weights { .. }));
/// assert!(error.to_string().starts_with("not the weights of a garment classifier: "));
/// ```
#[derive(Debug)]
pub struct Error(Box<ErrorKind>);

/// The kinds of [`Error`].
#[derive(Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A text that is not a product type.
    #[non_exhaustive]
    UnknownType {
        /// The text.
        text: String,
        /// The types.
        known: String,
    },
    /// Weights that are damaged, or of another format.
    #[non_exhaustive]
    Weights {
        /// What is wrong.
        reason: String,
    },
    /// A file that cannot be read.
    #[non_exhaustive]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file whose weights are damaged, or of another format.
    #[non_exhaustive]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
}

impl Error {
    pub(crate) fn new(kind: ErrorKind) -> Self {
        Self(Box::new(kind))
    }

    /// Returns the kind of error, with its values.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.0
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let message = match self.kind() {
            ErrorKind::UnknownType { text, known } => {
                format!(
                    "`{}` is not a product type; expected {known}",
                    text.escape_debug()
                )
            }
            ErrorKind::Weights { reason } => format!("not the weights of a garment classifier: {reason}"),
            ErrorKind::Read { path, .. } => format!("cannot read `{}`", path.display()),
            ErrorKind::File { path, reason } => format!(
                "`{}` does not hold the weights of a garment classifier: {reason}",
                path.display()
            ),
        };
        message.chars().try_for_each(|character| {
            if character.is_control() {
                write!(f, "{}", character.escape_debug())
            } else {
                write!(f, "{character}")
            }
        })
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self.kind() {
            ErrorKind::Read { source, .. } => Some(source),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::GarmentClassifier;

    #[test]
    fn control_characters_of_a_file_are_escaped() {
        let header = "{\"a\":{\"dtype\":\"F\u{7f}32\",\"shape\":[0],\"data_offsets\":[0,0]}}";
        let bytes = [&(header.len() as u64).to_le_bytes(), header.as_bytes()].concat();
        let error = GarmentClassifier::from_bytes(&bytes).unwrap_err().to_string();
        assert!(error.contains("`F\\u{7f}32`"), "{error}");
    }
}
