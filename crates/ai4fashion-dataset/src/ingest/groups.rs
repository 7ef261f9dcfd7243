//! Groups of near-duplicates.

use std::{collections::HashMap, hash::Hash};

use ai4fashion_image::{NearIndex, PerceptualHash};

use super::options::IngestOptions;
use crate::{
    labels::{Split, SplitOptions},
    record::{PixelsHash, Record},
};

/// Hexadecimal digits of a group's name.
const NAME: usize = 16;

/// Groups of images with the same pixels or the same look, of any number of images.
///
/// An [`Ingest`](super::Ingest) groups its images itself. This is for labels that were made
/// [one by one](super::Labeler), on whatever engine: groups need all images at once, but only 144
/// bytes of each. A million synthetic images take 7 s on one slow core, and 209 MiB with their
/// hashes (`cargo bench --bench grouping`).
///
/// ```
/// use ai4fashion_dataset::ingest::{Groups, SplitOptions};
/// use ai4fashion_dataset::record::{PerceptualHash, PixelsHash};
///
/// let look = PerceptualHash::default();
/// let [a, b] = [PixelsHash([1; 32]), PixelsHash([2; 32])];
/// let groups = Groups::of(&[a, b, a], &[look; 3], None);
/// assert_eq!((groups.first_of(2), groups.first_of(1)), (0, 1));
/// assert_eq!((groups.name_of(2).as_deref(), groups.name_of(1)), (Some("0101010101010101"), None));
///
/// let options = SplitOptions::default();
/// assert_eq!(groups.split_of(0, &options), groups.split_of(2, &options));
/// ```
#[derive(Clone, Debug)]
pub struct Groups {
    /// Of each image the first of its group.
    first: Vec<u32>,
    /// Of each image that is the first of its group, the smallest hash; of others their own.
    smallest: Vec<PixelsHash>,
    /// Whether there is another image in the group, at its first image.
    is_shared: Vec<bool>,
    compared: u64,
}

impl Groups {
    /// Groups images by the hashes of their pixels, and, with a distance of 0 to 256, by their
    /// looks as well: [near](PerceptualHash::is_near) images are in one group, and so are those
    /// that are near to one image.
    ///
    /// # Panics
    /// If the slices have different lengths, or more than 2^32 elements.
    #[must_use]
    pub fn of(pixels: &[PixelsHash], looks: &[PerceptualHash], max_distance: Option<u16>) -> Self {
        assert_eq!(
            pixels.len(),
            looks.len(),
            "a hash of pixels and one of looks for each"
        );
        let mut joined = Joined::new(pixels.len());
        joined.join_equal(pixels);
        let compared = max_distance.map_or(0, |distance| {
            // Of equal looks one is compared with others, or a thousand copies were a million
            // pairs.
            let is_first = joined.join_equal(looks);
            let index = NearIndex::of_some(looks, |index| is_first[index]);
            index.for_each_pair(distance.into(), |a, b| joined.join(a as u32, b as u32))
        });
        let mut groups = Self {
            first: joined.into_first(),
            smallest: pixels.to_vec(),
            is_shared: vec![false; pixels.len()],
            compared,
        };
        for (index, hash) in pixels.iter().enumerate() {
            let first = groups.first[index] as usize;
            groups.smallest[first] = groups.smallest[first].min(*hash);
            groups.is_shared[first] |= first != index;
        }
        groups
    }

    /// The index of the first image of the image's group, which is its own if it is alone.
    ///
    /// # Panics
    /// If there is no such image, as the others.
    #[must_use]
    pub fn first_of(&self, index: usize) -> usize {
        self.first[index] as usize
    }

    /// The name of the image's group, 16 hexadecimal digits; `None` if it is alone.
    #[must_use]
    pub fn name_of(&self, index: usize) -> Option<String> {
        let is_shared = self.is_shared[self.first_of(index)];
        let name = || self.smallest_of(index).to_string();
        is_shared.then(|| name().chars().take(NAME).collect())
    }

    /// The split of the image, which is that of its whole group: of the smallest hash in it.
    #[must_use]
    pub fn split_of(&self, index: usize, options: &SplitOptions) -> Split {
        options.split_of(self.smallest_of(index))
    }

    /// The number of pairs of images whose looks were compared.
    #[must_use]
    pub fn compared(&self) -> u64 {
        self.compared
    }

    fn smallest_of(&self, index: usize) -> PixelsHash {
        self.smallest[self.first_of(index)]
    }
}

/// Gives near-duplicates a group, and all images of a group the same split.
pub(super) fn assign(records: &mut [Record], options: &IngestOptions) {
    let pixels: Vec<PixelsHash> = records.iter().map(|record| record.pixels_blake3).collect();
    let looks: Vec<PerceptualHash> = records.iter().map(|record| record.perceptual_hash).collect();
    let groups = Groups::of(&pixels, &looks, options.max_hash_distance);
    for (index, record) in records.iter_mut().enumerate() {
        record.group = groups.name_of(index);
        record.split = groups.split_of(index, &options.split);
    }
}

/// Whether each image is alone, or the one of its group that is kept: the first that `is_there`
/// already, otherwise the first.
pub(super) fn kept_of_each(records: &[Record], is_there: impl Fn(&Record) -> bool) -> Vec<bool> {
    let mut kept: HashMap<&str, (usize, bool)> = HashMap::new();
    for (index, record) in records.iter().enumerate() {
        if let Some(group) = &record.group {
            let (first, was_there) = kept.entry(group).or_insert_with(|| (index, is_there(record)));
            if !*was_there && is_there(record) {
                (*first, *was_there) = (index, true);
            }
        }
    }
    let is_kept = |(index, record): (usize, &Record)| {
        let group = record.group.as_deref();
        group.is_none_or(|group| kept[group].0 == index)
    };
    records.iter().enumerate().map(is_kept).collect()
}

/// Indices joined to groups; each points to an earlier one of its group, or to itself.
struct Joined(Vec<u32>);

impl Joined {
    fn new(count: usize) -> Self {
        Self((0..count as u32).collect())
    }

    /// Joins each to the first that is equal, and tells which are the first.
    fn join_equal<T: Eq + Hash>(&mut self, all: &[T]) -> Vec<bool> {
        let mut firsts: HashMap<&T, u32> = HashMap::with_capacity(all.len());
        let mut is_first = Vec::with_capacity(all.len());
        for (index, it) in all.iter().enumerate() {
            let first = *firsts.entry(it).or_insert(index as u32);
            self.join(index as u32, first);
            is_first.push(first as usize == index);
        }
        is_first
    }

    fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.first(a), self.first(b));
        self.0[a.max(b) as usize] = a.min(b);
    }

    fn first(&mut self, mut index: u32) -> u32 {
        loop {
            let next = self.0[index as usize];
            if next == index {
                return index;
            }
            // A shorter way for the next call.
            let after = self.0[next as usize];
            self.0[index as usize] = after;
            index = after;
        }
    }

    /// The first member of each group.
    fn into_first(mut self) -> Vec<u32> {
        (0..self.0.len() as u32).map(|index| self.first(index)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_equal_images_are_one_group_without_comparing_all() {
        let pixels: Vec<PixelsHash> = (0..50_000_u32)
            .map(|index| {
                let mut bytes = [0; 32];
                bytes[..4].copy_from_slice(&index.to_be_bytes());
                PixelsHash(bytes)
            })
            .collect();
        let looks = vec![PerceptualHash::default(); pixels.len()];
        let groups = Groups::of(&pixels, &looks, Some(16));
        assert_eq!(groups.compared(), 0);
        assert!((0..pixels.len()).all(|index| groups.first_of(index) == 0));
        let apart = Groups::of(&pixels, &looks, None);
        assert!((0..pixels.len()).all(|index| apart.first_of(index) == index));
    }
}
