//! Options of a job.

use crate::settings::LabelSettings;

/// Options of a [`Job`](super::Job).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct JobOptions {
    /// What the function does.
    pub settings: LabelSettings,
    /// The column of files; default the only one of bytes. A struct with a field `bytes`, as
    /// Hugging Face's `datasets` writes images, will do.
    pub file_column: Option<String>,
    /// The column of product types, 0 to 12; default none.
    pub type_column: Option<String>,
    /// The columns of the input that the output has; default all but the files.
    pub keep: Option<Vec<String>>,
    /// Rows of a batch, from 1 on; default 256. The files of a batch are in memory together, and
    /// take less than 2 GiB.
    pub batch_size: usize,
    /// Shards that are at work at a time, from 1 on; default the number of CPUs.
    pub concurrency: usize,
    /// Shards that fail in a row before the job stops, from 1 on; default 3.
    pub max_failures: usize,
}

impl Default for JobOptions {
    fn default() -> Self {
        Self {
            settings: LabelSettings::default(),
            file_column: None,
            type_column: None,
            keep: None,
            batch_size: 256,
            concurrency: std::thread::available_parallelism().map_or(1, usize::from),
            max_failures: 3,
        }
    }
}

impl JobOptions {
    /// Sets [`settings`](Self::settings).
    #[must_use]
    pub fn with_settings(mut self, settings: LabelSettings) -> Self {
        self.settings = settings;
        self
    }

    /// Sets [`file_column`](Self::file_column).
    #[must_use]
    pub fn with_file_column(mut self, file_column: Option<String>) -> Self {
        self.file_column = file_column;
        self
    }

    /// Sets [`type_column`](Self::type_column).
    #[must_use]
    pub fn with_type_column(mut self, type_column: Option<String>) -> Self {
        self.type_column = type_column;
        self
    }

    /// Sets [`keep`](Self::keep).
    #[must_use]
    pub fn with_keep(mut self, keep: Option<Vec<String>>) -> Self {
        self.keep = keep;
        self
    }

    /// Sets [`batch_size`](Self::batch_size).
    #[must_use]
    pub fn with_batch_size(mut self, batch_size: usize) -> Self {
        self.batch_size = batch_size;
        self
    }

    /// Sets [`concurrency`](Self::concurrency).
    #[must_use]
    pub fn with_concurrency(mut self, concurrency: usize) -> Self {
        self.concurrency = concurrency;
        self
    }

    /// Sets [`max_failures`](Self::max_failures).
    #[must_use]
    pub fn with_max_failures(mut self, max_failures: usize) -> Self {
        self.max_failures = max_failures;
        self
    }
}
