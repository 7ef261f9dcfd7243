//! The shards that were named.

use std::{collections::BTreeMap, sync::Arc};

use datafusion::{datasource::listing::ListingTableUrl, error::Result, prelude::SessionContext};
use futures::TryStreamExt;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt};
use url::Url;

use super::output::Output;
use crate::{error::plan, stores::url_of};

/// What a shard is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Parquet,
    /// A WebDataset tar.
    Tar,
}

/// A file to label.
#[derive(Clone, Debug)]
pub(super) struct Shard {
    pub(super) kind: Kind,
    pub(super) store: Arc<dyn ObjectStore>,
    /// Where it lies, its bytes and its time.
    pub(super) meta: ObjectMeta,
    /// The whole URL.
    pub(super) url: String,
    /// The name of the output, without `.parquet`; may hold `/`.
    pub(super) name: String,
}

impl Shard {
    /// Time of the last change, in seconds since 1970: S3 has parts of them in lists alone.
    pub(super) fn modified(&self) -> i64 {
        self.meta.last_modified.timestamp()
    }
}

/// Lists the shards of files, folders, globs or URLs, in the order of their names.
///
/// What lies in the output folder is none, if that is in an input.
pub(super) async fn list(context: &SessionContext, inputs: &[String], output: &Output) -> Result<Vec<Shard>> {
    let mut all = BTreeMap::new();
    for input in inputs {
        let url = url_of_input(input)?;
        let store = context.runtime_env().object_store(&url)?;
        let mut found = of_url(&url, &store).await?;
        if found.is_empty() && !url.is_collection() && url.get_glob().is_none() {
            // A folder of an object store.
            found = of_url(&ListingTableUrl::parse(format!("{input}/"))?, &store).await?;
        }
        let of_output = output.url.as_str();
        let is_around = url.is_collection() && of_output.starts_with(url.as_str());
        if is_around && url.as_str() != of_output {
            found.retain(|shard| !shard.url.starts_with(of_output));
        }
        if found.is_empty() {
            let legal = "a file, folder or local glob of .parquet or .tar files (not .tar.gz)";
            return Err(plan(format!("`{input}`: no shard is there, expected {legal}")));
        }
        for shard in found {
            let other = all.insert(shard.name.clone(), shard.clone());
            if let Some(other) = other.filter(|other| other.url != shard.url) {
                let message = format!(
                    "`{}` and `{}` would be written to the same file `{}.parquet`: label them into two folders",
                    other.url, shard.url, shard.name
                );
                return Err(plan(message));
            }
        }
    }
    Ok(all.into_values().collect())
}

/// The URL of an input. The name of a local file or folder may hold what a glob does.
fn url_of_input(input: &str) -> Result<ListingTableUrl> {
    let path = std::path::Path::new(input);
    if input.contains("://") || !path.exists() {
        return ListingTableUrl::parse(input);
    }
    let failed = |error| plan(format!("cannot open `{input}`: {error}"));
    // As the output: one of them may be reached by a link. A file keeps its name.
    let url = if path.is_dir() {
        check_links(path)?;
        Url::from_directory_path(std::fs::canonicalize(path).map_err(failed)?)
    } else {
        let whole = std::path::absolute(path).map_err(failed)?;
        let folder = whole.parent().unwrap_or(&whole);
        let name = whole.file_name().unwrap_or_default();
        Url::from_file_path(std::fs::canonicalize(folder).map_err(failed)?.join(name))
    };
    ListingTableUrl::try_new(url.map_err(|()| plan(format!("`{input}` is no path")))?, None)
}

/// Refuses links to shards that are not there, which a store's list leaves out without a word.
fn check_links(folder: &std::path::Path) -> Result<()> {
    // What cannot be read, the list tells.
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let (path, kind) = (entry.path(), entry.file_type());
        if kind.as_ref().is_ok_and(std::fs::FileType::is_dir) {
            check_links(&path)?;
        }
        let is_link = kind.is_ok_and(|kind| kind.is_symlink());
        if is_link && named(&path.to_string_lossy()).is_some() && !path.exists() {
            return Err(plan(format!("`{}` is a link to nothing", path.display())));
        }
    }
    Ok(())
}

async fn of_url(url: &ListingTableUrl, store: &Arc<dyn ObjectStore>) -> Result<Vec<Shard>> {
    let metas = if url.is_collection() || url.get_glob().is_some() {
        let listed = store.list(Some(url.prefix())).try_collect().await;
        // Of a name that is not UTF-8 the error tells neither the name nor the folder.
        listed.map_err(|error| plan(format!("cannot list `{}`: {error}", url.as_str())))?
    } else {
        match store.head(url.prefix()).await {
            Ok(meta) => vec![meta],
            Err(object_store::Error::NotFound { .. }) => Vec::new(),
            Err(error) => return Err(error.into()),
        }
    };
    let mut shards = Vec::new();
    for meta in metas {
        let location = &meta.location;
        let is_inside = url.prefix() == location || url.contains(location, false);
        let Some((stem, kind)) = named(location.as_ref()).filter(|_| is_inside) else {
            continue;
        };
        let relative: Vec<&str> = url.strip_prefix(location).into_iter().flatten().collect();
        // Neither our own files nor hidden ones.
        if relative.iter().any(|part| part.starts_with(['.', '_'])) {
            continue;
        }
        let relative = relative.join("/");
        let name = match named(&relative) {
            Some((stem, _)) => stem.to_owned(),
            None => stem.rsplit('/').next().unwrap_or(stem).to_owned(),
        };
        shards.push(Shard {
            kind,
            store: Arc::clone(store),
            url: url_of(&url.object_store(), location),
            name,
            meta,
        });
    }
    Ok(shards)
}

/// The path without its extension, and what that says.
fn named(path: &str) -> Option<(&str, Kind)> {
    let parquet = path.strip_suffix(".parquet").map(|stem| (stem, Kind::Parquet));
    parquet.or_else(|| path.strip_suffix(".tar").map(|stem| (stem, Kind::Tar)))
}
