//! What an ingestion has written, told from what is somebody else's. Nothing else is ever gone on with, replaced or removed.

use std::{
    collections::HashSet,
    fs, io,
    path::{Path, PathBuf},
};

use crate::{
    dataset::{
        Dataset,
        layout::{self, IMAGES},
        transaction,
    },
    error::{Error, ErrorKind},
    files,
};

/// Where pictures wait for their names.
pub(super) const STORE: &str = "store";
/// What has been done so far.
pub(super) const JOURNAL: &str = "journal.jsonl";

/// What can always be done.
const ELSEWHERE: &str = "name another folder";

pub(super) fn is_empty(path: &Path) -> Result<bool, Error> {
    match fs::read_dir(path) {
        Ok(mut content) => Ok(content.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(Error::io("read", path)(error)),
    }
}

/// What a data set has no use for.
pub(super) fn remove_remains(path: &Path) -> Result<(), Error> {
    let (journal, store) = (path.join(JOURNAL), path.join(STORE));
    if store.exists() {
        fs::remove_dir_all(&store).map_err(Error::io("remove", &store))?;
    }
    if journal.exists() {
        fs::remove_file(&journal).map_err(Error::io("remove", &journal))?;
    }
    Ok(())
}

/// What a data set's folder may hold.
const CONTENT: [&str; 10] = [
    IMAGES,
    layout::MANIFEST,
    layout::METADATA,
    layout::SKIPPED,
    layout::LEFT_OUT,
    layout::SUMMARY,
    layout::PLOTS,
    layout::CACHE,
    layout::REVIEW_PAGE,
    transaction::FOLDER,
];

/// What tells that a folder is a data set.
const MARKS: [&str; 2] = [layout::MANIFEST, layout::SUMMARY];

/// Only what an ingestion has written is ever replaced.
pub(super) fn check_ours(path: &Path) -> Result<(), Error> {
    for needed in MARKS {
        if !path.join(needed).is_file() {
            return Err(missing(path, needed));
        }
    }
    check_names(path, |name| CONTENT.contains(&name))
}

/// Only a data set, or what is left of one that was being removed, is ever removed.
pub(super) fn check_remains(path: &Path) -> Result<(), Error> {
    if !is_empty(path)? && !MARKS.iter().any(|mark| path.join(mark).is_file()) {
        return Err(missing(path, layout::MANIFEST));
    }
    check_names(path, |name| CONTENT.contains(&name))
}

/// Only what an ingestion has begun is ever gone on with.
pub(super) fn check_begun(path: &Path) -> Result<(), Error> {
    if !path.join(JOURNAL).is_file() {
        let found = format!("nothing that was begun is in it, `{JOURNAL}` is missing; {ELSEWHERE}");
        return Err(not_ours(path, found));
    }
    check_names(path, |name| {
        CONTENT.contains(&name) || [STORE, JOURNAL].contains(&name) || name.starts_with(files::PARTIAL)
    })
}

fn check_names(path: &Path, is_known: impl Fn(&str) -> bool) -> Result<(), Error> {
    for entry in fs::read_dir(path).map_err(Error::io("read", path))? {
        let name = entry.map_err(Error::io("read", path))?.file_name();
        if !name.to_str().is_some_and(&is_known) {
            let name = name.display();
            let found = format!("`{name}` in it is none of a data set's files; take it out, or {ELSEWHERE}");
            return Err(not_ours(path, found));
        }
    }
    Ok(())
}

/// That among the pictures of a data set, which are going to be put into a new folder, there is nothing else.
pub(super) fn check_pictures(dataset: &Dataset) -> Result<(), Error> {
    let files = dataset
        .records()
        .iter()
        .map(|record| dataset.root().join(&record.file));
    let ours: HashSet<PathBuf> = files.collect();
    let images = dataset.root().join(IMAGES);
    for entry in fs::read_dir(&images).map_err(Error::io("read", &images))? {
        let path = entry.map_err(Error::io("read", &images))?.path();
        if !ours.contains(&path) {
            let name = path.file_name().unwrap_or_default().display();
            let found = format!("`{IMAGES}/{name}` is none of its pictures; take it out, or {ELSEWHERE}");
            return Err(not_ours(dataset.root(), found));
        }
    }
    Ok(())
}

fn missing(path: &Path, needed: &str) -> Error {
    not_ours(
        path,
        format!("it is no data set, `{needed}` is missing in it; {ELSEWHERE}"),
    )
}

fn not_ours(path: &Path, found: String) -> Error {
    let path = path.to_owned();
    ErrorKind::NotOurs { path, found }.into()
}

/// Removes a data set, what tells that it is one last.
pub(super) fn remove_dataset(path: &Path) -> Result<(), Error> {
    for entry in fs::read_dir(path).map_err(Error::io("read", path))? {
        let entry = entry.map_err(Error::io("read", path))?;
        if !MARKS.iter().any(|mark| entry.file_name() == *mark) {
            remove(&entry.path())?;
        }
    }
    fs::remove_dir_all(path).map_err(Error::io("remove", path))
}

pub(super) fn remove(path: &Path) -> Result<(), Error> {
    let removed = if path.is_dir() && !path.is_symlink() {
        fs::remove_dir_all(path)
    } else {
        fs::remove_file(path)
    };
    removed.map_err(Error::io("remove", path))
}
