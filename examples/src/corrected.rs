//! What people have said of the pictures of a data set, as the truth to judge names by.

use std::path::Path;

use ai4fashion_dataset::{ColorSource, Dataset};
use anyhow::ensure;

use crate::labels::Labelled;

/// The files, below the data set, of the pictures whose colour a person has said, and that colour.
///
/// # Errors
/// If it is no data set, or nobody has said anything.
pub fn labels(dataset: &Path) -> anyhow::Result<Vec<Labelled>> {
    let dataset = Dataset::open(dataset)?;
    let said = dataset
        .records()
        .iter()
        .filter(|record| record.color_from() == ColorSource::Person);
    let labels: Vec<_> = said
        .map(|record| Labelled {
            file: record.file.clone().into(),
            color: record.color,
            accepted: Vec::new(),
        })
        .collect();
    ensure!(
        !labels.is_empty(),
        "nobody has said the colour of a picture of `{}` yet: see the program review",
        dataset.root().display()
    );
    Ok(labels)
}
