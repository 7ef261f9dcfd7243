//! Folders that programs write to.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context, ensure};

/// Checks that `folder`, which `option` names, is not there yet, or empty.
///
/// # Errors
/// If it holds something, is no folder, or cannot be read.
pub fn check_free(folder: &Path, option: &str) -> anyhow::Result<()> {
    let name = folder.display();
    let free = is_free(folder).with_context(|| format!("cannot look into the output folder `{name}`"))?;
    ensure!(
        free,
        "output folder `{name}` is not empty; name another one with {option}"
    );
    Ok(())
}

/// `name`, or, if that holds something, `name-2`, `name-3`, ...
#[must_use]
pub fn first_free(name: &str) -> PathBuf {
    let numbered = (2..).map(|number: u64| format!("{name}-{number}"));
    let mut names = std::iter::once(name.to_owned())
        .chain(numbered)
        .map(PathBuf::from);
    names
        .find(|path| is_free(path).unwrap_or(false))
        .unwrap_or_else(|| name.into())
}

fn is_free(folder: &Path) -> io::Result<bool> {
    match fs::read_dir(folder) {
        Ok(mut content) => Ok(content.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folder_is_free_until_it_holds_something() {
        let temp = tempfile::tempdir().unwrap();
        let folder = temp.path().join("out");
        let name = folder.to_str().unwrap();
        check_free(&folder, "--out").unwrap();
        fs::create_dir(&folder).unwrap();
        check_free(&folder, "--out").unwrap();
        assert_eq!(first_free(name), folder);
        fs::write(folder.join("mine"), "").unwrap();
        let error = check_free(&folder, "--out").unwrap_err().to_string();
        assert!(
            error.ends_with("out` is not empty; name another one with --out"),
            "{error}"
        );
        assert_eq!(first_free(name), temp.path().join("out-2"));
    }

    #[test]
    fn file_is_no_output_folder() {
        let temp = tempfile::tempdir().unwrap();
        let file = temp.path().join("out");
        fs::write(&file, "mine").unwrap();
        assert!(check_free(&file, "--out").is_err());
        assert_eq!(first_free(file.to_str().unwrap()), temp.path().join("out-2"));
    }
}
