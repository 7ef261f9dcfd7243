//! Images that are listed one by one.

use std::{
    collections::{BTreeSet, HashSet},
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

use ai4fashion_files::{decode, line_with_nul, names};
use unicode_normalization::UnicodeNormalization as _;

use super::{
    entry::Entry, matching::unquoted, plan::SourcePlan, source_trait::Source, type_table::TypeTable,
    walk::is_image,
};
use crate::{
    error::{Error, ErrorKind, RejectReason},
    record::Rejected,
    table::not_text,
};

/// The images that a list names, one path a line.
///
/// Paths are relative to the current folder of the process. Empty lines are ignored. A path that is
/// listed twice is rejected the second time. Where there is no file as it is written, one counts
/// without quotes and spaces around the path, with other slashes, or in another Unicode normal
/// form. Types are unknown unless a table gives them.
///
/// ```
/// use ai4fashion_dataset::source::{FileList, Source};
///
/// let list = FileList::read("gone.jpg\n\nlost.png\n".as_bytes(), "from the camera")?;
/// assert_eq!(list.plan()?.rejected_rows.len(), 2); // there are no such files
/// # Ok::<(), ai4fashion_dataset::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct FileList {
    /// The file of the list, or its name, for messages.
    name: PathBuf,
    files: Vec<(u64, PathBuf)>,
    types: TypeTable,
}

impl FileList {
    /// Reads the file of a list.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        Self::read(File::open(path).map_err(Error::io("read", path))?, path)
    }

    /// Reads a list from anywhere; `name` is for messages.
    ///
    /// It is in UTF-8, UTF-16 or whatever bytes file names have.
    ///
    /// # Errors
    /// If it cannot be read, or is no text.
    pub fn read(mut list: impl Read, name: impl AsRef<Path>) -> Result<Self, Error> {
        let name = name.as_ref();
        let mut bytes = Vec::new();
        list.read_to_end(&mut bytes).map_err(Error::io("read", name))?;
        let text = decode(&bytes);
        if let Some(line) = line_with_nul(&text) {
            return Err(not_text(name, line));
        }
        let files = (1..).zip(lines(&bytes, &text));
        let files = files.filter(|(_, file)| !file.to_string_lossy().trim().is_empty());
        let files = files.collect();
        Ok(Self {
            name: name.to_owned(),
            files,
            types: TypeTable::default(),
        })
    }

    /// Takes the types of the images from a table.
    #[must_use]
    pub fn with_types(mut self, types: TypeTable) -> Self {
        self.types = types;
        self
    }
}

impl Source for FileList {
    fn name(&self) -> &str {
        "list"
    }

    fn type_table(&self) -> Option<&TypeTable> {
        Some(&self.types).filter(|types| !types.is_empty())
    }

    fn plan(&self) -> Result<SourcePlan, Error> {
        let mut plan = SourcePlan::default();
        let mut seen = HashSet::new();
        for (line, file) in &self.files {
            let (file, missing) = match found(file) {
                Ok(found) => (found, None),
                Err(error) => (file.clone(), Some(error)),
            };
            let source_path = names::os_path(&file);
            let error = if !seen.insert(file.clone()) {
                Some(duplicate(&source_path))
            } else if missing.is_some() {
                missing
            } else if !is_image(&file) {
                Some(ai4fashion_image::Error::from(ai4fashion_image::ErrorKind::NotAnImage).into())
            } else {
                None
            };
            match error {
                Some(error) => {
                    let list = self.name.display().to_string();
                    let rejected = Rejected::new(list, &error).with_row(*line);
                    plan.rejected_rows.push(rejected);
                }
                None => plan.images.push(Entry::new(file, source_path)),
            }
        }
        if plan.images.is_empty() && plan.rejected_rows.is_empty() {
            return Err(ErrorKind::NoImages {
                path: self.name.clone(),
                expected: "one path a line",
                left_out: None,
            }
            .into());
        }
        self.types.apply(&mut plan);
        Ok(plan)
    }
}

fn duplicate(source_path: &str) -> Error {
    let message = format!("`{}` stands in an earlier row", source_path.escape_debug());
    Error::rejected(RejectReason::DuplicateId, message)
}

/// The lines of a list, as paths. File names may have any bytes, so that of the bytes UTF-16 alone,
/// in which there are zeros, is replaced by its text.
fn lines(bytes: &[u8], text: &str) -> Vec<PathBuf> {
    let bytes = if bytes.contains(&0) {
        text.as_bytes()
    } else {
        bytes
    };
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let mut all = Vec::new();
    for line in bytes.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        // A carriage return alone may end a line, or be part of a name.
        if line.contains(&b'\r') && !path_of(line).exists() {
            all.extend(line.split(|byte| *byte == b'\r').map(path_of));
        } else {
            all.push(path_of(line));
        }
    }
    all
}

/// The file that a line means: the one of that name, or the only one that is almost named so.
fn found(file: &Path) -> Result<PathBuf, Error> {
    if file.exists() {
        return Ok(file.to_owned());
    }
    let text = decode(file.as_os_str().as_encoded_bytes());
    let inside = unquoted(&text);
    let mut all = BTreeSet::new();
    for path in [text.as_str(), inside, &inside.replace('\\', "/")] {
        all.extend([path.to_owned(), path.nfc().collect(), path.nfd().collect()]);
    }
    let mut all = all.into_iter().map(PathBuf::from).filter(|path| path.exists());
    match (all.next(), all.next()) {
        (Some(found), None) => Ok(found),
        (Some(found), Some(other)) => {
            let message = format!(
                "`{}` may be `{}` or `{}`",
                file.display(),
                found.display(),
                other.display()
            );
            Err(Error::rejected(RejectReason::AmbiguousId, message))
        }
        (None, _) => {
            let (what, path) = ("image", file.to_owned());
            Err(ErrorKind::Missing { what, path }.into())
        }
    }
}

/// The path that a line names, in whatever bytes file names have.
fn path_of(line: &[u8]) -> PathBuf {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        std::ffi::OsStr::from_bytes(line).into()
    }
    #[cfg(not(unix))]
    String::from_utf8_lossy(line).into_owned().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The listed files that are found in a folder, and the messages of the others.
    fn planned(list: impl FnOnce(&str) -> Vec<u8>) -> (Vec<String>, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.png", "b c.png", "ros\u{e9}.png", "nai\u{308}f.png"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        let root = folder.path().display().to_string();
        let plan = FileList::read(&*list(&root), "list").unwrap().plan().unwrap();
        let below = |path: &str| path.trim_start_matches(&format!("{root}/")).to_owned();
        let images = plan
            .images
            .iter()
            .map(|image| below(&image.source_path))
            .collect();
        let rejected = plan.rejected_rows.iter();
        (
            images,
            rejected
                .map(|rejected| rejected.to_string().replace(&root, "R"))
                .collect(),
        )
    }

    #[test]
    fn quotes_slashes_and_normal_forms_make_no_difference() {
        let (images, rejected) = planned(|root| {
            let lines = format!(
                "\"{root}/a.png\"\r{root}/rose\u{301}.png\r\n '{root}/b c.png' \n{root}/na\u{ef}f.png\n{root}\\a.png\n"
            );
            lines.into_bytes()
        });
        assert_eq!(images, ["a.png", "ros\u{e9}.png", "b c.png", "nai\u{308}f.png"]);
        assert_eq!(rejected, ["row 5 of `list`: `R/a.png` stands in an earlier row"]);
    }

    #[test]
    fn list_in_another_encoding_is_read() {
        for to_bytes in [u16::to_le_bytes, u16::to_be_bytes] {
            let (images, rejected) = planned(|root| {
                let lines = format!("{root}/a.png\r\n{root}/ros\u{e9}.png\r\n");
                lines.encode_utf16().flat_map(to_bytes).collect()
            });
            assert_eq!((images.len(), rejected.len()), (2, 0));
        }
        let (images, _) = planned(|root| [root.as_bytes(), b"/ros\xe9.png\n"].concat());
        assert_eq!(images, ["ros\u{e9}.png"]);
    }

    #[test]
    fn zero_byte_is_named_with_its_line() {
        let error = FileList::read("a.png\nb\0.png\n".as_bytes(), "list").unwrap_err();
        assert!(
            error
                .chain()
                .starts_with("cannot parse line 2 of `list`: it holds a zero byte"),
            "{error}"
        );
    }

    #[test]
    fn missing_file_steers_no_terminal() {
        let (_, rejected) = planned(|root| format!("{root}/\u{1b}[31m.png\n").into_bytes());
        assert_eq!(
            rejected,
            ["row 1 of `list`: image `R/\\u001b[31m.png` does not exist"]
        );
    }
}
