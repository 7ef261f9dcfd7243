//! Near-duplicates among many images, without comparing each with each.

use crate::perceptual_hash::{COLOR_STEP, PerceptualHash};

/// Width of a cell in levels: what is within a step of a level lies in at most two.
const CELL: u8 = 2 * COLOR_STEP + 1;
const BITS_OF_A_CELL: u32 = (u8::MAX / CELL).ilog2() + 1;

/// Finds the images that look alike among many, each pair once and none left out.
///
/// On 22,048 of Kaggle's photos it compares 7,841 pairs of hashes, of 243 million. It takes 16
/// bytes an image besides the hashes.
///
/// ```
/// use ai4fashion_image::{NearIndex, PerceptualHash, image::{Rgb, RgbImage}};
///
/// let image = |red| RgbImage::from_fn(60, 80, |x, y| Rgb([red, x as u8, y as u8]));
/// let hashes = [100, 180, 102].map(|red| PerceptualHash::of(&image(red)));
/// let index = NearIndex::new(&hashes);
/// let mut pairs = Vec::new();
/// index.for_each_pair(16, |a, b| pairs.push((a, b)));
/// assert_eq!(pairs, [(0, 2)]);
/// ```
#[derive(Clone, Debug)]
pub struct NearIndex<'a> {
    hashes: &'a [PerceptualHash],
    /// In rising order.
    entries: Vec<Entry>,
}

/// An image in the order of its cells, then of its first level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    /// Four cells, the first level, and the other three, from the upper bits down.
    key: u64,
    image: u32,
}

impl Entry {
    fn new(cells: [u8; 4], levels: [u8; 4], image: u32) -> Self {
        let cells = cells
            .iter()
            .fold(0, |key, cell| key << BITS_OF_A_CELL | u64::from(*cell));
        let key = levels
            .iter()
            .fold(cells, |key, level| key << 8 | u64::from(*level));
        Self { key, image }
    }

    fn levels(self) -> [u8; 4] {
        let [.., a, b, c, d] = self.key.to_be_bytes();
        [a, b, c, d]
    }
}

impl<'a> NearIndex<'a> {
    /// Sorts the images.
    ///
    /// # Panics
    /// If there are more than 2^32.
    #[must_use]
    pub fn new(hashes: &'a [PerceptualHash]) -> Self {
        Self::of_some(hashes, |_| true)
    }

    /// Sorts the images whose index is wanted; the others are in no pair.
    ///
    /// Many equal hashes make as many pairs as they have pairs: leave out all but one of them.
    ///
    /// # Panics
    /// If there are more than 2^32 hashes.
    #[must_use]
    pub fn of_some(hashes: &'a [PerceptualHash], is_wanted: impl Fn(usize) -> bool) -> Self {
        assert!(u32::try_from(hashes.len()).is_ok(), "more than 2^32 images");
        let entry = |(image, hash): (usize, &PerceptualHash)| {
            let numbers = hash.numbers();
            Entry::new(numbers.cells.map(|it| it / CELL), numbers.levels, image as u32)
        };
        let mut entries: Vec<Entry> = {
            let wanted = hashes.iter().enumerate().filter(|(image, _)| is_wanted(*image));
            wanted.map(entry).collect()
        };
        entries.sort_unstable();
        Self { hashes, entries }
    }

    /// Calls `found` with each pair of [near](PerceptualHash::is_near) images, the smaller index
    /// first, and returns the number of pairs of hashes that were compared.
    pub fn for_each_pair(&self, distance: u32, mut found: impl FnMut(usize, usize)) -> u64 {
        let mut compared = 0;
        // In the order of the entries: what is looked up next is near what was looked up.
        for entry in &self.entries {
            let image = entry.image;
            let hash = &self.hashes[image as usize];
            self.for_each_candidate(entry, |other| {
                if other < image {
                    compared += 1;
                    let other = other as usize;
                    if hash.is_near(&self.hashes[other], distance) {
                        found(other, image as usize);
                    }
                }
            });
        }
        compared
    }

    /// Calls `found` with each image whose numbers are within a step of the entry's.
    fn for_each_candidate(&self, entry: &Entry, mut found: impl FnMut(u32)) {
        let numbers = self.hashes[entry.image as usize].numbers();
        let [a, b, c, d] = numbers.cells.map(around);
        let [lowest, highest] = span(numbers.levels[0]);
        for a in a.clone() {
            for b in b.clone() {
                for c in c.clone() {
                    for d in d.clone() {
                        let start = Entry::new([a, b, c, d], [lowest, 0, 0, 0], 0);
                        let end = Entry::new([a, b, c, d], [highest, u8::MAX, u8::MAX, u8::MAX], u32::MAX);
                        let from = self.entries.partition_point(|other| *other < start);
                        let others = self.entries[from..].iter().take_while(|other| **other <= end);
                        others
                            .filter(|other| are_near(other.levels(), numbers.levels))
                            .for_each(|other| found(other.image));
                    }
                }
            }
        }
    }
}

/// The levels that are within a step.
fn span(level: u8) -> [u8; 2] {
    [level.saturating_sub(COLOR_STEP), level.saturating_add(COLOR_STEP)]
}

/// The cells that hold them.
fn around(level: u8) -> std::ops::RangeInclusive<u8> {
    let [low, high] = span(level);
    low / CELL..=high / CELL
}

fn are_near(a: [u8; 4], b: [u8; 4]) -> bool {
    a.iter().zip(b).all(|(a, b)| a.abs_diff(b) <= COLOR_STEP)
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    /// A hash, a base of others, mirrored or not, with colours and shape moved by a few.
    fn hashes() -> impl Strategy<Value = Vec<PerceptualHash>> {
        let bytes = || vec(any::<u8>(), 112);
        let moved = (
            any::<bool>(),
            0..3_usize,
            vec(-5..=5_i16, 48),
            vec(0..512_usize, 0..12),
        );
        (vec(bytes(), 3), vec(moved, 1..40)).prop_map(|(bases, moved)| {
            moved
                .into_iter()
                .map(|(is_mirrored, base, steps, bits)| {
                    let mut bytes = bases[base].clone();
                    for (byte, step) in bytes[64..].iter_mut().zip(steps) {
                        *byte = (i16::from(*byte) + step).clamp(0, 255) as u8;
                    }
                    bits.iter().for_each(|bit| bytes[bit / 8] ^= 1 << (bit % 8));
                    let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
                    let hash: PerceptualHash = text.parse().unwrap();
                    if is_mirrored { hash.mirrored() } else { hash }
                })
                .collect()
        })
    }

    /// All pairs that are near, found by comparing each with each.
    fn all_pairs(hashes: &[PerceptualHash], distance: u32) -> Vec<(usize, usize)> {
        let is_near = |&(a, b): &(usize, usize)| hashes[b].is_near(&hashes[a], distance);
        let before = |b| (0..b).map(move |a| (a, b));
        (0..hashes.len()).flat_map(before).filter(is_near).collect()
    }

    proptest! {
        #[test]
        fn pairs_are_those_of_comparing_all(hashes in hashes(), distance in 0..=256_u32) {
            let mut pairs = Vec::new();
            let compared = NearIndex::new(&hashes).for_each_pair(distance, |a, b| pairs.push((a, b)));
            pairs.sort_unstable_by_key(|&(a, b)| (b, a));
            let wanted = all_pairs(&hashes, distance);
            prop_assert!(compared >= wanted.len() as u64);
            prop_assert_eq!(pairs, wanted);
        }

        #[test]
        fn near_images_share_a_key(hashes in hashes()) {
            for (a, b) in all_pairs(&hashes, 256) {
                let [a, b] = [a, b].map(|index| hashes[index].near_keys());
                prop_assert!(a.is_sorted() && a.iter().any(|key| b.contains(key)), "{a:?} {b:?}");
            }
        }
    }

    #[test]
    fn few_of_many_hashes_have_a_pair_and_fewer_are_compared() {
        // Numbers without pattern: Knuth's multiplicative hash.
        let hash = |seed: u64| -> PerceptualHash {
            let word = |i: u64| {
                (seed * 14 + i)
                    .wrapping_mul(0x9E37_79B9_7F4A_7C15)
                    .rotate_left(29)
            };
            let text: String = (0..14)
                .map(|i| format!("{:016x}", word(i).wrapping_mul(0x9E37_79B9_7F4A_7C15)))
                .collect();
            text.parse().unwrap()
        };
        let mut hashes: Vec<_> = (0..20_000).map(hash).collect();
        hashes.push(hashes[77].mirrored());
        let mut pairs = Vec::new();
        let compared = NearIndex::new(&hashes).for_each_pair(16, |a, b| pairs.push((a, b)));
        assert_eq!(pairs, [(77, 20_000)]);
        assert!(compared < 1000, "{compared}");
    }
}
