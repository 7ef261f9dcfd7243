//! Reading `manifest.jsonl`, which somebody else may have written.

use std::{fs, path::Path, str};

use ai4fashion_files::{json, json_lines, sha256_hex, sha256_hex_of};
use serde::Deserialize;

use super::layout::{MANIFEST, SUMMARY, is_image};
use crate::{
    error::{Error, ErrorKind},
    record::{FORMAT, Record},
};

/// What `summary.json` says of the manifest.
#[derive(Debug, Deserialize)]
struct Written {
    written: usize,
    manifest_sha256: String,
}

/// Reads the records of the data set at `root`.
///
/// # Errors
/// If there is no manifest, it has another format, a line cannot be parsed, a record names a file
/// outside the folder of images, or it is not the manifest that was written with the summary. A
/// data set of somebody else's may have no summary.
pub(super) fn read(root: &Path) -> Result<Vec<Record>, Error> {
    let path = root.join(MANIFEST);
    check_format(&path)?;
    let bytes = fs::read(&path).map_err(Error::io("read", &path))?;
    let text = str::from_utf8(&bytes).map_err(Error::malformed(&path, None))?;
    let records: Vec<Record> = json_lines::parse(&path, text).map_err(Error::file)?;
    check_whole(root, &bytes, records.len())?;
    match records.iter().find(|record| !is_image(&record.file)) {
        None => Ok(records),
        Some(outside) => {
            let file = outside.file.escape_debug();
            let found = format!("it names `{file}`, which is not in the folder of images");
            Err(Error::not_a_dataset(&path, found))
        }
    }
}

/// The hash that stands in the summary beside a manifest of `records`.
pub(super) fn sha256(records: &[Record]) -> String {
    let line = |record| {
        let mut line = serde_json::to_vec(record).unwrap_or_default();
        line.push(b'\n');
        line
    };
    sha256_hex_of(records.iter().map(line))
}

/// Compares the manifest with what stands in the summary beside it.
///
/// While labels are being corrected, one of the two may be older than the other.
fn check_whole(root: &Path, manifest: &[u8], records: usize) -> Result<(), Error> {
    let path = root.join(SUMMARY);
    if !path.is_file() {
        return Ok(());
    }
    let Written {
        written,
        manifest_sha256,
    } = json::read(path).map_err(Error::file)?;
    if sha256_hex(manifest) == manifest_sha256 {
        return Ok(());
    }
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
