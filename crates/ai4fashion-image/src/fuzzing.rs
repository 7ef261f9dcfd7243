//! The bodies of fuzz targets: each takes any bytes and asserts what holds of all of them.

use image::RgbImage;

use crate::{
    center_crop::center_crop,
    decode::{Limits, decode, decode_at_least},
    encode::{encode_jpeg, encode_png},
    error::ErrorKind,
    letterbox::{fit, letterbox, pad},
    perceptual_hash::PerceptualHash,
    quality::quality_flags,
};

/// The most pixels that are decoded: small, for speed.
const MAX_PIXELS: u64 = 128 * 128;
/// The side of squares.
const SIZE: u32 = 48;

/// No file makes a decoder panic; what is decoded is within the limits, and becomes a square.
pub fn decode_and_letterbox(bytes: &[u8]) {
    let limits = Limits::default().with_max_pixels(MAX_PIXELS);
    let decoded = match decode(bytes, &limits) {
        Ok(decoded) => decoded,
        Err(error) => {
            assert!(!matches!(error.kind(), ErrorKind::DecoderPanicked), "{error}");
            return;
        }
    };
    let (width, height) = (decoded.image().width(), decoded.image().height());
    assert!(u64::from(width) * u64::from(height) <= MAX_PIXELS);
    let encoded = (decoded.encoded_width(), decoded.encoded_height());
    assert!(encoded == (width, height) || encoded == (height, width));
    if let Ok(scaled) = decode_at_least(bytes, SIZE, &limits) {
        assert_eq!((scaled.encoded_width(), scaled.encoded_height()), encoded);
        let longer = scaled.image().width().max(scaled.image().height());
        assert!(longer >= SIZE.min(width.max(height)));
    }
    if let Ok(fitted) = fit(decoded.image(), SIZE) {
        assert_eq!(fitted.width().max(fitted.height()), SIZE);
    }
    let rgb = decoded.into_rgb8();
    if let Ok(square) = letterbox(&rgb, SIZE) {
        assert_eq!(square.dimensions(), (SIZE, SIZE));
    }
}

/// Pixels of any size are scaled, cropped, hashed and encoded: width, height, options, then pixels,
/// repeated as needed.
pub fn pixels(bytes: &[u8]) {
    let Some((&[width, height, size, options], bytes)) = bytes.split_first_chunk::<4>() else {
        return;
    };
    let (width, height) = (u32::from(width), u32::from(height % 64));
    let length = width as usize * height as usize * 3;
    let filled = bytes.iter().copied().cycle().take(length).collect();
    let Some(image) = RgbImage::from_raw(width, height, filled) else {
        return;
    };
    let size = u32::from(size);
    let square = letterbox(&image, size);
    assert_eq!(square.is_ok(), width > 0 && height > 0 && size > 0);
    let Ok(square) = square else { return };
    assert_eq!(square.dimensions(), (size, size));
    let padded = pad(&image, width.max(height), [options; 3]);
    assert_eq!(padded.dimensions(), (width.max(height), width.max(height)));
    let cropped = center_crop(&image, size).map(|image| image.dimensions());
    assert_eq!(cropped.ok(), Some((size, size)));
    let hash = PerceptualHash::of(&image);
    assert_eq!(hash.distance(&hash), 0);
    assert_eq!(hash.to_string().parse::<PerceptualHash>().ok(), Some(hash));
    let _ = quality_flags(&square, width.max(height), size, f32::from(options) / 255.0);
    if options & 1 != 0 {
        let png = encode_png(&square).and_then(|png| decode(&png, &Limits::default()));
        assert_eq!(png.ok().map(|png| png.into_rgb8()), Some(square));
    } else if options & 2 != 0 {
        let jpeg =
            encode_jpeg(&square, (options / 4).max(1)).and_then(|jpeg| decode(&jpeg, &Limits::default()));
        assert!(jpeg.is_ok_and(|jpeg| jpeg.into_rgb8().dimensions() == (size, size)));
    }
}

#[cfg(test)]
mod tests {
    use ai4fashion_testkit::corpus;

    use super::*;

    #[test]
    fn inputs_that_fuzzing_has_found_hold_what_is_asserted() {
        corpus("decode_and_letterbox")
            .iter()
            .for_each(|input| decode_and_letterbox(input));
        corpus("pixels").iter().for_each(|input| pixels(input));
    }
}
