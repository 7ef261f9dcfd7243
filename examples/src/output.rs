//! Folders and files that programs write to.

use std::{
    fs,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use ai4fashion_dataset::write_atomic;
use anyhow::{Context, bail, ensure};

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

/// Checks that the file `path`, which `option` names, can be written without loss: it is not there yet, is empty, begins with
/// `head` as what this program writes does, or is a pipe or a device.
///
/// # Errors
/// If it is something else, or its folder is not there.
pub fn check_replaceable(path: &Path, option: &str, head: &str) -> anyhow::Result<()> {
    let name = path.display();
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            ensure!(
                folder.is_none_or(Path::is_dir),
                "cannot write `{name}`: its folder is not there"
            );
            return Ok(());
        }
        Err(error) => return Err(error).with_context(|| format!("cannot look at `{name}`")),
    };
    if metadata.is_dir() {
        bail!("`{name}` is a folder; name a file with {option}");
    }
    if metadata.is_file() {
        let mut begin = Vec::new();
        fs::File::open(path)
            .and_then(|file| file.take(head.len() as u64).read_to_end(&mut begin))
            .with_context(|| format!("cannot look into `{name}`"))?;
        ensure!(
            begin.is_empty() || begin == head.as_bytes(),
            "`{name}` is there, and nothing that this program has written; name another file with {option}"
        );
    }
    Ok(())
}

/// Writes a file as a whole, through a link where it is one; what is no file, such as a pipe, is written to.
///
/// # Errors
/// If it cannot be written.
pub fn write_file(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    match fs::metadata(path) {
        Ok(metadata) if !metadata.is_file() => {
            fs::write(path, bytes).with_context(|| format!("cannot write `{}`", path.display()))
        }
        Ok(_) => Ok(write_atomic(path.canonicalize()?, bytes)?),
        Err(_) => Ok(write_atomic(path, bytes)?),
    }
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
    fn only_what_begins_as_ours_is_replaced() {
        let temp = tempfile::tempdir().unwrap();
        let file = temp.path().join("out.csv");
        let check = || check_replaceable(&file, "--predictions", "file,color");
        check().unwrap();
        for ours in ["", "file,color\n1.jpg,red\n"] {
            fs::write(&file, ours).unwrap();
            check().unwrap();
        }
        fs::write(&file, "id,color\n1,red\n").unwrap();
        let error = check().unwrap_err().to_string();
        assert!(error.ends_with("name another file with --predictions"), "{error}");
        assert!(check_replaceable(temp.path(), "--html", "").is_err());
        assert!(check_replaceable(&temp.path().join("no/out.csv"), "--html", "").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn links_are_written_through_and_devices_stay() {
        let temp = tempfile::tempdir().unwrap();
        let [file, link] = ["file", "link"].map(|name| temp.path().join(name));
        fs::write(&file, "before").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        write_file(&link, b"after").unwrap();
        assert!(link.is_symlink());
        assert_eq!(fs::read(&file).unwrap(), b"after");
        check_replaceable(Path::new("/dev/null"), "--html", "x").unwrap();
        write_file(Path::new("/dev/null"), b"gone").unwrap();
        assert!(!Path::new("/dev/null").is_file());
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
