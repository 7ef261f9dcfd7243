//! Reading `manifest.jsonl`, which somebody else may have written.

use std::{fs, path::Path, str};

use ai4fashion_files::{json_lines, sha256_hex};
use serde::Deserialize;

use super::{
    layout::{MANIFEST, SUMMARY, is_image},
    summary::Summary,
};
use crate::{
    error::{Error, ErrorKind},
    record::{FORMAT, Record},
};

/// Reads the records of the data set at `root`.
///
/// # Errors
/// If there is no manifest, it has another format, a line cannot be parsed, a record names a file
/// outside the folder of images, or it is not the manifest that was written with the summary.
pub(super) fn read(root: &Path, summary: Option<&Summary>) -> Result<Vec<Record>, Error> {
    let path = root.join(MANIFEST);
    check_format(&path)?;
    let bytes = fs::read(&path).map_err(Error::io("read", &path))?;
    let text = str::from_utf8(&bytes).map_err(Error::malformed(&path, None))?;
    let records: Vec<Record> = json_lines::parse(&path, text).map_err(Error::file)?;
    if let Some(summary) = summary {
        check_whole(root, &bytes, records.len(), summary)?;
    }
    match records.iter().find(|record| !is_image(&record.file)) {
        None => Ok(records),
        Some(outside) => {
            let file = outside.file.escape_debug();
            let found = format!("it names `{file}`, which is not in the folder of images");
            Err(Error::not_a_dataset(&path, found))
        }
    }
}

/// Compares the manifest with what stands in the summary beside it.
///
/// While labels are being corrected, one of the two may be older than the other.
fn check_whole(root: &Path, manifest: &[u8], records: usize, summary: &Summary) -> Result<(), Error> {
    if sha256_hex(manifest) == summary.manifest_sha256 {
        return Ok(());
    }
    let written = summary.written;
    let found = if records == written {
        format!("`{MANIFEST}` is not as it was written: its hash in `{SUMMARY}` is another")
    } else {
        format!("`{MANIFEST}` has {records} of the {written} records that were written")
    };
    let found = format!("{found}; put the written one back, labels are changed by corrections");
    Err(Error::not_a_dataset(root, found))
}

/// Whether an error may be that the data set was changed while it was read.
pub(super) fn may_be_changing(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::NotADataset { .. } | ErrorKind::Io { .. })
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
