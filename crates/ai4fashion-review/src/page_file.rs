//! A page's file in a data set's folder, where a killed writer leaves a part.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::Path,
    time::Duration,
};

use ai4fashion_files::{AtomicFile, Error as FileError, ErrorKind, PARTIAL, sweep_partial, try_lock};

/// How often a file is begun anew that was swept before it was locked.
const TRIES: usize = 20;
/// Where there are no locks, a file of this age is nobody's any more.
const ORPHANED: Duration = Duration::from_secs(3600);

/// Writes a file as a whole, and removes what killed writers have left half-written beside it.
///
/// A file that is being written is locked; the system takes the lock away when its writer dies.
///
/// # Errors
/// If the file cannot be written.
pub(crate) fn write_swept(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    sweep(path.parent().unwrap_or(Path::new(".")));
    let mut written = write(path, bytes);
    for _ in 1..TRIES {
        // Swept by another writer in the moment before it was locked.
        match &written {
            Err(error) if is_missing(error) => written = write(path, bytes),
            _ => break,
        }
    }
    written
}

/// Removes the files in `folder` that killed writers have left half-written.
///
/// What cannot be removed stays: it is in nobody's way.
pub(crate) fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_partial = entry.file_name().to_string_lossy().starts_with(PARTIAL);
        if !is_partial || !entry.file_type().is_ok_and(|kind| kind.is_file()) {
            continue;
        }
        let path = entry.path();
        let Ok(file) = File::options().write(true).open(&path) else {
            continue;
        };
        match try_lock(&file, &path) {
            Ok(()) => drop(fs::remove_file(&path)),
            Err(error) if matches!(error.kind(), ErrorKind::NoLocks { .. }) => {
                return sweep_partial(folder, ORPHANED);
            }
            Err(_) => {}
        }
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let file = AtomicFile::create(path)?;
    // Without locks there is only the age of the file.
    let _ = try_lock(file.as_file(), path);
    let mut to = file.as_file();
    to.write_all(bytes).map_err(FileError::io("write", path))?;
    file.finish()
}

fn is_missing(error: &FileError) -> bool {
    matches!(error.kind(), ErrorKind::Io { source, .. } if source.kind() == io::ErrorKind::NotFound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn part_of_a_killed_writer_goes_and_that_of_a_living_one_stays() {
        let folder = tempfile::tempdir().unwrap();
        let page = folder.path().join("review.html");
        fs::write(folder.path().join(format!("{PARTIAL}dead")), "<!doct").unwrap();
        let other = folder.path().join("corrections.csv");
        fs::write(&other, "mine").unwrap();
        let living = AtomicFile::create(&page).unwrap();
        try_lock(living.as_file(), &page).unwrap();

        write_swept(&page, b"new").unwrap();
        assert_eq!(fs::read(&page).unwrap(), b"new");
        assert_eq!(fs::read(&other).unwrap(), b"mine");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
        living.as_file().write_all(b"newer").unwrap();
        living.finish().unwrap();
        assert_eq!(fs::read(&page).unwrap(), b"newer");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn writers_at_the_same_time_sweep_nothing_of_each_other() {
        let folder = tempfile::tempdir().unwrap();
        let page = folder.path().join("review.html");
        std::thread::scope(|scope| {
            for writer in 0..4 {
                let page = &page;
                scope.spawn(move || {
                    for _ in 0..50 {
                        write_swept(page, format!("{writer}").repeat(1000).as_bytes()).unwrap();
                    }
                });
            }
        });
        assert_eq!(fs::read(&page).unwrap().len(), 1000);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn missing_folder_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let error = write_swept(&folder.path().join("no/review.html"), b"").unwrap_err();
        assert!(is_missing(&error), "{error}");
    }
}
