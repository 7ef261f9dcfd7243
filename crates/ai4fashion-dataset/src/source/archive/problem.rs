//! Why a file of an archive cannot be taken.

use std::borrow::Cow;

use rawzip::CompressionMethod;

use crate::error::{Error, RejectReason};

/// Why a file of an archive cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::source) enum Problem {
    /// Its record in the directory is damaged.
    Record,
    LeadsOut,
    Link,
    Encrypted,
    Method(CompressionMethod),
    Bomb,
    /// Another file has this name: an earlier one, or a later one that is taken in its place.
    SameName {
        is_replaced: bool,
    },
    /// Where its record leads to is no file.
    Astray,
    /// It is cut off.
    CutOff,
    /// It cannot be unpacked.
    Damaged,
    Checksum,
    TooLong,
    TooShort,
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        use Problem as P;
        use RejectReason as R;
        let (reason, why): (R, Cow<'static, str>) = match problem {
            P::Record => (
                R::Broken,
                "has a damaged record in the archive's directory".into(),
            ),
            P::LeadsOut => (R::UnsafeEntry, "has a name that leads out of the archive".into()),
            P::Link => (R::UnsafeEntry, "is a link".into()),
            P::Encrypted => (
                R::UnsafeEntry,
                "is encrypted, which is not supported; write the archive again without a password".into(),
            ),
            P::Method(method) => (R::Unreadable, unsupported(method).into()),
            P::Bomb => (
                R::UnsafeEntry,
                "would unpack to more than 256 times its size".into(),
            ),
            P::SameName { is_replaced: false } => (
                R::DuplicateName,
                "has the same name as an earlier one, which counts".into(),
            ),
            P::SameName { is_replaced: true } => (
                R::DuplicateName,
                "is empty or cannot be read; a later one of the same name is taken".into(),
            ),
            P::Astray => (R::Broken, "is not where the archive's directory says".into()),
            P::CutOff => (R::Broken, "ends too early".into()),
            P::Damaged => (R::Broken, "is damaged and cannot be unpacked".into()),
            P::Checksum => (R::Broken, "is damaged: its checksum is another".into()),
            P::TooLong => (R::UnsafeEntry, "is larger than its stated size".into()),
            P::TooShort => (R::Broken, "is smaller than its stated size".into()),
        };
        Self::rejected(reason, format!("file in the archive {why}"))
    }
}

fn unsupported(method: CompressionMethod) -> String {
    format!(
        "is compressed with {}, which is not supported; unpack the archive or write it again with Deflate",
        in_words(method)
    )
}

/// The name of a method (PKWARE's APPNOTE 6.3.10, 4.4.5).
fn in_words(method: CompressionMethod) -> Cow<'static, str> {
    match method.as_u16() {
        1 => "Shrink".into(),
        2..=5 => "Reduce".into(),
        6 => "Implode".into(),
        7 => "Tokenize".into(),
        10 => "PKWARE's DCL Implode".into(),
        16 => "IBM's CMPSC".into(),
        18 => "IBM's TERSE".into(),
        19 => "IBM's LZ77".into(),
        20 => "an early Zstandard".into(),
        94 => "MP3".into(),
        96 => "WinZip's JPEG compression".into(),
        97 => "WavPack".into(),
        98 => "PPMd".into(),
        99 => "AES encryption".into(),
        other => format!("method {other}, which the format does not define").into(),
    }
}
