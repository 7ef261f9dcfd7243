//! Folders whose names are on the disk.

use std::{fs, path::Path};

use crate::error::Error;

/// Creates a folder and those above it, and waits until their names are on the disk.
pub(super) fn create_folder(folder: &Path) -> Result<(), Error> {
    let missing: Vec<&Path> = folder.ancestors().take_while(|above| !above.exists()).collect();
    fs::create_dir_all(folder).map_err(Error::io("create the folder", folder))?;
    for created in missing {
        let above = created.parent().filter(|above| !above.as_os_str().is_empty());
        sync_folder(above.unwrap_or(Path::new(".")))?;
    }
    Ok(())
}

/// Waits until the names in a folder are on the disk.
pub(super) fn sync_folder(folder: &Path) -> Result<(), Error> {
    ai4fashion_files::sync_folder(folder).map_err(Error::file)
}
