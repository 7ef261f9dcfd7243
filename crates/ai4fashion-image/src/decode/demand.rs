//! The memory that decoding takes, which a file's header tells.

use std::cell::Cell;

use image::metadata::Orientation;

use super::limits::Limits;
use crate::error::Error;

/// Tables of decoders and of colour conversions, and whatever is small.
const SMALL: u64 = 2 << 20;

/// Scaling makes an image of the old height and the new width, at most this part of the old one,
/// unless that is small.
const SCALED: u64 = 4;

/// Bytes of the scaler's tables for each pixel of a side: each has a weight of 8 and 2 bytes in six
/// pixels around it, the width of a Lanczos filter.
const TABLES: u64 = 6 * (8 + 2);

/// What one file is decoded with.
pub(super) struct Task<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) limits: &'a Limits,
    /// The least of the longer side, if a smaller image will do.
    pub(super) at_least: Option<u32>,
    pub(super) orientation: Orientation,
    /// Is told how many bytes will be taken, and may wait.
    pub(super) admit: Cell<Option<Admit<'a>>>,
}

/// Takes the number of bytes; called once.
pub(super) type Admit<'a> = Box<dyn FnOnce(u64) + 'a>;

/// What a header tells about memory; all sizes are bytes.
pub(super) struct Demand {
    /// Width and height of the decoded image in pixels.
    pub(super) size: (u64, u64),
    /// A pixel as the decoder gives it.
    pub(super) per_pixel: u64,
    pub(super) has_alpha: bool,
    pub(super) has_profile: bool,
    /// The decoder's own buffers: planes, coefficients, frames.
    pub(super) own: u64,
    /// Copies of the file or of parts of it.
    pub(super) copies: u64,
}

impl Task<'_> {
    /// Checks an image against the limits, then asks for its memory.
    pub(super) fn admit(&self, (width, height): (u32, u32), demand: &Demand) -> Result<(), Error> {
        let is_turned = !matches!(
            self.orientation,
            Orientation::NoTransforms
                | Orientation::Rotate180
                | Orientation::FlipHorizontal
                | Orientation::FlipVertical
        );
        let bytes = demand.bytes(is_turned);
        self.limits.check_memory(width, height, bytes)?;
        if let Some(admit) = self.admit.take() {
            admit(bytes);
        }
        Ok(())
    }
}

impl Demand {
    /// The most that is held at once, until the image is scaled down.
    fn bytes(&self, is_turned: bool) -> u64 {
        let (width, height) = self.size;
        let pixels = width.saturating_mul(height);
        let eight_bits = pixels.saturating_mul(if self.has_alpha { 4 } else { 3 });
        let decoded = pixels.saturating_mul(self.per_pixel);
        let decoding = decoded.saturating_add(self.own);
        // `profile::to_srgb` converts a copy of 8 bits, or RGB of 8 bits itself, into another one.
        let converting = match (self.has_profile, self.per_pixel) {
            (true, 3) => 2 * eight_bits,
            (true, _) => decoded.saturating_add(2 * eight_bits),
            (false, _) if decoded == eight_bits => decoded,
            (false, _) => decoded.saturating_add(eight_bits),
        };
        // Turning makes another image, and so does scaling, which multiplies by alpha.
        let copies = 1 + u64::from(is_turned || self.has_alpha);
        let using = eight_bits * copies + eight_bits / SCALED + TABLES * (width + height);
        let most = decoding.max(converting).max(using);
        most.saturating_add(self.copies).saturating_add(SMALL)
    }
}
