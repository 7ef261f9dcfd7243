//! The data set's folder: written beside its place, then renamed into it.

use std::{
    fs,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

use serde::Serialize;
use tempfile::TempDir;

use super::Summary;
use crate::{
    Error, ErrorKind, ProductType, Record, Skip, Source, dataset, files, record::IMAGES, transaction,
};

/// Where a data set is to be, found free before anything is read.
#[derive(Debug)]
pub(super) struct Output {
    path: PathBuf,
    parent: PathBuf,
}

impl Output {
    pub(super) fn check(path: &Path, sources: &[&dyn Source], overwrite: bool) -> Result<Self, Error> {
        let path = std::path::absolute(path).map_err(Error::io("find", path))?;
        if path.is_symlink() && !path.exists() {
            return Err(ErrorKind::NotAFolder { path }.into());
        }
        // Through links: a link to a folder stays, what it leads to is written.
        let path = resolved(&path);
        for source in sources {
            let root = fs::canonicalize(source.root()).map_err(Error::io("find", source.root()))?;
            if path.starts_with(&root) || root.starts_with(&path) {
                return Err(ErrorKind::Overlap {
                    out: path,
                    source_folder: source.root().to_owned(),
                }
                .into());
            }
        }
        if path.exists() {
            if !path.is_dir() {
                return Err(ErrorKind::NotAFolder { path }.into());
            }
            let mut content = fs::read_dir(&path).map_err(Error::io("read", &path))?;
            if content.next().is_some() {
                if !overwrite {
                    return Err(ErrorKind::OutputExists { path }.into());
                }
                check_ours(&path)?;
            }
        }
        let parent = path.parent().map_or_else(|| path.clone(), Path::to_owned);
        Ok(Self { path, parent })
    }

    /// An empty folder beside the place, which vanishes unless it is committed.
    pub(super) fn staging(&self) -> Result<Staging, Error> {
        let missing = self.parent.ancestors().take_while(|folder| !folder.exists());
        let made = Made(missing.map(Path::to_owned).collect());
        fs::create_dir_all(&self.parent).map_err(Error::io("create", &self.parent))?;
        Ok(Staging {
            folder: self.beside("part")?,
            _made: made,
        })
    }

    /// Puts the folder into its place.
    pub(super) fn commit(&self, staging: Staging) -> Result<(), Error> {
        let old = self.beside("old")?;
        if self.path.exists() {
            fs::rename(&self.path, old.path()).map_err(Error::io("move away", &self.path))?;
        }
        if let Err(source) = fs::rename(staging.path(), &self.path) {
            // Back with what was there.
            let _ = fs::rename(old.path(), &self.path);
            return Err(Error::io("put into place", &self.path)(source));
        }
        let _ = staging.folder.keep();
        Ok(())
    }

    fn beside(&self, suffix: &str) -> Result<TempDir, Error> {
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        let (prefix, suffix) = (format!(".{name}."), format!(".{suffix}"));
        let mut builder = tempfile::Builder::new();
        builder.prefix(&prefix).suffix(&suffix);
        files::as_open_as_others(&mut builder, 0o777);
        builder
            .tempdir_in(&self.parent)
            .map_err(Error::io("create a folder in", &self.parent))
    }
}

/// A folder that is being filled. Fields are dropped in their order: first the folder goes, then those around it.
#[derive(Debug)]
pub(super) struct Staging {
    folder: TempDir,
    _made: Made,
}

impl Staging {
    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Folders that were made for a data set, innermost first; those that are empty in the end are taken away again.
#[derive(Debug)]
struct Made(Vec<PathBuf>);

impl Drop for Made {
    fn drop(&mut self) {
        let _ = self.0.iter().try_for_each(fs::remove_dir);
    }
}

/// What a data set's folder may hold.
const CONTENT: [&str; 9] = [
    IMAGES,
    dataset::MANIFEST,
    dataset::METADATA,
    dataset::SKIPPED,
    dataset::SUMMARY,
    dataset::PLOTS,
    dataset::CACHE,
    dataset::REVIEW_PAGE,
    transaction::FOLDER,
];

/// Only what an ingestion has written is ever replaced.
fn check_ours(path: &Path) -> Result<(), Error> {
    let not_ours = |found: String| {
        Error::from(ErrorKind::NotOurs {
            path: path.to_owned(),
            found,
        })
    };
    for needed in [dataset::MANIFEST, dataset::SUMMARY] {
        if !path.join(needed).is_file() {
            return Err(not_ours(format!("`{needed}` is missing")));
        }
    }
    for entry in fs::read_dir(path).map_err(Error::io("read", path))? {
        let name = entry.map_err(Error::io("read", path))?.file_name();
        if !CONTENT.iter().any(|known| name == *known) {
            return Err(not_ours(format!("`{}` is something else", name.display())));
        }
    }
    Ok(())
}

/// `path` with the links of that part of it that exists resolved.
fn resolved(path: &Path) -> PathBuf {
    match (fs::canonicalize(path), path.parent(), path.file_name()) {
        (Ok(found), _, _) => found,
        (Err(_), Some(parent), Some(name)) => resolved(parent).join(name),
        _ => path.to_owned(),
    }
}

/// Writes everything but the pictures.
pub(super) fn write(
    folder: &Path,
    records: &[Record],
    skipped: &[Skip],
    summary: &Summary,
) -> Result<(), Error> {
    write_lines(&folder.join(dataset::MANIFEST), records)?;
    write_lines(&folder.join(dataset::SKIPPED), skipped)?;
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
