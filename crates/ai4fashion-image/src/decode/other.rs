//! PNG, WebP, BMP and GIF files.

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader};

use super::{
    damage,
    demand::{Demand, Task},
    frames,
    limits::Limits,
    profile,
};
use crate::error::Error;

/// Decodes a file; an animation gives its first frame.
pub(super) fn decode(task: &Task<'_>, format: ImageFormat) -> Result<super::Decoded, Error> {
    let without_flags = webp_flags(task.bytes, format);
    let of_file = without_flags.as_ref().map_or(0, Vec::len);
    let bytes = without_flags.as_deref().unwrap_or(task.bytes);
    let failed = |error: ImageError| damage::error(bytes, format, &error);
    damage::check_supported(bytes, format)?;
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    // From the start: a compressed colour profile is unpacked before the size is known.
    reader.limits(Limits::for_header());
    let mut decoder = reader.into_decoder().map_err(failed)?;
    let encoded = decoder.dimensions();
    task.limits.check_size(encoded.0, encoded.1)?;
    let icc = decoder.icc_profile().ok().flatten();
    let color = decoder.color_type();
    let own = frames::own_memory(bytes, format, encoded);
    decoder.set_limits(Limits::for_frames(own)).map_err(failed)?;
    task.admit(
        encoded,
        &Demand {
            size: (encoded.0.into(), encoded.1.into()),
            per_pixel: u64::from(color.bytes_per_pixel()),
            has_alpha: color.has_alpha(),
            has_profile: icc.is_some(),
            own,
            copies: (of_file + 2 * icc.as_ref().map_or(0, Vec::len)) as u64,
        },
    )?;
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
