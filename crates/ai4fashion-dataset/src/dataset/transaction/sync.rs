//! Making files and names outlast a power cut.

use std::{fs::File, io, path::Path};

use walkdir::WalkDir;

use crate::error::Error;

/// Syncs a file's content, or the names in a folder, to the disk.
pub(super) fn sync(path: &Path) -> Result<(), Error> {
    #[cfg(test)]
    tests::note(path);
    let is_folder = path.is_dir();
    // Windows opens no folders, and needs no sync of them.
    if cfg!(windows) && is_folder {
        return Ok(());
    }
    let file = File::open(path).map_err(Error::io("open", path))?;
    match file.sync_all() {
        // Some network file systems sync no folders.
        Err(error) if is_folder && has_no_sync(&error) => Ok(()),
        synced => synced.map_err(Error::io("write", path)),
    }
}

/// Syncs everything below a folder, and the folder.
pub(super) fn sync_all(folder: &Path) -> Result<(), Error> {
    for entry in WalkDir::new(folder).contents_first(true) {
        let entry = entry.map_err(|error| Error::io("read", folder)(error.into()))?;
        sync(entry.path())?;
    }
    Ok(())
}

fn has_no_sync(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported
    )
}

#[cfg(test)]
pub(crate) mod tests {
    use std::{
        cell::RefCell,
        path::{Path, PathBuf},
    };

    thread_local! {
        static SYNCED: RefCell<Vec<PathBuf>> = const { RefCell::new(Vec::new()) };
    }

    pub(super) fn note(path: &Path) {
        SYNCED.with_borrow_mut(|synced| synced.push(path.to_owned()));
    }

    /// What this thread has synced since the last call, in this order.
    pub(crate) fn take() -> Vec<PathBuf> {
        SYNCED.take()
    }
}
