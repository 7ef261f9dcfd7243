//! Sources to a data set folder.

mod groups;
mod id_list;
mod journal;
mod known;
mod names;
mod options;
mod output;
mod plan;
mod station;
mod summary;
mod tables;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
};

use ai4fashion_color::Workspace;
use rayon::prelude::*;

pub use id_list::IdList;
pub use options::{DEFAULT_NEAR, DEFAULT_QUALITY, DEFAULT_SIZE, Dedup, IngestOptions, Keep};
pub use plan::Plan;
pub use summary::{Settings, SourceSummary, Summary};
pub(crate) use tables::{write_metadata, write_summary};

use crate::{Carried, Dataset, Error, ErrorKind, LeftOut, Record, Skip, Source, decode::probe};
use known::Known;
use output::{Output, Staging};
use plan::Jobs;
use station::{Job, Outcome, Station};

/// Takes pictures in: decodes, letterboxes, names and records them.
///
/// 1. All sources are planned before the first picture is read.
/// 2. The folder is written beside its place and renamed into it at the end: there is never half a data set.
/// 3. An ingestion that was stopped, in whatever way, goes on where it was; so does one whose data set is there already:
///    what is new in the sources is added, what was skipped is tried again, and if there is nothing to do, nothing is
///    done. What was taken in is known by the hash of its file; other settings are refused.
/// 4. A data set never loses a picture, and never changes one, unless it is to be overwritten.
/// 5. A picture that cannot be used is skipped, named and counted. A disk that cannot be written to ends the run.
/// 6. Source files are only read.
/// 7. The same sources and options give the same bytes, stopped or not.
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

    /// Whether the ingestion is to stop. It is asked before each picture.
    fn should_stop(&self) -> bool {
        false
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
    /// Pictures that an ingestion before had taken in already.
    pub reused: usize,
    /// Whether the data set was there as it should be, so that nothing was done.
    pub unchanged: bool,
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

    /// What [`run`](Self::run) would do. Files are read and their headers checked, but no picture is decoded and nothing
    /// is written.
    ///
    /// # Errors
    /// If a source cannot be planned, or the progress asks to stop.
    pub fn plan(&self, sources: &[&dyn Source], progress: &dyn Progress) -> Result<Plan, Error> {
        let planned = Jobs::of(sources, &self.options)?;
        let results = each(&planned.jobs, progress, |_, job| {
            let read = sources[job.source].read(&job.entry, &self.options.limits);
            Ok(read.and_then(|bytes| probe(&bytes, &self.options.limits)))
        })?;
        let mut plan = Plan {
            sources: planned.sources,
            skipped: planned.skipped,
            renamed: planned.renamed,
            ..Plan::default()
        };
        for (job, result) in planned.jobs.iter().zip(results) {
            let counts = &mut plan.sources[job.source];
            match result {
                Ok(()) => {
                    counts.written += 1;
                    let number = job.entry.product_type.map_or(0, |(known, _)| known.number());
                    *plan.types.entry(number).or_default() += 1;
                }
                Err(error) => {
                    counts.skipped += 1;
                    let skip = Skip::new(&job.entry.original, &error);
                    plan.skipped.push(skip.of_source(job.source_name));
                }
            }
        }
        Ok(plan)
    }

    /// Takes in the pictures of `sources`, in their order, as one data set at `out`.
    ///
    /// # Errors
    /// - A source cannot be planned, no picture can be used, or `out` holds something else or lies in a source: nothing is
    ///   left behind.
    /// - `out`, or what was begun for it, was made with other settings or has pictures that the sources do not have any
    ///   more: nothing is changed.
    /// - Another process is at work on `out`.
    /// - A file cannot be written, there are more skips than allowed, or the progress asks to stop: what is done stays,
    ///   beside `out`, and running again goes on from there.
    pub fn run(
        &self,
        sources: &[&dyn Source],
        out: impl AsRef<Path>,
        progress: &dyn Progress,
    ) -> Result<Report, Error> {
        let settings = Settings::of(&self.options);
        let output = Output::check(out.as_ref(), sources)?;
        let before = self.before(&output, &settings)?;
        let said = said(&output, before.as_ref())?;
        let planned = Jobs::of(sources, &self.options)?;
        check_apart(&planned.jobs, output.path())?;
        self.check_skips(planned.skipped.len())?;
        let (staging, lines) = output.staging(&settings, self.options.overwrite)?;
        let mut known = Known::default();
        if let Some(before) = &before {
            known.add_dataset(before.root(), before.records().to_vec(), before.left_out()?);
        }
        known.add_journal(lines, &staging.store());
        let outcomes = self.take_in(sources, &planned, &known, &staging, progress)?;
        let Sorted {
            counts,
            mut records,
            files,
            skipped,
            left_out,
            reused,
        } = self.sort(planned, outcomes);
        for record in &mut records {
            said.apply(record)?;
        }
        let summary = Summary::new(settings, counts, &records);
        if records.is_empty() {
            staging.discard()?;
            return Err(ErrorKind::NothingWritten {
                found: summary.found,
                left_out: total(&summary.sources),
                skipped,
            }
            .into());
        }
        let mut report = Report {
            summary,
            skipped,
            reused,
            unchanged: false,
        };
        if let Some(before) = before {
            check_kept(&before, &records)?;
            report.unchanged = reused == records.len()
                && before.records() == records
                && before.skipped()? == report.skipped
                && before.left_out()? == left_out
                && before.summary()? == report.summary;
        }
        if report.unchanged {
            staging.discard()?;
            return Ok(report);
        }
        staging.name_pictures(&records, &files)?;
        tables::write(
            staging.path(),
            &records,
            &report.skipped,
            &left_out,
            &report.summary,
        )?;
        output.commit(staging)?;
        Ok(report)
    }

    /// Where the work is that a stopped ingestion to `out` has left for the next one, if there is any.
    ///
    /// # Errors
    /// If `out` is no path that a folder can have.
    pub fn unfinished(out: impl AsRef<Path>) -> Result<Option<PathBuf>, Error> {
        Ok(Output::check(out.as_ref(), &[])?.unfinished())
    }

    /// The data set that is there already, if it is to be kept.
    fn before(&self, output: &Output, settings: &Settings) -> Result<Option<Dataset>, Error> {
        if !output.holds_dataset()? || self.options.overwrite {
            return Ok(None);
        }
        let before = Dataset::open(output.path())?;
        settings.check_same(&before.summary()?.settings, output.path())?;
        Ok(Some(before))
    }

    fn take_in(
        &self,
        sources: &[&dyn Source],
        planned: &Jobs,
        known: &Known,
        staging: &Staging,
        progress: &dyn Progress,
    ) -> Result<Vec<Outcome>, Error> {
        let station = Station {
            options: &self.options,
            sources,
            known,
            journal: staging.journal(),
            store: staging.store(),
        };
        let skipped = AtomicUsize::new(planned.skipped.len());
        each(&planned.jobs, progress, |workspace, job| {
            let outcome = station.take_in(workspace, job)?;
            if matches!(outcome, Outcome::Skipped(_)) {
                self.check_skips(skipped.fetch_add(1, Ordering::Relaxed) + 1)?;
            }
            Ok(outcome)
        })
    }

    fn check_skips(&self, skipped: usize) -> Result<(), Error> {
        match self.options.max_skips {
            Some(limit) if skipped > limit => Err(ErrorKind::TooManySkips { limit }.into()),
            _ => Ok(()),
        }
    }

    /// What has become of the pictures, in their order, with duplicates joined or left out.
    fn sort(&self, planned: Jobs, outcomes: Vec<Outcome>) -> Sorted {
        let mut sorted = Sorted {
            counts: planned.sources,
            skipped: planned.skipped,
            ..Sorted::default()
        };
        let mut sources = Vec::new();
        for (job, outcome) in planned.jobs.iter().zip(outcomes) {
            match outcome {
                Outcome::Taken(made) => {
                    sorted.reused += usize::from(made.is_reused);
                    sorted.records.push(made.record);
                    sorted.files.push(made.file);
                    sources.push(job.source);
                }
                Outcome::LeftOut(left_out) => sorted.leave_out(job.source, left_out),
                Outcome::Skipped(skip) => {
                    sorted.counts[job.source].skipped += 1;
                    sorted.skipped.push(skip);
                }
            }
        }
        groups::assign(&mut sorted.records, &self.options);
        if self.options.dedup == Dedup::KeepFirst {
            sorted.keep_first(&mut sources);
            groups::assign(&mut sorted.records, &self.options);
        }
        for source in sources {
            sorted.counts[source].written += 1;
        }
        sorted
    }
}

/// What has become of all pictures.
#[derive(Default)]
struct Sorted {
    counts: Vec<SourceSummary>,
    records: Vec<Record>,
    /// Where the picture of each record is.
    files: Vec<PathBuf>,
    skipped: Vec<Skip>,
    left_out: Vec<LeftOut>,
    reused: usize,
}

impl Sorted {
    fn leave_out(&mut self, source: usize, left_out: LeftOut) {
        let counts = &mut self.counts[source].left_out;
        *counts.entry(left_out.reason.clone()).or_default() += 1;
        self.left_out.push(left_out);
    }

    /// Leaves out those that show what an earlier one shows; `sources` are those of the records.
    fn keep_first(&mut self, sources: &mut Vec<usize>) {
        let first = groups::first_of_each(&self.records);
        let records = std::mem::take(&mut self.records);
        let files = std::mem::take(&mut self.files);
        let all = records.into_iter().zip(files).zip(std::mem::take(sources));
        for (((record, file), source), is_first) in all.zip(first) {
            if is_first {
                self.records.push(record);
                self.files.push(file);
                sources.push(source);
            } else {
                self.leave_out(source, LeftOut::of(&record, options::DUPLICATE));
            }
        }
    }
}

/// Does the same with each job, on all threads, each with a workspace of its own, until one fails or `progress` asks to
/// stop.
fn each<T: Send>(
    jobs: &[Job],
    progress: &dyn Progress,
    work: impl Fn(&mut Workspace, &Job) -> Result<T, Error> + Sync,
) -> Result<Vec<T>, Error> {
    progress.start(jobs.len());
    let done = AtomicUsize::new(0);
    jobs.par_iter()
        .map_init(Workspace::new, |workspace, job| {
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

/// A data set is not written into its own photos.
fn check_apart(jobs: &[Job], out: &Path) -> Result<(), Error> {
    let inside = jobs.iter().find(|job| job.entry.path.starts_with(out));
    inside.map_or(Ok(()), |job| {
        Err(ErrorKind::Overlap {
            out: out.to_owned(),
            source_folder: job.entry.path.clone(),
        }
        .into())
    })
}

/// What a person has said of the pictures that are there, also if they are going to be replaced.
fn said(output: &Output, before: Option<&Dataset>) -> Result<Carried, Error> {
    if let Some(before) = before {
        return Ok(Carried::of(before.records()));
    }
    if !output.holds_dataset()? {
        return Ok(Carried::default());
    }
    let replaced = Dataset::open(output.path()).inspect_err(|error| {
        log::warn!(
            "labels corrected by hand, if there were any, are lost: {}",
            error.chain()
        );
    });
    Ok(replaced.map_or_else(|_| Carried::default(), |dataset| Carried::of(dataset.records())))
}

/// Whether every picture of a data set is still there, and the same.
fn check_kept(before: &Dataset, records: &[Record]) -> Result<(), Error> {
    let key = |record: &Record| {
        (
            record.source.clone(),
            record.original.clone(),
            record.sha256.clone(),
        )
    };
    let now: std::collections::HashSet<_> = records.iter().map(key).collect();
    let mut lost = before
        .records()
        .iter()
        .filter(|record| !now.contains(&key(record)));
    match lost.next() {
        None => Ok(()),
        Some(first) => Err(ErrorKind::WouldLose {
            path: before.root().to_owned(),
            first: first.original.clone(),
            count: 1 + lost.count(),
        }
        .into()),
    }
}

fn total(sources: &[SourceSummary]) -> BTreeMap<String, usize> {
    let mut all = BTreeMap::new();
    for (reason, count) in sources.iter().flat_map(|source| &source.left_out) {
        *all.entry(reason.clone()).or_default() += count;
    }
    all
}
