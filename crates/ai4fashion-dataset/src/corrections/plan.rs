//! What an application of corrections does.

use std::{collections::BTreeMap, fmt};

use ai4fashion_color::BasicColor;

use crate::{dataset::Dataset, error::count, labels::ProductType, record::Record};

/// What an application of corrections does, or would do.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct CorrectionPlan {
    /// Rows: pictures of which something is said.
    pub corrections: usize,
    /// Pictures that get another colour, by old and new one.
    pub colors: BTreeMap<(BasicColor, BasicColor), usize>,
    /// Pictures that get another type, by old and new one.
    pub types: BTreeMap<(Option<ProductType>, Option<ProductType>), usize>,
    /// Pictures that keep their labels and of which a person now says that they are right.
    pub confirmed: usize,
    /// Pictures that keep their labels and of which a person no longer says anything, or less.
    pub withdrawn: usize,
    /// The records that change, by their place in the manifest.
    pub(super) changes: Vec<(usize, Record)>,
}

impl CorrectionPlan {
    /// Whether any file of the data set would be another one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// The places in the manifest of the pictures whose record is another one.
    pub fn changed(&self) -> impl Iterator<Item = usize> {
        self.changes.iter().map(|(index, _)| *index)
    }
}

/// A few lines, for people.
impl fmt::Display for CorrectionPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sum = |counts: Vec<usize>| counts.iter().sum::<usize>();
        let colors = sum(self.colors.values().copied().collect());
        let types = sum(self.types.values().copied().collect());
        write!(
            f,
            "{}: {}, {}, {} confirmed",
            count(self.corrections, "correction"),
            count(colors, "other colour"),
            count(types, "other type"),
            self.confirmed
        )?;
        if self.withdrawn > 0 {
            write!(f, ", {} withdrawn", self.withdrawn)?;
        }
        for ((old, new), count) in &self.colors {
            write!(f, "\n  {old} -> {new}  {count}")?;
        }
        let name = |known: &Option<ProductType>| known.map_or("not known", ProductType::name);
        for ((old, new), count) in &self.types {
            write!(f, "\n  {} -> {}  {count}", name(old), name(new))?;
        }
        Ok(())
    }
}

impl CorrectionPlan {
    /// `says` is whether a person says anything, and does not only take it back.
    pub(super) fn add(&mut self, before: &Record, index: usize, after: Record, says: bool) {
        self.corrections += 1;
        if before.color != after.color {
            *self.colors.entry((before.color, after.color)).or_default() += 1;
        }
        if before.product_type != after.product_type {
            let types = (before.product_type, after.product_type);
            *self.types.entry(types).or_default() += 1;
        }
        if (before.color, before.product_type) == (after.color, after.product_type) {
            let said = |record: &Record| {
                let checked = record.checked.as_ref();
                checked.map_or([false; 2], |checked| {
                    [checked.color_was.is_some(), checked.type_was.is_some()]
                })
            };
            if said(before)
                .iter()
                .zip(said(&after))
                .any(|(before, after)| *before && !after)
            {
                self.withdrawn += 1;
            } else if says {
                self.confirmed += 1;
            }
        }
        if *before != after {
            self.changes.push((index, after));
        }
    }

    /// Where pictures go: old and new file.
    pub(super) fn renames(&self, dataset: &Dataset) -> Vec<(String, String)> {
        let renames = self.changes.iter().map(|(index, after)| {
            let before = &dataset.records()[*index];
            (before.file.clone(), after.file.clone())
        });
        renames.filter(|(from, to)| from != to).collect()
    }
}
