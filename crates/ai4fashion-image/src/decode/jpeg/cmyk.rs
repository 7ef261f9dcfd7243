//! CMYK pixels of a JPEG to RGB.

use crate::decode::profile::{self, ColorProfile};

/// Converts pixels of four bytes, by the file's profile where it is of use.
///
/// JPEG files hold the complement of the inks, as Adobe's programs write them: 255 is no ink.
/// Without a profile each of red, green and blue is the product of its ink's complement and
/// black's, as in libjpeg-turbo and Pillow.
pub(super) fn to_srgb(cmyk: &[u8], icc: Option<&[u8]>) -> (Vec<u8>, ColorProfile) {
    let inks: Vec<u8> = match icc {
        Some(_) => cmyk.iter().map(|complement| 255 - complement).collect(),
        None => Vec::new(),
    };
    match profile::cmyk_to_srgb(&inks, icc) {
        (Some(rgb), profile) => (rgb, profile),
        (None, profile) => (without_profile(cmyk), profile),
    }
}

fn without_profile(cmyk: &[u8]) -> Vec<u8> {
    let (pixels, _) = cmyk.as_chunks::<4>();
    let rgb = pixels.iter().map(|[c, m, y, k]| {
        let (k, half) = (u32::from(*k), 127);
        [c, m, y].map(|ink| ((u32::from(*ink) * k + half) / 255) as u8)
    });
    rgb.flatten().collect()
}
