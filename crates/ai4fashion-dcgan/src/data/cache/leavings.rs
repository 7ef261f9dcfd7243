//! Files that a process which was killed while it built a cache left beside it.
//!
//! A file that is being built is locked before it says that it is one, so that nobody takes the
//! file of a living process away.

use std::{
    fs::{self, File},
    io::{self, Read as _, Write as _},
    path::Path,
    time::Duration,
};

use ai4fashion_files::{PARTIAL, sweep_partial, try_lock};

/// The first bytes of a cache that is being built.
const BUILDING: [u8; 8] = *b"ai4f-pxb";

/// The age at which any temporary file was left by a process that was killed.
const ORPHANED: Duration = Duration::from_secs(3600);

/// Marks a file as a cache that is being built, until it is unlocked or its process ends.
pub(super) fn mark(mut file: &File) -> io::Result<()> {
    // A file system without locks: its leavings stay for an hour.
    let _ = file.lock();
    file.write_all(&BUILDING)
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
    let mut begin = [0; BUILDING.len()];
    let file = File::open(path).and_then(|mut file| file.read_exact(&mut begin).map(|()| file));
    file.is_ok_and(|file| begin == BUILDING && try_lock(&file, path).is_ok())
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
        mark(&builder).unwrap();
        mark(&File::create_new(&killed).unwrap()).unwrap();
        fs::write(&other, "another kind of file, of which nobody knows").unwrap();
        sweep(temp.path());
        assert_eq!(
            [&living, &killed, &other].map(|path| path.exists()),
            [true, false, true]
        );
        drop(builder);
        sweep(temp.path());
        assert_eq!([&living, &other].map(|path| path.exists()), [false, true]);
    }
}
