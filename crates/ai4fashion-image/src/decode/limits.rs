//! Limits on what an image may cost.

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind};

/// 8000 x 8000.
const DEFAULT_MAX_PIXELS: u64 = 64_000_000;
/// 64 MiB: twice the largest JPEG of a 100-megapixel camera.
const DEFAULT_MAX_BYTES: u64 = 64 << 20;
/// 256 MiB: all that `DEFAULT_MAX_PIXELS` allows of a PNG without alpha, 43 million pixels of any
/// baseline JPEG at full size.
const DEFAULT_MAX_MEMORY: u64 = 256 << 20;

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
    /// The most memory in bytes that decoding an image may take; default 256 MiB.
    ///
    /// It is computed from the header, before memory is taken: the image, the decoder's own
    /// buffers, and copies that converting, turning and scaling make. A progressive JPEG takes two
    /// bytes more for each sample, whatever size it is decoded at; 16 bits and alpha take more than
    /// 8 bits without. Not in it are the file's own bytes, of which there are at most
    /// [`max_bytes`](Self::max_bytes), up to 16 MiB in which a header unpacks its colour profile,
    /// and the code tables of a lossless WebP, which its header does not tell.
    pub max_memory: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_pixels: DEFAULT_MAX_PIXELS,
            max_bytes: DEFAULT_MAX_BYTES,
            max_memory: DEFAULT_MAX_MEMORY,
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

    /// Sets [`max_memory`](Self::max_memory).
    ///
    /// ```
    /// use ai4fashion_image::{ErrorKind, Limits, decode, encode_png, image::RgbImage};
    ///
    /// let bytes = encode_png(&RgbImage::new(2000, 1000))?;
    /// let limits = Limits::default().with_max_memory(4 << 20);
    /// let error = decode(&bytes, &limits).unwrap_err();
    /// assert!(matches!(error.kind(), ErrorKind::TooMuchMemory { limit: 4_194_304, .. }));
    /// # Ok::<(), ai4fashion_image::Error>(())
    /// ```
    #[must_use]
    pub fn with_max_memory(mut self, max_memory: u64) -> Self {
        self.max_memory = max_memory;
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

    pub(super) fn check_memory(&self, width: u32, height: u32, needed: u64) -> Result<(), Error> {
        if needed > self.max_memory {
            return Err(ErrorKind::TooMuchMemory {
                width,
                height,
                needed,
                limit: self.max_memory,
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

    /// The memory for frames that a decoder reads beside the image.
    pub(super) fn for_frames(bytes: u64) -> image::Limits {
        let mut limits = image::Limits::no_limits();
        limits.max_alloc = Some(bytes);
        limits
    }
}
