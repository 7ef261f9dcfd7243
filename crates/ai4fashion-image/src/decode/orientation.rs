//! How an image must be turned to stand upright, wherever its file says so.

mod jpeg;
mod png;
mod tiff;
mod webp;
mod xmp;

use image::{ImageFormat, metadata::Orientation};

/// The orientation that a file asks for; upright where it says nothing, or something else than 1
/// to 8.
///
/// EXIF counts before XMP, and the first statement of each kind, as in Pillow.
pub(super) fn of(bytes: &[u8], format: ImageFormat) -> Orientation {
    let (mut exif, mut xmp) = (None, None);
    let mut see = |statement: Statement<'_>| match statement {
        Statement::Exif(bytes) => exif = exif.or_else(|| tiff::orientation(bytes)),
        Statement::Xmp(bytes) => xmp = xmp.or_else(|| xmp::orientation(bytes)),
    };
    match format {
        ImageFormat::Jpeg => jpeg::statements(bytes, &mut see),
        ImageFormat::Png => png::statements(bytes, &mut see),
        ImageFormat::WebP => webp::statements(bytes, &mut see),
        _ => {}
    }
    exif.or(xmp)
        .and_then(Orientation::from_exif)
        .unwrap_or(Orientation::NoTransforms)
}

/// Metadata in which an orientation may stand.
enum Statement<'a> {
    /// A TIFF structure, with or without `Exif` before it.
    Exif(&'a [u8]),
    /// An XMP packet.
    Xmp(&'a [u8]),
}

/// The file's structure of chunks or segments is walked this far.
const MAX_CHUNKS: usize = 100_000;
