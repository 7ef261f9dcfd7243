//! Undoing a change.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use ai4fashion_files::sha256_hex;
use serde::{Deserialize, Serialize};

use super::{
    bounds,
    change_folder::ChangeFolder,
    journal::{Journal, Step, UndoEntry, Watch},
    patch::{Was, kept, restored},
    rename::Rename,
};
use crate::error::{Error, ErrorKind};

/// The description of a change, in its folder.
const ENTRY: &str = "entry.json";

/// The content of `entry.json`; beside it is what is kept of each file, named by its index.
#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    renames: Vec<Rename>,
    files: Vec<Kept>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    file: String,
    was: Was,
    /// SHA-256 of the file after the change.
    now: String,
}

/// Keeps what is needed to undo the change whose files are staged.
pub(super) fn write_entry(folder: &ChangeFolder, renames: &[Rename], files: &[String]) -> Result<(), Error> {
    let mut entry = Entry {
        renames: renames.to_vec(),
        files: Vec::new(),
    };
    let own = folder.staged_undo();
    for (place, file) in files.iter().enumerate() {
        let new = folder.staged().join(file);
        let new = fs::read(&new).map_err(Error::io("read", &new))?;
        let was = match read_if_there(&folder.root.join(file))? {
            None => Was::Absent,
            Some(old) => {
                let (was, bytes) = kept(&old, &new);
                let path = own.join(place.to_string());
                fs::write(&path, bytes).map_err(Error::io("write", &path))?;
                was
            }
        };
        entry.files.push(Kept {
            file: file.clone(),
            was,
            now: sha256_hex(&new),
        });
    }
    let path = own.join(ENTRY);
    let json = serde_json::to_vec(&entry).map_err(|error| Error::io("write", &path)(error.into()))?;
    fs::write(&path, json).map_err(Error::io("write", &path))
}

/// Undoes the last change; `false` if there is none.
pub(crate) fn undo(folder: &ChangeFolder, watch: &mut Watch<'_>) -> Result<bool, Error> {
    let Some(name) = folder.entries()?.pop() else {
        return Ok(false);
    };
    let own = folder.undo().join(&name);
    let path = own.join(ENTRY);
    let bytes = fs::read(&path).map_err(Error::io("read", &path))?;
    let entry: Entry = serde_json::from_slice(&bytes).map_err(Error::malformed(&path, None))?;
    bounds::check(&path, &entry.renames, entry.files.iter().map(|kept| &kept.file))?;
    let staged = folder.stage()?;
    let (mut files, mut removed) = (Vec::new(), Vec::new());
    for (place, Kept { file, was, now }) in entry.files.into_iter().enumerate() {
        let path = folder.root.join(&file);
        let new = read_if_there(&path)?.unwrap_or_default();
        if sha256_hex(&new) != now {
            return Err(changed(path));
        }
        let kept = read_if_there(&own.join(place.to_string()))?.unwrap_or_default();
        match restored(&was, &kept, &new) {
            None => removed.push(file),
            Some(old) => {
                let path = staged.join(&file);
                let above = path.parent().unwrap_or(&staged);
                fs::create_dir_all(above).map_err(Error::io("create", above))?;
                fs::write(&path, old).map_err(Error::io("write", &path))?;
                files.push(file);
            }
        }
    }
    let renames = entry
        .renames
        .into_iter()
        .map(|Rename { from, to }| Rename { from: to, to: from });
    let renames: Vec<Rename> = renames.collect();
    for Rename { from, to } in &renames {
        let (from, to) = (folder.root.join(from), folder.root.join(to));
        if !from.is_file() || to.exists() {
            return Err(changed(from));
        }
    }
    watch(Step::Staged)?;
    let journal = Journal {
        renames,
        files,
        removed,
        undo: UndoEntry::Pop(name),
    };
    journal.commit(folder, watch)?;
    Ok(true)
}

fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io("read", path)(error)),
    }
}

fn changed(path: PathBuf) -> Error {
    let outcome = "nothing was undone";
    ErrorKind::Changed { path, outcome }.into()
}
