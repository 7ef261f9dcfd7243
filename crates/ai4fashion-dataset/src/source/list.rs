//! Pictures that are named one by one.

use std::{
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
};

use super::{
    entry::Entry,
    plan::{Source, SourcePlan},
    type_table::TypeTable,
    walk::is_picture,
};
use crate::{
    error::{Error, ErrorKind},
    escape,
    record::Skip,
    table::without_mark,
};

/// The pictures that a list names, a path a line; paths are relative to the folder that the program runs in. Empty lines
/// do not count. A path that stands there twice is refused the second time. Types are not known unless a table gives them.
#[derive(Clone, Debug)]
pub struct FileList {
    path: Option<PathBuf>,
    files: Vec<(u64, PathBuf)>,
    types: TypeTable,
}

impl FileList {
    /// Reads a list, or standard input if `path` is `-`.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let is_input = path == Path::new("-");
        let bytes = if is_input {
            let mut bytes = Vec::new();
            io::stdin().read_to_end(&mut bytes).map(|_| bytes)
        } else {
            fs::read(path)
        };
        let bytes = bytes.map_err(Error::io("read", path))?;
        let lines = without_mark(&bytes).split(|byte| *byte == b'\n');
        let lines = lines.map(|line| line.strip_suffix(b"\r").unwrap_or(line));
        let files = (1..)
            .zip(lines)
            .filter(|(_, line)| !line.trim_ascii().is_empty())
            .map(|(number, line)| (number, named(line)))
            .collect();
        Ok(Self {
            path: (!is_input).then(|| path.to_owned()),
            files,
            types: TypeTable::default(),
        })
    }

    /// Takes the pictures' types from a table.
    #[must_use]
    pub fn with_types(mut self, types: TypeTable) -> Self {
        self.types = types;
        self
    }

    fn name(&self) -> String {
        let path = self.path.as_deref().unwrap_or(Path::new("-"));
        path.display().to_string()
    }
}

impl Source for FileList {
    fn name(&self) -> &'static str {
        "list"
    }

    fn root(&self) -> Option<&Path> {
        None
    }

    fn types(&self) -> Option<&TypeTable> {
        Some(&self.types).filter(|types| !types.is_empty())
    }

    fn plan(&self) -> Result<SourcePlan, Error> {
        let mut plan = SourcePlan::default();
        let mut seen = std::collections::HashSet::new();
        for (line, file) in &self.files {
            let original = escape::os_path(file);
            let refused = if !seen.insert(file) {
                Some(ErrorKind::DuplicateId { id: original.clone() })
            } else if !file.exists() {
                Some(ErrorKind::Missing {
                    what: "picture",
                    path: file.clone(),
                })
            } else if !is_picture(file) {
                Some(ErrorKind::NotAPicture)
            } else {
                None
            };
            match refused {
                Some(kind) => plan
                    .refused_rows
                    .push(Skip::new(self.name(), &kind.into()).with_row(*line)),
                None => plan.pictures.push(Entry::new(file.clone(), original)),
            }
        }
        if plan.pictures.is_empty() && plan.refused_rows.is_empty() {
            return Err(ErrorKind::NoPictures {
                path: self.path.clone().unwrap_or_else(|| PathBuf::from("-")),
                what: "a path a line",
            }
            .into());
        }
        plan.rows_without_picture = self.types.apply(&mut plan.pictures);
        Ok(plan)
    }
}

/// The path that a line names, in whatever bytes file names have.
fn named(line: &[u8]) -> PathBuf {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        std::ffi::OsStr::from_bytes(line).into()
    }
    #[cfg(not(unix))]
    String::from_utf8_lossy(line).into_owned().into()
}
