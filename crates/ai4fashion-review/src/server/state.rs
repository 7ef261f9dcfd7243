//! The data set that the server shows and changes.

use std::{
    fs,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

use ai4fashion_dataset::{Dataset, Error, LabelEditor, corrections::CorrectionTable, layout::MANIFEST};
use ai4fashion_plot::DistributionCharts;

/// A data set in memory, read again when another process has changed it.
#[derive(Debug)]
pub(super) struct State {
    root: PathBuf,
    known: Mutex<Known>,
    /// Makes tabs write one after another.
    writing: Mutex<()>,
}

#[derive(Debug)]
struct Known {
    dataset: Arc<Dataset>,
    stamp: Option<(SystemTime, u64)>,
}

impl State {
    pub(super) fn new(dataset: Dataset) -> Self {
        let root = dataset.root().to_owned();
        let stamp = stamp(&root);
        let known = Known {
            dataset: Arc::new(dataset),
            stamp,
        };
        Self {
            root,
            known: Mutex::new(known),
            writing: Mutex::new(()),
        }
    }

    /// Gives the data set as it is on disk.
    pub(super) fn dataset(&self) -> Result<Arc<Dataset>, Error> {
        let mut known = locked(&self.known);
        let stamp = stamp(&self.root);
        if known.stamp != stamp || stamp.is_none() {
            known.dataset = Arc::new(Dataset::open(&self.root)?);
            known.stamp = stamp;
        }
        Ok(Arc::clone(&known.dataset))
    }

    /// Writes annotations to the data set, and its charts anew.
    pub(super) fn apply(&self, table: &CorrectionTable) -> Result<(), Error> {
        let _one = locked(&self.writing);
        let mut editor = LabelEditor::open(&self.root)?.with_sidecar(DistributionCharts);
        editor.apply(table)?;
        Ok(())
    }
}

fn stamp(root: &std::path::Path) -> Option<(SystemTime, u64)> {
    let manifest = fs::metadata(root.join(MANIFEST)).ok()?;
    Some((manifest.modified().ok()?, manifest.len()))
}

/// Locks a mutex; a value that a panicking thread has left is whole, since it is only ever
/// replaced.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
