//! Why an image or row is rejected, as a code.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::Error;

/// Why an image, folder or row cannot be used.
///
/// The codes stand in `rejected.jsonl` and never change.
///
/// ```
/// use ai4fashion_dataset::RejectReason;
///
/// assert_eq!(RejectReason::Truncated.to_string(), "truncated");
/// assert_eq!("file-too-large".parse::<RejectReason>()?, RejectReason::FileTooLarge);
/// # Ok::<(), ai4fashion_dataset::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum RejectReason {
    /// The file has no bytes.
    EmptyFile,
    /// The path leads to a folder, a pipe or a device.
    NotAFile,
    /// The content belongs to no image format that is read.
    NotAnImage,
    /// The file ends before the image does.
    Truncated,
    /// The content is damaged.
    Broken,
    /// The content is of a kind that is not read.
    Unsupported,
    /// A decoder panicked.
    DecoderPanicked,
    /// Labelling panicked.
    Panicked,
    /// The image has more pixels than the limit, or takes more memory to decode.
    TooLarge,
    /// The file has more bytes than the limit.
    FileTooLarge,
    /// The image has no pixels.
    NoPixels,
    /// An entry of an archive is not safe to read.
    UnsafeEntry,
    /// An archive has another file of this name.
    DuplicateName,
    /// A row has fewer fields than the header.
    ShortRow,
    /// A row's id is not a file name.
    UnsafeId,
    /// A row's id stands in an earlier row.
    DuplicateId,
    /// A row's or list's name fits several images, or several rows fit an image.
    AmbiguousId,
    /// A list names an image that no source has.
    UnknownId,
    /// A table is probably not one of the images: too many rows or images have no partner.
    Unmatched,
    /// The file, folder or row cannot be read.
    Unreadable,
}

impl RejectReason {
    /// All reasons, in the order of their declaration.
    pub const ALL: [Self; 20] = [
        Self::EmptyFile,
        Self::NotAFile,
        Self::NotAnImage,
        Self::Truncated,
        Self::Broken,
        Self::Unsupported,
        Self::DecoderPanicked,
        Self::Panicked,
        Self::TooLarge,
        Self::FileTooLarge,
        Self::NoPixels,
        Self::UnsafeEntry,
        Self::DuplicateName,
        Self::ShortRow,
        Self::UnsafeId,
        Self::DuplicateId,
        Self::AmbiguousId,
        Self::UnknownId,
        Self::Unmatched,
        Self::Unreadable,
    ];

    /// The code, such as `"not-an-image"`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::EmptyFile => "empty-file",
            Self::NotAFile => "not-a-file",
            Self::NotAnImage => "not-an-image",
            Self::Truncated => "truncated",
            Self::Broken => "broken",
            Self::Unsupported => "unsupported",
            Self::DecoderPanicked => "decoder-panicked",
            Self::Panicked => "panicked",
            Self::TooLarge => "too-large",
            Self::FileTooLarge => "file-too-large",
            Self::NoPixels => "no-pixels",
            Self::UnsafeEntry => "unsafe-entry",
            Self::DuplicateName => "duplicate-name",
            Self::ShortRow => "short-row",
            Self::UnsafeId => "unsafe-id",
            Self::DuplicateId => "duplicate-id",
            Self::AmbiguousId => "ambiguous-id",
            Self::UnknownId => "unknown-id",
            Self::Unmatched => "unmatched",
            Self::Unreadable => "unreadable",
        }
    }
}

impl fmt::Display for RejectReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for RejectReason {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|reason| reason.as_str() == text);
        found.ok_or_else(|| {
            Error::parse(
                "a reason for a rejection",
                text,
                Self::ALL.map(Self::as_str).join(", "),
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_back_and_stand_in_json() {
        for reason in RejectReason::ALL {
            assert_eq!(reason.as_str().parse::<RejectReason>().unwrap(), reason);
            assert_eq!(serde_json::to_value(reason).unwrap(), reason.as_str());
        }
        assert!("lost".parse::<RejectReason>().is_err());
    }
}
