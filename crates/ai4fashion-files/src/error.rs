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
    /// A file or folder could not be read or written.
    #[error("cannot {action} `{}`", path.display())]
    #[non_exhaustive]
    Io {
        /// The action that failed, such as `read`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// A line of a file is not the JSON that was expected.
    #[error("cannot parse line {line} of `{}`", path.display())]
    #[non_exhaustive]
    Json {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The error of the parser.
        source: serde_json::Error,
    },
    /// A value has no form in JSON.
    #[error("cannot write `{}` as JSON", path.display())]
    #[non_exhaustive]
    Encode {
        /// The file.
        path: PathBuf,
        /// The error of the serializer.
        source: serde_json::Error,
    },
    /// Another process holds the lock.
    #[error("`{}` is locked by another process", path.display())]
    #[non_exhaustive]
    Locked {
        /// The file.
        path: PathBuf,
    },
    /// The file system has no locks, or refuses this one.
    #[error("cannot lock `{}`", path.display())]
    #[non_exhaustive]
    NoLocks {
        /// The file.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
}

impl Error {
    /// Names the action and the path of an I/O error, for `map_err`.
    pub fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| {
            let path = path.to_owned();
            ErrorKind::Io { action, path, source }.into()
        }
    }

    /// Names the path and the line of a JSON error, for `map_err`; `line` counts from 1.
    pub(crate) fn json(path: &Path, line: usize) -> impl FnOnce(serde_json::Error) -> Self {
        move |source| {
            let path = path.to_owned();
            ErrorKind::Json { path, line, source }.into()
        }
    }

    /// Names the path of a value that cannot be serialized, for `map_err`.
    pub(crate) fn encode(path: &Path) -> impl FnOnce(serde_json::Error) -> Self {
        move |source| {
            let path = path.to_owned();
            ErrorKind::Encode { path, source }.into()
        }
    }

    /// Returns the kind of the error.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.0
    }

    /// Takes the error apart, for crates that convert it to an error of their own.
    #[must_use]
    pub fn into_kind(self) -> ErrorKind {
        *self.0
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
