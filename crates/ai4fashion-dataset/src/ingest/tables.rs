//! The files of a data set beside its pictures.

use std::{
    fs,
    io::{BufWriter, Write},
    path::Path,
};

use serde::Serialize;

use super::Summary;
use crate::{Error, ErrorKind, LeftOut, ProductType, Record, Skip, dataset};

/// Writes everything but the pictures.
pub(super) fn write(
    folder: &Path,
    records: &[Record],
    skipped: &[Skip],
    left_out: &[LeftOut],
    summary: &Summary,
) -> Result<(), Error> {
    write_lines(&folder.join(dataset::MANIFEST), records)?;
    write_lines(&folder.join(dataset::SKIPPED), skipped)?;
    write_lines(&folder.join(dataset::LEFT_OUT), left_out)?;
    write_metadata(&folder.join(dataset::METADATA), records)?;
    write_summary(&folder.join(dataset::SUMMARY), summary)?;
    #[cfg(feature = "plot")]
    crate::plot::distributions(&crate::Distribution::of(records), &folder.join(dataset::PLOTS))?;
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
    let write = || {
        let mut table = csv::Writer::from_path(path)?;
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
            let number = record.product_type.map_or(0, ProductType::number);
            table.write_record([
                record.file.as_str(),
                record.color.name(),
                &number.to_string(),
                record.product_type.map_or("", ProductType::name),
                record.split.name(),
                &format!("{:.4}", record.confidence),
                record.runner_up.name(),
                &record.source,
                &record.original,
            ])?;
        }
        table.flush()?;
        Ok(())
    };
    write().map_err(|source| {
        ErrorKind::Csv {
            path: path.to_owned(),
            source,
        }
        .into()
    })
}
