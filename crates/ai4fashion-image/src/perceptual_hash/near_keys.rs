//! Numbers of a hash that are nearly the same for images that look alike, mirrored or not.

use super::{COLOR_STEP, Colors, PATCHES, PerceptualHash};

/// Numbers that are compared cell by cell.
const NUMBERS: usize = 8;
/// Width of a cell in levels. On 22,048 of Kaggle's photos a photo has 15.9 keys, and 39,081 pairs
/// of photos share one; with 10 levels it has 10.6, and 54,724 do.
const CELL: u8 = 8;
const BITS_OF_A_CELL: u32 = (u8::MAX / CELL).ilog2() + 1;

/// Columns of two patches that mirroring exchanges.
#[derive(Clone, Copy)]
enum Columns {
    Inner,
    Outer,
}

/// The darker or the brighter of two patches. Mirroring keeps both, and neither changes by more
/// than the patches do.
#[derive(Clone, Copy)]
enum Of {
    Darker,
    Brighter,
}

use Columns::{Inner, Outer};
use Of::{Brighter, Darker};

const RED: usize = 0;
const GREEN: usize = 1;
const BLUE: usize = 2;

/// The numbers that tell the most of Kaggle's photos apart: of garments, so the middle first.
const KEY: [(Columns, usize, usize, Of); NUMBERS] = [
    (Inner, 1, GREEN, Darker),
    (Inner, 2, GREEN, Brighter),
    (Inner, 3, GREEN, Darker),
    (Inner, 1, RED, Darker),
    (Inner, 2, BLUE, Brighter),
    (Inner, 0, GREEN, Darker),
    (Outer, 1, GREEN, Darker),
    (Outer, 2, GREEN, Darker),
];

/// The number at `place`, of a row of patches and a component.
fn number(colors: &Colors, (columns, row, component, of): (Columns, usize, usize, Of)) -> u8 {
    let (left, right) = match columns {
        Inner => (PATCHES / 2 - 1, PATCHES / 2),
        Outer => (0, PATCHES - 1),
    };
    let [left, right] = [left, right].map(|column| colors[row * PATCHES + column][component]);
    match of {
        Darker => left.min(right),
        Brighter => left.max(right),
    }
}

/// The numbers by which [`NearIndex`](crate::NearIndex) looks an image up.
pub(crate) struct Numbers {
    /// Looked up by cells.
    pub(crate) cells: [u8; 4],
    /// Compared one by one, the first in order.
    pub(crate) levels: [u8; 4],
}

impl PerceptualHash {
    /// Returns numbers of which images that are [near](Self::is_near) share at least one.
    ///
    /// They find near-duplicates by a join on equal keys, on engines that have nothing better; two
    /// images that share a key are only candidates. An image has 1 to 256 keys, in rising order.
    /// In one process a [`NearIndex`](crate::NearIndex) compares a fifth of the pairs.
    ///
    /// The mean colours of near images differ by at most 4 levels. With cells of 8 levels one of
    /// them lies in the cell of its level, or in that of the level 4 above: both cells are taken,
    /// in each of eight numbers.
    ///
    /// ```
    /// use ai4fashion_image::{PerceptualHash, image::{Rgb, RgbImage}};
    ///
    /// let image = |red| RgbImage::from_fn(60, 80, |x, y| Rgb([red, x as u8, y as u8]));
    /// let [a, b, c] = [100, 103, 180].map(|red| PerceptualHash::of(&image(red)).near_keys());
    /// assert!(a.iter().any(|key| b.contains(key)));
    /// assert!(!a.iter().any(|key| c.contains(key)));
    /// ```
    #[must_use]
    pub fn near_keys(&self) -> Vec<u64> {
        let mut keys = vec![0_u64];
        for place in KEY {
            let level = number(&self.colors, place);
            let [low, high] = [level, level.saturating_add(COLOR_STEP)].map(|it| u64::from(it / CELL));
            let mut longer = Vec::with_capacity(2 * keys.len());
            for key in keys {
                longer.extend((low..=high).map(|cell| key << BITS_OF_A_CELL | cell));
            }
            keys = longer;
        }
        keys
    }

    pub(crate) fn numbers(&self) -> Numbers {
        let number = |place| number(&self.colors, place);
        Numbers {
            cells: [KEY[0], KEY[1], KEY[2], KEY[3]].map(number),
            levels: [(Inner, 2, GREEN, Darker), KEY[4], KEY[5], KEY[7]].map(number),
        }
    }
}
