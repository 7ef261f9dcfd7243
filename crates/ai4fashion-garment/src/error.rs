//! The error of this crate.

use std::{fmt, io, path::PathBuf};

/// An error from parsing a product type or reading weights.
///
/// Classifying itself cannot fail.
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
        match self.kind() {
            ErrorKind::UnknownType { text, known } => {
                write!(
                    f,
                    "`{}` is not a product type; expected {known}",
                    text.escape_debug()
                )
            }
            ErrorKind::Weights { reason } => {
                write!(f, "not the weights of a garment classifier: {reason}")
            }
            ErrorKind::Read { path, .. } => write!(f, "cannot read `{}`", path.display()),
            ErrorKind::File { path, reason } => {
                write!(
                    f,
                    "`{}` does not hold the weights of a garment classifier: {reason}",
                    path.display()
                )
            }
        }
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
