//! Changing a data set's files as a whole: renamed pictures and new files, all of them or none.
//!
//! 1. What the files become is written to `review/staged`, with what takes it back in `review/staged.undo`, and synced.
//! 2. `review/journal.json` is put there by a rename: from here on the change is going to be made.
//! 3. Pictures are renamed, files put into place, what takes it back goes to `review/undo`. Each of these steps can be
//!    repeated without harm.
//! 4. The journal is taken away.
//!
//! Whoever finds a journal ([`finish`]) goes on with 3; whoever finds something staged and no journal throws it away.
//! A lock on `review/lock` keeps processes apart; the system lets it go when a process dies.

mod bounds;
mod folder;
mod journal;
mod patch;
mod rename;
mod undo;

pub(crate) use folder::{FOLDER, Folder, Lock};
pub(crate) use journal::{Step, Watch};
pub(crate) use undo::undo;

use crate::error::Error;
use journal::{Journal, UndoEntry};
use rename::Rename;

/// Makes the change whose files are staged in `folder`, with pictures renamed from and to these places below the data
/// set.
pub(crate) fn apply(
    folder: &Folder,
    renames: Vec<(String, String)>,
    watch: &mut Watch<'_>,
) -> Result<(), Error> {
    watch(Step::Staged)?;
    let renames: Vec<Rename> = renames
        .into_iter()
        .map(|(from, to)| Rename { from, to })
        .collect();
    let files = folder.staged_files()?;
    undo::write_entry(folder, &renames, &files)?;
    let journal = Journal {
        renames,
        files,
        removed: Vec::new(),
        undo: UndoEntry::Push(folder.next_entry()?),
    };
    journal.commit(folder, watch)
}

/// Finishes or throws away what was interrupted. The folder is locked by the caller.
pub(crate) fn finish(folder: &Folder) -> Result<(), Error> {
    match Journal::read(folder)? {
        Some(journal) => journal.carry_out(folder, &mut |_| Ok(())),
        None => folder.unstage(),
    }
}
