//! Lists of pictures to take, or to leave out.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
};

use crate::{
    error::{Error, ErrorKind},
    escape,
    files::sha256,
    record::Skip,
    source::Entry,
};

/// Names of pictures: a line each, the file name without its extension (`10000`, which Kaggle calls an id) or the path
/// below the source (`images/10000.jpg`). Empty lines and those that begin with `#` do not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdList {
    path: PathBuf,
    lines: HashMap<String, u64>,
}

impl IdList {
    /// Reads a list.
    ///
    /// # Errors
    /// If there is no such file, it is not UTF-8, or there is no name in it.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let text = fs::read_to_string(path).map_err(Error::io("read", path))?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        Self::new(path, text.lines())
    }

    /// The same from lines; `name` is what skips and errors call it.
    ///
    /// # Errors
    /// If there is no name in it.
    pub fn new<T: AsRef<str>>(
        name: impl AsRef<Path>,
        all: impl IntoIterator<Item = T>,
    ) -> Result<Self, Error> {
        let path = name.as_ref();
        let mut lines = HashMap::new();
        for (number, line) in (1..).zip(all) {
            let line = line.as_ref().trim();
            if !line.is_empty() && !line.starts_with('#') {
                lines.entry(line.to_owned()).or_insert(number);
            }
        }
        if lines.is_empty() {
            return Err(ErrorKind::EmptyList {
                path: path.to_owned(),
            }
            .into());
        }
        Ok(Self {
            path: path.to_owned(),
            lines,
        })
    }

    /// The names that it has for a picture: none, its stem, its path, or both.
    pub(super) fn names_of(&self, entry: &Entry) -> impl Iterator<Item = &str> {
        let stem = escape::file_name(entry.path.file_stem().unwrap_or_default());
        let both = [
            Some(stem.as_str()),
            Some(entry.original.as_str()).filter(|path| *path != stem),
        ];
        let found = both.map(|name| self.lines.get_key_value(name?));
        found.into_iter().flatten().map(|(name, _)| &**name)
    }

    /// A skip for each name that no picture has, by line.
    pub(super) fn unknown(&self, is_known: impl Fn(&str) -> bool) -> Vec<Skip> {
        let mut unknown: Vec<(u64, &String)> = self
            .lines
            .iter()
            .filter(|(name, _)| !is_known(name))
            .map(|(name, line)| (*line, name))
            .collect();
        unknown.sort();
        let skip = |(line, name): (u64, &String)| {
            let error = ErrorKind::UnknownId { id: name.clone() }.into();
            Skip::new(self.path.display().to_string(), &error).with_row(line)
        };
        unknown.into_iter().map(skip).collect()
    }

    /// The same for lists of the same names, whatever their order.
    pub(super) fn fingerprint(&self) -> String {
        let mut names: Vec<&str> = self.lines.keys().map(String::as_str).collect();
        names.sort_unstable();
        sha256(names.join("\n").as_bytes())
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

    #[test]
    fn pictures_are_known_by_stem_or_path() {
        let list = list("# mine\n10000\r\n\nimages/b.jpg\n").unwrap();
        let entry = |original: &str| Entry::new(Path::new("/photos").join(original), original);
        let names = |original: &str| list.names_of(&entry(original)).collect::<Vec<_>>();
        assert_eq!(names("images/10000.jpg"), ["10000"]);
        assert_eq!(names("images/b.jpg"), ["images/b.jpg"]);
        assert!(names("other/b.jpg").is_empty());
        let unknown = list.unknown(|name| name == "10000");
        assert_eq!((unknown[0].row, &*unknown[0].reason), (Some(4), "unknown-id"));
    }

    #[test]
    fn both_names_of_a_picture_are_met() {
        let list = list("10000\nimages/10000.jpg\nbare\n").unwrap();
        let names = |original: &str| {
            let entry = Entry::new(Path::new("/photos").join(original), original);
            list.names_of(&entry).map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(names("images/10000.jpg"), ["10000", "images/10000.jpg"]);
        assert_eq!(names("bare"), ["bare"]);
    }

    #[test]
    fn list_without_a_name_is_refused() {
        let error = list("# nothing\n\n").unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::EmptyList { .. }), "{error}");
    }

    #[test]
    fn order_does_not_change_the_fingerprint() {
        let of = |text| list(text).unwrap().fingerprint();
        assert_eq!(of("a\nb"), of("b\na\na"));
        assert_ne!(of("a\nb"), of("ab"));
    }
}
