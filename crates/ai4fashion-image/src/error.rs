//! What can go wrong with an image.

use std::{
    io,
    path::{Path, PathBuf},
};

/// An error of this crate; [`Error::kind`] tells what happened.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Error(Box<ErrorKind>);

/// The kinds of [`Error`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    // The caller can fix these.
    /// An option is outside its interval.
    #[error("{option} is {value}, expected {legal}")]
    #[non_exhaustive]
    Setting {
        /// The option.
        option: &'static str,
        /// The value that was given.
        value: String,
        /// The values that are legal.
        legal: String,
    },
    /// A text cannot be read as a value of this crate.
    #[error("`{}` is not {what}; expected {legal}", text.escape_debug())]
    #[non_exhaustive]
    Parse {
        /// What was expected.
        what: &'static str,
        /// The text that was found.
        text: String,
        /// The texts that are legal.
        legal: String,
    },

    // The file is at fault.
    /// The file has no bytes.
    #[error("file is empty")]
    EmptyFile,
    /// The path leads to a folder, a pipe or a device.
    #[error("not a regular file")]
    NotAFile,
    /// The first bytes belong to no image format that is read.
    #[error("content is none of the formats that are read: JPEG, PNG, WebP, BMP and GIF")]
    NotAnImage,
    /// The file ends before the image does.
    #[error("JPEG ends before its last row: the file was cut off")]
    Truncated,
    /// The image is of a kind that is not read.
    #[error("not supported: {what}")]
    #[non_exhaustive]
    Unsupported {
        /// The kind of image, such as `PNG that Apple's tools have optimized (CgBI)`.
        what: String,
    },
    /// A decoder found the content damaged.
    #[error("image is damaged")]
    #[non_exhaustive]
    Damaged {
        /// What the decoder said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A decoder panicked.
    #[error("decoder failed without an error; the image is probably damaged")]
    DecoderPanicked,
    /// The image has no pixels, or a size without pixels was asked for.
    #[error("cannot scale an image of {width}x{height} to {size}x{size}")]
    #[non_exhaustive]
    NoPixels {
        /// The width of the image in pixels.
        width: u32,
        /// The height of the image in pixels.
        height: u32,
        /// The side length that was asked for, in pixels.
        size: u32,
    },

    // A limit holds it back.
    /// The image has more pixels than the limit.
    #[error("image is {width}x{height} pixels, limit is {limit} pixels")]
    #[non_exhaustive]
    TooLarge {
        /// The width in pixels.
        width: u32,
        /// The height in pixels.
        height: u32,
        /// The most pixels that are decoded.
        limit: u64,
    },
    /// Decoding the image takes more memory than the limit.
    #[error(
        "decoding this image of {width}x{height} pixels takes {} MiB of memory, limit is {} MiB",
        needed.div_ceil(1 << 20),
        limit >> 20
    )]
    #[non_exhaustive]
    TooMuchMemory {
        /// The width in pixels.
        width: u32,
        /// The height in pixels.
        height: u32,
        /// The bytes that decoding takes.
        needed: u64,
        /// The most bytes that it may take.
        limit: u64,
    },
    /// The file has more bytes than the limit.
    #[error("file is {bytes} bytes, limit is {limit} bytes")]
    #[non_exhaustive]
    FileTooLarge {
        /// The size of the file.
        bytes: u64,
        /// The most bytes that are read.
        limit: u64,
    },

    /// The image cannot be encoded.
    #[error("cannot encode the image")]
    #[non_exhaustive]
    Encode {
        /// What the encoder said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// An image file cannot be used; the cause tells why.
    #[error("cannot use image `{}`", path.display())]
    #[non_exhaustive]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: Error,
    },
    /// A file could not be read.
    #[error("cannot {action} `{}`", path.display())]
    #[non_exhaustive]
    Io {
        /// What was tried: a verb such as `read`.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
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

    /// Names the file, unless the error does so already.
    #[must_use]
    pub fn in_file(self, path: &Path) -> Self {
        match self.kind() {
            ErrorKind::Io { .. } | ErrorKind::File { .. } => self,
            _ => ErrorKind::File {
                path: path.to_owned(),
                source: self,
            }
            .into(),
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

    #[test]
    fn file_is_named_once() {
        let error = Error::from(ErrorKind::Truncated).in_file(Path::new("a.jpg"));
        let again = error.in_file(Path::new("b.jpg"));
        assert_eq!(again.to_string(), "cannot use image `a.jpg`");
    }
}
