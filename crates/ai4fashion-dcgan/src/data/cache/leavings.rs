//! Files that a process which was killed while it built a cache left beside it.
//!
//! A file that is being built is locked before it says that it is one, so that nobody takes the
//! file of a living process away. In the folder `cache`, which holds nothing but caches, an empty
//! file is taken for one that was not locked yet; its process makes another.

use std::{
    fs::{self, File},
    io::{self, Read as _, Write as _},
    path::Path,
    time::Duration,
};

use ai4fashion_files::{AtomicFile, PARTIAL, sweep_partial, try_lock};

use crate::error::Error;

/// The first bytes of a cache that is being built.
const BUILDING: [u8; 8] = *b"ai4f-pxb";

/// The name of the folder of caches in a data set.
pub(super) const CACHE: &str = "cache";

/// The age at which any temporary file was left by a process that was killed.
const ORPHANED: Duration = Duration::from_secs(3600);

/// Creates a file beside the place `path` that is marked as a cache which is being built, until it
/// is unlocked or its process ends.
pub(super) fn create(path: &Path) -> Result<AtomicFile, Error> {
    loop {
        let file = AtomicFile::create(path).map_err(Error::file)?;
        if mark(file.as_file()).map_err(Error::io("write", path))? {
            return Ok(file);
        }
    }
}

/// Marks a file; `false` if somebody has taken it away.
fn mark(mut file: &File) -> io::Result<bool> {
    // A file system without locks: its leavings stay for an hour.
    let _ = file.lock();
    if !is_there(file)? {
        return Ok(false);
    }
    file.write_all(&BUILDING).map(|()| true)
}

/// Whether a file still has a name.
fn is_there(file: &File) -> io::Result<bool> {
    #[cfg(unix)]
    return Ok(std::os::unix::fs::MetadataExt::nlink(&file.metadata()?) > 0);
    // Elsewhere an empty file is not taken away.
    #[cfg(not(unix))]
    return file.metadata().map(|_| true);
}

/// Removes what was left in `folder`; what cannot be removed is garbage, and stays.
pub(super) fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_temporary = entry.file_name().to_string_lossy().starts_with(PARTIAL);
        if is_temporary && is_left(&entry.path()) {
            let _ = fs::remove_file(entry.path());
        }
    }
    sweep_partial(folder, ORPHANED);
}

/// Whether a file is a cache that nobody builds any more.
fn is_left(path: &Path) -> bool {
    let Ok(file) = File::open(path) else {
        return false;
    };
    let mut begin = Vec::new();
    let read = (&file).take(BUILDING.len() as u64).read_to_end(&mut begin);
    let has_caches = path.parent().is_some_and(|folder| folder.ends_with(CACHE));
    // At its very end it has the magic already, which begins alike.
    let is_cache =
        begin.starts_with(&BUILDING[..BUILDING.len() - 1]) || cfg!(unix) && begin.is_empty() && has_caches;
    read.is_ok() && is_cache && try_lock(&file, path).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_of_a_living_process_stays_and_that_of_a_killed_one_goes() {
        let temp = tempfile::tempdir().unwrap();
        let [living, killed, other] =
            ["living", "killed", "other"].map(|name| temp.path().join(format!("{PARTIAL}{name}")));
        let builder = File::create_new(&living).unwrap();
        assert!(mark(&builder).unwrap());
        assert!(mark(&File::create_new(&killed).unwrap()).unwrap());
        let at_its_end = temp.path().join(format!("{PARTIAL}at its end"));
        fs::write(&at_its_end, "ai4f-px1 and all of its images").unwrap();
        fs::write(&other, "another kind of file, of which nobody knows").unwrap();
        sweep(temp.path());
        assert_eq!(
            [&living, &killed, &other].map(|path| path.exists()),
            [true, false, true]
        );
        assert!(!at_its_end.exists());
        drop(builder);
        // In the folder of caches alone an empty one is known.
        let folder = temp.path().join(CACHE);
        fs::create_dir(&folder).unwrap();
        let empty = [temp.path(), &folder].map(|folder| folder.join(format!("{PARTIAL}empty")));
        empty.iter().for_each(|path| fs::write(path, "").unwrap());
        let builder = File::options().append(true).open(&empty[1]).unwrap();
        sweep(&folder);
        assert_eq!(empty.map(|path| path.exists()), [true, !cfg!(unix)]);
        assert_eq!(mark(&builder).unwrap(), !cfg!(unix));
        sweep(temp.path());
        assert_eq!([&living, &other].map(|path| path.exists()), [false, true]);
    }
}
