//! What the classifier goes by, drawn.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

use ai4fashion_color::Explanation;
use ai4fashion_dataset::{Error, clean_stem, plot, write_png};

/// A file in `folder` for each picture: its stem, with `~2`, `~3`, ... if an earlier one has it.
#[must_use]
pub fn paths(folder: &Path, pictures: &[PathBuf]) -> Vec<PathBuf> {
    let mut given = HashSet::new();
    let path = |picture: &PathBuf| {
        let stem = clean_stem(picture);
        let numbered = (2..).map(|number: u64| format!("{stem}~{number}"));
        // Some file systems do not tell upper from lower case.
        let mut free = std::iter::once(stem.clone())
            .chain(numbered)
            .filter(|name| given.insert(name.to_lowercase()));
        folder.join(format!("{}.png", free.next().unwrap_or(stem.clone())))
    };
    pictures.iter().map(path).collect()
}

/// Draws what was seen of the picture `file` to `path`.
///
/// # Errors
/// If it cannot be drawn or written.
pub fn write(path: &Path, file: &Path, explanation: &Explanation) -> Result<(), Error> {
    let found = explanation.classification();
    let name = file.file_name().unwrap_or(file.as_os_str());
    let title = format!(
        "{}: {}, {:.2} ahead of {}",
        name.display(),
        found.name(),
        found.confidence(),
        found.runner_up()
    );
    write_png(path, &plot::explained(&title, explanation)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_pictures_share_a_file() {
        let pictures = ["a/x.jpg", "b/X.png", "b/y.jpg", "x.gif"].map(PathBuf::from);
        let expected = ["out/x.png", "out/X~2.png", "out/y.png", "out/x~3.png"].map(PathBuf::from);
        assert_eq!(paths(Path::new("out"), &pictures), expected);
    }
}
