//! The data set that the server shows and changes.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard},
    time::{Instant, SystemTime},
};

use ai4fashion_dataset::{Dataset, LabelEditor, corrections::CorrectionTable, layout::MANIFEST};
use ai4fashion_files::chain;
use ai4fashion_plot::DistributionCharts;

use super::connections::locked;
use crate::{
    error::{Error, ErrorKind},
    page,
};

/// A data set in memory, read again when another process has changed it.
#[derive(Debug)]
pub(super) struct State {
    root: PathBuf,
    known: Mutex<Known>,
    /// Makes one of all who want it read the data set, and tells the others why it could not.
    reading: Mutex<Option<Failure>>,
    /// Makes tabs write one after another.
    writing: Mutex<()>,
}

#[derive(Debug)]
struct Known {
    dataset: Arc<Dataset>,
    stamp: Option<(SystemTime, u64)>,
    /// The page, once it was asked for: one in memory for all who load it.
    page: Option<Arc<Vec<u8>>>,
}

#[derive(Debug)]
struct Failure {
    at: Instant,
    message: String,
}

impl State {
    pub(super) fn new(dataset: Dataset) -> Self {
        let root = dataset.root().to_owned();
        let known = Known {
            stamp: stamp(&root),
            dataset: Arc::new(dataset),
            page: None,
        };
        Self {
            root,
            known: Mutex::new(known),
            reading: Mutex::new(None),
            writing: Mutex::new(()),
        }
    }

    /// Number of images when the data set was last read.
    pub(super) fn images(&self) -> usize {
        locked(&self.known).dataset.len()
    }

    /// Gives the data set as it is on disk.
    ///
    /// # Errors
    /// If it cannot be read, or is being changed. Who has waited while somebody else tried gets the
    /// same error.
    pub(super) fn dataset(&self) -> Result<Arc<Dataset>, Error> {
        if let Some(known) = self.known() {
            return Ok(known);
        }
        let since = Instant::now();
        let mut failure = locked(&self.reading);
        if let Some(known) = self.known() {
            return Ok(known);
        }
        if let Some(Failure { at, message }) = &*failure
            && *at >= since
        {
            let source = message.clone().into();
            return Err(ErrorKind::Dataset { source }.into());
        }
        let stamp = stamp(&self.root);
        let dataset = match Dataset::open(&self.root) {
            Ok(dataset) => Arc::new(dataset),
            Err(error) => {
                *failure = Some(Failure {
                    at: Instant::now(),
                    message: chain(&error),
                });
                return Err(error.into());
            }
        };
        *locked(&self.known) = Known {
            dataset: Arc::clone(&dataset),
            stamp,
            page: None,
        };
        Ok(dataset)
    }

    /// The data set in memory, if it is as on disk.
    fn known(&self) -> Option<Arc<Dataset>> {
        let known = locked(&self.known);
        let stamp = stamp(&self.root);
        (stamp.is_some() && known.stamp == stamp).then(|| Arc::clone(&known.dataset))
    }

    /// Gives the page of the data set as it is on disk.
    pub(super) fn page(&self) -> Result<Arc<Vec<u8>>, Error> {
        let dataset = self.dataset()?;
        let mut known = locked(&self.known);
        let is_known = Arc::ptr_eq(&known.dataset, &dataset);
        if let (true, Some(page)) = (is_known, &known.page) {
            return Ok(Arc::clone(page));
        }
        let page = Arc::new(page::html(&dataset, page::Kind::Served)?.into_bytes());
        if is_known {
            known.page = Some(Arc::clone(&page));
        }
        Ok(page)
    }

    /// Makes one table of annotations at a time be read and written.
    pub(super) fn writer(&self) -> MutexGuard<'_, ()> {
        locked(&self.writing)
    }

    /// Writes annotations to the data set, and its charts anew. The caller is the one
    /// [`writer`](Self::writer).
    pub(super) fn apply(&self, table: &CorrectionTable) -> Result<(), ai4fashion_dataset::Error> {
        let mut editor = LabelEditor::open(&self.root)?.with_sidecar(DistributionCharts);
        editor.apply(table)?;
        Ok(())
    }
}

fn stamp(root: &Path) -> Option<(SystemTime, u64)> {
    let manifest = fs::metadata(root.join(MANIFEST)).ok()?;
    Some((manifest.modified().ok()?, manifest.len()))
}
