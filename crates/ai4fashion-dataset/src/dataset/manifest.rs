//! Reading `manifest.jsonl`, which somebody else may have written.

use std::path::Path;

use ai4fashion_files::json_lines;
use serde::Deserialize;

use super::layout::{MANIFEST, is_image};
use crate::{
    error::Error,
    record::{FORMAT, Record},
};

/// Reads the records of the data set at `root`.
///
/// # Errors
/// If there is no manifest, it has another format, a line cannot be parsed, or a record names a
/// file outside the folder of images.
pub(super) fn read(root: &Path) -> Result<Vec<Record>, Error> {
    let path = root.join(MANIFEST);
    check_format(&path)?;
    let records: Vec<Record> = json_lines::read(&path).map_err(Error::file)?;
    match records.iter().find(|record| !is_image(&record.file)) {
        None => Ok(records),
        Some(outside) => {
            let file = outside.file.escape_debug();
            let found = format!("it names `{file}`, which is not in the folder of images");
            Err(Error::not_a_dataset(&path, found))
        }
    }
}

/// Refuses a manifest of another format by its first record.
fn check_format(path: &Path) -> Result<(), Error> {
    #[derive(Deserialize)]
    struct Header {
        /// Records of format 1 lack the field.
        #[serde(default = "one")]
        format: u32,
    }
    let mut reader = json_lines::Reader::open(path).map_err(Error::file)?;
    let first = reader.read::<serde_json::Value>().map_err(Error::file)?;
    let Some(first) = first else {
        return Ok(());
    };
    match serde_json::from_value::<Header>(first) {
        Ok(Header { format }) if format != FORMAT => {
            let found = format!("its records have format {format}, and format {FORMAT} is read");
            Err(Error::not_a_dataset(path, found))
        }
        _ => Ok(()),
    }
}

fn one() -> u32 {
    1
}
