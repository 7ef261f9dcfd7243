//! What a picture may cost.

use crate::error::{Error, ErrorKind};

/// Default of [`Limits::max_pixels`]: 8000 x 8000. A decoded picture then takes at most 256 MB.
pub const DEFAULT_MAX_PIXELS: u64 = 64_000_000;
/// Default of [`Limits::max_bytes`]: 64 MiB, twice the largest JPEG of a 100-megapixel camera.
pub const DEFAULT_MAX_BYTES: u64 = 64 << 20;

/// Colour profiles have at most some megabytes.
const HEADER_BYTES: u64 = 16 << 20;

/// How large a picture may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The most pixels, width times height; default [`DEFAULT_MAX_PIXELS`].
    pub max_pixels: u64,
    /// The most bytes of a file; default [`DEFAULT_MAX_BYTES`].
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

    pub(crate) fn check_bytes(&self, bytes: u64) -> Result<(), Error> {
        if bytes > self.max_bytes {
            return Err(ErrorKind::FileTooLarge {
                bytes,
                limit: self.max_bytes,
            }
            .into());
        }
        Ok(())
    }

    pub(crate) fn check_size(&self, width: u32, height: u32) -> Result<(), Error> {
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

    /// What a decoder may take before the size is known.
    pub(crate) fn of_header(self) -> image::Limits {
        let mut limits = image::Limits::no_limits();
        limits.max_alloc = Some(HEADER_BYTES);
        limits
    }

    /// The same for the decoder's own buffers: eight bytes a pixel (16-bit RGBA), and as much again to work with.
    pub(crate) fn of_image(&self) -> image::Limits {
        let mut limits = image::Limits::no_limits();
        limits.max_alloc = Some(self.max_pixels.saturating_mul(16).saturating_add(1 << 20));
        limits
    }
}
