//! What can go wrong.

mod bad_row;
mod kind;
mod reject_reason;
mod text;

use std::{error::Error as StdError, fmt, io, path::Path};

use ai4fashion_files::printable;

pub use bad_row::{BadRow, RowProblem};
pub use kind::ErrorKind;
pub use reject_reason::RejectReason;

/// An error of this crate; [`Error::kind`] tells what happened.
///
/// Its message is one line without control characters, whatever names and rows it quotes.
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

impl Error {
    /// Wraps an error of code outside this crate, such as a [`Source`](crate::source::Source) of
    /// the caller's own.
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

    /// Says that an image or row cannot be used, for a reason that is not in the image's bytes.
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

    /// Converts an error of the file helpers, for `map_err`.
    pub(crate) fn file(error: ai4fashion_files::Error) -> Self {
        use ai4fashion_files::ErrorKind as Kind;
        match error.into_kind() {
            Kind::Io {
                action, path, source, ..
            } => Self::io(action, &path)(source),
            Kind::Json {
                path, line, source, ..
            } => Self::malformed(&path, (line > 0).then_some(line as u64))(source),
            Kind::Encode { path, source, .. } => Self::io("write", &path)(source.into()),
            Kind::Locked { path, .. } => {
                let activity = "holding its lock";
                ErrorKind::InUse { path, activity }.into()
            }
            Kind::NoLocks { path, source, .. } => Self::io("lock", &path)(source),
            other => Self::other(other.to_string()),
        }
    }

    /// Returns the kind of the error.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.0
    }

    /// Returns the code that an image with this error is rejected with.
    #[must_use]
    pub fn reject_reason(&self) -> RejectReason {
        match self.kind() {
            ErrorKind::Rejected { reason, .. } => *reason,
            ErrorKind::Image(error) => reason_of_image(error.kind()),
            _ => RejectReason::Unreadable,
        }
    }

    /// Joins the message and those of all causes on one line, for lists and logs.
    #[must_use]
    pub fn chain(&self) -> String {
        ai4fashion_files::chain(self)
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
        ErrorKind::Unsupported { .. } => RejectReason::Unsupported,
        ErrorKind::DecoderPanicked => RejectReason::DecoderPanicked,
        ErrorKind::TooLarge { .. } | ErrorKind::TooMuchMemory { .. } => RejectReason::TooLarge,
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn error_is_one_pointer_and_crosses_threads() {
        fn crosses_threads<T: Send + Sync + 'static>() {}
        crosses_threads::<Error>();
        assert_eq!(size_of::<Error>(), size_of::<usize>());
    }

    #[test]
    fn errors_of_the_file_helpers_become_kinds_of_this_crate() {
        use ai4fashion_files::{FileLock, json, json_lines};
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jsonl");
        std::fs::write(&path, "1\n{\n").unwrap();
        let kind = |error| *Error::file(error).0;
        let malformed = kind(json_lines::read::<u8>(&path).unwrap_err());
        assert!(
            matches!(malformed, ErrorKind::Malformed { line: Some(2), .. }),
            "{malformed}"
        );
        // JSON has no map with such keys.
        let value = BTreeMap::from([((1, 2), 3)]);
        let unwritten = kind(json::write(&path, &value).unwrap_err());
        assert!(
            matches!(unwritten, ErrorKind::Io { action: "write", .. }),
            "{unwritten}"
        );
        let _lock = FileLock::try_acquire(&path).unwrap();
        let locked = kind(FileLock::try_acquire(&path).unwrap_err());
        assert!(matches!(locked, ErrorKind::InUse { .. }), "{locked}");
    }

    #[test]
    fn messages_steer_no_terminal() {
        let error = Error::other("found \u{1b}[2J\nin row 3");
        assert_eq!(error.to_string(), "found \\u001b[2J\\nin row 3");
        let error = Error::malformed(Path::new("a\u{7}.csv"), None)(error);
        assert!(error.source().is_some());
        assert_eq!(
            error.chain(),
            "cannot parse `a\\u0007.csv`: found \\u001b[2J\\nin row 3"
        );
    }

    #[test]
    fn chain_has_every_cause_once() {
        let inner = Error::other("two fields");
        let outer = Error::malformed(Path::new("a.csv"), Some(3))(inner);
        assert_eq!(outer.chain(), "cannot parse line 3 of `a.csv`: two fields");
    }
}
