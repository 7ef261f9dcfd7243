//! Human labels of a data set, as the truth that names are compared with.

use std::path::Path;

use ai4fashion_dataset::{
    Dataset,
    record::{ColorSource, TypeSource},
};
use anyhow::ensure;

use super::labels::{Labeled, Table};

/// Files, below the data set, of the images with a human label, and that label.
///
/// # Errors
/// If it is no data set, or has no human labels.
pub(super) fn labels(dataset: &Path) -> anyhow::Result<Table> {
    let dataset = Dataset::open(dataset)?;
    let annotated = dataset
        .records()
        .iter()
        .filter(|record| record.annotation.is_some());
    let labels: Vec<_> = annotated
        .map(|record| Labeled {
            file: record.file.clone().into(),
            color: (record.color_source() == ColorSource::Human).then_some(record.color),
            product_type: (record.type_source == Some(TypeSource::Human)).then_some(record.product_type),
            accepted: Vec::new(),
        })
        .collect();
    ensure!(
        !labels.is_empty(),
        "no image of `{}` has a human label yet: see `ai4fashion review`",
        dataset.root().display()
    );
    Ok(Table {
        labels,
        ..Table::default()
    })
}
