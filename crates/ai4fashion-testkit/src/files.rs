//! Files of a test's own.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

/// Writes a file, with the folders that it lies in.
///
/// # Panics
/// If it cannot be written.
pub fn write(path: impl AsRef<Path>, bytes: impl AsRef<[u8]>) {
    let path = path.as_ref();
    let folder = path.parent().unwrap_or(Path::new(""));
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(path, bytes));
    written.unwrap_or_else(|error| panic!("cannot write `{}`: {error}", path.display()));
}

/// Reads every file below a folder, by its path there.
///
/// # Panics
/// If one cannot be read.
#[must_use]
pub fn files_below(folder: impl AsRef<Path>) -> BTreeMap<PathBuf, Vec<u8>> {
    let folder = folder.as_ref();
    let mut files = BTreeMap::new();
    let read = add_below(folder, Path::new(""), &mut files);
    read.unwrap_or_else(|error| panic!("cannot read what is below `{}`: {error}", folder.display()));
    files
}

fn add_below(folder: &Path, name: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = name.join(path.file_name().unwrap_or_default());
        if path.is_dir() {
            add_below(&path, &name, files)?;
        } else {
            files.insert(name, fs::read(path)?);
        }
    }
    Ok(())
}
