//! Limits on what an image may cost.

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind};

/// 8000 x 8000: a decoded image takes at most 256 MB.
const DEFAULT_MAX_PIXELS: u64 = 64_000_000;
/// 64 MiB: twice the largest JPEG of a 100-megapixel camera.
const DEFAULT_MAX_BYTES: u64 = 64 << 20;

/// Colour profiles have at most some megabytes.
const HEADER_BYTES: u64 = 16 << 20;

/// How large an image and its file may be.
///
/// ```
/// use ai4fashion_image::{ErrorKind, Limits, decode, encode_png, image::RgbImage};
///
/// let bytes = encode_png(&RgbImage::new(64, 64))?;
/// let limits = Limits::default().with_max_pixels(1000);
/// let error = decode(&bytes, &limits).unwrap_err();
/// assert!(matches!(error.kind(), ErrorKind::TooLarge { width: 64, .. }));
/// # Ok::<(), ai4fashion_image::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Limits {
    /// The most pixels, width times height; default 64 million.
    pub max_pixels: u64,
    /// The most bytes of a file; default 64 MiB.
    pub max_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_pixels: DEFAULT_MAX_PIXELS,
            max_bytes: DEFAULT_MAX_BYTES,
        }
    }
}

impl Limits {
    /// Sets [`max_pixels`](Self::max_pixels).
    #[must_use]
    pub fn with_max_pixels(mut self, max_pixels: u64) -> Self {
        self.max_pixels = max_pixels;
        self
    }

    /// Sets [`max_bytes`](Self::max_bytes).
    #[must_use]
    pub fn with_max_bytes(mut self, max_bytes: u64) -> Self {
        self.max_bytes = max_bytes;
        self
    }

    /// Refuses a file with more bytes than the limit.
    ///
    /// # Errors
    /// If `bytes` is over [`max_bytes`](Self::max_bytes).
    pub fn check_bytes(&self, bytes: u64) -> Result<(), Error> {
        if bytes > self.max_bytes {
            return Err(ErrorKind::FileTooLarge {
                bytes,
                limit: self.max_bytes,
            }
            .into());
        }
        Ok(())
    }

    pub(super) fn check_size(&self, width: u32, height: u32) -> Result<(), Error> {
        if u64::from(width) * u64::from(height) > self.max_pixels {
            return Err(ErrorKind::TooLarge {
                width,
                height,
                limit: self.max_pixels,
            }
            .into());
        }
        Ok(())
    }

    /// The memory that a decoder may take before the size is known.
    pub(super) fn for_header() -> image::Limits {
        let mut limits = image::Limits::no_limits();
        limits.max_alloc = Some(HEADER_BYTES);
        limits
    }

    /// The memory for the decoder's own buffers.
    pub(super) fn for_image(&self) -> image::Limits {
        let mut limits = image::Limits::no_limits();
        limits.max_alloc = Some(self.memory());
        limits
    }

    /// The bytes that a decoder may take: eight a pixel (16-bit RGBA), and as much again to work
    /// with.
    pub(super) fn memory(&self) -> u64 {
        self.max_pixels.saturating_mul(16).saturating_add(1 << 20)
    }
}
