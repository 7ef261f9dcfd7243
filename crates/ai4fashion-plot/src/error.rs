//! The error of this crate.

use std::{io, path::PathBuf};

/// An error of this crate; see [`Error::kind`].
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Error(Box<ErrorKind>);

/// The kind of an [`Error`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A chart could not be drawn.
    #[error("cannot draw the chart `{title}`")]
    #[non_exhaustive]
    Draw {
        /// The title of the chart.
        title: String,
        /// The cause.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// An image could not be encoded.
    #[error("cannot encode `{}`", path.display())]
    #[non_exhaustive]
    Encode {
        /// The file that it was for.
        path: PathBuf,
        /// The error of the encoder.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A file or folder could not be written.
    #[error("cannot {action} `{}`", path.display())]
    #[non_exhaustive]
    Io {
        /// The action that failed, such as `write`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
}

impl Error {
    /// Returns the kind of the error.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.0
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self(Box::new(kind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn error_is_one_pointer_and_crosses_threads() {
        fn crosses_threads<T: Send + Sync + 'static>() {}
        crosses_threads::<Error>();
        assert_eq!(size_of::<Error>(), size_of::<usize>());
    }
}
