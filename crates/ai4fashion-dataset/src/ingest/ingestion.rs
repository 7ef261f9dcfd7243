//! The worker that turns sources into a data set.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use super::{
    options::IngestOptions,
    outcomes::{Outcomes, check_kept},
    output::Output,
    progress::Progress,
    report::{IngestPlan, IngestReport},
    reuse::Reusable,
    session::Session,
};
use crate::{
    dataset::{Sidecar, Sidecars, Summary, tables},
    error::Error,
    labels::ProductType,
    source::Source,
};

/// Ingests photos: decodes, letterboxes, classifies and records them.
///
/// 1. All sources are planned before the first image is read.
/// 2. The folder is written beside its place and renamed into it at the end: there is never half a
///    data set.
/// 3. An ingestion that was stopped, in whatever way, resumes where it was. So does one whose data
///    set exists already: new images are added, rejected ones are tried again, and if there is
///    nothing to do, nothing is done. An image is known by the hash of its file; other settings are
///    refused.
/// 4. A data set never loses an image, and never changes one, unless it is overwritten. Its type,
///    and so its name, follows the current `styles.csv`, and its split follows new near-duplicates.
/// 5. An image that cannot be used is rejected, named and counted. A disk that cannot be written to
///    ends the run.
/// 6. Source files are only read.
/// 7. The same sources and options give the same bytes, stopped or not.
///
/// ```
/// use ai4fashion_dataset::{ErrorKind, Ingest, IngestOptions};
///
/// let error = Ingest::new(IngestOptions::default().with_image_size(8)).unwrap_err();
/// assert_eq!(error.to_string(), "image_size is 8, expected [16, 4096]");
/// ```
#[derive(Clone, Debug)]
pub struct Ingest {
    options: IngestOptions,
    sidecars: Sidecars,
}

impl Ingest {
    /// Creates an ingestion with these options.
    ///
    /// # Errors
    /// If an option is outside its interval.
    pub fn new(options: IngestOptions) -> Result<Self, Error> {
        options.validate()?;
        Ok(Self {
            options,
            sidecars: Sidecars::default(),
        })
    }

    /// Adds files that are written with the labels, such as charts.
    #[must_use]
    pub fn with_sidecar(mut self, sidecar: impl Sidecar + 'static) -> Self {
        self.sidecars.push(sidecar);
        self
    }

    /// Predicts what [`run`](Self::run) would do, to `out` if that is given.
    ///
    /// Everything is done but writing, so the result has the same counts and rejections. Only an
    /// interrupted change of the labels of `out` is finished first.
    ///
    /// # Errors
    /// As [`run`](Self::run), except for errors of writing.
    pub fn plan(
        &self,
        sources: &[&dyn Source],
        out: Option<&Path>,
        progress: &dyn Progress,
    ) -> Result<IngestPlan, Error> {
        let settings = self.options.settings();
        let output = out.map(|out| Output::look(out, sources)).transpose()?;
        let session = Session::new(&self.options, sources, output.as_ref(), &settings)?;
        let mut reusable = Reusable::of(session.before.as_ref())?;
        if let Some(output) = &output {
            let (store, lines) = output.begun(&settings, self.options.overwrite)?;
            reusable.add_journal(lines, &store);
        }
        let outcomes = session.process(&reusable, None, progress)?;
        let Session { before, jobs, .. } = session;
        let renamed = jobs.renamed.clone();
        let outcomes = Outcomes::of(jobs, outcomes, before.as_ref(), &self.options);
        outcomes.check_written()?;
        if let Some(before) = &before {
            check_kept(before, &outcomes.records)?;
        }
        let mut types = BTreeMap::new();
        for record in &outcomes.records {
            let number = ProductType::number_of(record.product_type);
            *types.entry(number).or_default() += 1;
        }
        Ok(IngestPlan {
            sources: outcomes.counts,
            types,
            renamed,
            rejected: outcomes.rejected,
            reused: outcomes.reused,
        })
    }

    /// Ingests the images of `sources`, in their order, as one data set at `out`.
    ///
    /// # Errors
    /// - A source cannot be planned, no image can be used, or `out` holds something else or is in a
    ///   source: nothing is left behind, except for the work of an earlier, stopped ingestion.
    /// - `out`, or an unfinished ingestion to it, has other settings or images that the sources do
    ///   not have any more: nothing is changed.
    /// - Another process is at work on `out`.
    /// - A file cannot be written, too much is rejected, or the progress asks to stop: finished
    ///   work stays beside `out`, and running again resumes there.
    pub fn run(
        &self,
        sources: &[&dyn Source],
        out: impl AsRef<Path>,
        progress: &dyn Progress,
    ) -> Result<IngestReport, Error> {
        let settings = self.options.settings();
        let output = Output::check(out.as_ref(), sources)?;
        let state = output.state();
        let session = Session::new(&self.options, sources, Some(&output), &settings)?;
        let (staging, lines) = output.staging(&settings, self.options.overwrite)?;
        let mut reusable = Reusable::of(session.before.as_ref())?;
        let is_new = lines.is_empty();
        reusable.add_journal(lines, &staging.store());
        let outcomes = session.process(&reusable, Some(&staging), progress)?;
        let Session {
            before, human, jobs, ..
        } = session;
        let mut outcomes = Outcomes::of(jobs, outcomes, before.as_ref(), &self.options);
        if let Err(error) = outcomes.check_written() {
            // Earlier work may be of use again: perhaps a drive is missing.
            if is_new {
                staging.discard()?;
            }
            return Err(error);
        }
        let lost_annotations = outcomes.annotate(&human)?;
        let Outcomes {
            counts,
            records,
            files,
            rejected,
            filtered,
            reused,
        } = outcomes;
        let mut report = IngestReport {
            summary: Summary::new(settings, counts, &records),
            rejected,
            reused,
            is_unchanged: false,
            lost_annotations,
        };
        if let Some(before) = before {
            check_kept(&before, &records)?;
            report.is_unchanged = reused == records.len()
                && before.records() == records
                && before.rejected()? == report.rejected
                && before.filtered()? == filtered
                && before.summary()? == report.summary
                && tables::has_metadata(before.root(), &records)
                && self.sidecars.are_complete(&records, before.root());
        }
        if report.is_unchanged {
            staging.discard()?;
            return Ok(report);
        }
        staging.name_images(&records, &files)?;
        let folder = staging.path();
        tables::write(folder, &records, &report.rejected, &filtered, &report.summary)?;
        self.sidecars.write(&records, folder)?;
        output.commit(staging, state.as_deref())?;
        Ok(report)
    }

    /// The folder with the finished work of a stopped ingestion to `out`, if there is any.
    ///
    /// # Errors
    /// If `out` is not a path that a folder can have.
    pub fn unfinished(out: impl AsRef<Path>) -> Result<Option<PathBuf>, Error> {
        Ok(Output::look(out.as_ref(), &[])?.unfinished())
    }
}
