//! Lists of images to take, or not to take.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
};

use ai4fashion_files::{names, sha256_hex};
use serde::{Deserialize, Serialize};

use crate::{
    error::{Error, ErrorKind, RejectReason},
    record::Rejected,
    source::Entry,
};

/// Names of images, one a line.
///
/// A name is the file name without its extension (`10000`, which Kaggle calls an id) or the path
/// below the source (`images/10000.jpg`). Empty lines and those that begin with `#` are ignored. In
/// JSON it is an array of names.
///
/// ```
/// use ai4fashion_dataset::{IngestOptions, ingest::IdList};
///
/// let list = IdList::new("ids.txt", ["# summer", "10000", "images/10001.jpg"])?;
/// let options = IngestOptions::default().with_select(Some(list));
/// # Ok::<(), ai4fashion_dataset::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Vec<String>", try_from = "Vec<String>")]
pub struct IdList {
    path: PathBuf,
    lines: HashMap<String, u64>,
}

impl IdList {
    /// Reads a list.
    ///
    /// # Errors
    /// If there is no such file, it is not UTF-8, or it has no name.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let text = fs::read_to_string(path).map_err(Error::io("read", path))?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        Self::new(path, text.lines())
    }

    /// Makes a list of lines; `name` is for messages.
    ///
    /// # Errors
    /// If no line is a name.
    pub fn new<T: AsRef<str>>(
        name: impl AsRef<Path>,
        all: impl IntoIterator<Item = T>,
    ) -> Result<Self, Error> {
        let path = name.as_ref().to_owned();
        let mut lines = HashMap::new();
        for (number, line) in (1..).zip(all) {
            let line = line.as_ref().trim();
            if !line.is_empty() && !line.starts_with('#') {
                lines.entry(line.to_owned()).or_insert(number);
            }
        }
        if lines.is_empty() {
            let expected = "the file name of an image without its extension, one a line";
            return Err(ErrorKind::NoImages {
                path,
                expected,
                left_out: None,
            }
            .into());
        }
        Ok(Self { path, lines })
    }

    /// The names in the list that an image has: its stem, its path, both or none.
    pub(super) fn names_of(&self, entry: &Entry) -> impl Iterator<Item = &str> {
        let stem = names::file_name(entry.path.file_stem().unwrap_or_default());
        let both = [
            Some(stem.as_str()),
            Some(entry.source_path.as_str()).filter(|path| *path != stem),
        ];
        let found = both.map(|name| self.lines.get_key_value(name?));
        found.into_iter().flatten().map(|(name, _)| &**name)
    }

    /// Rejects each name that no image has, by line.
    pub(super) fn unknown(&self, is_known: impl Fn(&str) -> bool) -> Vec<Rejected> {
        let unknown = self.by_line().into_iter().filter(|(_, name)| !is_known(name));
        let reject = |(line, name): (u64, &String)| {
            let message = format!("no source has an image `{}`", name.escape_debug());
            let error = Error::rejected(RejectReason::UnknownId, message);
            Rejected::new(self.path.display().to_string(), &error).with_row(line)
        };
        unknown.map(reject).collect()
    }

    fn by_line(&self) -> Vec<(u64, &String)> {
        let mut names: Vec<(u64, &String)> = self.lines.iter().map(|(name, line)| (*line, name)).collect();
        names.sort();
        names
    }

    /// A hash of the names, in any order.
    pub(super) fn fingerprint(&self) -> String {
        let mut names: Vec<&str> = self.lines.keys().map(String::as_str).collect();
        names.sort_unstable();
        sha256_hex(names.join("\n").as_bytes())
    }
}

impl From<IdList> for Vec<String> {
    fn from(list: IdList) -> Self {
        list.by_line().into_iter().map(|(_, name)| name.clone()).collect()
    }
}

impl TryFrom<Vec<String>> for IdList {
    type Error = Error;

    fn try_from(names: Vec<String>) -> Result<Self, Error> {
        Self::new("list of images", names)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(text: &str) -> Result<IdList, Error> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ids.txt");
        fs::write(&path, text).unwrap();
        IdList::open(path)
    }

    fn entry(source_path: &str) -> Entry {
        Entry::new(Path::new("/photos").join(source_path), source_path)
    }

    #[test]
    fn images_are_known_by_stem_or_path() {
        let list = list("# mine\n10000\r\n\nimages/b.jpg\n").unwrap();
        let names = |path: &str| {
            let entry = entry(path);
            list.names_of(&entry).map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(names("images/10000.jpg"), ["10000"]);
        assert_eq!(names("images/b.jpg"), ["images/b.jpg"]);
        assert!(names("other/b.jpg").is_empty());
        let unknown = list.unknown(|name| name == "10000");
        assert_eq!(
            (unknown[0].row, unknown[0].reason),
            (Some(4), RejectReason::UnknownId)
        );
    }

    #[test]
    fn both_names_of_an_image_are_met() {
        let list = list("10000\nimages/10000.jpg\nbare\n").unwrap();
        let names = |path: &str| {
            let entry = entry(path);
            list.names_of(&entry).map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(names("images/10000.jpg"), ["10000", "images/10000.jpg"]);
        assert_eq!(names("bare"), ["bare"]);
    }

    #[test]
    fn list_without_a_name_is_refused() {
        let error = list("# nothing\n\n").unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::NoImages { .. }), "{error}");
    }

    #[test]
    fn order_does_not_change_the_fingerprint() {
        let of = |text| list(text).unwrap().fingerprint();
        assert_eq!(of("a\nb"), of("b\na\na"));
        assert_ne!(of("a\nb"), of("ab"));
    }
}
