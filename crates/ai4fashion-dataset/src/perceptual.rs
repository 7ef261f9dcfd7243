//! A hash that is nearly the same for pictures that look nearly the same.

use std::{fmt, str::FromStr};

use image::RgbImage;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{
    error::{Error, ErrorKind},
    grid::means,
};

/// Rows and columns of differences.
const SIDE: usize = 16;
/// What a cell must be brighter by than the one before it, in levels of 255 (times the pixels of a cell): JPEG's noise on
/// white paper is less.
const STEP: u32 = 2;
/// Rows and columns of mean colours.
const PATCHES: usize = 4;
/// How far the mean colours of two pictures that look alike may be apart, in levels of 255. On 400 of Kaggle's photos
/// re-encoding (JPEG 70), half and double size stay within 3; a tie of another colour, or other glasses, do not.
const COLOR_STEP: u8 = 3;
/// Bits of the shape.
const BITS: usize = SIDE * SIDE;
/// Bytes of shape and colours.
const BYTES: usize = BITS / 8 + PATCHES * PATCHES * 3;

/// The shape and the colours of a picture.
///
/// The shape is the difference hash (N. Krawetz, *Kind of Like That*, 2013) at 16x16: whether a cell is brighter than the
/// one left of it. That alone takes every tie for every other one, so that the mean colours of 4x4 patches stand beside
/// it. As text it is 160 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PerceptualHash {
    shape: [u64; BITS / 64],
    colors: [u8; PATCHES * PATCHES * 3],
}

impl PerceptualHash {
    /// The hash of what is on `picture`; its size and proportions do not matter.
    #[must_use]
    pub fn of(picture: &RgbImage) -> Self {
        let mut shape = [0; BITS / 64];
        let grey = means(picture, SIDE + 1, SIDE, |[r, g, b]| {
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
        let patches = means(picture, PATCHES, PATCHES, |rgb| rgb.map(u32::from));
        for (to, from) in colors.iter_mut().zip(patches.as_flattened()) {
            *to = *from as u8;
        }
        Self { shape, colors }
    }

    /// How many of the 256 bits of the shape are others, 0 to 256.
    #[must_use]
    pub fn distance(&self, other: &Self) -> u32 {
        let pairs = self.shape.iter().zip(&other.shape);
        pairs.map(|(a, b)| (a ^ b).count_ones()).sum()
    }

    /// Whether every patch has nearly the same colour.
    #[must_use]
    pub fn has_colors_of(&self, other: &Self) -> bool {
        let mut pairs = self.colors.iter().zip(&other.colors);
        pairs.all(|(a, b)| a.abs_diff(*b) <= COLOR_STEP)
    }

    /// A number that differs by at most [`Self::KEY_STEP`] between pictures that have each other's colours: the green of
    /// the patch right of and below the middle, where garments are.
    pub(crate) fn key(&self) -> u8 {
        self.colors[(PATCHES / 2 * PATCHES + PATCHES / 2) * 3 + 1]
    }

    /// See [`Self::key`].
    pub(crate) const KEY_STEP: u8 = COLOR_STEP;
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
            ErrorKind::PerceptualHash {
                text: text.to_owned(),
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
        files,
        letterbox::fit,
        scale::{Scaling, scale},
        synthetic::Catalogue,
    };

    fn drawn(index: usize) -> RgbImage {
        Catalogue::new(3).with_per_label(1).draw(index, false)
    }

    /// As ingestion has them: scaled to the same size first.
    fn alike(a: &RgbImage, b: &RgbImage) -> bool {
        let [a, b] = [a, b].map(|picture| {
            let fitted = fit(&picture.clone().into(), 256).unwrap();
            PerceptualHash::of(&fitted.into_rgb8())
        });
        a.distance(&b) <= 12 && a.has_colors_of(&b)
    }

    #[test]
    fn copies_of_another_size_or_quality_are_alike() {
        for index in (0..132).step_by(11) {
            let picture = drawn(index);
            let again = decode(&files::jpeg(&picture, 70).unwrap(), &Default::default()).unwrap();
            assert!(alike(&picture, &again.into_rgb()), "JPEG 70 of {index}");
            let half = (picture.width() / 2, picture.height() / 2);
            let half = scale(&picture.clone().into(), half, Scaling::Lanczos3).unwrap();
            assert!(alike(&picture, &half.into_rgb8()), "half of {index}");
        }
    }

    #[test]
    fn the_same_garment_in_another_color_is_not_alike() {
        let red = drawn(0);
        let mut blue = red.clone();
        blue.pixels_mut().for_each(|pixel| pixel.0.rotate_left(1));
        assert!(alike(&red, &red) && !alike(&red, &blue));
    }

    #[test]
    fn bits_tell_where_it_becomes_brighter() {
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
        fn any_picture_has_a_hash_that_reads_back(picture in arbitrary_image(1..=40, 1..=40)) {
            let hash = PerceptualHash::of(&picture);
            prop_assert_eq!(hash.to_string().parse::<PerceptualHash>().unwrap(), hash);
            prop_assert_eq!(hash.distance(&hash), 0);
        }
    }
}
