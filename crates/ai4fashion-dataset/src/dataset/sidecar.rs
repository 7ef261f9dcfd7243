//! Files that follow the labels.

use std::{fmt, path::Path, sync::Arc};

use super::layout::PLOTS;
use crate::{error::Error, record::Record};

/// Writes files that follow from the records, such as charts, in the same transaction as the
/// labels.
///
/// Give one to an [`Ingest`](crate::Ingest) and to every [`LabelEditor`](crate::LabelEditor) of the
/// data set: files that no editor rewrites are out of date after a change.
///
/// ```
/// use std::{fs, path::Path};
///
/// use ai4fashion_dataset::{Error, Ingest, IngestOptions, Record, Sidecar};
///
/// #[derive(Debug)]
/// struct Count;
///
/// impl Sidecar for Count {
///     fn write(&self, records: &[Record], folder: &Path) -> Result<(), Error> {
///         fs::create_dir_all(folder).map_err(Error::other)?;
///         fs::write(folder.join("count.txt"), records.len().to_string()).map_err(Error::other)
///     }
///
///     fn is_complete(&self, _: &[Record], folder: &Path) -> bool {
///         folder.join("count.txt").is_file()
///     }
/// }
///
/// let ingest = Ingest::new(IngestOptions::default())?.with_sidecar(Count);
/// # Ok::<(), Error>(())
/// ```
///
/// The trait may gain methods with a default.
pub trait Sidecar: fmt::Debug + Send + Sync {
    /// Writes the files for `records` right into `folder`, which may not exist yet.
    ///
    /// The folder is the data set's [`plots`](crate::layout::PLOTS), or one that takes its place.
    /// Only files without folders can be changed and undone.
    ///
    /// # Errors
    /// If a file cannot be written; then nothing of the data set changes.
    fn write(&self, records: &[Record], folder: &Path) -> Result<(), Error>;

    /// Whether all files of `records` are in `folder`, so that they need not be written again.
    fn is_complete(&self, records: &[Record], folder: &Path) -> bool;
}

impl<T: Sidecar + ?Sized> Sidecar for &T {
    fn write(&self, records: &[Record], folder: &Path) -> Result<(), Error> {
        (**self).write(records, folder)
    }

    fn is_complete(&self, records: &[Record], folder: &Path) -> bool {
        (**self).is_complete(records, folder)
    }
}

/// The sidecars of a data set, in the order in which they were given.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sidecars(Vec<Arc<dyn Sidecar>>);

impl Sidecars {
    pub(crate) fn push(&mut self, sidecar: impl Sidecar + 'static) {
        self.0.push(Arc::new(sidecar));
    }

    /// Writes all files for `records` below `root`, which is a data set or will be one.
    pub(crate) fn write(&self, records: &[Record], root: &Path) -> Result<(), Error> {
        let folder = root.join(PLOTS);
        self.0.iter().try_for_each(|it| it.write(records, &folder))
    }

    /// Whether all files of `records` are below `root`.
    pub(crate) fn are_complete(&self, records: &[Record], root: &Path) -> bool {
        let folder = root.join(PLOTS);
        self.0.iter().all(|it| it.is_complete(records, &folder))
    }
}
