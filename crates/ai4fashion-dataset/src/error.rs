//! What can go wrong.

mod bad_row;
mod count;
mod kind;
mod words;

use std::{io, path::Path};

pub use bad_row::BadRow;
pub(crate) use count::count;
pub use kind::ErrorKind;

/// An error of this crate; [`Error::kind`] tells what happened.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Error(Box<ErrorKind>);

impl Error {
    pub(crate) fn new(kind: ErrorKind) -> Self {
        Self(Box::new(kind))
    }

    /// For `map_err`: an input or output error with what was tried on which path.
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| {
            Self::new(ErrorKind::Io {
                action,
                path: path.to_owned(),
                source,
            })
        }
    }

    /// The same, naming the picture's file if it does not yet.
    pub(crate) fn of_picture(self, path: &Path) -> Self {
        match self.kind() {
            ErrorKind::Io { .. } => self,
            _ => ErrorKind::Picture {
                path: path.to_owned(),
                source: Box::new(self),
            }
            .into(),
        }
    }

    /// What happened.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.0
    }

    /// The message and those of its causes on one line, for lists and logs.
    #[must_use]
    pub fn chain(&self) -> String {
        let mut text = self.to_string();
        let mut cause = std::error::Error::source(self);
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

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self::new(kind)
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
        let inner = Error::new(ErrorKind::Truncated);
        let outer = Error::new(ErrorKind::Picture {
            path: "a.jpg".into(),
            source: Box::new(inner),
        });
        assert_eq!(
            outer.chain(),
            "cannot use picture `a.jpg`: JPEG ends before its end marker: the file was cut off"
        );
    }
}
