//! A small ext4 file system in a file, and copies of that file.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use crate::program::run;

/// Bytes of the file system.
const SIZE: u64 = 24 << 20;
/// Copies until two are equal: a copy that was made while the file changed is of no moment.
const TRIES: usize = 20;

/// A mounted file system; it is unmounted when this is dropped.
#[derive(Debug)]
pub(crate) struct Mount {
    folder: PathBuf,
}

impl Mount {
    /// Mounts the file system in `image` at `folder`.
    ///
    /// Its journal is committed every second, but file data are written when the kernel likes, some
    /// 30 s later: what is not synced is lost by a cut between.
    pub(crate) fn new(image: &Path, folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder)?;
        must(&["mount".as_ref(), "-o".as_ref(), OPTIONS.as_ref(), image, folder])?;
        Ok(Self {
            folder: folder.to_owned(),
        })
    }
}

/// `noauto_da_alloc`: a rename over a file does not write its data.
const OPTIONS: &str = "loop,commit=1,noauto_da_alloc";

impl Drop for Mount {
    fn drop(&mut self) {
        // Nothing else can be done about an error here.
        let _ = must(&["umount".as_ref(), &self.folder]);
    }
}

/// Whether file systems can be made and mounted here; the reason if not.
pub(crate) fn available(folder: &Path) -> Result<()> {
    let image = folder.join("try.ext4");
    format(&image)?;
    Mount::new(&image, &folder.join("try")).map(drop)
}

/// Makes an empty file system in the file `image`.
pub(crate) fn format(image: &Path) -> Result<()> {
    let file = File::create(image)?;
    file.set_len(SIZE)?;
    must(&[
        "mkfs.ext4".as_ref(),
        "-q".as_ref(),
        "-F".as_ref(),
        "-m0".as_ref(),
        image,
    ])
}

/// The bytes of `image` at a moment, as a power cut would leave them.
pub(crate) fn snapshot(image: &Path) -> Result<Vec<u8>> {
    let mut last = fs::read(image)?;
    for _ in 0..TRIES {
        let next = fs::read(image)?;
        if next == last {
            return Ok(next);
        }
        last = next;
    }
    bail!("{} does not stand still", image.display())
}

/// Runs a command that must succeed.
fn must(line: &[&Path]) -> Result<()> {
    let words: Vec<_> = line.iter().map(|word| word.as_os_str().to_owned()).collect();
    let ran = run(&words, Path::new("/")).with_context(|| format!("{words:?}"))?;
    if ran.code != Some(0) {
        bail!("{words:?}: {}", ran.stderr.trim());
    }
    Ok(())
}
