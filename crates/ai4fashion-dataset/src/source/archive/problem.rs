//! Why a file of an archive cannot be taken.

use std::borrow::Cow;

use rawzip::CompressionMethod;

use super::method::in_words;
use crate::error::{Error, RejectReason};

/// Why a file of an archive cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::source) enum Problem {
    /// The record in the directory is damaged.
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
    /// Where the record leads to is no file.
    Astray,
    CutOff,
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
