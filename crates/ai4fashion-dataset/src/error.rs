//! What can go wrong.

mod bad_row;
mod kind;
mod reject_reason;
mod text;

use std::{error::Error as StdError, io, path::Path};

pub use bad_row::{BadRow, RowProblem};
pub use kind::ErrorKind;
pub use reject_reason::RejectReason;
pub(crate) use text::count;

/// An error of this crate; [`Error::kind`] tells what happened.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Error(Box<ErrorKind>);

impl Error {
    /// An error of code outside this crate, such as a [`Source`](crate::source::Source) of the
    /// caller's own.
    ///
    /// ```
    /// use ai4fashion_dataset::Error;
    ///
    /// let error = Error::other("the bucket is gone");
    /// assert_eq!(error.to_string(), "the bucket is gone");
    /// ```
    pub fn other(error: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        ErrorKind::Other(error.into()).into()
    }

    /// An image or row that cannot be used, for a reason that is not in the image's bytes.
    ///
    /// ```
    /// use ai4fashion_dataset::{Error, RejectReason};
    ///
    /// let error = Error::rejected(RejectReason::UnsafeEntry, "entry is encrypted");
    /// assert_eq!(error.reject_reason(), RejectReason::UnsafeEntry);
    /// ```
    pub fn rejected(reason: RejectReason, message: impl Into<String>) -> Self {
        let message = message.into();
        ErrorKind::Rejected { reason, message }.into()
    }

    /// Names the action and the path of an I/O error, for `map_err`.
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| {
            let path = path.to_owned();
            ErrorKind::Io { action, path, source }.into()
        }
    }

    pub(crate) fn parse(what: &'static str, text: impl Into<String>, legal: impl Into<String>) -> Self {
        ErrorKind::Parse {
            what,
            text: text.into(),
            legal: legal.into(),
        }
        .into()
    }

    pub(crate) fn setting(option: &'static str, value: impl ToString, legal: impl Into<String>) -> Self {
        ErrorKind::Setting {
            option,
            value: value.to_string(),
            legal: legal.into(),
        }
        .into()
    }

    pub(crate) fn not_a_dataset(path: &Path, found: impl Into<String>) -> Self {
        ErrorKind::NotADataset {
            path: path.to_owned(),
            found: found.into(),
        }
        .into()
    }

    /// Names the file and the line of what a parser said, for `map_err`.
    pub(crate) fn malformed<E: Into<Box<dyn StdError + Send + Sync>>>(
        path: &Path,
        line: Option<u64>,
    ) -> impl FnOnce(E) -> Self {
        move |source| {
            ErrorKind::Malformed {
                path: path.to_owned(),
                line,
                source: source.into(),
            }
            .into()
        }
    }

    /// What happened.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.0
    }

    /// The code that an image with this error is rejected with.
    #[must_use]
    pub fn reject_reason(&self) -> RejectReason {
        match self.kind() {
            ErrorKind::Rejected { reason, .. } => *reason,
            ErrorKind::Image(error) => reason_of_image(error.kind()),
            _ => RejectReason::Unreadable,
        }
    }

    /// The message with the messages of all causes on one line, for lists and logs.
    #[must_use]
    pub fn chain(&self) -> String {
        let mut text = self.to_string();
        let mut cause = StdError::source(self);
        while let Some(error) = cause {
            let message = error.to_string();
            // Some libraries repeat the cause in their message.
            if !text.ends_with(&message) {
                text.push_str(": ");
                text.push_str(&message);
            }
            cause = error.source();
        }
        text
    }
}

fn reason_of_image(kind: &ai4fashion_image::ErrorKind) -> RejectReason {
    use ai4fashion_image::ErrorKind;
    match kind {
        ErrorKind::EmptyFile => RejectReason::EmptyFile,
        ErrorKind::NotAFile => RejectReason::NotAFile,
        ErrorKind::NotAnImage => RejectReason::NotAnImage,
        ErrorKind::Truncated => RejectReason::Truncated,
        ErrorKind::Damaged { .. } => RejectReason::Broken,
        ErrorKind::DecoderPanicked => RejectReason::DecoderPanicked,
        ErrorKind::TooLarge { .. } => RejectReason::TooLarge,
        ErrorKind::FileTooLarge { .. } => RejectReason::FileTooLarge,
        ErrorKind::NoPixels { .. } => RejectReason::NoPixels,
        ErrorKind::File { source, .. } => reason_of_image(source.kind()),
        _ => RejectReason::Unreadable,
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self(Box::new(kind))
    }
}

impl From<ai4fashion_image::Error> for Error {
    fn from(error: ai4fashion_image::Error) -> Self {
        ErrorKind::Image(error).into()
    }
}

impl From<ai4fashion_files::Error> for Error {
    fn from(error: ai4fashion_files::Error) -> Self {
        use ai4fashion_files::ErrorKind as Kind;
        match error.into_kind() {
            Kind::Io {
                action, path, source, ..
            } => ErrorKind::Io { action, path, source }.into(),
            Kind::Json {
                path, line, source, ..
            } => ErrorKind::Malformed {
                path,
                line: Some(line as u64),
                source: source.into(),
            }
            .into(),
            other => Self::other(ai4fashion_files::Error::from(other)),
        }
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

    #[test]
    fn chain_has_every_cause_once() {
        let inner = Error::other("two fields");
        let outer = Error::malformed(Path::new("a.csv"), Some(3))(inner);
        assert_eq!(outer.chain(), "cannot understand line 3 of `a.csv`: two fields");
    }
}
