//! What makes an image the same image in another ingestion.

use std::borrow::Cow;

/// The source of an image, its path there, and the hash of its file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Identity<'a> {
    pub(super) source: Cow<'a, str>,
    pub(super) source_path: Cow<'a, str>,
    pub(super) source_blake3: Cow<'a, str>,
}

impl Identity<'_> {
    pub(crate) fn into_owned(self) -> Identity<'static> {
        Identity {
            source: self.source.into_owned().into(),
            source_path: self.source_path.into_owned().into(),
            source_blake3: self.source_blake3.into_owned().into(),
        }
    }
}
