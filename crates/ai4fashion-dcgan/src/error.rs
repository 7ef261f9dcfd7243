//! Errors of the crate.

mod weights;

use std::{
    io,
    path::{Path, PathBuf},
};

use crate::difference::Difference;
#[cfg(feature = "pytorch")]
pub(crate) use weights::first;
pub(crate) use weights::shown;
pub use weights::{Misfit, WeightsError};

/// An error of another crate.
pub(crate) type Foreign = Box<dyn std::error::Error + Send + Sync>;

/// An error of this crate; [`Error::kind`] tells what happened.
///
/// ```
/// use ai4fashion_dcgan::{DcganConfig, ErrorKind};
///
/// let error = DcganConfig::tutorial().with_image_size(63).validate().unwrap_err();
/// assert!(matches!(error.kind(), ErrorKind::Setting { option: "image_size", .. }));
/// assert_eq!(error.to_string(), "image_size is 63, expected 8, 16, 32, 64 or 128");
/// ```
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Error(Box<ErrorKind>);

/// The kinds of [`Error`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An option is outside its interval.
    #[error("{option} is {value}, expected {legal}")]
    #[non_exhaustive]
    Setting {
        /// The option's name.
        option: &'static str,
        /// The value that was given.
        value: String,
        /// The legal values.
        legal: String,
    },
    /// There is no image to train on.
    #[error("there is no image to train on")]
    NoImages,
    /// Images lack a label that the condition needs.
    #[error("{} no {label}, which the condition needs; leave such images out", have(*count))]
    #[non_exhaustive]
    Unlabeled {
        /// The label: `color` or `type`.
        label: &'static str,
        /// How many images lack it.
        count: usize,
    },
    /// A run would be resumed with other settings or images.
    #[error("settings or images differ from the run's: {}", lines(differences))]
    #[non_exhaustive]
    Changed {
        /// What differs.
        differences: Vec<Difference>,
    },
    /// A checkpoint was written by another version.
    #[error("the checkpoint has format {found}, this version reads {oldest} to {newest}")]
    #[non_exhaustive]
    Format {
        /// The format of the checkpoint.
        found: u32,
        /// The oldest format that this version reads.
        oldest: u32,
        /// The format that this version writes, the newest that it reads.
        newest: u32,
    },
    /// A file of a checkpoint is missing, or differs from what was written.
    #[error("`{name}` {problem}")]
    #[non_exhaustive]
    DamagedFile {
        /// The file.
        name: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A checkpoint cannot be used.
    #[error("cannot use the checkpoint `{}`{}", path.display(), before_it(previous.as_deref()))]
    #[non_exhaustive]
    Checkpoint {
        /// The folder of the checkpoint.
        path: PathBuf,
        /// The cause.
        source: Box<Error>,
        /// The newest checkpoint before it.
        previous: Option<PathBuf>,
    },
    /// There is no checkpoint of this name.
    #[error("there is no checkpoint `{name}`; there are: {}", or_none(existing))]
    #[non_exhaustive]
    NoCheckpoint {
        /// The name.
        name: String,
        /// The names of those that exist.
        existing: Vec<String>,
    },
    /// Another process trains in the run folder.
    #[error("another process trains in `{}`", path.display())]
    #[non_exhaustive]
    InUse {
        /// The folder.
        path: PathBuf,
    },
    /// Something would be overwritten that is not to be lost.
    #[error("`{}` holds {content}; name another place", path.display())]
    #[non_exhaustive]
    Occupied {
        /// The file or folder.
        path: PathBuf,
        /// What is there.
        content: String,
    },
    /// A folder is no run folder, or its run has not saved a checkpoint yet.
    #[error("`{}` is not a run folder with a checkpoint: {missing} is missing{}", path.display(), hint(nearby.as_deref()))]
    #[non_exhaustive]
    NotARun {
        /// The folder.
        path: PathBuf,
        /// The file that was looked for.
        missing: &'static str,
        /// A run folder inside the folder.
        nearby: Option<PathBuf>,
    },
    /// A log of a run has fewer lines than the checkpoint has steps.
    #[error(
        "`{}` ends after line {lines}, the checkpoint needs {needed} of them; an earlier checkpoint may fit",
        path.display()
    )]
    #[non_exhaustive]
    ShortLog {
        /// The log.
        path: PathBuf,
        /// The number of its complete lines.
        lines: usize,
        /// The lines that the checkpoint needs.
        needed: usize,
    },
    /// An image cannot be read or scaled.
    #[error("cannot use image {index}")]
    #[non_exhaustive]
    Image {
        /// The index in the source.
        index: usize,
        /// The cause.
        source: Foreign,
    },
    /// A loss or a weight became NaN or infinite, so that the run cannot continue.
    #[error(
        "the {what} is {value} at epoch {epoch}, step {step}; a smaller learning rate may help, \
         from an earlier checkpoint too"
    )]
    #[non_exhaustive]
    NotFinite {
        /// What it is: the loss of a network, or the sum of its weights.
        what: &'static str,
        /// The value.
        value: f32,
        /// The epoch, from 0.
        epoch: usize,
        /// The step in the whole run, from 0.
        step: usize,
    },
    /// A file of weights cannot be read or does not fit the network.
    #[error("cannot use the weights in `{}`", path.display())]
    #[non_exhaustive]
    Weights {
        /// The file.
        path: PathBuf,
        /// What does not fit.
        source: WeightsError,
    },
    /// A JSON file of a run cannot be parsed.
    #[error("cannot parse {}`{}`", line_of(*line), path.display())]
    #[non_exhaustive]
    Json {
        /// The file.
        path: PathBuf,
        /// The line, from 1, if it is known.
        line: Option<usize>,
        /// The cause.
        source: Foreign,
    },
    /// An image, a chart, a report or a value for a JSON file could not be encoded.
    #[error("cannot encode `{}`", path.display())]
    #[non_exhaustive]
    Encode {
        /// The file that it is for.
        path: PathBuf,
        /// The cause.
        source: Foreign,
    },
    /// A file or folder could not be read or written.
    #[error("cannot {action} `{}`", path.display())]
    #[non_exhaustive]
    Io {
        /// What was tried: a verb such as `read`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// A thread that decodes images ended early.
    #[error("a thread that decodes images ended early")]
    Worker,
    /// An error of a caller's own types: see [`Error::other`].
    #[error(transparent)]
    Other(Foreign),
}

impl Error {
    /// Wraps an error of a caller's own [`ImageSource`](crate::ImageSource) or
    /// [`Observer`](crate::Observer).
    ///
    /// ```
    /// let error = ai4fashion_dcgan::Error::other("the camera is off");
    /// assert_eq!(error.to_string(), "the camera is off");
    /// ```
    pub fn other(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        ErrorKind::Other(source.into()).into()
    }

    /// Names an option that is outside its interval.
    pub(crate) fn setting(option: &'static str, value: impl ToString, legal: impl Into<String>) -> Self {
        let (value, legal) = (value.to_string(), legal.into());
        ErrorKind::Setting { option, value, legal }.into()
    }

    /// Names the image that cannot be used, for `map_err`.
    pub(crate) fn image<E: Into<Foreign>>(index: usize) -> impl FnOnce(E) -> Self {
        move |source| {
            let source = source.into();
            ErrorKind::Image { index, source }.into()
        }
    }

    /// Names the action and the path of an I/O error, for `map_err`.
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| {
            let path = path.to_owned();
            ErrorKind::Io { action, path, source }.into()
        }
    }

    /// Names the file and the line of a JSON error, for `map_err`.
    pub(crate) fn json(path: &Path) -> impl FnOnce(serde_json::Error) -> Self {
        move |source| Self::json_line(path.to_owned(), source.line(), source)
    }

    /// Names the line, from 1, that cannot be parsed; 0 is not known.
    fn json_line(path: PathBuf, line: usize, source: serde_json::Error) -> Self {
        let (line, source) = ((line > 0).then_some(line), source.into());
        ErrorKind::Json { path, line, source }.into()
    }

    /// Names the file that something could not be encoded for, for `map_err`.
    pub(crate) fn encode<E: Into<Foreign>>(path: &Path) -> impl FnOnce(E) -> Self {
        move |source| {
            let (path, source) = (path.to_owned(), source.into());
            ErrorKind::Encode { path, source }.into()
        }
    }

    /// Converts an error of the file helpers, for `map_err`.
    pub(crate) fn file(error: ai4fashion_files::Error) -> Self {
        use ai4fashion_files::ErrorKind as Kind;
        match error.into_kind() {
            Kind::Io {
                action, path, source, ..
            } => ErrorKind::Io { action, path, source }.into(),
            Kind::Json {
                path, line, source, ..
            } => Self::json_line(path, line, source),
            Kind::Encode { path, source, .. } => Self::encode(&path)(source),
            Kind::Locked { path, .. } => ErrorKind::InUse { path }.into(),
            Kind::NoLocks { path, source, .. } => Self::io("lock", &path)(source),
            other => Self::other(other.to_string()),
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

fn have(images: usize) -> String {
    let have = if images == 1 { "has" } else { "have" };
    format!("{} {have}", ai4fashion_files::count(images, "image"))
}

fn line_of(line: Option<usize>) -> String {
    line.map(|line| format!("line {line} of ")).unwrap_or_default()
}

fn lines(differences: &[Difference]) -> String {
    let lines: Vec<String> = differences.iter().map(Difference::to_string).collect();
    lines.join("; ")
}

fn or_none(names: &[String]) -> String {
    if names.is_empty() {
        return "none".to_owned();
    }
    names.join(", ")
}

fn before_it(previous: Option<&Path>) -> String {
    let name = previous.and_then(Path::file_name);
    name.map(|name| format!("; the one before it is `{}`", name.display()))
        .unwrap_or_default()
}

fn hint(nearby: Option<&Path>) -> String {
    nearby
        .map(|path| format!("; `{}` is one", path.display()))
        .unwrap_or_default()
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

    #[test]
    fn number_of_images_without_a_label_is_singular_or_plural() {
        let message = |count| {
            let label = "color";
            Error::from(ErrorKind::Unlabeled { label, count }).to_string()
        };
        let rest = "no color, which the condition needs; leave such images out";
        assert_eq!(
            [1, 2].map(message),
            [format!("1 image has {rest}"), format!("2 images have {rest}")]
        );
    }

    #[test]
    fn json_error_names_the_line_and_an_encoding_error_is_another_kind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log.jsonl");
        std::fs::write(&path, "1\n\n2,\n").unwrap();
        let error = ai4fashion_files::json_lines::read::<u32>(&path).unwrap_err();
        let expected = format!("cannot parse line 3 of `{}`", path.display());
        assert_eq!(Error::file(error).to_string(), expected);
        // JSON has no map with such keys.
        let value = std::collections::BTreeMap::from([((1, 2), 3)]);
        let error = Error::file(ai4fashion_files::json::write(&path, &value).unwrap_err());
        assert!(matches!(error.kind(), ErrorKind::Encode { .. }), "{error}");
    }

    #[test]
    fn foreign_error_keeps_its_type_and_its_causes() {
        let error = Error::other(io::Error::other("the camera is off"));
        assert_eq!(error.to_string(), "the camera is off");
        let ErrorKind::Other(source) = error.kind() else {
            panic!("{error:?}")
        };
        assert!(source.is::<io::Error>());
    }
}
