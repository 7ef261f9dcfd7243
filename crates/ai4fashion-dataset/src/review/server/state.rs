//! The data set as the server knows it.

use std::{
    fs,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

use crate::{CorrectionTable, Dataset, Editor, Error, dataset::layout::MANIFEST};

/// Read anew when somebody else has changed it.
#[derive(Debug)]
pub(super) struct State {
    root: PathBuf,
    known: Mutex<Known>,
    /// Tabs write one after another.
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

    /// The data set as it is on disk.
    pub(super) fn dataset(&self) -> Result<Arc<Dataset>, Error> {
        let mut known = locked(&self.known);
        let stamp = stamp(&self.root);
        if known.stamp != stamp || stamp.is_none() {
            known.dataset = Arc::new(Dataset::open(&self.root)?);
            known.stamp = stamp;
        }
        Ok(Arc::clone(&known.dataset))
    }

    /// Writes corrections to it.
    pub(super) fn apply(&self, table: &CorrectionTable) -> Result<(), Error> {
        let _one = locked(&self.writing);
        Editor::open(&self.root)?.apply(table)?;
        Ok(())
    }
}

fn stamp(root: &std::path::Path) -> Option<(SystemTime, u64)> {
    let manifest = fs::metadata(root.join(MANIFEST)).ok()?;
    Some((manifest.modified().ok()?, manifest.len()))
}

/// What a thread that panicked has left is whole: it is only ever replaced.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
