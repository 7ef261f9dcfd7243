//! Changes of a data set's files as a whole: renamed images and new files, all of them or none.
//!
//! 1. New contents are written to `review/staged`, with what undoes the change in
//!    `review/staged.undo`.
//! 2. `review/journal.json` is put in place by a rename: from here on the change will be made.
//! 3. Images are renamed, files are put into place, and the undo files go to `review/undo`. Each
//!    step can be repeated without harm.
//! 4. The journal is removed.
//!
//! Whoever finds a journal ([`finish`]) goes on with step 3. Whoever finds staged files and no
//! journal throws them away. A lock on `review/lock` keeps processes apart; the system releases it
//! when a process dies.
//!
//! A power cut at any moment leaves the old or the new data set, and after [`apply`] or [`undo()`]
//! has returned it leaves the new one. Files are synced to the disk before the names that lead to
//! them:
//!
//! | when | synced | so that |
//! |---|---|---|
//! | before step 2 | each staged file, then its folder, then `review`, then the data set's folder | a journal on the disk leads to files that are there, and `review` itself is |
//! | in step 2 | the journal's content, and after the rename `review` | nothing of step 3 is on the disk without the journal |
//! | after step 3 | `images`, `plots`, the data set's folder, `review/undo`, `review` | nothing of step 3 is missing when the journal is gone |
//! | after step 4 | `review` | the change is not carried out again; this would do no harm |
//!
//! A failure before step 2 changes nothing. One after it is told as such
//! ([`Journal::commit`](journal::Journal::commit)): whoever opens the data set next finishes it.

mod bounds;
mod change_folder;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod journal;
mod patch;
mod rename;
mod sync;
mod undo;
mod waiting;

pub(crate) use change_folder::ChangeFolder;
pub(crate) use journal::{Step, Watch};
#[cfg(test)]
pub(crate) use sync::tests::take as synced;
pub(crate) use undo::undo;

use crate::error::Error;
use journal::{Journal, UndoEntry};
use rename::Rename;

/// Makes the change whose files are staged in `folder`, with images renamed from and to these paths
/// below the data set.
pub(crate) fn apply(
    folder: &ChangeFolder,
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

/// Finishes or throws away an interrupted change. The caller holds the lock.
pub(crate) fn finish(folder: &ChangeFolder) -> Result<(), Error> {
    match Journal::read(folder)? {
        Some(journal) => journal.carry_out(folder, &mut |_| Ok(())),
        None => folder.unstage(),
    }
}
