//! PNG, WebP, BMP and GIF files.

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader};

use super::{damage, limits::Limits, profile};
use crate::error::Error;

/// Decodes a file; an animation gives its first frame.
pub(super) fn decode(bytes: &[u8], format: ImageFormat, limits: &Limits) -> Result<super::Decoded, Error> {
    let without_flags;
    let bytes = match webp_flags(bytes, format) {
        Some(cleared) => {
            without_flags = cleared;
            &*without_flags
        }
        None => bytes,
    };
    let failed = |error: ImageError| damage::error(bytes, format, &error);
    damage::check_supported(bytes, format)?;
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    // From the start: a compressed colour profile is unpacked before the size is known.
    reader.limits(Limits::for_header());
    let mut decoder = reader.into_decoder().map_err(failed)?;
    let encoded = decoder.dimensions();
    limits.check_size(encoded.0, encoded.1)?;
    decoder.set_limits(limits.for_image()).map_err(failed)?;
    let icc = decoder.icc_profile().ok().flatten();
    let mut image = DynamicImage::from_decoder(decoder).map_err(failed)?;
    let profile = profile::to_srgb(&mut image, icc.as_deref());
    Ok(super::Decoded {
        image,
        profile,
        encoded,
    })
}

/// A WebP without its claims of EXIF and XMP, which `orientation` reads: where a chunk is missing,
/// the decoder would refuse the image.
fn webp_flags(bytes: &[u8], format: ImageFormat) -> Option<Vec<u8>> {
    // RFC 9649, section 2.7.
    const FLAGS: usize = 20;
    const EXIF_AND_XMP: u8 = 0b1100;
    let is_extended = format == ImageFormat::WebP && bytes.get(12..16) == Some(b"VP8X");
    (is_extended && bytes.get(FLAGS)? & EXIF_AND_XMP != 0).then(|| {
        let mut cleared = bytes.to_vec();
        cleared[FLAGS] &= !EXIF_AND_XMP;
        cleared
    })
}
