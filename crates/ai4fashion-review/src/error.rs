//! The error of this crate.

use std::{
    io,
    net::SocketAddr,
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
    /// The data set cannot be read or changed.
    #[error(transparent)]
    #[non_exhaustive]
    Dataset {
        /// The cause.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A chart of the report cannot be drawn.
    #[error(transparent)]
    #[non_exhaustive]
    Chart {
        /// The cause.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// An image of the data set has no thumbnail.
    #[error("cannot make a thumbnail of `{file}`")]
    #[non_exhaustive]
    Thumbnail {
        /// The image, below the data set's folder.
        file: String,
        /// The cause.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A page could not be made.
    #[error("cannot make the page `{}`", path.display())]
    #[non_exhaustive]
    Page {
        /// The page.
        path: PathBuf,
        /// The cause.
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
    /// The server could not be started.
    #[error("cannot listen on {address}")]
    #[non_exhaustive]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The cause.
        source: io::Error,
    },
}

impl Error {
    /// Names a page that could not be made, for `map_err`.
    pub(crate) fn page(path: &Path) -> impl Fn(minijinja::Error) -> Self {
        move |source| {
            let (path, source) = (path.to_owned(), source.into());
            ErrorKind::Page { path, source }.into()
        }
    }

    /// Names the image that has no thumbnail, for `map_err`.
    pub(crate) fn thumbnail<E>(file: &str) -> impl FnOnce(E) -> Self
    where
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        move |source| {
            let (file, source) = (file.to_owned(), source.into());
            ErrorKind::Thumbnail { file, source }.into()
        }
    }

    /// Takes over an error of drawing a chart, for `map_err`.
    pub(crate) fn chart(source: ai4fashion_plot::Error) -> Self {
        let source = source.into();
        ErrorKind::Chart { source }.into()
    }

    /// Takes over an error of writing `path`, for `map_err`.
    pub(crate) fn write(path: &Path) -> impl FnOnce(ai4fashion_files::Error) -> Self {
        move |error| {
            let kind = match error.into_kind() {
                ai4fashion_files::ErrorKind::Io {
                    action, path, source, ..
                } => ErrorKind::Io { action, path, source },
                other => ErrorKind::Io {
                    action: "write",
                    path: path.to_owned(),
                    source: io::Error::other(other.to_string()),
                },
            };
            kind.into()
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

impl From<ai4fashion_dataset::Error> for Error {
    fn from(source: ai4fashion_dataset::Error) -> Self {
        let source = source.into();
        ErrorKind::Dataset { source }.into()
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
