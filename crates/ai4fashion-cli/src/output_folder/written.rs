//! The list of what a command has written to a folder, by which the next one knows it.

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::{OsStr, OsString},
    fs, io,
    path::Path,
};

use ai4fashion_files::sha256_hex;

/// Lines of a hash, two blanks and a name, as `sha256sum` writes them.
const LIST: &str = ".written-by-ai4fashion";

/// The files of the list, and their hashes.
#[derive(Debug, Default)]
pub(super) struct Written(BTreeMap<OsString, String>);

impl Written {
    /// Reads the list of a folder; without one nothing is listed.
    pub(super) fn read(folder: &Path) -> Self {
        let list = fs::read_to_string(folder.join(LIST)).unwrap_or_default();
        let lines = list.lines().filter_map(|line| line.split_once("  "));
        let files = lines.filter(|(_, name)| !name.contains(['/', '\\']));
        Self(files.map(|(hash, name)| (name.into(), hash.into())).collect())
    }

    /// Lists the files `names` of a folder in it.
    pub(super) fn write(folder: &Path, names: &BTreeSet<OsString>) -> io::Result<()> {
        let mut list = String::new();
        for name in names {
            let hash = sha256_hex(&fs::read(folder.join(name))?);
            list.push_str(&format!("{hash}  {}\n", name.to_string_lossy()));
        }
        fs::write(folder.join(LIST), list)
    }

    /// Whether a file of the folder is the list, or is as it was written.
    pub(super) fn is_intact(&self, folder: &Path, name: &OsStr) -> bool {
        let is_same =
            |hash: &String| fs::read(folder.join(name)).is_ok_and(|bytes| sha256_hex(&bytes) == *hash);
        name == LIST || self.0.get(name).is_some_and(is_same)
    }
}
