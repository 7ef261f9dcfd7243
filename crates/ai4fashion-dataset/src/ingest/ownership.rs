//! What ingestions have written. Nothing else is ever resumed, replaced or removed.

use std::{
    collections::HashSet,
    fs, io,
    path::{Path, PathBuf},
};

use ai4fashion_files::PARTIAL;

use crate::{
    dataset::{
        Dataset,
        layout::{self, IMAGES},
    },
    error::Error,
    source::is_of_system,
};

/// The folder of images that have no name yet.
pub(super) const STORE: &str = "store";
/// The file of finished work.
pub(super) const JOURNAL: &str = "journal.jsonl";

/// The names that earlier builds gave to two files of a data set.
const OLD_NAMES: [&str; 2] = ["skipped.jsonl", "left_out.jsonl"];

/// The advice that always helps.
const ELSEWHERE: &str = "name another folder";

pub(super) fn is_empty(path: &Path) -> Result<bool, Error> {
    match fs::read_dir(path) {
        Ok(mut content) => Ok(content.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(Error::io("read", path)(error)),
    }
}

/// Removes what a finished data set has no use for.
pub(super) fn remove_work(path: &Path) -> Result<(), Error> {
    let (journal, store) = (path.join(JOURNAL), path.join(STORE));
    if store.exists() {
        fs::remove_dir_all(&store).map_err(Error::io("remove", &store))?;
    }
    if journal.exists() {
        fs::remove_file(&journal).map_err(Error::io("remove", &journal))?;
    }
    Ok(())
}

/// The names in a data set's folder.
const CONTENT: [&str; 10] = [
    IMAGES,
    layout::MANIFEST,
    layout::METADATA,
    layout::REJECTED,
    layout::FILTERED,
    layout::SUMMARY,
    layout::PLOTS,
    layout::CACHE,
    layout::REVIEW_PAGE,
    layout::REVIEW,
];

/// The files that make a folder a data set.
const MARKS: [&str; 2] = [layout::MANIFEST, layout::SUMMARY];

/// Also what file managers add, and files that a killed process has not finished.
fn is_content(name: &str) -> bool {
    CONTENT.contains(&name) || OLD_NAMES.contains(&name) || name.starts_with(PARTIAL) || is_of_system(name)
}

/// Refuses to replace a folder that is not a data set alone.
pub(super) fn check_dataset(path: &Path) -> Result<(), Error> {
    for needed in MARKS {
        if !path.join(needed).is_file() {
            return Err(missing(path, needed));
        }
    }
    check_names(path, is_content)
}

/// Refuses to remove a folder that is not a data set, or the rest of one that was being removed.
pub(super) fn check_rest(path: &Path) -> Result<(), Error> {
    if !is_empty(path)? && !MARKS.iter().any(|mark| path.join(mark).is_file()) {
        return Err(missing(path, layout::MANIFEST));
    }
    check_names(path, is_content)
}

/// Refuses to resume what no ingestion has begun.
///
/// The journal is the first file in the folder, but a loss of power may take it: images without
/// names are ours also without it.
pub(super) fn check_begun(path: &Path) -> Result<(), Error> {
    if !path.join(JOURNAL).is_file() && !is_store_alone(path)? {
        let found = format!("it holds no unfinished ingestion, `{JOURNAL}` is missing; {ELSEWHERE}");
        return Err(Error::not_a_dataset(path, found));
    }
    check_names(path, |name| is_content(name) || [STORE, JOURNAL].contains(&name))
}

/// Whether there is a store in a folder, with images by the hash of their source, and nothing else.
fn is_store_alone(path: &Path) -> Result<bool, Error> {
    let store = path.join(STORE);
    let is_hash = |name: &str| name.len() == 64 && name.bytes().all(|digit| digit.is_ascii_hexdigit());
    let is_stored = |name: &str| name.strip_suffix(".jpg").is_some_and(is_hash);
    Ok(has_only(path, |name| name == STORE)? && has_only(&store, is_stored)?)
}

/// Whether all names in a folder are known.
fn has_only(path: &Path, is_known: impl Fn(&str) -> bool) -> Result<bool, Error> {
    for entry in fs::read_dir(path).map_err(Error::io("read", path))? {
        let name = entry.map_err(Error::io("read", path))?.file_name();
        if !name.to_str().is_some_and(&is_known) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn check_names(path: &Path, is_known: impl Fn(&str) -> bool) -> Result<(), Error> {
    for entry in fs::read_dir(path).map_err(Error::io("read", path))? {
        let name = entry.map_err(Error::io("read", path))?.file_name();
        if !name.to_str().is_some_and(&is_known) {
            let name = name.display();
            let found = format!("`{name}` in it is not a data set's file; take it out, or {ELSEWHERE}");
            return Err(Error::not_a_dataset(path, found));
        }
    }
    Ok(())
}

/// Refuses a data set with other files among its images, which are going to be put into a new
/// folder.
pub(super) fn check_images(dataset: &Dataset) -> Result<(), Error> {
    let files = dataset
        .records()
        .iter()
        .map(|record| dataset.root().join(&record.file));
    let ours: HashSet<PathBuf> = files.collect();
    let images = dataset.root().join(IMAGES);
    for entry in fs::read_dir(&images).map_err(Error::io("read", &images))? {
        let path = entry.map_err(Error::io("read", &images))?.path();
        let name = path.file_name().unwrap_or_default();
        if !ours.contains(&path) && !name.to_str().is_some_and(is_of_system) {
            let name = name.display();
            let found = format!("`{IMAGES}/{name}` is not in its manifest; take it out, or {ELSEWHERE}");
            return Err(Error::not_a_dataset(dataset.root(), found));
        }
    }
    Ok(())
}

fn missing(path: &Path, needed: &str) -> Error {
    Error::not_a_dataset(path, format!("`{needed}` is missing; {ELSEWHERE}"))
}

/// Removes a data set, the files that make it one last.
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
