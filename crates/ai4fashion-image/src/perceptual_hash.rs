//! A hash that is nearly the same for images that look nearly the same.

mod cells;
mod near_keys;
mod window;

use std::{fmt, str::FromStr};

use image::RgbImage;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::{Error, ErrorKind};
use cells::GridRows;
use window::Window;

/// Rows and columns of differences.
const SIDE: usize = 16;
/// A cell counts as brighter or darker than the one before it from this step on, in levels of 255:
/// JPEG noise on white paper is less.
const STEP: f64 = 5.0;
/// Rows and columns of mean colours.
const PATCHES: usize = 4;
/// The mean colours of two images that look alike differ by at most this, in levels of 255.
pub(crate) const COLOR_STEP: u8 = 4;
/// Bits of each half of the shape.
const BITS: usize = SIDE * SIDE;
const WORDS: usize = BITS / 64;
/// Bytes of shape and colours.
const BYTES: usize = 2 * BITS / 8 + PATCHES * PATCHES * 3;

/// Shape and colours of an image, to find near-duplicates.
///
/// The shape is the difference hash (N. Krawetz, *Kind of Like That*, 2013) at 16x16: whether a
/// cell is brighter, and whether it is darker, than the one left of it. The shape alone cannot tell
/// two ties apart, so the mean colours of 4x4 patches stand beside it. Margins do not matter: the
/// grid lies around what is shown. As text it is 224 hexadecimal digits.
///
/// ```
/// use ai4fashion_image::{PerceptualHash, image::{Rgb, RgbImage, imageops::flip_horizontal}};
///
/// let image = |blue| RgbImage::from_fn(64, 64, |x, y| Rgb([x as u8, y as u8, blue]));
/// let [a, b, c] = [image(0), image(1), image(200)].map(|image| PerceptualHash::of(&image));
/// assert!(a.is_near(&b, 8) && !a.is_near(&c, 8));
/// let mirrored = PerceptualHash::of(&flip_horizontal(&image(0)));
/// assert!(a.is_near(&mirrored, 8) && a.distance(&mirrored.mirrored()) <= 8);
/// assert_eq!(a.to_string().parse::<PerceptualHash>()?, a);
/// # Ok::<(), ai4fashion_image::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PerceptualHash {
    brighter: [u64; WORDS],
    darker: [u64; WORDS],
    colors: Colors,
}

impl PerceptualHash {
    /// Hashes an image; its size, proportions and margins do not matter.
    #[must_use]
    pub fn of(image: &RgbImage) -> Self {
        if image.width() == 0 || image.height() == 0 {
            return Self::default();
        }
        let window = Window::of(image);
        let mut hash = Self::default();
        let rows = GridRows::of(image, &window, SIDE);
        let cells = rows.cells(SIDE + 1);
        // ITU-R BT.601.
        let grey = |[r, g, b]: [f64; 3]| 0.299 * r + 0.587 * g + 0.114 * b;
        for (row, cells) in cells.chunks_exact(SIDE + 1).enumerate() {
            for (column, pair) in cells.windows(2).enumerate() {
                let bit = row * SIDE + column;
                let rise = grey(pair[1]) - grey(pair[0]);
                hash.brighter[bit / 64] |= u64::from(rise >= STEP) << (bit % 64);
                hash.darker[bit / 64] |= u64::from(rise <= -STEP) << (bit % 64);
            }
        }
        let patches = rows.joined(SIDE / PATCHES).cells(PATCHES);
        for (to, from) in hash.colors.iter_mut().zip(patches) {
            *to = from.map(|level| level.round() as u8);
        }
        hash
    }

    /// Returns the hash as bytes, those of its text.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; BYTES] {
        let shape = self.brighter.iter().chain(&self.darker);
        let colors = self.colors.as_flattened().iter().copied();
        let mut all = shape.flat_map(|word| word.to_be_bytes()).chain(colors);
        std::array::from_fn(|_| all.next().unwrap_or_default())
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote.
    ///
    /// ```
    /// use ai4fashion_image::{PerceptualHash, image::RgbImage};
    ///
    /// let hash = PerceptualHash::of(&RgbImage::from_fn(9, 9, |x, y| [9, x as u8, y as u8].into()));
    /// assert_eq!(PerceptualHash::from_bytes(&hash.to_bytes()), hash);
    /// ```
    #[must_use]
    pub fn from_bytes(bytes: &[u8; BYTES]) -> Self {
        let (shape, colors) = bytes.split_at(BYTES - PATCHES * PATCHES * 3);
        let mut hash = Self::default();
        let words = hash.brighter.iter_mut().chain(&mut hash.darker);
        for (word, bytes) in words.zip(shape.chunks_exact(8)) {
            *word = bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
        }
        hash.colors.as_flattened_mut().copy_from_slice(colors);
        hash
    }

    /// Returns the hash of the image with left and right exchanged.
    #[must_use]
    pub fn mirrored(&self) -> Self {
        let mirrored = |words: &[u64; WORDS]| {
            let mut found = [0; WORDS];
            for bit in 0..BITS {
                let from = bit / SIDE * SIDE + (SIDE - 1 - bit % SIDE);
                found[bit / 64] |= (words[from / 64] >> (from % 64) & 1) << (bit % 64);
            }
            found
        };
        Self {
            brighter: mirrored(&self.darker),
            darker: mirrored(&self.brighter),
            colors: mirrored_colors(&self.colors),
        }
    }

    /// Returns whether two images look alike, or one like the other mirrored: their shapes differ
    /// in at most `distance` cells, and they have the same colours.
    #[must_use]
    pub fn is_near(&self, other: &Self, distance: u32) -> bool {
        // Few of the images that are compared have the colours: only these are mirrored.
        self.has_colors_of(other) && self.distance(other) <= distance
            || colors_are_near(&mirrored_colors(&self.colors), &other.colors)
                && self.mirrored().distance(other) <= distance
    }

    /// Counts the cells of the shapes that differ, 0 to 256.
    #[must_use]
    pub fn distance(&self, other: &Self) -> u32 {
        let differ = |word: usize| {
            (self.brighter[word] ^ other.brighter[word]) | (self.darker[word] ^ other.darker[word])
        };
        (0..WORDS).map(|word| differ(word).count_ones()).sum()
    }

    /// Returns whether every patch has nearly the colour of the other hash's patch.
    #[must_use]
    pub fn has_colors_of(&self, other: &Self) -> bool {
        colors_are_near(&self.colors, &other.colors)
    }
}

/// The mean colours of the patches, row by row.
type Colors = [[u8; 3]; PATCHES * PATCHES];

fn colors_are_near(a: &Colors, b: &Colors) -> bool {
    let mut pairs = a.as_flattened().iter().zip(b.as_flattened());
    pairs.all(|(a, b)| a.abs_diff(*b) <= COLOR_STEP)
}

fn mirrored_colors(colors: &Colors) -> Colors {
    let mut mirrored = *colors;
    mirrored.chunks_exact_mut(PATCHES).for_each(<[_]>::reverse);
    mirrored
}

impl Default for PerceptualHash {
    fn default() -> Self {
        Self {
            brighter: [0; WORDS],
            darker: [0; WORDS],
            colors: [[0; 3]; PATCHES * PATCHES],
        }
    }
}

impl fmt::Display for PerceptualHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shape = self.brighter.iter().chain(&self.darker);
        shape.try_for_each(|word| write!(f, "{word:016x}"))?;
        let mut colors = self.colors.as_flattened().iter();
        colors.try_for_each(|byte| write!(f, "{byte:02x}"))
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
            let (shape, colors) = text.split_at(2 * BITS / 4);
            let mut hash = Self::default();
            let words = hash.brighter.iter_mut().chain(&mut hash.darker);
            for (place, word) in words.enumerate() {
                *word = u64::from_str_radix(&shape[place * 16..place * 16 + 16], 16).ok()?;
            }
            for (place, byte) in hash.colors.as_flattened_mut().iter_mut().enumerate() {
                *byte = u8::from_str_radix(&colors[place * 2..place * 2 + 2], 16).ok()?;
            }
            Some(hash)
        };
        read().ok_or_else(|| {
            ErrorKind::Parse {
                what: "a perceptual hash",
                text: text.to_owned(),
                legal: "224 hexadecimal digits".to_owned(),
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
            let light = 0.5 + 0.5 * across;
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
        a.is_near(&b, 12)
    }

    #[test]
    fn copies_of_another_size_or_quality_are_alike() {
        for color in COLORS {
            let image = cloth(color);
            let again = decode(&encode_jpeg(&image, 70).unwrap(), &Default::default()).unwrap();
            let again = again.into_rgb8();
            assert!(alike(&image, &again), "JPEG 70 of {color:?}");
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
        assert_eq!(hash.brighter, [0x0080_0080_0080_0080; 4]);
        assert_eq!(hash.darker, [0; 4]);
        assert_eq!(hash.colors[..4], [[0; 3], [30; 3], [255; 3], [255; 3]]);
    }

    #[test]
    fn margins_and_mirroring_do_not_matter() {
        for color in COLORS {
            let image = cloth(color);
            assert!(
                alike(&image, &image::imageops::flip_horizontal(&image)),
                "mirrored {color:?}"
            );
            for paper in [255, 0, 128] {
                for (left, top, width, height) in [(60, 0, 360, 320), (0, 50, 240, 420), (10, 90, 300, 500)] {
                    let mut larger = RgbImage::from_pixel(width, height, image::Rgb([paper; 3]));
                    image::imageops::replace(&mut larger, &image, left, top);
                    assert!(alike(&image, &larger), "{color:?} in {width}x{height} of {paper}");
                }
            }
            let cut = image::imageops::crop_imm(&image, 20, 30, 200, 262).to_image();
            assert!(alike(&image, &cut), "{color:?} with less paper");
        }
    }

    #[test]
    fn mirrored_hash_is_that_of_the_mirrored_image() {
        let hash = PerceptualHash::of(&cloth(COLORS[1]));
        let mirrored = PerceptualHash::of(&image::imageops::flip_horizontal(&cloth(COLORS[1])));
        assert!(hash.distance(&mirrored) > 24, "{}", hash.distance(&mirrored));
        assert!(hash.mirrored().distance(&mirrored) <= 2 && hash.mirrored().has_colors_of(&mirrored));
        assert_eq!(hash.mirrored().mirrored(), hash);
    }

    #[test]
    fn text_that_is_no_hash_is_refused() {
        let hash = PerceptualHash::of(&textured(20, 20));
        assert_eq!(hash.to_string().parse::<PerceptualHash>().unwrap(), hash);
        let signed = format!("+{}", &hash.to_string()[1..]);
        for text in [
            signed,
            String::new(),
            "g".repeat(224),
            "ü".repeat(112),
            "0".repeat(223),
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
            let digits: String = hash.to_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
            prop_assert_eq!(digits, hash.to_string());
            prop_assert_eq!(PerceptualHash::from_bytes(&hash.to_bytes()), hash);
        }
    }
}
