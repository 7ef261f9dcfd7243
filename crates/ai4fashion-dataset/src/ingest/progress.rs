//! Work on all threads that can be watched and stopped.

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::{job::Job, labeler::LabelWorkspace};
use crate::error::{Error, ErrorKind};

/// Watches an ingestion. Called from many threads; the trait may gain methods with a default.
///
/// `()` watches nothing.
///
/// ```
/// use std::sync::atomic::{AtomicBool, Ordering};
///
/// use ai4fashion_dataset::ingest::Progress;
///
/// /// Prints each thousand, and stops when it is told to.
/// #[derive(Default)]
/// struct Thousands(AtomicBool);
///
/// impl Progress for Thousands {
///     fn advance(&self, done: usize) {
///         if done.is_multiple_of(1000) {
///             eprintln!("{done} images");
///         }
///     }
///
///     fn should_stop(&self) -> bool {
///         self.0.load(Ordering::Relaxed)
///     }
/// }
///
/// let progress = Thousands::default();
/// progress.0.store(true, Ordering::Relaxed);
/// assert!(progress.should_stop());
/// ```
pub trait Progress: Sync {
    /// Called before the first image; `total` images will be read.
    fn start(&self, total: usize) {
        let _ = total;
    }

    /// Called after each image; `done` images are read, rejected ones included.
    fn advance(&self, done: usize) {
        let _ = done;
    }

    /// Whether the ingestion shall stop. Called before each image.
    fn should_stop(&self) -> bool {
        false
    }
}

impl Progress for () {}

/// Calls `work` for each job, on all threads, each with a workspace of its own, until one fails or
/// `progress` asks to stop.
pub(super) fn each<T: Send>(
    jobs: &[Job],
    progress: &dyn Progress,
    work: impl Fn(&mut LabelWorkspace, &Job) -> Result<T, Error> + Sync,
) -> Result<Vec<T>, Error> {
    progress.start(jobs.len());
    let done = AtomicUsize::new(0);
    jobs.par_iter()
        .map_init(LabelWorkspace::new, |workspace, job| {
            if progress.should_stop() {
                return Err(ErrorKind::Stopped {
                    done: done.load(Ordering::Relaxed),
                    total: jobs.len(),
                }
                .into());
            }
            let result = work(workspace, job);
            progress.advance(done.fetch_add(1, Ordering::Relaxed) + 1);
            result
        })
        .collect()
}
