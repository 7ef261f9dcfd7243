//! A seeded sample that stays the same when other points come or go.

use sha2::{Digest, Sha256};

/// Takes at most `size` of `items`, those whose hash of seed and `label` is lowest, in their order.
pub(crate) fn sample<T>(
    items: Vec<T>,
    size: Option<usize>,
    seed: u64,
    label: impl Fn(&T) -> String,
) -> Vec<T> {
    let Some(size) = size else {
        return items;
    };
    let hash = |item: &T| Sha256::digest(format!("{seed} {}", label(item)));
    let mut ranked: Vec<_> = items.into_iter().enumerate().collect();
    ranked.sort_by_cached_key(|(place, item)| (hash(item), *place));
    ranked.truncate(size);
    ranked.sort_by_key(|(place, _)| *place);
    ranked.into_iter().map(|(_, item)| item).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_depends_on_the_seed_alone() {
        let take = |items: Vec<u32>, seed| sample(items, Some(10), seed, u32::to_string);
        let all: Vec<u32> = (0..100).collect();
        let taken = take(all.clone(), 1);
        assert_eq!((taken.len(), taken.is_sorted()), (10, true));
        assert_eq!(taken, take(all.clone(), 1));
        assert_ne!(taken, take(all.clone(), 2));
        // What is not taken changes nothing.
        let fewer = all
            .iter()
            .copied()
            .filter(|item| taken.contains(item) || item % 2 == 0);
        assert_eq!(take(fewer.collect(), 1), taken);
        assert_eq!(sample(all.clone(), None, 1, u32::to_string), all);
        assert_eq!(sample(vec![1, 2], Some(10), 1, u32::to_string), [1, 2]);
    }
}
