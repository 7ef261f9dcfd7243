//! Lists of images to take, or not to take.

use std::{
    collections::{HashMap, HashSet},
    fs,
    path::{Path, PathBuf},
};

use ai4fashion_files::{decode, line_with_nul, sha256_hex};
use serde::{Deserialize, Serialize};

use crate::{
    error::{Error, ErrorKind, RejectReason},
    record::Rejected,
    source::{Entry, Fit, Matching},
    table::not_text,
};

/// Names of images, one a line.
///
/// A name is the file name, with or without its extension (`10000`, which Kaggle calls an id), or
/// the end of the path (`images/10000.jpg`); it means all images that have it. Where no image has
/// the name as it is written, one counts that differs in case, quotes, slashes, Unicode normal
/// form, extension, leading zeros or `.0`, if there is only one. Empty lines and those that begin
/// with `#` are ignored. In JSON it is an array of names.
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
    /// Reads a list in UTF-8, UTF-16 or Windows-1252.
    ///
    /// # Errors
    /// If there is no such file, it is no text, or it has no name.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let text = decode(&fs::read(path).map_err(Error::io("read", path))?);
        if let Some(line) = line_with_nul(&text) {
            return Err(not_text(path, line));
        }
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

    /// The indices of the images that the list names, and the names that are rejected, by line: no
    /// image has them, or several have one that is written otherwise.
    pub(super) fn find(&self, images: &[&Entry]) -> (HashSet<usize>, Vec<Rejected>) {
        let lines = self.by_line();
        let names: Vec<&str> = lines.iter().map(|(_, name)| name.as_str()).collect();
        let matching = Matching::new(&names, images, "");
        let mut fits = matching.exact();
        matching.loosen(&mut fits);
        let (mut found, mut rejected) = (HashSet::new(), Vec::new());
        for ((line, name), fit) in lines.iter().zip(fits) {
            let is_exact = fit.is_exact();
            let error = match fit {
                Fit::Nothing => {
                    let message = format!("no source has an image `{}`", name.escape_debug());
                    Error::rejected(RejectReason::UnknownId, message)
                }
                Fit::Several { images: all, .. } if !is_exact => {
                    let path = |place: usize| &images[all[place]].source_path;
                    let message = format!(
                        "`{}` fits {} images, such as `{}` and `{}`",
                        name.escape_debug(),
                        all.len(),
                        path(0),
                        path(1)
                    );
                    Error::rejected(RejectReason::AmbiguousId, message)
                }
                Fit::One { images, .. } | Fit::Several { images, .. } => {
                    found.extend(images);
                    continue;
                }
            };
            rejected.push(Rejected::new(self.path.display().to_string(), &error).with_row(*line));
        }
        (found, rejected)
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

    /// The images that a list names, and the lines that are rejected, with their reason.
    fn found(text: &str, paths: &[&str]) -> (Vec<String>, Vec<(u64, RejectReason)>) {
        let entries: Vec<Entry> = paths.iter().map(|path| entry(path)).collect();
        let images: Vec<&Entry> = entries.iter().collect();
        let (found, rejected) = list(text).unwrap().find(&images);
        let mut found: Vec<String> = found.into_iter().map(|image| paths[image].to_owned()).collect();
        found.sort();
        let rejected = rejected.iter().map(|it| (it.row.unwrap(), it.reason));
        (found, rejected.collect())
    }

    #[test]
    fn images_are_known_by_stem_or_path() {
        let paths = [
            "images/10000.jpg",
            "images/b.jpg",
            "other/b.jpg",
            "bare",
            "more/bare",
        ];
        let (images, rejected) = found(
            "# mine\n10000\r\n\nimages/b.jpg\nb.png/x\nimages/10000\nbare\n",
            &paths,
        );
        assert_eq!(images, ["bare", "images/10000.jpg", "images/b.jpg"]);
        assert_eq!(rejected, [(5, RejectReason::UnknownId)]);
        // A name of many means them all.
        assert_eq!(found("b\n", &paths).0, ["images/b.jpg", "other/b.jpg"]);
    }

    #[test]
    fn names_that_other_programs_have_changed_are_known() {
        let paths = ["images/007.jpg", "images/8.jpg", "images/08.jpg", "ros\u{e9}.png"];
        let (images, rejected) = found("\"7\"\n'rose\u{301}.PNG'\n8.0\n", &paths);
        assert_eq!(images, ["images/007.jpg", "ros\u{e9}.png"]);
        assert_eq!(rejected, [(3, RejectReason::AmbiguousId)]);
    }

    #[test]
    fn list_in_utf_16_is_read_and_a_zero_byte_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ids.txt");
        let bytes: Vec<u8> = "10000\r\n10001\r\n"
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect();
        fs::write(&path, bytes).unwrap();
        assert_eq!(
            IdList::open(&path).unwrap(),
            IdList::new(&path, ["10000", "10001"]).unwrap()
        );
        let error = list("a\nb\0\n").unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::Malformed { line: Some(2), .. }),
            "{error}"
        );
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
