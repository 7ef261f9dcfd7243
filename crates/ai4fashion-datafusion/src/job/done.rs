//! The file that says that a shard is done.

use std::collections::BTreeMap;

use datafusion::error::Result;
use object_store::{ObjectStoreExt, path::Path};
use serde::{Deserialize, Serialize};

use super::{options::JobOptions, shard::Output};
use crate::error::{execution, plan};

/// Rows of a shard, counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Counts {
    /// All rows.
    pub rows: u64,
    /// Rows with labels.
    pub labelled: u64,
    /// Rows without a file.
    pub null: u64,
    /// Rows that were rejected or filtered, by the code of the reason.
    pub reasons: BTreeMap<String, u64>,
}

impl Counts {
    pub(super) fn add(&mut self, other: &Self) {
        self.rows += other.rows;
        self.labelled += other.labelled;
        self.null += other.null;
        for (reason, count) in &other.reasons {
            *self.reasons.entry(reason.clone()).or_default() += count;
        }
    }
}

/// What `_done/NAME.json` holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Done {
    /// The input, and its size when it was read.
    pub(super) input: String,
    pub(super) input_bytes: u64,
    pub(super) output_bytes: u64,
    pub(super) counts: Counts,
    /// What the labels were made with.
    pub(super) made_with: MadeWith,
}

/// What must be the same for two runs to give the same bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct MadeWith {
    settings: serde_json::Value,
    file_column: Option<String>,
    type_column: Option<String>,
    keep: Option<Vec<String>>,
}

impl MadeWith {
    pub(super) fn new(options: &JobOptions) -> Result<Self> {
        let wrong = |error: serde_json::Error| plan(error.to_string());
        let mut settings = serde_json::to_value(&options.settings).map_err(wrong)?;
        // The weights of the classifier are not in the options.
        let labeler = ai4fashion_dataset::ingest::Labeler::new(options.settings.options.clone());
        let labeler = labeler.map_err(|error| plan(error.to_string()))?;
        settings["fingerprint"] = serde_json::to_value(labeler.settings()).map_err(wrong)?;
        Ok(Self {
            settings,
            file_column: options.file_column.clone(),
            type_column: options.type_column.clone(),
            keep: options.keep.clone(),
        })
    }
}

/// Reads the file of a shard; `None` if it is not done, or its output is not there any more.
///
/// # Errors
/// If it was made with other settings or of another input.
pub(super) async fn read(output: &Output, name: &str, wanted: &Wanted<'_>) -> Result<Option<Counts>> {
    let path = path(output, name);
    let bytes = match output.store.get(&path).await {
        Ok(found) => found.bytes().await?,
        Err(object_store::Error::NotFound { .. }) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    // Half a file is none.
    let Ok(done) = serde_json::from_slice::<Done>(&bytes) else {
        return Ok(None);
    };
    let is_there = match output.store.head(&output.file(name)).await {
        Ok(found) => found.size == done.output_bytes,
        Err(object_store::Error::NotFound { .. }) => false,
        Err(error) => return Err(error.into()),
    };
    if !is_there {
        return Ok(None);
    }
    let other = |what: &str| {
        let message = format!(
            "`{}` was made {what}: name another output folder, or remove it and `{}`",
            output.url_of(&path),
            output.url_of(&output.file(name))
        );
        Err(plan(message))
    };
    if done.made_with != *wanted.made_with {
        return other("with other settings");
    }
    if (done.input.as_str(), done.input_bytes) != (wanted.input, wanted.input_bytes) {
        return other(&format!("of `{}` of {} bytes", done.input, done.input_bytes));
    }
    Ok(Some(done.counts))
}

/// What a shard must have been made of.
pub(super) struct Wanted<'a> {
    pub(super) input: &'a str,
    pub(super) input_bytes: u64,
    pub(super) made_with: &'a MadeWith,
}

pub(super) async fn write(output: &Output, name: &str, done: &Done) -> Result<()> {
    let mut json = serde_json::to_vec_pretty(done).map_err(|error| execution(error.to_string()))?;
    json.push(b'\n');
    output.store.put(&path(output, name), json.into()).await?;
    Ok(())
}

fn path(output: &Output, name: &str) -> Path {
    output.within(&format!("_done/{name}.json"))
}
