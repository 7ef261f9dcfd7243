//! Folders whose names are on the disk.

use std::{fs, io, path::Path};

use crate::error::Error;

/// Creates a folder and those above it, and waits until their names are on the disk.
pub(super) fn create_folder(folder: &Path) -> Result<(), Error> {
    let missing: Vec<&Path> = folder.ancestors().take_while(|above| !above.exists()).collect();
    fs::create_dir_all(folder).map_err(Error::io("create the folder", folder))?;
    for created in missing {
        let above = created.parent().filter(|above| !above.as_os_str().is_empty());
        let above = above.unwrap_or(Path::new("."));
        match sync(above) {
            // A folder that others own may be written to and not be read.
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {}
            synced => synced.map_err(Error::io("write", above))?,
        }
    }
    Ok(())
}

/// Waits until the names in a folder are on the disk.
pub(super) fn sync_folder(folder: &Path) -> Result<(), Error> {
    sync(folder).map_err(Error::io("write", folder))
}

fn sync(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    fs::File::open(folder).and_then(|folder| folder.sync_all())?;
    // Elsewhere a folder cannot be opened as a file.
    let _ = folder;
    Ok(())
}
