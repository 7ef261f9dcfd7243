//! Opening a data set to change its labels.

use std::path::PathBuf;

use super::{check::check, plan::CorrectionPlan, rewrite::rewrite, table::CorrectionTable};
use crate::{
    dataset::{
        Dataset, transaction,
        transaction::{Folder, Lock},
    },
    error::Error,
};

/// A data set that is open for corrections. As long as it lives, no other process can change the labels.
#[derive(Debug)]
pub struct Editor {
    dataset: Dataset,
    folder: Folder,
    /// Whether a change has failed that may be half made: the files may be other ones than `dataset` says.
    in_doubt: bool,
    _lock: Lock,
}

impl Editor {
    /// Opens a data set for corrections; what was interrupted is finished first.
    ///
    /// # Errors
    /// If it is no data set, cannot be written to, or another process has it open for corrections.
    pub fn open(root: impl Into<PathBuf>) -> Result<Self, Error> {
        let root = root.into();
        // Says what is wrong with the folder before anything is written into it.
        Dataset::check_is_one(&root)?;
        let folder = Folder::of(&root);
        let lock = folder.try_lock()?;
        transaction::finish(&folder)?;
        Ok(Self {
            dataset: Dataset::read(root)?,
            folder,
            in_doubt: false,
            _lock: lock,
        })
    }

    /// The data set as it is now; after an [`apply`](Self::apply) or [`undo`](Self::undo) that failed, as it was before.
    #[must_use]
    pub fn dataset(&self) -> &Dataset {
        &self.dataset
    }

    /// What an application of these corrections would do.
    ///
    /// # Errors
    /// [`ErrorKind::Corrections`](crate::ErrorKind::Corrections) with every row that cannot be applied.
    pub fn check(&self, table: &CorrectionTable) -> Result<CorrectionPlan, Error> {
        check(&self.dataset, table)
    }

    /// Applies all corrections, or none: renames pictures, and rewrites manifest, `metadata.csv`, summary and charts.
    ///
    /// # Errors
    /// As [`check`](Self::check), or if a file cannot be written. What was written by then is finished or taken away
    /// first by the next `apply` or [`undo`](Self::undo), or by the next one who opens the data set.
    pub fn apply(&mut self, table: &CorrectionTable) -> Result<CorrectionPlan, Error> {
        self.apply_watched(table, &mut |_| Ok(()))
    }

    /// Takes the last application back, to the same bytes; false if there is none.
    ///
    /// # Errors
    /// If a file was changed since by something else, or cannot be written; then as of [`apply`](Self::apply).
    pub fn undo(&mut self) -> Result<bool, Error> {
        self.undo_watched(&mut |_| Ok(()))
    }

    /// How many applications can be taken back.
    ///
    /// # Errors
    /// If the data set's folder cannot be read.
    pub fn undoable(&self) -> Result<usize, Error> {
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
        rewrite(&self.dataset, &plan, &staged)?;
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
            self.dataset = Dataset::read(self.dataset.root())?;
        }
        self.in_doubt = false;
        Ok(undone)
    }

    /// Finishes or takes away what a change has left that failed.
    fn settle(&mut self) -> Result<(), Error> {
        if self.in_doubt {
            transaction::finish(&self.folder)?;
            self.dataset = Dataset::read(self.dataset.root())?;
            self.in_doubt = false;
        }
        Ok(())
    }
}
