//! The options of an export.

use serde::Serialize;

use crate::{
    error::{Error, ErrorKind},
    format::{Class, Format},
};

/// How a data set is exported.
///
/// ```
/// use ai4fashion_export::{ExportOptions, Format};
///
/// let options = ExportOptions::new(Format::WebDataset).with_shard_bytes(100_000_000);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ExportOptions {
    /// The files to write.
    pub format: Format,
    /// The most bytes of images in a shard, unless one image is larger; at least
    /// [`MIN_SHARD_BYTES`](Self::MIN_SHARD_BYTES). 500 MB, as `datasets` does it.
    pub shard_bytes: u64,
    /// The label that names the folders of [`Format::ImageFolder`].
    pub class: Class,
}

impl ExportOptions {
    /// The least size of a shard: 1 MB.
    pub const MIN_SHARD_BYTES: u64 = 1_000_000;

    /// The defaults for a format.
    #[must_use]
    pub fn new(format: Format) -> Self {
        Self {
            format,
            shard_bytes: 500_000_000,
            class: Class::default(),
        }
    }

    /// Sets the bytes of images in a shard.
    #[must_use]
    pub fn with_shard_bytes(self, shard_bytes: u64) -> Self {
        Self { shard_bytes, ..self }
    }

    /// Sets the label that names the folders of [`Format::ImageFolder`].
    #[must_use]
    pub fn with_class(self, class: Class) -> Self {
        Self { class, ..self }
    }

    pub(crate) fn check(&self) -> Result<(), Error> {
        let (bytes, least) = (self.shard_bytes, Self::MIN_SHARD_BYTES);
        if bytes < least {
            return Err(ErrorKind::ShardBytes { bytes, least }.into());
        }
        Ok(())
    }
}
