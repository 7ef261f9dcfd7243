//! A decided change, and how it is carried out.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use ai4fashion_files::write_atomic;
use serde::{Deserialize, Serialize};

use super::{
    bounds,
    change_folder::ChangeFolder,
    rename::{Rename, move_image, move_once, place_file},
    sync::{sync, sync_all},
};
use crate::error::Error;

/// What could not be done, where a change is decided on all the same.
const FINISH: &str =
    "finish the change of labels (it is decided on: opening the data set again finishes it) in";

/// What happens to the undo list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum UndoEntry {
    /// The staged entry is added under this name.
    Push(String),
    /// The entry of this name is removed.
    Pop(String),
}

/// The content of `journal.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Journal {
    pub(super) renames: Vec<Rename>,
    /// Staged files to put into place.
    pub(super) files: Vec<String>,
    /// Files to remove.
    pub(super) removed: Vec<String>,
    pub(super) undo: UndoEntry,
}

/// The steps of a change, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The files are staged; the undo files are about to be written.
    Staged,
    /// The journal is about to be written.
    Decide,
    /// An image is about to be renamed.
    Rename,
    /// A file is about to be put into place or removed.
    Place,
    /// The undo list is about to change.
    Undo,
    /// The journal is about to be removed.
    Done,
}

/// Called before each step; its error ends the work there, as a killed process would.
pub(crate) type Watch<'a> = dyn FnMut(Step) -> Result<(), Error> + 'a;

impl Journal {
    /// Reads the journal, if there is one.
    ///
    /// # Errors
    /// If it cannot be read, or touches files that no change of labels touches.
    pub(super) fn read(folder: &ChangeFolder) -> Result<Option<Self>, Error> {
        let path = folder.journal();
        let bytes = match fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            bytes => bytes.map_err(Error::io("read", &path))?,
        };
        let journal: Self = serde_json::from_slice(&bytes).map_err(Error::malformed(&path, None))?;
        bounds::check(&path, &journal.renames, &journal.files)?;
        bounds::check_removed(&path, &journal.removed)?;
        bounds::check_manifest(&path, &folder.root, &folder.staged())?;
        let (UndoEntry::Push(name) | UndoEntry::Pop(name)) = &journal.undo;
        bounds::check_entry(&path, name)?;
        Ok(Some(journal))
    }

    /// Writes the journal and carries it out.
    ///
    /// # Errors
    /// If something cannot be written. The message says if the change is decided on all the same.
    pub(super) fn commit(&self, folder: &ChangeFolder, watch: &mut Watch<'_>) -> Result<(), Error> {
        let path = folder.journal();
        bounds::check_removed(&path, &self.removed)?;
        bounds::check_manifest(&path, &folder.root, &folder.staged())?;
        sync_all(&folder.staged())?;
        sync_all(&folder.staged_undo())?;
        sync(folder.own())?;
        sync(&folder.root)?;
        watch(Step::Decide)?;
        let finish = |error: Error| Error::io(FINISH, &folder.root)(io::Error::other(error));
        let json = serde_json::to_vec(self).map_err(|error| Error::io("write", &path)(error.into()))?;
        let written = write_atomic(&path, &json).map_err(Error::file);
        if let Err(error) = written.and_then(|()| sync(folder.own())) {
            // In its place, but perhaps not on the disk: it is taken back.
            return match fs::remove_file(&path) {
                Err(kept) if kept.kind() != io::ErrorKind::NotFound => Err(finish(error)),
                _ => Err(error),
            };
        }
        self.carry_out(folder, watch).map_err(finish)
    }

    /// Does the steps that are not done yet.
    pub(super) fn carry_out(&self, folder: &ChangeFolder, watch: &mut Watch<'_>) -> Result<(), Error> {
        let root = &folder.root;
        let mut touched = BTreeSet::from([root.clone(), folder.own().to_owned()]);
        for Rename { from, to } in &self.renames {
            watch(Step::Rename)?;
            move_image(&root.join(from), &root.join(to))?;
            touched.insert(parent(&root.join(to)).to_owned());
        }
        for file in &self.files {
            watch(Step::Place)?;
            let place = root.join(file);
            let above = parent(&place);
            fs::create_dir_all(above).map_err(Error::io("create", above))?;
            place_file(&folder.staged().join(file), &place)?;
            touched.insert(above.to_owned());
        }
        for file in &self.removed {
            watch(Step::Place)?;
            let place = root.join(file);
            match fs::remove_file(&place) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(Error::io("remove", &place)(error));
                }
                _ => {}
            }
            // A folder that was made for the file goes, too, unless something else is in it.
            let _ = fs::remove_dir(parent(&place));
            touched.insert(parent(&place).to_owned());
        }
        watch(Step::Undo)?;
        let undo = folder.undo();
        match &self.undo {
            UndoEntry::Push(name) => {
                fs::create_dir_all(&undo).map_err(Error::io("create", &undo))?;
                move_once(&folder.staged_undo(), &undo.join(name))?;
            }
            UndoEntry::Pop(name) => remove_all(&undo.join(name))?,
        }
        touched.insert(undo);
        touched
            .iter()
            .filter(|folder| folder.is_dir())
            .try_for_each(|folder| sync(folder))?;
        watch(Step::Done)?;
        let path = folder.journal();
        fs::remove_file(&path).map_err(Error::io("remove", &path))?;
        // The change is made: what is left of it is in nobody's way, and swept by the next process.
        let _ = folder.unstage();
        let _ = sync(folder.own());
        Ok(())
    }
}

fn remove_all(folder: &PathBuf) -> Result<(), Error> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::io("remove", folder)(error)),
        _ => Ok(()),
    }
}

fn parent(path: &Path) -> &Path {
    path.parent().unwrap_or(path)
}
