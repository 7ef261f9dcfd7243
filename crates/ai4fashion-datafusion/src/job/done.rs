//! The file that says that a shard is done.

use std::collections::{BTreeMap, HashMap};

use datafusion::error::{DataFusionError, Result};
use futures::{StreamExt, TryStreamExt};
use object_store::{ObjectStoreExt, path::Path};
use serde::{Deserialize, Serialize};

use super::{output::Output, shards::Shard};
use crate::error::{execution, plan};

/// The folder of the files.
const FOLDER: &str = "_done";
/// Files that are read at a time.
const READS: usize = 64;

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
    /// The input, and its bytes when it was labelled.
    pub(super) input: String,
    pub(super) input_bytes: u64,
    /// Time of its last change, in seconds since 1970.
    pub(super) input_modified: i64,
    pub(super) output_bytes: u64,
    pub(super) counts: Counts,
}

/// What an output folder holds.
#[derive(Debug)]
pub(super) struct State {
    /// By the name of the shard; `None` for a file that is damaged, or of an older version.
    done: HashMap<String, Option<Done>>,
    sizes: HashMap<Path, u64>,
}

impl State {
    /// Reads all files of shards that are done, many at a time.
    pub(super) async fn read(output: &Output) -> Result<Self> {
        let mut state = Self {
            done: HashMap::new(),
            sizes: HashMap::new(),
        };
        let folder = output.within(FOLDER);
        let mut found: Vec<Path> = Vec::new();
        let mut all = output.store.list(Some(output.url.prefix()));
        let unlisted = |error| plan(format!("cannot list `{}`: {error}", output.url.as_str()));
        while let Some(meta) = all.try_next().await.map_err(unlisted)? {
            match meta.location.prefix_matches(&folder) {
                true => found.push(meta.location),
                false => _ = state.sizes.insert(meta.location, meta.size),
            }
        }
        let read = |path: Path| async move {
            let bytes = output.store.get(&path).await?.bytes().await?;
            Ok::<_, DataFusionError>((path, bytes))
        };
        let mut read = futures::stream::iter(found).map(read).buffer_unordered(READS);
        while let Some((path, bytes)) = read.try_next().await? {
            let parts = path.prefix_match(&folder).into_iter().flatten();
            let name = parts
                .map(|part| part.as_ref().to_owned())
                .collect::<Vec<_>>()
                .join("/");
            if let Some(name) = name.strip_suffix(".json") {
                state
                    .done
                    .insert(name.to_owned(), serde_json::from_slice(&bytes).ok());
            }
        }
        Ok(state)
    }

    /// What was made of a shard; `None` if it is to be labelled.
    ///
    /// # Errors
    /// If its output was made of something else.
    pub(super) fn was_done(&self, output: &Output, shard: &Shard) -> Result<Option<Counts>> {
        let file = output.file(&shard.name);
        let Some(size) = self.sizes.get(&file) else {
            return Ok(None);
        };
        let url = output.url_of(&file);
        let other = |what: String| {
            Err(plan(format!(
                "`{url}` {what}: remove it, or name another output folder"
            )))
        };
        let Some(done) = self.done.get(&shard.name) else {
            return other("is there, and no file in `_done` says that it was made here".to_owned());
        };
        let Some(done) = done.as_ref().filter(|done| done.output_bytes == *size) else {
            // It was ours, and something has happened to it.
            return Ok(None);
        };
        if done.input != shard.url {
            return other(format!(
                "was made of `{}`, and not of `{}`",
                done.input, shard.url
            ));
        }
        if done.input_bytes != shard.meta.size {
            let (was, is) = (done.input_bytes, shard.meta.size);
            return other(format!(
                "was made when `{}` had {was} bytes, and now it has {is}",
                done.input
            ));
        }
        // Perhaps another file of the same size: it is labelled again.
        let is_same = done.input_modified == shard.modified();
        Ok(is_same.then(|| done.counts.clone()))
    }
}

/// What another run has made of a shard meanwhile.
pub(super) async fn found(output: &Output, shard: &Shard) -> Option<Counts> {
    let file = output.file(&shard.name);
    let size = output.store.head(&file).await.ok()?.size;
    let bytes = output.store.get(&path(output, &shard.name)).await.ok()?;
    let done = serde_json::from_slice(&bytes.bytes().await.ok()?).ok()?;
    let state = State {
        done: HashMap::from([(shard.name.clone(), Some(done))]),
        sizes: HashMap::from([(file, size)]),
    };
    state.was_done(output, shard).ok()?
}

/// Writes the file of a shard, before its output gets its name: without an output it says nothing.
pub(super) async fn write(output: &Output, name: &str, done: &Done) -> Result<()> {
    let mut json = serde_json::to_vec_pretty(done).map_err(|error| execution(error.to_string()))?;
    json.push(b'\n');
    let path = path(output, name);
    output.store.put(&path, json.into()).await?;
    output.sync(&path)
}

fn path(output: &Output, name: &str) -> Path {
    output.within(&format!("{FOLDER}/{name}.json"))
}
