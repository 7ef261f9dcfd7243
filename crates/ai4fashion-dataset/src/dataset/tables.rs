//! The files of a data set beside its images.

use std::{fs, path::Path};

use ai4fashion_files::{json, json_lines};

use super::{
    layout::{FILTERED, MANIFEST, METADATA, REJECTED, SUMMARY},
    summary::Summary,
};
use crate::{
    error::Error,
    labels::ProductType,
    record::{Filtered, Record, Rejected},
};

/// Writes all tables into `folder`.
pub(crate) fn write(
    folder: &Path,
    records: &[Record],
    rejected: &[Rejected],
    filtered: &[Filtered],
    summary: &Summary,
) -> Result<(), Error> {
    json_lines::write(folder.join(MANIFEST), records).map_err(Error::file)?;
    json_lines::write(folder.join(REJECTED), rejected).map_err(Error::file)?;
    json_lines::write(folder.join(FILTERED), filtered).map_err(Error::file)?;
    write_metadata(&folder.join(METADATA), records)?;
    write_summary(&folder.join(SUMMARY), summary)
}

pub(crate) fn write_summary(path: &Path, summary: &Summary) -> Result<(), Error> {
    json::write(path, summary).map_err(Error::file)
}

/// Writes the table that Hugging Face's `ImageFolder` reads.
pub(crate) fn write_metadata(path: &Path, records: &[Record]) -> Result<(), Error> {
    let table = metadata(records).map_err(Error::malformed(path, None))?;
    fs::write(path, table).map_err(Error::io("write", path))
}

/// Whether the table for Hugging Face in `folder` is the one of `records`.
pub(crate) fn has_metadata(folder: &Path, records: &[Record]) -> bool {
    let found = fs::read(folder.join(METADATA));
    metadata(records).is_ok_and(|table| found.is_ok_and(|found| found == table))
}

fn metadata(records: &[Record]) -> csv::Result<Vec<u8>> {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record([
        "file_name",
        "color",
        "type",
        "type_name",
        "split",
        "confidence",
        "margin",
        "runner_up",
        "source",
        "source_path",
    ])?;
    for record in records {
        let number = ProductType::number_of(record.product_type);
        table.write_record([
            record.file.as_str(),
            record.color.as_str(),
            &number.to_string(),
            // Pandas takes a column whose first ten thousand texts are empty for one of numbers.
            ProductType::name_of(record.product_type),
            record.split.as_str(),
            &format!("{:.4}", record.confidence),
            &format!("{:.4}", record.margin),
            record.runner_up.as_str(),
            &record.source,
            &record.source_path,
        ])?;
    }
    table.into_inner().map_err(|error| error.into_error().into())
}
