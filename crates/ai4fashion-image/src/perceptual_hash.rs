//! A hash that is nearly the same for images that look nearly the same.

use std::{fmt, str::FromStr};

use image::RgbImage;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{
    error::{Error, ErrorKind},
    grid::cell_means,
};

/// Rows and columns of differences.
const SIDE: usize = 16;
/// A cell counts as brighter than the one before it from this step on, in levels of 255: JPEG noise
/// on white paper is less.
const STEP: u32 = 2;
/// Rows and columns of mean colours.
const PATCHES: usize = 4;
/// The mean colours of two images that look alike differ by at most this, in levels of 255. On 400
/// of Kaggle's photos re-encoding (JPEG 70), half and double size stay within 3; a tie of another
/// colour, or other glasses, do not.
const COLOR_STEP: u8 = 3;
/// Bits of the shape.
const BITS: usize = SIDE * SIDE;
/// Bytes of shape and colours.
const BYTES: usize = BITS / 8 + PATCHES * PATCHES * 3;

/// Shape and colours of an image, to find near-duplicates.
///
/// The shape is the difference hash (N. Krawetz, *Kind of Like That*, 2013) at 16x16: whether a
/// cell is brighter than the one left of it. The shape alone cannot tell two ties apart, so the
/// mean colours of 4x4 patches stand beside it. As text it is 160 hexadecimal digits.
///
/// ```
/// use ai4fashion_image::{PerceptualHash, image::{Rgb, RgbImage}};
///
/// let image = |blue| RgbImage::from_fn(64, 64, |x, y| Rgb([x as u8, y as u8, blue]));
/// let [a, b, c] = [image(0), image(1), image(200)].map(|image| PerceptualHash::of(&image));
/// assert!(a.distance(&b) <= 8 && a.has_colors_of(&b));
/// assert!(!a.has_colors_of(&c));
/// assert_eq!(a.to_string().parse::<PerceptualHash>()?, a);
/// # Ok::<(), ai4fashion_image::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PerceptualHash {
    shape: [u64; BITS / 64],
    colors: [u8; PATCHES * PATCHES * 3],
}

impl PerceptualHash {
    /// Hashes an image; its size and proportions do not matter.
    #[must_use]
    pub fn of(image: &RgbImage) -> Self {
        let mut shape = [0; BITS / 64];
        let grey = cell_means(image, SIDE + 1, SIDE, |[r, g, b]| {
            // ITU-R BT.601, in 256ths.
            [(77 * u32::from(r) + 150 * u32::from(g) + 29 * u32::from(b)) >> 8]
        });
        for (row, cells) in grey.chunks_exact(SIDE + 1).enumerate() {
            for (column, pair) in cells.windows(2).enumerate() {
                let bit = row * SIDE + column;
                shape[bit / 64] |= u64::from(pair[1][0] > pair[0][0] + STEP) << (bit % 64);
            }
        }
        let mut colors = [0; PATCHES * PATCHES * 3];
        let patches = cell_means(image, PATCHES, PATCHES, |rgb| rgb.map(u32::from));
        for (to, from) in colors.iter_mut().zip(patches.as_flattened()) {
            *to = *from as u8;
        }
        Self { shape, colors }
    }

    /// Counts the bits of the shapes that differ, 0 to 256.
    #[must_use]
    pub fn distance(&self, other: &Self) -> u32 {
        let pairs = self.shape.iter().zip(&other.shape);
        pairs.map(|(a, b)| (a ^ b).count_ones()).sum()
    }

    /// Returns whether every patch has nearly the colour of the other hash's patch.
    #[must_use]
    pub fn has_colors_of(&self, other: &Self) -> bool {
        let mut pairs = self.colors.iter().zip(&other.colors);
        pairs.all(|(a, b)| a.abs_diff(*b) <= COLOR_STEP)
    }

    /// Returns a number by which candidates for near-duplicates are looked up.
    ///
    /// It differs by at most [`KEY_STEP`](Self::KEY_STEP) between images that
    /// [have the same colours](Self::has_colors_of): the green of the patch right of and below the
    /// middle, where garments are.
    #[must_use]
    pub fn key(&self) -> u8 {
        self.colors[(PATCHES / 2 * PATCHES + PATCHES / 2) * 3 + 1]
    }

    /// The most by which the [keys](Self::key) of two images with the same colours differ.
    pub const KEY_STEP: u8 = COLOR_STEP;
}

impl fmt::Display for PerceptualHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.shape.iter().try_for_each(|word| write!(f, "{word:016x}"))?;
        self.colors.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for PerceptualHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PerceptualHash({self})")
    }
}

impl FromStr for PerceptualHash {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let read = || {
            if text.len() != 2 * BYTES || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                return None;
            }
            let (shape, colors) = text.split_at(BITS / 4);
            let mut hash = Self {
                shape: [0; BITS / 64],
                colors: [0; PATCHES * PATCHES * 3],
            };
            for (place, word) in hash.shape.iter_mut().enumerate() {
                *word = u64::from_str_radix(&shape[place * 16..place * 16 + 16], 16).ok()?;
            }
            for (place, byte) in hash.colors.iter_mut().enumerate() {
                *byte = u8::from_str_radix(&colors[place * 2..place * 2 + 2], 16).ok()?;
            }
            Some(hash)
        };
        read().ok_or_else(|| {
            ErrorKind::Parse {
                what: "a perceptual hash",
                text: text.to_owned(),
                legal: "160 hexadecimal digits".to_owned(),
            }
            .into()
        })
    }
}

impl Serialize for PerceptualHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PerceptualHash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use ai4fashion_testkit::{arbitrary_image, textured};
    use proptest::prelude::*;

    use super::*;
    use crate::{
        decode::decode,
        encode::encode_jpeg,
        letterbox::fit,
        scale::{Scaling, scale},
    };

    const COLORS: [[u8; 3]; 4] = [[150, 70, 60], [70, 90, 140], [70, 120, 80], [150, 150, 150]];

    /// An ellipse on white, lit from the right.
    fn cloth(color: [u8; 3]) -> RgbImage {
        RgbImage::from_fn(240, 320, |x, y| {
            let [across, down] = [f64::from(x) / 120.0 - 1.0, f64::from(y) / 160.0 - 1.0];
            let light = 0.65 + 0.35 * across;
            image::Rgb(if across * across + down * down < 0.6 {
                color.map(|component| (f64::from(component) * light) as u8)
            } else {
                [255; 3]
            })
        })
    }

    /// Compares as ingestion does: scaled to the same size first.
    fn alike(a: &RgbImage, b: &RgbImage) -> bool {
        let [a, b] = [a, b].map(|image| {
            let fitted = fit(&image.clone().into(), 256).unwrap();
            PerceptualHash::of(&fitted.into_rgb8())
        });
        a.distance(&b) <= 12 && a.has_colors_of(&b)
    }

    #[test]
    fn copies_of_another_size_or_quality_are_alike() {
        for color in COLORS {
            let image = cloth(color);
            let again = decode(&encode_jpeg(&image, 70).unwrap(), &Default::default()).unwrap();
            assert!(alike(&image, &again.into_rgb8()), "JPEG 70 of {color:?}");
            let half = (image.width() / 2, image.height() / 2);
            let half = scale(&image.clone().into(), half, Scaling::Lanczos3).unwrap();
            assert!(alike(&image, &half.into_rgb8()), "half of {color:?}");
        }
    }

    #[test]
    fn a_garment_in_another_color_is_not_alike() {
        let red = cloth(COLORS[0]);
        let mut blue = red.clone();
        blue.pixels_mut().for_each(|pixel| pixel.0.rotate_left(1));
        assert!(alike(&red, &red) && !alike(&red, &blue));
    }

    #[test]
    fn bits_tell_where_brightness_rises() {
        let dark_then_bright =
            RgbImage::from_fn(170, 160, |x, _| image::Rgb([if x < 80 { 0 } else { 255 }; 3]));
        let hash = PerceptualHash::of(&dark_then_bright);
        // Cell 8 (columns 80 to 89) against cell 7: bit 7 of every row.
        assert_eq!(hash.shape, [0x0080_0080_0080_0080; 4]);
        assert_eq!(
            &hash.colors[..12],
            &[0, 0, 0, 35, 35, 35, 255, 255, 255, 255, 255, 255]
        );
    }

    #[test]
    fn text_that_is_no_hash_is_refused() {
        let hash = PerceptualHash::of(&textured(20, 20));
        assert_eq!(hash.to_string().parse::<PerceptualHash>().unwrap(), hash);
        let signed = format!("+{}", &hash.to_string()[1..]);
        for text in [
            signed,
            String::new(),
            "g".repeat(160),
            "ü".repeat(80),
            "0".repeat(159),
        ] {
            assert!(text.parse::<PerceptualHash>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_image_has_a_hash_that_reads_back(image in arbitrary_image(1..=40, 1..=40)) {
            let hash = PerceptualHash::of(&image);
            prop_assert_eq!(hash.to_string().parse::<PerceptualHash>().unwrap(), hash);
            prop_assert_eq!(hash.distance(&hash), 0);
        }
    }
}
