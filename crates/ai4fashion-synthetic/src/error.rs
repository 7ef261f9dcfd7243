//! The error of this crate.

use std::{
    io,
    path::{Path, PathBuf},
};

/// An error of this crate; see [`Error::kind`].
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Error(Box<ErrorKind>);

/// The kind of an [`Error`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
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
    /// An image could not be encoded.
    #[error("cannot encode `{}`", path.display())]
    #[non_exhaustive]
    Encode {
        /// The file that it was for.
        path: PathBuf,
        /// The error of the encoder.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A text is not a view.
    #[error("view `{}` is unknown; expected garment-only or on-model", text.escape_debug())]
    #[non_exhaustive]
    View {
        /// The text.
        text: String,
    },
}

impl Error {
    /// Names the action and the path of an I/O error, for `map_err`.
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| {
            let path = path.to_owned();
            ErrorKind::Io { action, path, source }.into()
        }
    }

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
