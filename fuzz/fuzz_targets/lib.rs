//! What the targets share.

use std::{env, fs, path::Path, process, sync::LazyLock};

/// A folder of this process for targets that read a file, below the one for temporary files.
///
/// # Panics
/// If it cannot be made.
pub fn folder() -> &'static Path {
    static FOLDER: LazyLock<std::path::PathBuf> = LazyLock::new(|| {
        let folder = env::temp_dir().join(format!("ai4fashion-fuzz-{}", process::id()));
        fs::create_dir_all(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        folder
    });
    &FOLDER
}
