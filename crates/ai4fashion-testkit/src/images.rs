//! Images made on the spot.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage, codecs::gif::GifEncoder};

/// An image in which every row and every column differs from its neighbours.
#[must_use]
pub fn textured(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let wave = |step: u32, at: u32| (at * step % 256) as u8;
        Rgb([wave(7, x + 3 * y), wave(11, y + 40), wave(5, x + y)])
    })
}

/// A garment of one colour on white: a square of half the edge in the middle.
#[must_use]
pub fn garment(edge: u32, color: [u8; 3]) -> RgbImage {
    let inside = edge / 4..edge / 4 + edge / 2;
    RgbImage::from_fn(edge, edge, |x, y| {
        Rgb(if inside.contains(&x) && inside.contains(&y) {
            color
        } else {
            [255; 3]
        })
    })
}

/// A red [`garment`] of 64 pixels as a PNG file.
#[must_use]
pub fn red_garment() -> Vec<u8> {
    encoded(garment(64, [200, 30, 30]), ImageFormat::Png)
}

/// Encodes an image as the bytes of a file.
///
/// # Panics
/// If the format cannot hold such an image.
#[must_use]
pub fn encoded(image: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let image = image.into();
    let done = match format {
        // Its own default looks through every pixel for a palette.
        ImageFormat::Gif => image.write_with_encoder(GifEncoder::new_with_speed(&mut bytes, 30)),
        _ => image.write_to(&mut bytes, format),
    };
    if let Err(error) = done {
        panic!("{format:?} cannot hold the image: {error}");
    }
    bytes.into_inner()
}

/// [`textured`] as a PNG file.
#[must_use]
pub fn png(width: u32, height: u32) -> Vec<u8> {
    encoded(textured(width, height), ImageFormat::Png)
}

/// [`textured`] as a JPEG file.
#[must_use]
pub fn jpeg(width: u32, height: u32) -> Vec<u8> {
    encoded(textured(width, height), ImageFormat::Jpeg)
}

/// Encodes an image as a JPEG file whose EXIF data gives `orientation`, 1 to 8 (EXIF 2.32, tag
/// 0x0112).
#[must_use]
pub fn jpeg_with_orientation(image: &RgbImage, orientation: u8) -> Vec<u8> {
    let jpeg = encoded(image.clone(), ImageFormat::Jpeg);
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
    let length = (exif.len() as u16 + 2).to_be_bytes();
    [&jpeg[..2], &[0xFF, 0xE1], &length, &exif, &jpeg[2..]].concat()
}
