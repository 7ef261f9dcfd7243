//! Opening a data set to change its labels.

use std::{io, path::PathBuf};

use ai4fashion_files::FileLock;

use super::{check::check, plan::CorrectionPlan, rewrite::rewrite, table::CorrectionTable};
use crate::{
    dataset::{
        Dataset, Sidecar, Sidecars,
        transaction::{self, ChangeFolder},
    },
    error::Error,
};

/// What could not be done, where an application was undone all the same.
const UNREAD: &str = "read, after the last corrections were undone,";

/// A data set that is open for corrections. While it lives, no other process can change the labels.
///
/// ```no_run
/// use ai4fashion_dataset::{LabelEditor, corrections::CorrectionTable};
///
/// let mut editor = LabelEditor::open("dataset")?;
/// let plan = editor.apply(&CorrectionTable::open("corrections.csv")?)?;
/// println!("{plan}");
/// assert!(editor.undo()?); // the same bytes as before
/// # Ok::<(), ai4fashion_dataset::Error>(())
/// ```
#[derive(Debug)]
pub struct LabelEditor {
    dataset: Dataset,
    folder: ChangeFolder,
    sidecars: Sidecars,
    /// Whether a change has failed that may be half made: the files may differ from `dataset`.
    in_doubt: bool,
    _lock: FileLock,
}

impl LabelEditor {
    /// Opens a data set for corrections; an interrupted change is finished first.
    ///
    /// # Errors
    /// If it is not a data set, cannot be written to, or another process has it open for
    /// corrections.
    pub fn open(root: impl Into<PathBuf>) -> Result<Self, Error> {
        let root = root.into();
        // Says what is wrong with the folder before anything is written into it.
        Dataset::check_is_one(&root)?;
        let folder = ChangeFolder::new(&root);
        let lock = folder.try_lock()?;
        transaction::finish(&folder)?;
        Ok(Self {
            dataset: Dataset::read(root)?,
            folder,
            sidecars: Sidecars::default(),
            in_doubt: false,
            _lock: lock,
        })
    }

    /// Adds files that are rewritten with the labels, such as charts.
    #[must_use]
    pub fn with_sidecar(mut self, sidecar: impl Sidecar + 'static) -> Self {
        self.sidecars.push(sidecar);
        self
    }

    /// The data set as it is now.
    ///
    /// After an [`apply`](Self::apply) or [`undo`](Self::undo) that failed, it is as it was before.
    #[must_use]
    pub fn dataset(&self) -> &Dataset {
        &self.dataset
    }

    /// Checks corrections, and says what an application would do.
    ///
    /// # Errors
    /// [`ErrorKind::Corrections`](crate::ErrorKind::Corrections) with every row that cannot be
    /// applied.
    pub fn check(&self, table: &CorrectionTable) -> Result<CorrectionPlan, Error> {
        check(&self.dataset, table)
    }

    /// Applies all corrections, or none.
    ///
    /// Images are renamed, and manifest, `metadata.csv`, summary and the files of sidecars
    /// rewritten.
    ///
    /// # Errors
    /// As [`check`](Self::check), or if a file cannot be written. A half-made change is finished or
    /// removed by the next `apply` or [`undo`](Self::undo), or when the data set is opened next.
    /// The message says if it will be finished; if it does not say so, nothing was changed.
    pub fn apply(&mut self, table: &CorrectionTable) -> Result<CorrectionPlan, Error> {
        self.apply_watched(table, &mut |_| Ok(()))
    }

    /// Undoes the last application, to the same bytes; `false` if there is none.
    ///
    /// # Errors
    /// If a file was changed since by something else, or as [`apply`](Self::apply).
    pub fn undo(&mut self) -> Result<bool, Error> {
        self.undo_watched(&mut |_| Ok(()))
    }

    /// Number of applications that can be undone.
    ///
    /// # Errors
    /// If the data set's folder cannot be read.
    pub fn undo_depth(&self) -> Result<usize, Error> {
        Ok(self.folder.entries()?.len())
    }

    pub(super) fn apply_watched(
        &mut self,
        table: &CorrectionTable,
        watch: &mut transaction::Watch<'_>,
    ) -> Result<CorrectionPlan, Error> {
        self.settle()?;
        let plan = self.check(table)?;
        if plan.is_empty() {
            return Ok(plan);
        }
        let staged = self.folder.stage()?;
        rewrite(&self.dataset, &plan, &self.sidecars, &staged).inspect_err(|_| {
            // A full disk has its room back.
            let _ = self.folder.unstage();
        })?;
        self.in_doubt = true;
        transaction::apply(&self.folder, plan.renames(&self.dataset), watch)?;
        self.in_doubt = false;
        self.dataset.replace(&plan.changes);
        Ok(plan)
    }

    pub(super) fn undo_watched(&mut self, watch: &mut transaction::Watch<'_>) -> Result<bool, Error> {
        self.settle()?;
        self.in_doubt = true;
        let undone = transaction::undo(&self.folder, watch)?;
        if undone {
            let root = self.dataset.root().to_owned();
            let unread = |error| Error::io(UNREAD, &root)(io::Error::other::<Error>(error));
            self.dataset = Dataset::read(&root).map_err(unread)?;
        }
        self.in_doubt = false;
        Ok(undone)
    }

    /// Finishes or removes a change that failed.
    fn settle(&mut self) -> Result<(), Error> {
        if self.in_doubt {
            transaction::finish(&self.folder)?;
            self.dataset = Dataset::read(self.dataset.root())?;
            self.in_doubt = false;
        }
        Ok(())
    }
}
