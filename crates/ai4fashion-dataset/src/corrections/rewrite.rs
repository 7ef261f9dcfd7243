//! The files of a data set after corrections.

use std::{fs, path::Path};

use super::plan::CorrectionPlan;
use crate::{
    dataset::{
        Dataset, Sidecars,
        layout::{MANIFEST, METADATA, SUMMARY},
        tables::{write_metadata, write_summary},
    },
    error::Error,
    record::Record,
};

/// Writes the new manifest, tables and files of sidecars to `folder`, under their paths below the
/// data set.
pub(super) fn rewrite(
    dataset: &Dataset,
    plan: &CorrectionPlan,
    sidecars: &Sidecars,
    folder: &Path,
) -> Result<(), Error> {
    let mut records = dataset.records().to_vec();
    for (index, record) in &plan.changes {
        records[*index] = record.clone();
    }
    let old = dataset.root().join(MANIFEST);
    let old = fs::read(&old).map_err(Error::io("read", &old))?;
    let new = folder.join(MANIFEST);
    let manifest = manifest(&old, plan)?;
    fs::write(&new, &manifest).map_err(Error::io("write", &new))?;
    write_metadata(&folder.join(METADATA), &records)?;
    summary(dataset, &records, &manifest, folder)?;
    sidecars.write(&records, folder)
}

/// The manifest with new lines for the records that change; the others keep their bytes, whoever
/// wrote them.
fn manifest(old: &[u8], plan: &CorrectionPlan) -> Result<Vec<u8>, Error> {
    let mut new = Vec::with_capacity(old.len());
    let mut changes = plan.changes.iter().collect::<Vec<_>>();
    changes.sort_unstable_by_key(|(index, _)| *index);
    let mut changes = changes.into_iter().peekable();
    let mut index = 0;
    for line in old.split_inclusive(|byte| *byte == b'\n') {
        if line.trim_ascii().is_empty() {
            new.extend_from_slice(line);
            continue;
        }
        match changes.next_if(|(changed, _)| *changed == index) {
            Some((_, record)) => {
                let json = serde_json::to_vec(record);
                new.extend(json.map_err(|error| Error::io("write", Path::new(MANIFEST))(error.into()))?);
                new.extend(line.ends_with(b"\n").then_some(b'\n'));
            }
            None => new.extend_from_slice(line),
        }
        index += 1;
    }
    Ok(new)
}

/// Writes the summary with the counts of the current labels; a data set of somebody else's may have
/// none.
fn summary(dataset: &Dataset, records: &[Record], manifest: &[u8], folder: &Path) -> Result<(), Error> {
    let path = dataset.root().join(SUMMARY);
    if !path.is_file() {
        return Ok(());
    }
    let mut summary = dataset.summary()?;
    summary.correct(records, manifest);
    write_summary(&folder.join(SUMMARY), &summary)
}
