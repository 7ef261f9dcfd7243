//! What the writers of all formats are given.

use std::sync::atomic::{AtomicUsize, Ordering};

use ai4fashion_dataset::{Dataset, ingest::Progress};

use crate::{
    columns::Column,
    error::{Error, ErrorKind},
    options::ExportOptions,
    plan::is_unchanged,
};

/// The data set, what of it is written, and how many images are.
pub(crate) struct Job<'a> {
    pub(crate) dataset: &'a Dataset,
    pub(crate) columns: &'a [Column],
    pub(crate) options: &'a ExportOptions,
    progress: &'a dyn Progress,
    done: AtomicUsize,
    total: usize,
}

impl<'a> Job<'a> {
    /// Begins to count the `total` images that are written.
    pub(crate) fn new(
        dataset: &'a Dataset,
        columns: &'a [Column],
        options: &'a ExportOptions,
        progress: &'a dyn Progress,
        total: usize,
    ) -> Self {
        progress.start(total);
        Self {
            dataset,
            columns,
            options,
            progress,
            done: AtomicUsize::new(0),
            total,
        }
    }

    /// Reads the file of an image that is written next.
    pub(crate) fn image(&self, index: usize) -> Result<Vec<u8>, Error> {
        if self.progress.should_stop() {
            return Err(ErrorKind::Stopped {
                done: self.done.load(Ordering::Relaxed),
                total: self.total,
            }
            .into());
        }
        let bytes = self.dataset.read_file(index)?;
        let record = &self.dataset.records()[index];
        if !is_unchanged(record, &bytes) {
            let file = record.file.clone();
            return Err(ErrorKind::Changed { file }.into());
        }
        self.advance(1);
        Ok(bytes)
    }

    /// Counts images that are written.
    pub(crate) fn advance(&self, images: usize) {
        let done = self.done.fetch_add(images, Ordering::Relaxed) + images;
        self.progress.advance(done);
    }
}
