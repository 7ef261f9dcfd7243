//! Flags for images that can be used but have a defect.

use std::{fmt, str::FromStr};

use image::RgbImage;
use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind};

/// A defect of an image that can be used all the same.
///
/// ```
/// use ai4fashion_image::QualityFlag;
///
/// assert_eq!("nearly-empty".parse::<QualityFlag>()?, QualityFlag::NearlyEmpty);
/// # Ok::<(), ai4fashion_image::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum QualityFlag {
    /// The image was enlarged more than twice.
    Small,
    /// The image has no sharp edge.
    Blurred,
    /// Hardly anything is in the image.
    NearlyEmpty,
    /// The colour profile cannot be used: the colours may be others.
    UnusableProfile,
}

impl QualityFlag {
    /// All flags, in the order of their declaration.
    pub const ALL: [Self; 4] = [
        Self::Small,
        Self::Blurred,
        Self::NearlyEmpty,
        Self::UnusableProfile,
    ];

    /// The name as text, such as `"nearly-empty"`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Blurred => "blurred",
            Self::NearlyEmpty => "nearly-empty",
            Self::UnusableProfile => "unusable-profile",
        }
    }
}

impl FromStr for QualityFlag {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|flag| flag.as_str() == text);
        found.ok_or_else(|| {
            ErrorKind::Parse {
                what: "a quality flag",
                text: text.to_owned(),
                legal: Self::ALL.map(Self::as_str).join(", "),
            }
            .into()
        })
    }
}

impl fmt::Display for QualityFlag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A sharp edge has a Laplacian of at least this, in levels of 255: an image is blurred if fewer
/// than one component in two hundred reach it. The largest Laplacian among one in two hundred is 27
/// to 393 on 953 of Kaggle's photos (82 or more on 99% of them), and 3 to 21 after a Gaussian blur
/// of two pixels.
const SHARP: i16 = 24;
/// Below this fraction of garment an image is nearly empty.
const EMPTY: f32 = 0.02;

/// Checks an image that was `longer` pixels on its longer side and is to be `size`.
///
/// `image` is the image at the smaller of the two sizes, and `garment_fraction` the part of it that
/// is not background, 0 to 1.
#[must_use]
pub fn quality_flags(image: &RgbImage, longer: u32, size: u32, garment_fraction: f32) -> Vec<QualityFlag> {
    let found = [
        (QualityFlag::Small, 2 * longer < size),
        (QualityFlag::Blurred, !is_sharp(image)),
        (QualityFlag::NearlyEmpty, garment_fraction < EMPTY),
    ];
    let found = found.into_iter().filter(|(_, holds)| *holds);
    found.map(|(flag, _)| flag).collect()
}

/// Whether more than one component in two hundred has a sharp edge, in every other row.
fn is_sharp(image: &RgbImage) -> bool {
    let (width, height) = (image.width() as usize, image.height() as usize);
    if width < 3 || height < 3 {
        return false;
    }
    let row = |y: usize| &image.as_raw()[y * width * 3..(y + 1) * width * 3];
    let rows = (1..height - 1).step_by(2);
    let sharp: usize = rows.clone().map(|y| edges([y - 1, y, y + 1].map(row))).sum();
    sharp * 200 > rows.len() * (width - 2) * 3
}

/// Counts the components of the middle of three rows that have a Laplacian of `SHARP` or more.
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
    use ai4fashion_testkit::garment;
    use image::imageops::blur;

    use super::*;

    #[test]
    fn garments_are_sharp_until_they_are_blurred() {
        let image = garment(256, [200, 20, 30]);
        assert_eq!(quality_flags(&image, 256, 256, 0.3), []);
        assert_eq!(
            quality_flags(&blur(&image, 3.0), 256, 256, 0.3),
            [QualityFlag::Blurred]
        );
    }

    #[test]
    fn small_and_empty_images_are_flagged() {
        let white = RgbImage::from_pixel(64, 64, image::Rgb([255; 3]));
        assert_eq!(quality_flags(&white, 64, 256, 0.0), QualityFlag::ALL[..3]);
        assert_eq!(quality_flags(&white, 128, 256, 0.02), [QualityFlag::Blurred]);
        assert_eq!(
            quality_flags(&RgbImage::new(1, 1), 1, 1, 1.0),
            [QualityFlag::Blurred]
        );
    }

    #[test]
    fn names_are_read_back() {
        for flag in QualityFlag::ALL {
            assert_eq!(flag.to_string().parse::<QualityFlag>().unwrap(), flag);
        }
        assert!("fuzzy".parse::<QualityFlag>().is_err());
    }
}
