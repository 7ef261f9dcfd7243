//! Where real photos are, if there are any.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// The folder of Kaggle's photos below `AI4FASHION_SHARED`, or beside the repository; if it is not
/// there, says so.
pub(crate) fn folder() -> Option<PathBuf> {
    let shared = env::var_os("AI4FASHION_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared"),
        PathBuf::from,
    );
    let folder = shared.join("data/smallfashion");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("synthetic images: there are no photos in `{}`", folder.display());
    None
}

/// The files of a folder, in the order of their names.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
}
