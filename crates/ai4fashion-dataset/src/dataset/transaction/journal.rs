//! What is going to be done to a data set, and the doing.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::{
    bounds,
    folder::{Folder, sync, sync_all},
    rename::Rename,
};
use crate::{
    error::{Error, ErrorKind},
    files::write_atomic,
};

/// What becomes of the list of applications that can be taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum UndoEntry {
    /// The staged one is added under this name.
    Push(String),
    /// The one of this name goes.
    Pop(String),
}

/// The content of `journal.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Journal {
    pub(super) renames: Vec<Rename>,
    /// Staged files that go to their places.
    pub(super) files: Vec<String>,
    /// Files that go away.
    pub(super) removed: Vec<String>,
    pub(super) undo: UndoEntry,
}

/// A step of a change, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// What takes the change back is about to be written; the files are staged.
    Staged,
    /// The journal is about to be written.
    Decide,
    /// A picture is about to be renamed.
    Rename,
    /// A file is about to be put into place or taken away.
    Place,
    /// The list of what can be taken back is about to change.
    Undo,
    /// The journal is about to be taken away.
    Done,
}

/// Is told of each step before it is made; its error ends the work there, as a killed process would.
pub(crate) type Watch<'a> = dyn FnMut(Step) -> Result<(), Error> + 'a;

impl Journal {
    /// The one that is there, if any.
    ///
    /// # Errors
    /// If it cannot be read, or touches what no correction does.
    pub(super) fn read(folder: &Folder) -> Result<Option<Self>, Error> {
        let path = folder.journal();
        let bytes = match fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            bytes => bytes.map_err(Error::io("read", &path))?,
        };
        let journal: Self = serde_json::from_slice(&bytes).map_err(|source| ErrorKind::Json {
            path: path.clone(),
            line: 1,
            source: source.into(),
        })?;
        let files = journal.files.iter().chain(&journal.removed);
        bounds::check(&path, &journal.renames, files)?;
        let (UndoEntry::Push(name) | UndoEntry::Pop(name)) = &journal.undo;
        bounds::check_entry(&path, name)?;
        Ok(Some(journal))
    }

    /// Writes it and carries it out.
    pub(super) fn commit(&self, folder: &Folder, watch: &mut Watch<'_>) -> Result<(), Error> {
        let path = folder.journal();
        sync_all(&folder.staged())?;
        sync_all(&folder.staged_undo())?;
        watch(Step::Decide)?;
        let json = serde_json::to_vec(self).map_err(|error| Error::io("write", &path)(error.into()))?;
        write_atomic(&path, &json)?;
        sync(parent(&path))?;
        self.carry_out(folder, watch)
    }

    /// Does what is not done yet.
    pub(super) fn carry_out(&self, folder: &Folder, watch: &mut Watch<'_>) -> Result<(), Error> {
        let root = &folder.root;
        let mut touched = BTreeSet::new();
        for Rename { from, to } in &self.renames {
            watch(Step::Rename)?;
            move_once(&root.join(from), &root.join(to))?;
            touched.insert(parent(&root.join(to)).to_owned());
        }
        for file in &self.files {
            watch(Step::Place)?;
            let place = root.join(file);
            let above = parent(&place);
            fs::create_dir_all(above).map_err(Error::io("create", above))?;
            move_once(&folder.staged().join(file), &place)?;
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
            // A folder that was made for it goes, too, unless something else is in it.
            let _ = fs::remove_dir(parent(&place));
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
        folder.unstage()
    }
}

/// Moves a file or folder unless that was done before.
fn move_once(from: &Path, to: &Path) -> Result<(), Error> {
    match fs::rename(from, to) {
        Err(error) if error.kind() == io::ErrorKind::NotFound && to.exists() => Ok(()),
        moved => moved.map_err(Error::io("rename", from)),
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
