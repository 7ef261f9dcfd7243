//! Images that are listed one by one.

use std::{
    collections::HashSet,
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

use ai4fashion_files::names;

use super::{
    entry::Entry,
    source_trait::{Source, SourcePlan},
    type_table::TypeTable,
    walk::is_image,
};
use crate::{
    error::{Error, ErrorKind, RejectReason},
    record::Rejected,
    table::without_mark,
};

/// The images that a list names, one path a line.
///
/// Paths are relative to the current folder of the process. Empty lines are ignored. A path that is
/// listed twice is rejected the second time. Types are unknown unless a table gives them.
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
    /// If it cannot be read.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        Self::read(File::open(path).map_err(Error::io("read", path))?, path)
    }

    /// Reads a list from anywhere; `name` is for messages.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn read(mut list: impl Read, name: impl AsRef<Path>) -> Result<Self, Error> {
        let name = name.as_ref();
        let mut bytes = Vec::new();
        list.read_to_end(&mut bytes).map_err(Error::io("read", name))?;
        let lines = without_mark(&bytes).split(|byte| *byte == b'\n');
        let lines = lines.map(|line| line.strip_suffix(b"\r").unwrap_or(line));
        let files = (1..)
            .zip(lines)
            .filter(|(_, line)| !line.trim_ascii().is_empty())
            .map(|(number, line)| (number, path_of(line)))
            .collect();
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
            let source_path = names::os_path(file);
            let error = if !seen.insert(file) {
                Some(duplicate(&source_path))
            } else if !file.exists() {
                let (what, path) = ("image", file.clone());
                Some(ErrorKind::Missing { what, path }.into())
            } else if !is_image(file) {
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
        plan.rows_without_image = self.types.apply(&mut plan.images);
        Ok(plan)
    }
}

fn duplicate(source_path: &str) -> Error {
    let message = format!("`{}` stands in an earlier row", source_path.escape_debug());
    Error::rejected(RejectReason::DuplicateId, message)
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
