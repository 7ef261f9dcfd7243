//! A queue by largest key; of equal keys, the last one pushed comes first.

use super::vbox::VBox;

/// Boxes in the order of a key. Sorting is stable and ascending, and boxes are taken from the end,
/// so that ties are resolved as in colorthief.
#[derive(Debug)]
pub(super) struct Queue {
    key: fn(&VBox) -> u64,
    boxes: Vec<VBox>,
}

impl Queue {
    pub(super) fn new(key: fn(&VBox) -> u64) -> Self {
        Self {
            key,
            boxes: Vec::new(),
        }
    }

    pub(super) fn push(&mut self, new: VBox) {
        self.boxes.push(new);
        self.boxes.sort_by_key(self.key);
    }

    pub(super) fn pop(&mut self) -> Option<VBox> {
        self.boxes.pop()
    }

    pub(super) fn len(&self) -> usize {
        self.boxes.len()
    }
}
