//! What was labelled a moment ago.
//!
//! An engine may ask for the same row again: DataFusion 55 evaluates a function that returns a
//! struct once for each field that is taken from it, and again behind a filter. A row is known by
//! the hash of its file, because batches are copied and cut on their way.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use datafusion::arrow::array::{Array, StructArray};

/// The most bytes that are kept, besides the newest batch.
const MOST_BYTES: usize = 64 << 20;

/// SHA-256 of a file, and what is known of its type.
pub(super) type Key = ([u8; 32], Option<i64>);

/// Labels of the newest batches.
#[derive(Debug, Default)]
pub(super) struct Recent {
    batches: VecDeque<Batch>,
    /// The number of the batch, and the row in it.
    places: HashMap<Key, (u64, usize)>,
    next: u64,
    bytes: usize,
}

#[derive(Debug)]
struct Batch {
    number: u64,
    keys: Vec<Key>,
    labels: Arc<StructArray>,
}

impl Recent {
    pub(super) fn get(&self, key: &Key) -> Option<(Arc<StructArray>, usize)> {
        let (number, row) = self.places.get(key)?;
        let first = self.batches.front()?.number;
        let batch = self
            .batches
            .get(usize::try_from(number.checked_sub(first)?).ok()?)?;
        Some((Arc::clone(&batch.labels), *row))
    }

    /// Keeps a batch, whose rows have these keys, and drops the oldest.
    pub(super) fn add(&mut self, keys: Vec<Key>, labels: &Arc<StructArray>) {
        let number = self.next;
        self.next += 1;
        for (row, key) in keys.iter().enumerate() {
            self.places.insert(*key, (number, row));
        }
        self.bytes += labels.get_array_memory_size();
        let labels = Arc::clone(labels);
        self.batches.push_back(Batch { number, keys, labels });
        while self.bytes > MOST_BYTES && self.batches.len() > 1 {
            let Some(old) = self.batches.pop_front() else {
                return;
            };
            self.bytes -= old.labels.get_array_memory_size();
            for key in old.keys {
                if self
                    .places
                    .get(&key)
                    .is_some_and(|(number, _)| *number == old.number)
                {
                    self.places.remove(&key);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use datafusion::arrow::{
        array::{ArrayRef, BinaryArray},
        datatypes::{DataType, Field},
    };

    use super::*;

    fn batch(bytes: usize) -> Arc<StructArray> {
        let image: ArrayRef = Arc::new(BinaryArray::from_vec(vec![&vec![0; bytes]]));
        Arc::new(StructArray::from(vec![(
            Arc::new(Field::new("image", DataType::Binary, true)),
            image,
        )]))
    }

    #[test]
    fn oldest_batches_go_when_there_is_too_much() {
        let (mut recent, large) = (Recent::default(), batch(MOST_BYTES / 3));
        let key = |number| ([number; 32], None);
        for number in 0..5 {
            recent.add(vec![key(number)], &large);
        }
        let known: Vec<u8> = (0..5)
            .filter(|number| recent.get(&key(*number)).is_some())
            .collect();
        assert_eq!(known, [3, 4]);
        recent.add(vec![key(9)], &batch(2 * MOST_BYTES));
        assert!(recent.get(&key(9)).is_some() && recent.get(&key(4)).is_none());
        assert_eq!(recent.places.len(), 1);
    }
}
