//! A folder for each split: in it a folder for each class, and `metadata.jsonl` with all labels.

use std::{collections::BTreeSet, fs, path::Path};

use ai4fashion_dataset::{ProductType, Record, layout};
use ai4fashion_files::json_lines;
use rayon::prelude::*;

use crate::{columns::Row, error::Error, format::Class, job::Job, plan::Shard};

/// The table that Hugging Face's `imagefolder` reads.
///
/// Not CSV: pandas, which reads that, guesses the type of a column from the rows of each split, and
/// takes empty text for a missing number.
pub(crate) const METADATA: &str = "metadata.jsonl";

pub(crate) fn write(job: &Job<'_>, shard: &Shard, folder: &Path) -> Result<(), Error> {
    let records = job.dataset.records();
    let of = |index: &usize| class(job.options.class, &records[*index]);
    let classes: BTreeSet<&str> = shard.images.iter().map(of).collect();
    for class in classes {
        let folder = folder.join(class);
        fs::create_dir_all(&folder).map_err(Error::io(&folder))?;
    }
    shard.images.par_iter().try_for_each(|index| {
        let path = folder.join(path(job.options.class, &records[*index]));
        let image = job.image(*index)?;
        // One that a killed export has begun is written again.
        if fs::read(&path).is_ok_and(|found| found == image) {
            return Ok(());
        }
        fs::write(&path, image).map_err(Error::io(&path))
    })?;
    let rows = shard.images.iter().map(|index| Row {
        columns: job.columns,
        record: &records[*index],
        file_name: Some(path(job.options.class, &records[*index])),
    });
    Ok(json_lines::write(
        folder.join(METADATA),
        &rows.collect::<Vec<_>>(),
    )?)
}

fn class(class: Class, record: &Record) -> &'static str {
    match class {
        Class::Color => record.color.as_str(),
        Class::Type => ProductType::name_of(record.product_type),
    }
}

/// The path of an image below the folder of its split.
pub(crate) fn path(class: Class, record: &Record) -> String {
    format!(
        "{}/{}",
        self::class(class, record),
        layout::image_name(&record.file)
    )
}
