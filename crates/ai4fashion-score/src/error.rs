//! The error of this crate.

use std::{error::Error as StdError, fmt, io, path::PathBuf};

use ai4fashion_files::printable;

/// An error of this crate; see [`Error::kind`].
///
/// Its message is one line without control characters, whatever it quotes of a file.
///
/// ```
/// use ai4fashion_score::{ErrorKind, Features};
///
/// let error = Features::new(3, vec![0.0; 7]).unwrap_err();
/// assert!(matches!(error.kind(), ErrorKind::Shape { .. }));
/// assert_eq!(error.to_string(), "7 values are no rows of 3");
/// ```
#[derive(Debug)]
pub struct Error(Box<ErrorKind>);

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printable(&self.0.to_string()))
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source()
    }
}

/// The kinds of [`Error`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A set is too small for a score.
    #[error("{set}: {count} of at least {least}")]
    #[non_exhaustive]
    TooFew {
        /// The set, such as `real images`.
        set: &'static str,
        /// How many it has.
        count: usize,
        /// How many it needs.
        least: usize,
    },
    /// Values that do not make whole rows.
    #[error("{values} values are no rows of {dimensions}")]
    #[non_exhaustive]
    Shape {
        /// How many values there are.
        values: usize,
        /// How many a row has.
        dimensions: usize,
    },
    /// Two sets of features with rows of different lengths.
    #[error("rows of real features have {real} values, those of generated features {fake}")]
    #[non_exhaustive]
    Dimensions {
        /// Values of a real row.
        real: usize,
        /// Values of a generated row.
        fake: usize,
    },
    /// A feature that is no finite number.
    #[error("row {row}, column {column} of the features is {value}, expected a finite number")]
    #[non_exhaustive]
    NotFinite {
        /// The row, from 0.
        row: usize,
        /// The column, from 0.
        column: usize,
        /// The value.
        value: f64,
    },
    /// An image of another size than the first.
    #[error("{set}: image {index} has {found} pixels, the first {expected}")]
    #[non_exhaustive]
    ImageSize {
        /// The set, such as `real images`.
        set: &'static str,
        /// The image, from 0.
        index: usize,
        /// The size of this image.
        found: String,
        /// The size of the first image.
        expected: String,
    },
    /// An image that is too small for a score.
    #[error("images of {found} pixels are smaller than {least}x{least}")]
    #[non_exhaustive]
    SmallImage {
        /// Their size.
        found: String,
        /// The least side.
        least: u32,
    },
    /// A file that cannot be read.
    #[error("cannot read `{}`", path.display())]
    #[non_exhaustive]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A `.npy` file of something else than images or features.
    #[error(
        "`{}` holds {found}, expected images as uint8 (n, height, width, 3) or (n, 3, height, width), \
         or features as float32 or float64 (n, d)",
        path.display()
    )]
    #[non_exhaustive]
    Npy {
        /// The file.
        path: PathBuf,
        /// What it holds.
        found: String,
    },
    /// A `.npy` file of features that cannot be used.
    #[error("cannot use the features in `{}`", path.display())]
    #[non_exhaustive]
    NpyFeatures {
        /// The file.
        path: PathBuf,
        /// Why, such as [`ErrorKind::NotFinite`].
        source: Box<Error>,
    },
}

impl Error {
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
