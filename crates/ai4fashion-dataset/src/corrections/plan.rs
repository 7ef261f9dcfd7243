//! What an application of corrections does.

use std::{collections::BTreeMap, fmt};

use ai4fashion_color::BasicColor;
use ai4fashion_files::count;

use crate::{dataset::Dataset, labels::ProductType, record::Record};

/// What an application of corrections does, or would do.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct CorrectionPlan {
    /// Number of rows.
    pub corrections: usize,
    /// Images that get another colour, by old and new colour.
    pub colors: BTreeMap<(BasicColor, BasicColor), usize>,
    /// Images that get another type, by old and new type.
    pub types: BTreeMap<(Option<ProductType>, Option<ProductType>), usize>,
    /// Images that keep their labels, which are human labels now.
    pub confirmed: usize,
    /// Images that keep their labels, one of which is not a human label any more.
    pub reset: usize,
    /// The records that change, by their index in the manifest.
    pub(super) changes: Vec<(usize, Record)>,
}

impl CorrectionPlan {
    /// Whether no file of the data set would change.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// The indices of the records that change.
    pub fn changed(&self) -> impl Iterator<Item = usize> {
        self.changes.iter().map(|(index, _)| *index)
    }

    /// Adds a row; `sets` is whether it sets a label, and does not only reset one.
    pub(super) fn add(&mut self, before: &Record, index: usize, after: Record, sets: bool) {
        self.corrections += 1;
        if before.color != after.color {
            *self.colors.entry((before.color, after.color)).or_default() += 1;
        }
        if before.product_type != after.product_type {
            let types = (before.product_type, after.product_type);
            *self.types.entry(types).or_default() += 1;
        }
        if (before.color, before.product_type) == (after.color, after.product_type) {
            let [old, new] = [before, &after].map(human_labels);
            if old.iter().zip(new).any(|(old, new)| *old && !new) {
                self.reset += 1;
            } else if sets {
                self.confirmed += 1;
            }
        }
        if *before != after {
            self.changes.push((index, after));
        }
    }

    /// Old and new file of each image that is renamed.
    pub(super) fn renames(&self, dataset: &Dataset) -> Vec<(String, String)> {
        let renames = self.changes.iter().map(|(index, after)| {
            let before = &dataset.records()[*index];
            (before.file.clone(), after.file.clone())
        });
        renames.filter(|(from, to)| from != to).collect()
    }
}

/// Whether colour and type are human labels.
fn human_labels(record: &Record) -> [bool; 2] {
    let annotation = record.annotation.as_ref();
    annotation.map_or([false; 2], |it| {
        [it.model_color.is_some(), it.source_type.is_some()]
    })
}

/// A few lines, for people.
impl fmt::Display for CorrectionPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {}, {}, {} confirmed",
            count(self.corrections, "correction"),
            count(self.colors.values().sum(), "other colour"),
            count(self.types.values().sum(), "other type"),
            self.confirmed
        )?;
        if self.reset > 0 {
            write!(f, ", {} reset", self.reset)?;
        }
        for ((old, new), count) in &self.colors {
            write!(f, "\n  {old} -> {new}  {count}")?;
        }
        let name = |known: &Option<ProductType>| ProductType::name_of(*known);
        for ((old, new), count) in &self.types {
            write!(f, "\n  {} -> {}  {count}", name(old), name(new))?;
        }
        Ok(())
    }
}
