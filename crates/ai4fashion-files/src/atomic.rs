//! Files that are written whole or not at all.

use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    time::Duration,
};

use tempfile::NamedTempFile;

use crate::{durable::sync_folder, error::Error};

/// How the name of a file begins while it is being written beside its place.
pub const PARTIAL: &str = ".partial-";

/// Writes a file beside its place, then renames it into its place.
///
/// Readers see the old file or the new one, never a half of it. If writing fails, the old file
/// stays.
///
/// ```
/// let path = std::env::temp_dir().join(format!("note-{}.txt", std::process::id()));
/// ai4fashion_files::write_atomic(&path, b"hello")?;
/// assert_eq!(std::fs::read(&path).unwrap(), b"hello");
/// # std::fs::remove_file(path).unwrap();
/// # Ok::<(), ai4fashion_files::Error>(())
/// ```
///
/// # Errors
/// If the file cannot be written.
pub fn write_atomic(path: impl AsRef<Path>, bytes: &[u8]) -> Result<(), Error> {
    let path = path.as_ref();
    let file = AtomicFile::create(path)?;
    file.as_file()
        .write_all(bytes)
        .map_err(Error::io("write", path))?;
    file.finish()
}

/// A file that is written beside its place, and renamed into it by [`finish`](Self::finish).
///
/// It is for files that are too large for memory; see [`write_atomic`]. Without `finish` the old
/// file stays and nothing is left.
///
/// ```
/// use std::io::Write as _;
///
/// let path = std::env::temp_dir().join(format!("numbers-{}.txt", std::process::id()));
/// let file = ai4fashion_files::AtomicFile::create(&path)?;
/// write!(file.as_file(), "one").unwrap();
/// assert!(!path.exists());
/// file.finish()?;
/// assert_eq!(std::fs::read(&path).unwrap(), b"one");
/// # std::fs::remove_file(path).unwrap();
/// # Ok::<(), ai4fashion_files::Error>(())
/// ```
#[derive(Debug)]
pub struct AtomicFile {
    file: NamedTempFile,
    path: PathBuf,
}

impl AtomicFile {
    /// Creates an empty file beside the place `path`.
    ///
    /// # Errors
    /// If it cannot be created.
    pub fn create(path: impl Into<PathBuf>) -> Result<Self, Error> {
        let path = path.into();
        let mut builder = tempfile::Builder::new();
        builder.prefix(PARTIAL);
        allow_others(&mut builder);
        let file = builder
            .tempfile_in(folder_of(&path))
            .map_err(Error::io("write", &path))?;
        Ok(Self { file, path })
    }

    /// Returns the open file, to write to.
    #[must_use]
    pub fn as_file(&self) -> &File {
        self.file.as_file()
    }

    /// Syncs the file, renames it into its place, and syncs the folder.
    ///
    /// After that the new file survives a loss of power; before, the old one does.
    ///
    /// # Errors
    /// If it cannot be synced or renamed.
    pub fn finish(self) -> Result<(), Error> {
        let Self { file, path } = self;
        file.as_file().sync_all().map_err(Error::io("write", &path))?;
        let placed = file.persist(&path).map_err(|failed| failed.error);
        placed.map_err(Error::io("write", &path))?;
        sync_folder(folder_of(&path))
    }
}

fn folder_of(path: &Path) -> &Path {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

/// Removes files of at least that age that a killed process left half-written in `folder`.
///
/// With an age of zero all of them go: hold a lock then, so that no other process is writing one.
/// What cannot be removed is garbage, and stays without an error.
pub fn sweep_partial(folder: &Path, min_age: Duration) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries {
        let is_partial = entry.file_name().to_string_lossy().starts_with(PARTIAL);
        if is_partial && is_older(&entry, min_age) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn is_older(entry: &fs::DirEntry, min_age: Duration) -> bool {
    if min_age.is_zero() {
        return true;
    }
    let changed = entry.metadata().and_then(|metadata| metadata.modified());
    let age = changed.ok().and_then(|changed| changed.elapsed().ok());
    age.is_some_and(|age| age > min_age)
}

/// Gives the file the permissions of any new file; temporary files are for their owner alone.
fn allow_others(builder: &mut tempfile::Builder<'_, '_>) {
    #[cfg(unix)]
    {
        use std::{fs::Permissions, os::unix::fs::PermissionsExt};
        // The process's umask takes its bits away.
        builder.permissions(Permissions::from_mode(0o666));
    }
    #[cfg(not(unix))]
    let _ = builder;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn file_is_replaced_as_a_whole_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        write_atomic(&path, b"one").unwrap();
        write_atomic(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        let error = write_atomic(folder.path().join("no/such/folder.txt"), b"").unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Io { .. }), "{error}");
    }

    #[test]
    fn file_that_is_not_finished_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        write_atomic(&path, b"one").unwrap();
        let file = AtomicFile::create(&path).unwrap();
        file.as_file().write_all(b"tw").unwrap();
        drop(file);
        assert_eq!(fs::read(&path).unwrap(), b"one");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn sweep_removes_old_partial_files_only() {
        let folder = tempfile::tempdir().unwrap();
        let hour = Duration::from_secs(3600);
        let [old, young] = ["old", "young"].map(|name| folder.path().join(format!("{PARTIAL}{name}")));
        let other = folder.path().join("other");
        for (path, age) in [(&old, 2), (&young, 0), (&other, 2)] {
            let file = File::create(path).unwrap();
            file.set_modified(std::time::SystemTime::now() - hour * age)
                .unwrap();
        }
        sweep_partial(folder.path(), hour);
        assert!(!old.exists() && young.exists() && other.exists());
        sweep_partial(folder.path(), Duration::ZERO);
        assert!(!young.exists() && other.exists());
    }

    #[cfg(unix)]
    #[test]
    fn file_has_the_permissions_of_any_other() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (ours, other) = (folder.path().join("ours"), folder.path().join("other"));
        write_atomic(&ours, b"").unwrap();
        fs::write(&other, b"").unwrap();
        let mode = |path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(ours), mode(other));
    }
}
