//! Tracked text of the workspace, line by line.

use std::{
    fs,
    path::{Path, PathBuf},
};

use walkdir::{DirEntry, WalkDir};

/// A line of a file.
#[derive(Clone, Debug)]
pub struct Line {
    /// The file, below the root of the workspace.
    pub file: PathBuf,
    /// Its number, from 1.
    pub number: usize,
    /// Its text.
    pub text: String,
}

/// All lines of the files below `root` that have one of these extensions; build outputs are left
/// out.
#[must_use]
pub fn lines(root: &Path, extensions: &[&str]) -> Vec<Line> {
    let entries = WalkDir::new(root)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(is_ours);
    let files = entries.filter_map(Result::ok).map(DirEntry::into_path);
    let wanted = files.filter(|path| {
        path.extension()
            .is_some_and(|it| extensions.iter().any(|e| it == *e))
    });
    wanted.flat_map(|path| lines_of(root, &path)).collect()
}

fn lines_of(root: &Path, path: &Path) -> Vec<Line> {
    let file = path.strip_prefix(root).unwrap_or(path).to_owned();
    let text = fs::read_to_string(path).unwrap_or_default();
    let line = |(place, text): (usize, &str)| Line {
        file: file.clone(),
        number: place + 1,
        text: text.to_owned(),
    };
    text.lines().enumerate().map(line).collect()
}

fn is_ours(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    entry.depth() == 0 || !(name == "target" || name.starts_with('.'))
}
