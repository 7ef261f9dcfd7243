//! Groups of near-duplicates.

use std::collections::HashMap;

use ai4fashion_image::PerceptualHash;

use super::options::IngestOptions;
use crate::record::Record;

/// Hexadecimal digits of a group's name.
const NAME: usize = 16;

/// Gives near-duplicates a group, and all images of a group the same split.
///
/// It is the split of the member whose pixels have the smallest hash, which is the image itself if
/// it is alone.
pub(super) fn assign(records: &mut [Record], options: &IngestOptions) {
    let leaders = Groups::of(records, options.max_hash_distance).leaders();
    let mut members: HashMap<usize, (usize, String)> = HashMap::new();
    for (record, leader) in records.iter().zip(&leaders) {
        let hash = &record.pixels_sha256;
        let (count, smallest) = members.entry(*leader).or_insert_with(|| (0, hash.clone()));
        *count += 1;
        if hash < smallest {
            smallest.clone_from(hash);
        }
    }
    for (record, leader) in records.iter_mut().zip(&leaders) {
        let (count, smallest) = &members[leader];
        record.group = (*count > 1).then(|| smallest.get(..NAME).unwrap_or(smallest).to_owned());
        record.split = options.split.split_of(smallest);
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
struct Groups(Vec<usize>);

impl Groups {
    fn of(records: &[Record], max_distance: Option<u16>) -> Self {
        let mut groups = Self((0..records.len()).collect());
        let mut first = HashMap::new();
        for (index, record) in records.iter().enumerate() {
            groups.join(index, *first.entry(&*record.pixels_sha256).or_insert(index));
        }
        if let Some(distance) = max_distance {
            groups.join_near(records, u32::from(distance));
        }
        groups
    }

    /// Joins images that look alike. Only images with a similar key are compared.
    fn join_near(&mut self, records: &[Record], distance: u32) {
        let mut by_key: Vec<Vec<(usize, &PerceptualHash)>> = vec![Vec::new(); 256];
        for (index, hash) in records.iter().map(|record| &record.perceptual_hash).enumerate() {
            let key = usize::from(hash.key());
            let nearest = key.saturating_sub(PerceptualHash::KEY_STEP.into())..=key;
            let above = key + 1..(key + 1 + usize::from(PerceptualHash::KEY_STEP)).min(256);
            for (other_index, other) in nearest.chain(above).flat_map(|key| &by_key[key]) {
                if hash.is_near(other, distance) {
                    self.join(index, *other_index);
                }
            }
            by_key[key].push((index, hash));
        }
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.leader(a), self.leader(b));
        self.0[a.max(b)] = a.min(b);
    }

    fn leader(&mut self, mut index: usize) -> usize {
        while self.0[index] != index {
            // A shorter way for the next call.
            self.0[index] = self.0[self.0[index]];
            index = self.0[index];
        }
        index
    }

    /// The first member of each group.
    fn leaders(mut self) -> Vec<usize> {
        (0..self.0.len()).map(|index| self.leader(index)).collect()
    }
}
