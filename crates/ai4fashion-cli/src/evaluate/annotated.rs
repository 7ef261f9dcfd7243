//! Human labels of a data set, as the truth that names are compared with.

use std::path::Path;

use ai4fashion_dataset::{Dataset, record::ColorSource};
use anyhow::ensure;

use super::labels::Labeled;

/// Files, below the data set, of the images with a human colour label, and that colour.
///
/// # Errors
/// If it is no data set, or has no human labels.
pub(super) fn labels(dataset: &Path) -> anyhow::Result<Vec<Labeled>> {
    let dataset = Dataset::open(dataset)?;
    let annotated = dataset
        .records()
        .iter()
        .filter(|record| record.color_source() == ColorSource::Human);
    let labels: Vec<_> = annotated
        .map(|record| Labeled {
            file: record.file.clone().into(),
            color: record.color,
            accepted: Vec::new(),
        })
        .collect();
    ensure!(
        !labels.is_empty(),
        "no image of `{}` has a human colour label yet: see `ai4fashion review`",
        dataset.root().display()
    );
    Ok(labels)
}
