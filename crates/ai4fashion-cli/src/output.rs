//! Files that commands write to.

use std::{
    fs,
    io::{self, Read as _},
    path::Path,
};

use ai4fashion_files::write_atomic;
use ai4fashion_image::{encode_png, image::RgbImage};
use anyhow::{Context, bail, ensure};

/// Checks that writing the file `path`, which `option` names, loses nothing: it is new, is empty,
/// begins with `head` as our own files do, or is a pipe or a device.
///
/// # Errors
/// If it is something else, or its folder does not exist.
pub(crate) fn check_replaceable(path: &Path, option: &str, head: &str) -> anyhow::Result<()> {
    check_replaceable_if(path, option, || {
        let mut begin = Vec::new();
        let file = fs::File::open(path)?;
        file.take(head.len() as u64).read_to_end(&mut begin)?;
        Ok(begin == head.as_bytes())
    })
}

/// Checks that writing the file loses nothing, where `is_ours` tells whether the one that is there
/// may be replaced.
///
/// # Errors
/// If it may not, or its folder does not exist.
pub(crate) fn check_replaceable_if(
    path: &Path,
    option: &str,
    is_ours: impl FnOnce() -> io::Result<bool>,
) -> anyhow::Result<()> {
    let name = path.display();
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            ensure!(
                folder.is_none_or(Path::is_dir),
                "cannot write `{name}`: its folder does not exist"
            );
            return Ok(());
        }
        Err(error) => return Err(error).with_context(|| format!("cannot read `{name}`")),
    };
    if metadata.is_dir() {
        bail!("`{name}` is a folder; name a file with {option}");
    }
    if metadata.is_file() && metadata.len() > 0 {
        let is_ours = is_ours().with_context(|| format!("cannot read `{name}`"))?;
        ensure!(
            is_ours,
            "`{name}` exists and was not written by ai4fashion; name another file with {option}"
        );
    }
    Ok(())
}

/// Writes a file as a whole, through a link if it is one; a pipe or a device is written to. A pipe
/// that nobody reads any more takes nothing, and that is no failure.
///
/// # Errors
/// If it cannot be written.
pub(crate) fn write_file(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    match fs::metadata(path) {
        Ok(metadata) if !metadata.is_file() => match fs::write(path, bytes) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            written => written.with_context(|| format!("cannot write `{}`", path.display())),
        },
        Ok(_) => Ok(write_atomic(path.canonicalize()?, bytes)?),
        Err(_) => Ok(write_atomic(path, bytes)?),
    }
}

/// Writes an image as a PNG file.
///
/// # Errors
/// If it cannot be written.
pub(crate) fn write_png(path: &Path, image: &RgbImage) -> anyhow::Result<()> {
    Ok(write_atomic(path, &encode_png(image)?)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_files_are_replaced() {
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
    fn links_are_followed_and_devices_stay() {
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
}
