//! The error of this crate.

use std::{
    io,
    path::{Path, PathBuf},
};

/// An error of this crate; see [`Error::kind`].
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Error(Box<ErrorKind>);

/// The kinds of [`Error`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A word that names nothing.
    #[error("{what} is `{text}`, expected one of {legal}")]
    #[non_exhaustive]
    Parse {
        /// What the word should name.
        what: &'static str,
        /// The word.
        text: String,
        /// The legal words.
        legal: String,
    },
    /// A shard size that is too small.
    #[error("shards of {bytes} bytes, expected at least {least}")]
    #[non_exhaustive]
    ShardBytes {
        /// The size that was asked for.
        bytes: u64,
        /// The least size.
        least: u64,
    },
    /// There is something else at the place of the export.
    #[error("output folder `{}` is not empty; name another one", path.display())]
    #[non_exhaustive]
    NotEmpty {
        /// The place.
        path: PathBuf,
    },
    /// There is a file at the place of the export, or a link that leads nowhere.
    #[error("output folder `{}` is no folder", path.display())]
    #[non_exhaustive]
    NotAFolder {
        /// The place.
        path: PathBuf,
    },
    /// The folder's name has characters that loaders of data sets do not take literally.
    #[error(
        "output folder `{}`: Python's loaders read * ? [ ] {{ }} :: and ~ in a name as a pattern, and some \
         take no control characters and no bytes that are not UTF-8; name another one",
        path.display()
    )]
    #[non_exhaustive]
    Name {
        /// The place.
        path: PathBuf,
    },
    /// One of the two folders is inside the other.
    #[error("output folder `{}` is inside the data set `{}`, or contains it", out.display(), dataset.display())]
    #[non_exhaustive]
    Overlap {
        /// The place of the export.
        out: PathBuf,
        /// The data set.
        dataset: PathBuf,
    },
    /// Another process is exporting to this place.
    #[error("output folder `{}` is in use: another process is exporting to it", path.display())]
    #[non_exhaustive]
    InUse {
        /// The place.
        path: PathBuf,
    },
    /// The work folder beside the place holds something that is not of an export.
    #[error("`{}` is not the work folder of an export; move it away", path.display())]
    #[non_exhaustive]
    NotOurs {
        /// The work folder.
        path: PathBuf,
    },
    /// A file of an earlier export of the same data set is missing, or was changed.
    #[error(
        "output folder `{}` holds this export, but `{file}` is missing or was changed; \
         name another folder, or remove this one",
        path.display()
    )]
    #[non_exhaustive]
    Incomplete {
        /// The place.
        path: PathBuf,
        /// The file, below it.
        file: String,
    },
    /// An image was changed while the data set was exported.
    #[error("`{file}` was changed meanwhile; export again")]
    #[non_exhaustive]
    Changed {
        /// The image's file, below the data set.
        file: String,
    },
    /// No image of the data set can be exported.
    #[error("nothing to export: {left_out} of {images} images cannot be used{}", first.as_deref().map(|it| format!("; the first: {it}")).unwrap_or_default())]
    #[non_exhaustive]
    Nothing {
        /// Images of the data set.
        images: usize,
        /// Images that cannot be used.
        left_out: usize,
        /// The first of these, and why.
        first: Option<String>,
    },
    /// The caller asked to stop; the same export goes on from there.
    #[error("stopped after {done} of {total} images")]
    #[non_exhaustive]
    Stopped {
        /// Images that were written.
        done: usize,
        /// Images to write.
        total: usize,
    },
    /// An error of the data set.
    #[error(transparent)]
    Dataset(ai4fashion_dataset::Error),
    /// An error of a file.
    #[error(transparent)]
    File(ai4fashion_files::Error),
    /// A file or folder that cannot be read or written.
    #[error("cannot {action} `{}`", path.display())]
    #[non_exhaustive]
    Io {
        /// What was tried, `read` or `write`.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl Error {
    /// Names the path that could not be written, for `map_err`.
    pub(crate) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        Self::of("write", path)
    }

    /// Names the path that could not be read, for `map_err`.
    pub(crate) fn read(path: &Path) -> impl FnOnce(io::Error) -> Self {
        Self::of("read", path)
    }

    fn of(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| ErrorKind::Io { action, path, source }.into()
    }

    /// Returns the kind of error, with its values.
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
    fn from(error: ai4fashion_dataset::Error) -> Self {
        ErrorKind::Dataset(error).into()
    }
}

impl From<ai4fashion_files::Error> for Error {
    fn from(error: ai4fashion_files::Error) -> Self {
        ErrorKind::File(error).into()
    }
}
