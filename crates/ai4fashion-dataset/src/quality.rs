//! What is wrong with a picture though it can be used.

use std::fmt;

use image::RgbImage;
use serde::{Deserialize, Serialize};

/// What a person should know of a picture before relying on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Flag {
    /// It was enlarged more than twice.
    Small,
    /// It has no sharp edge.
    Blurred,
    /// Hardly anything is on it.
    NearlyEmpty,
}

impl Flag {
    /// All flags.
    pub const ALL: [Self; 3] = [Self::Small, Self::Blurred, Self::NearlyEmpty];

    /// The name, e.g. `"nearly-empty"`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Blurred => "blurred",
            Self::NearlyEmpty => "nearly-empty",
        }
    }
}

impl fmt::Display for Flag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A picture whose one component in two hundred with the largest Laplacian has less than this, in levels of 255, is
/// blurred. On 953 of Kaggle's photos it is 27 to 393, 82 or more for ninety-nine in a hundred; blurred with a Gaussian of two
/// pixels, 3 to 21.
const SHARP: i16 = 24;
/// The part of the garment below which a picture is nearly empty.
const EMPTY: f32 = 0.02;

/// What is wrong with a picture that was `longer` pixels on its longer side and is to be `size`. `picture` is it at the
/// smaller of the two.
pub(crate) fn flags(picture: &RgbImage, longer: u32, size: u32, garment_fraction: f32) -> Vec<Flag> {
    let found = [
        (Flag::Small, 2 * longer < size),
        (Flag::Blurred, !is_sharp(picture)),
        (Flag::NearlyEmpty, garment_fraction < EMPTY),
    ];
    let found = found.into_iter().filter(|(_, holds)| *holds);
    found.map(|(flag, _)| flag).collect()
}

/// Whether more than one component in two hundred has a Laplacian of `SHARP` or more; every other row is asked.
fn is_sharp(picture: &RgbImage) -> bool {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    if width < 3 || height < 3 {
        return false;
    }
    let row = |y: usize| &picture.as_raw()[y * width * 3..(y + 1) * width * 3];
    let rows = (1..height - 1).step_by(2);
    let sharp: usize = rows.clone().map(|y| edges([y - 1, y, y + 1].map(row))).sum();
    sharp * 200 > rows.len() * (width - 2) * 3
}

/// How many components of the middle one of three rows have a Laplacian of `SHARP` or more.
fn edges([above, here, below]: [&[u8]; 3]) -> usize {
    let inner = 3..here.len() - 3;
    let left_and_right = here.iter().zip(&here[6..]);
    let above_and_below = above[inner.clone()].iter().zip(&below[inner.clone()]);
    let around = left_and_right.zip(above_and_below);
    here[inner]
        .iter()
        .zip(around)
        .map(|(here, ((left, right), (above, below)))| {
            let around: i16 = [left, right, above, below]
                .map(|byte| i16::from(*byte))
                .iter()
                .sum();
            u32::from((4 * i16::from(*here) - around).abs() >= SHARP)
        })
        .sum::<u32>() as usize
}

#[cfg(test)]
mod tests {
    use image::imageops::blur;

    use super::*;
    use crate::synthetic::Catalogue;

    #[test]
    fn drawn_garments_are_sharp_until_they_are_blurred() {
        for index in (0..132).step_by(12) {
            let picture = Catalogue::new(5).with_per_label(1).draw(index, false);
            assert_eq!(flags(&picture, 256, 256, 0.3), [], "{index}");
            assert_eq!(
                flags(&blur(&picture, 3.0), 256, 256, 0.3),
                [Flag::Blurred],
                "{index}"
            );
        }
    }

    #[test]
    fn small_and_empty_pictures_are_told() {
        let white = RgbImage::from_pixel(64, 64, image::Rgb([255; 3]));
        assert_eq!(flags(&white, 64, 256, 0.0), Flag::ALL);
        assert_eq!(flags(&white, 128, 256, 0.02), [Flag::Blurred]);
        assert_eq!(flags(&RgbImage::new(1, 1), 1, 1, 1.0), [Flag::Blurred]);
    }
}
