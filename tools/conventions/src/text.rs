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

/// Reads all lines of the files below `root` that have one of these extensions; build outputs are
/// left out.
///
/// # Panics
/// If a file or folder cannot be read, or there is no such file.
#[must_use]
#[track_caller]
pub fn lines(root: &Path, extensions: &[&str]) -> Vec<Line> {
    let entries = WalkDir::new(root)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(is_ours);
    let entries = entries.map(|entry| entry.unwrap_or_else(|error| panic!("{error}")));
    let files = entries.filter(|entry| entry.file_type().is_file());
    let wanted = files.map(DirEntry::into_path).filter(|path| {
        path.extension()
            .is_some_and(|it| extensions.iter().any(|e| it == *e))
    });
    let lines: Vec<Line> = wanted.flat_map(|path| lines_of(root, &path)).collect();
    assert!(!lines.is_empty(), "no {extensions:?} in `{}`", root.display());
    lines
}

fn lines_of(root: &Path, path: &Path) -> Vec<Line> {
    let file = path.strip_prefix(root).unwrap_or(path).to_owned();
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_those_of_the_files() {
        let own = Path::new(env!("CARGO_MANIFEST_DIR"));
        let found = lines(own, &["rs", "txt"]);
        let of = |file: &str| found.iter().filter(|line| line.file == Path::new(file)).count();
        for file in ["src/text.rs", "tests/prose.rs", "words.txt"] {
            let text = fs::read_to_string(own.join(file)).unwrap();
            assert_eq!(of(file), text.lines().count(), "{file}");
        }
        assert_eq!(found[0].number, 1);
        assert_eq!(of("Cargo.toml"), 0);
    }
}
