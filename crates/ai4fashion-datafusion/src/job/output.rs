//! The folder that shards are written to.

use std::{
    collections::HashSet,
    path::PathBuf,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use ai4fashion_files::{sha256_hex, sync_file};
use datafusion::{
    datasource::listing::ListingTableUrl,
    error::Result,
    prelude::{ParquetReadOptions, SessionContext},
};
use futures::StreamExt;
use object_store::{
    ObjectStore, ObjectStoreExt,
    path::{Path, PathPart},
};
use url::Url;

use crate::{
    error::{execution, plan},
    stores::url_of,
};

/// The folder of files that are not whole yet. Readers of a folder leave out such names.
const PARTIAL: &str = "_partial";

/// The folder that shards are written to.
#[derive(Clone, Debug)]
pub(super) struct Output {
    pub(super) url: ListingTableUrl,
    pub(super) store: Arc<dyn ObjectStore>,
    /// The local folder, if it was made now.
    made: Option<PathBuf>,
}

impl Output {
    /// Opens the folder `out`, which is made if it is local.
    pub(super) fn open(context: &SessionContext, out: &str) -> Result<Self> {
        let is_new = !out.contains("://") && !std::path::Path::new(out).exists();
        if is_new {
            let made = std::fs::create_dir_all(out);
            made.map_err(|error| plan(format!("cannot create the folder `{out}`: {error}")))?;
        }
        let url = folder_url(out)?;
        let store = context.runtime_env().object_store(&url)?;
        let made = is_new.then(|| PathBuf::from(out));
        Ok(Self { url, store, made })
    }

    /// Removes the folder, if it was made now and nothing is in it.
    pub(super) fn remove_if_new(&self) {
        if let Some(folder) = &self.made {
            let _ = std::fs::remove_dir(folder);
        }
    }

    /// The path below the folder.
    pub(super) fn within(&self, relative: &str) -> Path {
        // As they are: `PathPart::from` would escape them.
        let part = |part| PathPart::parse(part).unwrap_or_else(|_| PathPart::from(part));
        let parts = relative.split('/').map(part);
        self.url.prefix().parts().chain(parts).collect()
    }

    /// The file of a shard.
    pub(super) fn file(&self, name: &str) -> Path {
        self.within(&format!("{name}.parquet"))
    }

    /// A name of its own for a shard that is being written.
    pub(super) fn partial(&self, name: &str) -> Path {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let (shard, process) = (shard_key(name), std::process::id());
        self.within(&format!(
            "{PARTIAL}/{shard}-{process}-{}.partial",
            since.as_nanos()
        ))
    }

    /// The whole URL of a path.
    pub(super) fn url_of(&self, path: &Path) -> String {
        url_of(&self.url.object_store(), path)
    }

    /// The path on a local disk.
    fn local(&self, path: &Path) -> Option<PathBuf> {
        Url::parse(&self.url_of(path)).ok()?.to_file_path().ok()
    }

    /// On a local disk: what is renamed must be there after a power cut.
    pub(super) fn sync(&self, path: &Path) -> Result<()> {
        self.local(path).map_or(Ok(()), |path| {
            sync_file(&path).map_err(|error| execution(error.to_string()))
        })
    }

    /// Removes what killed runs have begun of shards that are done since. What cannot be removed
    /// is left for the next run.
    pub(super) async fn sweep(&self, done: impl Iterator<Item = &str>) {
        let done: HashSet<String> = done.map(shard_key).collect();
        let is_left = |name: &str| name.split('-').next().is_some_and(|shard| done.contains(shard));
        let folder = self.within(PARTIAL);
        if let Some(folder) = self.local(&folder) {
            // A writer's own temporary files are not in the store's list.
            let Ok(found) = std::fs::read_dir(&folder) else {
                return;
            };
            for file in found.flatten() {
                if is_left(&file.file_name().to_string_lossy()) {
                    // Another run may have removed it.
                    let _ = std::fs::remove_file(file.path());
                }
            }
            // Only if it is empty.
            let _ = std::fs::remove_dir(&folder);
            return;
        }
        let mut found = self.store.list(Some(&folder));
        while let Some(Ok(meta)) = found.next().await {
            if meta.location.filename().is_some_and(is_left) {
                let _ = self.store.delete(&meta.location).await;
            }
        }
    }
}

/// The URL of a folder. The name of a local one may hold what a glob does.
fn folder_url(folder: &str) -> Result<ListingTableUrl> {
    if folder.contains("://") {
        let slash = if folder.ends_with('/') { "" } else { "/" };
        return ListingTableUrl::parse(format!("{folder}{slash}"));
    }
    let whole = std::fs::canonicalize(folder);
    let whole = whole.map_err(|error| plan(format!("cannot open the folder `{folder}`: {error}")))?;
    let url = Url::from_directory_path(&whole);
    ListingTableUrl::try_new(url.map_err(|()| plan(format!("`{folder}` is no folder")))?, None)
}

/// Registers the labelled shards of the folder or URL `out` as a table, for queries.
///
/// # Errors
/// If there is no such folder, or no shard in it.
pub async fn register_labels(context: &SessionContext, table: &str, out: &str) -> Result<()> {
    let url = folder_url(out)?;
    context
        .register_parquet(table, url.as_str(), ParquetReadOptions::default())
        .await
}

/// What stands for a shard's name in that of a file.
fn shard_key(name: &str) -> String {
    sha256_hex(name.as_bytes()).chars().take(16).collect()
}
