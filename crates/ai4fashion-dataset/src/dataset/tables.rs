//! The files of a data set beside its pictures.

use std::{
    fs,
    io::{BufWriter, Write},
    path::Path,
};

use serde::Serialize;

use super::{
    layout::{LEFT_OUT, MANIFEST, METADATA, SKIPPED, SUMMARY},
    summary::Summary,
};
use crate::{
    error::Error,
    labels::ProductType,
    record::{LeftOut, Record, Skip},
    table::unreadable,
};

/// Writes everything but the pictures.
pub(crate) fn write(
    folder: &Path,
    records: &[Record],
    skipped: &[Skip],
    left_out: &[LeftOut],
    summary: &Summary,
) -> Result<(), Error> {
    write_lines(&folder.join(MANIFEST), records)?;
    write_lines(&folder.join(SKIPPED), skipped)?;
    write_lines(&folder.join(LEFT_OUT), left_out)?;
    write_metadata(&folder.join(METADATA), records)?;
    write_summary(&folder.join(SUMMARY), summary)?;
    #[cfg(feature = "plot")]
    crate::plot::distributions(
        &crate::stats::Distribution::of(records),
        folder.join(super::layout::PLOTS),
    )?;
    Ok(())
}

pub(crate) fn write_summary(path: &Path, summary: &Summary) -> Result<(), Error> {
    let mut json = serde_json::to_vec_pretty(summary).map_err(|e| Error::io("write", path)(e.into()))?;
    json.push(b'\n');
    fs::write(path, json).map_err(Error::io("write", path))
}

fn write_lines<T: Serialize>(path: &Path, lines: &[T]) -> Result<(), Error> {
    let write = || {
        let mut file = BufWriter::new(fs::File::create(path)?);
        for line in lines {
            serde_json::to_writer(&mut file, line)?;
            file.write_all(b"\n")?;
        }
        file.flush()
    };
    write().map_err(Error::io("write", path))
}

/// The table that Hugging Face's `ImageFolder` reads.
pub(crate) fn write_metadata(path: &Path, records: &[Record]) -> Result<(), Error> {
    let table = metadata(records).map_err(unreadable(path))?;
    fs::write(path, table).map_err(Error::io("write", path))
}

/// Whether all that is not read again is in a data set's folder as it should be.
pub(crate) fn are_whole(folder: &Path, records: &[Record]) -> bool {
    let found = fs::read(folder.join(METADATA));
    let has_metadata = metadata(records).is_ok_and(|table| found.is_ok_and(|found| found == table));
    #[cfg(feature = "plot")]
    let has_plots = crate::plot::DISTRIBUTIONS.iter().all(|name| {
        let path = |extension| {
            folder
                .join(super::layout::PLOTS)
                .join(name)
                .with_extension(extension)
        };
        path("svg").is_file() && path("png").is_file()
    });
    #[cfg(not(feature = "plot"))]
    let has_plots = true;
    has_metadata && has_plots
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
        "runner_up",
        "source",
        "original",
    ])?;
    for record in records {
        let number = ProductType::number_of(record.product_type);
        table.write_record([
            record.file.as_str(),
            record.color.as_str(),
            &number.to_string(),
            record.product_type.map_or("", ProductType::name),
            record.split.name(),
            &format!("{:.4}", record.confidence),
            record.runner_up.as_str(),
            &record.source,
            &record.original,
        ])?;
    }
    table.into_inner().map_err(|error| error.into_error().into())
}
