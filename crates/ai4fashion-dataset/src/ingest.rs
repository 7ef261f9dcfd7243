//! Sources to a data set folder.

mod names;
mod options;
mod output;
mod station;
mod summary;

use std::{
    collections::BTreeMap,
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
};

use rayon::prelude::*;

pub use options::{DEFAULT_QUALITY, DEFAULT_SIZE, IngestOptions, Keep};
pub(crate) use output::{write_metadata, write_summary};
pub use summary::{Settings, SourceSummary, Summary};

use crate::{Error, ErrorKind, Record, Skip, Source, source::SourcePlan};
use names::Names;
use output::Output;
use station::{Job, Station};

/// Takes pictures in: decodes, letterboxes, names and records them.
///
/// 1. All sources are planned before the first picture is read.
/// 2. The folder is written beside its place and renamed into it at the end: there is never half a data set.
/// 3. A picture that cannot be used is skipped, named and counted. A disk that cannot be written to ends the run.
/// 4. Source files are only read.
/// 5. The same sources and options give the same bytes.
#[derive(Clone, Debug)]
pub struct Ingest {
    options: IngestOptions,
}

/// Watches an ingestion. Called from many threads.
pub trait Progress: Sync {
    /// Before the first picture; `total` will be read.
    fn start(&self, total: usize) {
        let _ = total;
    }

    /// `done` pictures are read, or skipped.
    fn advance(&self, done: usize) {
        let _ = done;
    }
}

/// Watches nothing.
impl Progress for () {}

/// What an ingestion has done.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Report {
    /// The content of `summary.json`.
    pub summary: Summary,
    /// The content of `skipped.jsonl`: pictures, folders and rows that could not be used.
    pub skipped: Vec<Skip>,
}

impl Report {
    /// Whether every picture, folder and row could be used.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.skipped.is_empty()
    }
}

impl Ingest {
    /// An ingestion with these options.
    ///
    /// # Errors
    /// If an option is outside its interval.
    pub fn new(options: IngestOptions) -> Result<Self, Error> {
        options.check()?;
        Ok(Self { options })
    }

    /// Takes in the pictures of `sources`, in their order, as one data set at `out`.
    ///
    /// # Errors
    /// If a source cannot be planned, no picture can be used, `out` holds something or lies in a source, or a file
    /// cannot be written. Nothing is left behind then.
    pub fn run(
        &self,
        sources: &[&dyn Source],
        out: impl AsRef<Path>,
        progress: &dyn Progress,
    ) -> Result<Report, Error> {
        let output = Output::check(out.as_ref(), sources, self.options.overwrite)?;
        let plans = sources
            .iter()
            .map(|source| source.plan())
            .collect::<Result<Vec<_>, _>>()?;
        let (jobs, mut counts, mut skipped) = self.jobs(sources, plans);
        let staging = output.staging()?;
        progress.start(jobs.len());
        let done = AtomicUsize::new(0);
        let station = Station::new(&self.options, staging.path())?;
        let results = jobs
            .par_iter()
            .map(|job| {
                let result = station.take_in(job);
                progress.advance(done.fetch_add(1, Ordering::Relaxed) + 1);
                result
            })
            .collect::<Result<Vec<Result<Record, Skip>>, Error>>()?;

        let mut records = Vec::with_capacity(results.len());
        for (job, result) in jobs.iter().zip(results) {
            match result {
                Ok(record) => {
                    counts[job.source].written += 1;
                    records.push(record);
                }
                Err(skip) => {
                    counts[job.source].skipped += 1;
                    skipped.push(skip);
                }
            }
        }
        let summary = Summary::new(Settings::of(&self.options), counts, &records);
        if records.is_empty() {
            let mut left_out = BTreeMap::new();
            for (reason, count) in summary.sources.iter().flat_map(|source| &source.left_out) {
                *left_out.entry(reason.clone()).or_default() += count;
            }
            return Err(ErrorKind::NothingWritten {
                found: summary.found,
                left_out,
                skipped,
            }
            .into());
        }
        output::write(staging.path(), &records, &skipped, &summary)?;
        output.commit(staging)?;
        Ok(Report { summary, skipped })
    }

    /// The pictures to read, and what is known of the others before reading.
    fn jobs(
        &self,
        sources: &[&dyn Source],
        plans: Vec<SourcePlan>,
    ) -> (Vec<Job>, Vec<SourceSummary>, Vec<Skip>) {
        let (mut jobs, mut counts, mut skipped) = (Vec::new(), Vec::new(), Vec::new());
        let mut names = Names::default();
        for (place, (source, plan)) in sources.iter().zip(plans).enumerate() {
            let mut left_out: BTreeMap<String, usize> = plan
                .left_out
                .iter()
                .map(|(reason, count)| ((*reason).to_owned(), *count))
                .collect();
            let found = plan.pictures.len() + plan.unreadable.len() + left_out.values().sum::<usize>();
            counts.push(SourceSummary {
                name: source.name().to_owned(),
                found,
                written: 0,
                skipped: plan.unreadable.len(),
                left_out: BTreeMap::new(),
                rows_without_picture: plan.rows_without_picture,
                folders_unreadable: plan.unreadable_folders.len(),
                rows_refused: plan.refused_rows.len(),
                pictures_without_row: plan.pictures_without_row,
            });
            for entry in plan.pictures {
                if let Some(reason) = self.options.keep.reason_against(&entry) {
                    *left_out.entry(reason.to_owned()).or_default() += 1;
                    continue;
                }
                let stem = names.unique(&entry.path);
                jobs.push(Job {
                    source: place,
                    source_name: source.name(),
                    entry,
                    stem,
                });
            }
            counts[place].left_out = left_out;
            let refused = plan
                .refused_rows
                .into_iter()
                .chain(plan.unreadable_folders)
                .chain(plan.unreadable);
            skipped.extend(refused.map(|skip| skip.of_source(source.name())));
        }
        (jobs, counts, skipped)
    }
}
