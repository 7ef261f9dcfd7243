//! The list of what a command has written to a folder, by which the next one knows it.

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::{OsStr, OsString},
    fs, io,
    path::{Path, PathBuf},
};

use ai4fashion_files::sha256_hex;

/// The files of the list, and their hashes.
#[derive(Debug)]
pub(super) struct Written {
    folder: PathBuf,
    list: OsString,
    files: BTreeMap<OsString, String>,
}

impl Written {
    /// The name of the list of what `option` has written: lines of a hash, two blanks and a name,
    /// as `sha256sum` writes them.
    pub(super) fn list(option: &str) -> OsString {
        format!(".written-by-ai4fashion{option}").into()
    }

    /// Reads the list in `lists` of the files of `folder`; without one nothing is listed.
    pub(super) fn read(folder: &Path, lists: &Path, option: &str) -> Self {
        let list = Self::list(option);
        let text = fs::read_to_string(lists.join(&list)).unwrap_or_default();
        let lines = text.lines().filter_map(|line| line.split_once("  "));
        let files = lines.filter(|(_, name)| !name.contains(['/', '\\']));
        Self {
            folder: folder.to_owned(),
            list,
            files: files.map(|(hash, name)| (name.into(), hash.into())).collect(),
        }
    }

    /// Lists the files `names` of a folder in it.
    pub(super) fn write(folder: &Path, names: &BTreeSet<OsString>, option: &str) -> io::Result<()> {
        let mut list = String::new();
        for name in names {
            let hash = sha256_hex(&fs::read(folder.join(name))?);
            list.push_str(&format!("{hash}  {}\n", name.to_string_lossy()));
        }
        fs::write(folder.join(Self::list(option)), list)
    }

    /// Whether a file of the folder is the list, or is as it was written.
    pub(super) fn is_intact(&self, name: &OsStr) -> bool {
        let read = || fs::read(self.folder.join(name));
        let is_same = |hash: &String| read().is_ok_and(|bytes| sha256_hex(&bytes) == *hash);
        name == self.list || self.files.get(name).is_some_and(is_same)
    }
}
