//! One run over the sources, written or only planned.

use std::{
    num::NonZero,
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
};

use ai4fashion_image::MemoryBudget;
use rayon::prelude::*;

use super::{
    job::Job,
    jobs::Jobs,
    labeler::Labeler,
    options::IngestOptions,
    output::Output,
    ownership,
    pipeline::{Outcome, Pipeline},
    progress::{Progress, each},
    reuse::Reusable,
    settings_check,
    staging::Staging,
};
use crate::{
    corrections::HumanLabels,
    dataset::{Dataset, Settings},
    error::{Error, ErrorKind},
    source::Source,
};

/// The options and sources of a run, and what is known before the first image is read.
pub(super) struct Session<'a> {
    options: &'a IngestOptions,
    sources: &'a [&'a dyn Source],
    /// The data set that is kept and added to.
    pub(super) before: Option<Dataset>,
    /// The human labels of the old data set, also if it is overwritten.
    pub(super) human: HumanLabels,
    pub(super) jobs: Jobs,
}

impl<'a> Session<'a> {
    /// Plans all sources, and checks that `output` can hold the result.
    pub(super) fn new(
        options: &'a IngestOptions,
        sources: &'a [&'a dyn Source],
        output: Option<&Output>,
        settings: &Settings,
    ) -> Result<Self, Error> {
        let mut session = Self {
            options,
            sources,
            before: None,
            human: HumanLabels::default(),
            jobs: Jobs::default(),
        };
        if let Some(output) = output {
            session.open(output, settings)?;
        }
        session.jobs = Jobs::of(sources, options)?;
        let planned = &session.jobs;
        if let Some(before) = &session.before {
            settings_check::check_types(&before.summary()?.sources, &planned.sources, before.root())?;
        }
        if let Some(output) = output {
            check_apart(&planned.jobs, output.path())?;
        }
        session.check_rejected(planned.rejected.len())?;
        Ok(session)
    }

    /// Reads the data set that is there already. One that cannot be read is not overwritten,
    /// because of its human labels.
    fn open(&mut self, output: &Output, settings: &Settings) -> Result<(), Error> {
        if !output.holds_dataset()? {
            return Ok(());
        }
        let before = Dataset::open(output.path())?;
        if !self.options.overwrite {
            let made_with = before.summary()?.settings;
            settings_check::check_same(settings, &made_with, output.path())?;
        }
        ownership::check_images(&before)?;
        self.human = HumanLabels::of(before.records());
        self.before = Some(before).filter(|_| !self.options.overwrite);
        Ok(())
    }

    /// Processes all images; without `staging` nothing is written.
    pub(super) fn process(
        &self,
        reusable: &Reusable,
        staging: Option<&Staging>,
        progress: &dyn Progress,
    ) -> Result<Vec<Outcome>, Error> {
        let labeler = Labeler::of_checked(self.options.clone());
        let pipeline = Pipeline {
            labeler: match staging {
                Some(_) => labeler,
                None => labeler.without_jpeg(),
            },
            sources: self.sources,
            reusable,
            files: MemoryBudget::new(&self.options.limits, threads()),
            memory: MemoryBudget::new(&self.options.limits, threads()),
            staging,
        };
        let rejected = AtomicUsize::new(self.jobs.rejected.len());
        each(&self.jobs.jobs, progress, |workspace, job| {
            let outcome = pipeline.process(workspace, job)?;
            if matches!(outcome, Outcome::Rejected(_)) {
                self.check_rejected(rejected.fetch_add(1, Ordering::Relaxed) + 1)?;
            }
            Ok(outcome)
        })
    }

    fn check_rejected(&self, rejected: usize) -> Result<(), Error> {
        match self.options.max_rejected {
            Some(limit) if rejected > limit => Err(ErrorKind::TooManyRejected { limit }.into()),
            _ => Ok(()),
        }
    }
}

/// The threads that process images.
fn threads() -> NonZero<usize> {
    NonZero::new(rayon::current_num_threads()).unwrap_or(NonZero::<usize>::MIN)
}

/// Refuses a data set that would be written into its own photos.
fn check_apart(jobs: &[Job], out: &Path) -> Result<(), Error> {
    let Ok(out) = out.canonicalize() else {
        return Ok(());
    };
    // Through links: a photo may lie in the data set itself.
    let is_inside = |job: &&Job| {
        let path = job.entry.path.canonicalize();
        path.is_ok_and(|path| path.starts_with(&out))
    };
    jobs.par_iter().find_first(is_inside).map_or(Ok(()), |job| {
        let source_folder = job.entry.path.clone();
        Err(ErrorKind::Overlap { out, source_folder }.into())
    })
}
