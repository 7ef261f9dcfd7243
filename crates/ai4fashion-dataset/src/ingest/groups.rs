//! Pictures that show the same.

use std::collections::HashMap;

use super::options::IngestOptions;
use crate::{perceptual::PerceptualHash, record::Record};

/// Hexadecimal digits of a group's name.
const NAME: usize = 16;

/// Gives those that show the same a group, and all of a group the same part of the data set: that of its member whose
/// pixels have the smallest hash, which is the picture's own if it is alone.
pub(super) fn assign(records: &mut [Record], options: &IngestOptions) {
    let leaders = Groups::of(records, options.near).leaders();
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
        record.split = options.split.of(smallest);
    }
}

/// Which pictures are alone, or the one of their group that is kept: the first that `is_there` already, or else the first.
pub(super) fn kept_of_each(records: &[Record], is_there: impl Fn(&Record) -> bool) -> Vec<bool> {
    let mut kept: HashMap<&str, (usize, bool)> = HashMap::new();
    for (place, record) in records.iter().enumerate() {
        if let Some(group) = &record.group {
            let (first, was_there) = kept.entry(group).or_insert_with(|| (place, is_there(record)));
            if !*was_there && is_there(record) {
                (*first, *was_there) = (place, true);
            }
        }
    }
    let is_kept = |(place, record): (usize, &Record)| {
        let group = record.group.as_deref();
        group.is_none_or(|group| kept[group].0 == place)
    };
    records.iter().enumerate().map(is_kept).collect()
}

/// Places in a list, joined to groups; each points to an earlier one of its group, or to itself.
struct Groups(Vec<usize>);

impl Groups {
    fn of(records: &[Record], near: Option<u16>) -> Self {
        let mut groups = Self((0..records.len()).collect());
        let mut first = HashMap::new();
        for (place, record) in records.iter().enumerate() {
            groups.join(place, *first.entry(&*record.pixels_sha256).or_insert(place));
        }
        if let Some(distance) = near {
            groups.join_near(records, u32::from(distance));
        }
        groups
    }

    /// Joins those that look alike. Of each only those are compared whose key is near enough.
    fn join_near(&mut self, records: &[Record], distance: u32) {
        let mut by_key: Vec<Vec<(usize, &PerceptualHash)>> = vec![Vec::new(); 256];
        for (place, hash) in records.iter().map(|record| &record.perceptual_hash).enumerate() {
            let key = usize::from(hash.key());
            let nearest = key.saturating_sub(PerceptualHash::KEY_STEP.into())..=key;
            let above = key + 1..(key + 1 + usize::from(PerceptualHash::KEY_STEP)).min(256);
            for (other_place, other) in nearest.chain(above).flat_map(|key| &by_key[key]) {
                if hash.has_colors_of(other) && hash.distance(other) <= distance {
                    self.join(place, *other_place);
                }
            }
            by_key[key].push((place, hash));
        }
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.leader(a), self.leader(b));
        self.0[a.max(b)] = a.min(b);
    }

    fn leader(&mut self, mut place: usize) -> usize {
        while self.0[place] != place {
            // Shorter for the next who asks.
            self.0[place] = self.0[self.0[place]];
            place = self.0[place];
        }
        place
    }

    /// The first member of each one's group.
    fn leaders(mut self) -> Vec<usize> {
        (0..self.0.len()).map(|place| self.leader(place)).collect()
    }
}
