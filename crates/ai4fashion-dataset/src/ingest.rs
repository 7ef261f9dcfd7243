//! Sources to a data set folder.

#[cfg(not(feature = "_fitting"))]
#[expect(unreachable_pub, reason = "`tools/fit-garment` looks into it")]
mod garment;
#[cfg(feature = "_fitting")]
pub mod garment;
mod groups;
mod id_list;
mod job;
mod journal;
mod known;
mod names;
mod options;
mod ours;
mod output;
mod plan;
mod progress;
mod same_settings;
mod sorted;
mod station;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
};

use rayon::prelude::*;

pub use id_list::IdList;
pub use options::{DEFAULT_NEAR, DEFAULT_QUALITY, DEFAULT_SIZE, IngestOptions};
pub use plan::Plan;
pub use progress::Progress;

use crate::{
    corrections::Carried,
    dataset::{Dataset, Settings, Summary, tables},
    error::{Error, ErrorKind},
    labels::ProductType,
    record::Skip,
    source::Source,
};
use job::Job;
use known::Known;
use output::{Output, Staging};
use plan::Jobs;
use progress::each;
use sorted::{Sorted, check_kept};
use station::{Outcome, Station};

/// Takes pictures in: decodes, letterboxes, names and records them.
///
/// 1. All sources are planned before the first picture is read.
/// 2. The folder is written beside its place and renamed into it at the end: there is never half a data set.
/// 3. An ingestion that was stopped, in whatever way, goes on where it was; so does one whose data set is there already:
///    what is new in the sources is added, what was skipped is tried again, and if there is nothing to do, nothing is
///    done. What was taken in is known by the hash of its file; other settings are refused.
/// 4. A data set never loses a picture, and never changes one, unless it is to be overwritten. Its type, and so its name,
///    goes by what a source's own `styles.csv` says now, and its part by pictures that came and look nearly like it.
/// 5. A picture that cannot be used is skipped, named and counted. A disk that cannot be written to ends the run.
/// 6. Source files are only read.
/// 7. The same sources and options give the same bytes, stopped or not.
#[derive(Clone, Debug)]
pub struct Ingest {
    options: IngestOptions,
}

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
    /// Pictures of which a person had said something, and which are not in the data set any more, or were changed; 0 unless it
    /// was overwritten.
    pub unsaid: usize,
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

    /// What [`run`](Self::run) would do, to `out` if that is given: the same is refused and skipped, and the same counts come
    /// of it. All is done but writing; only a correction of `out` that was interrupted is finished first.
    ///
    /// # Errors
    /// As of [`run`](Self::run), but for those of writing.
    pub fn plan(
        &self,
        sources: &[&dyn Source],
        out: Option<&Path>,
        progress: &dyn Progress,
    ) -> Result<Plan, Error> {
        let output = out.map(|out| Output::look(out, sources)).transpose()?;
        let (mut before, mut begun) = (None, None);
        if let Some(output) = &output {
            let settings = self.options.settings();
            before = self.before(output, &settings)?;
            said(output, before.as_ref())?;
            begun = Some(output.begun(&settings, self.options.overwrite)?);
        }
        let planned = self.planned(sources, output.as_ref(), before.as_ref())?;
        let mut known = Known::of(before.as_ref())?;
        if let Some((store, lines)) = begun {
            known.add_journal(lines, &store);
        }
        let renamed = planned.renamed.clone();
        let outcomes = self.take_in(sources, &planned, &known, None, progress)?;
        let sorted = Sorted::of(planned, outcomes, before.as_ref(), &self.options);
        sorted.check_written()?;
        if let Some(before) = &before {
            check_kept(before, &sorted.records)?;
        }
        let mut types = BTreeMap::new();
        for record in &sorted.records {
            let number = ProductType::number_of(record.product_type);
            *types.entry(number).or_default() += 1;
        }
        Ok(Plan {
            sources: sorted.counts,
            types,
            renamed,
            skipped: sorted.skipped,
            reused: sorted.reused,
        })
    }

    /// Takes in the pictures of `sources`, in their order, as one data set at `out`.
    ///
    /// # Errors
    /// - A source cannot be planned, no picture can be used, or `out` holds something else or lies in a source: nothing is
    ///   left behind, but for what a stopped ingestion has left.
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
        let settings = self.options.settings();
        let output = Output::check(out.as_ref(), sources)?;
        let state = output.state();
        let before = self.before(&output, &settings)?;
        let said = said(&output, before.as_ref())?;
        let planned = self.planned(sources, Some(&output), before.as_ref())?;
        let (staging, lines) = output.staging(&settings, self.options.overwrite)?;
        let mut known = Known::of(before.as_ref())?;
        let is_new = lines.is_empty();
        known.add_journal(lines, &staging.store());
        let outcomes = self.take_in(sources, &planned, &known, Some(&staging), progress)?;
        let mut sorted = Sorted::of(planned, outcomes, before.as_ref(), &self.options);
        if let Err(error) = sorted.check_written() {
            // What was done before may be of use again: perhaps a drive is missing.
            if is_new {
                staging.discard()?;
            }
            return Err(error);
        }
        let mut unsaid = said.len();
        for record in &mut sorted.records {
            said.apply(record)?;
            unsaid = unsaid.saturating_sub(usize::from(record.checked.is_some()));
        }
        let Sorted {
            counts,
            records,
            files,
            skipped,
            left_out,
            reused,
        } = sorted;
        let mut report = Report {
            summary: Summary::new(settings, counts, &records),
            skipped,
            reused,
            unchanged: false,
            unsaid,
        };
        if let Some(before) = before {
            check_kept(&before, &records)?;
            report.unchanged = reused == records.len()
                && before.records() == records
                && before.skipped()? == report.skipped
                && before.left_out()? == left_out
                && before.summary()? == report.summary
                && tables::are_whole(before.root(), &records);
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
        output.commit(staging, state.as_deref())?;
        Ok(report)
    }

    /// Where the work is that a stopped ingestion to `out` has left for the next one, if there is any.
    ///
    /// # Errors
    /// If `out` is no path that a folder can have.
    pub fn unfinished(out: impl AsRef<Path>) -> Result<Option<PathBuf>, Error> {
        Ok(Output::look(out.as_ref(), &[])?.unfinished())
    }

    /// The data set that is there already, if it is to be kept.
    fn before(&self, output: &Output, settings: &Settings) -> Result<Option<Dataset>, Error> {
        if !output.holds_dataset()? || self.options.overwrite {
            return Ok(None);
        }
        let before = Dataset::open(output.path())?;
        same_settings::check_same(settings, &before.summary()?.settings, output.path())?;
        ours::check_pictures(&before)?;
        Ok(Some(before))
    }

    /// What is to be read, if it lies elsewhere than the output, and has the types that it had.
    fn planned(
        &self,
        sources: &[&dyn Source],
        output: Option<&Output>,
        before: Option<&Dataset>,
    ) -> Result<Jobs, Error> {
        let planned = Jobs::of(sources, &self.options)?;
        if let Some(before) = before {
            same_settings::check_types(&before.summary()?.sources, &planned.sources, before.root())?;
        }
        if let Some(output) = output {
            check_apart(&planned.jobs, output.path())?;
        }
        self.check_skips(planned.skipped.len())?;
        Ok(planned)
    }

    fn take_in(
        &self,
        sources: &[&dyn Source],
        planned: &Jobs,
        known: &Known,
        staging: Option<&Staging>,
        progress: &dyn Progress,
    ) -> Result<Vec<Outcome>, Error> {
        let station = Station {
            options: &self.options,
            sources,
            known,
            staging,
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
}

/// A data set is not written into its own photos.
fn check_apart(jobs: &[Job], out: &Path) -> Result<(), Error> {
    let Ok(out) = out.canonicalize() else {
        return Ok(());
    };
    // Through links: a photo may lie in the data set itself.
    let is_inside = |job: &&Job| {
        job.entry
            .path
            .canonicalize()
            .is_ok_and(|path| path.starts_with(&out))
    };
    jobs.par_iter().find_first(is_inside).map_or(Ok(()), |job| {
        let source_folder = job.entry.path.clone();
        Err(ErrorKind::Overlap { out, source_folder }.into())
    })
}

/// What a person has said of the pictures that are there, also if they are going to be replaced: a data set that cannot be
/// read is not overwritten.
fn said(output: &Output, before: Option<&Dataset>) -> Result<Carried, Error> {
    if let Some(before) = before {
        return Ok(Carried::of(before.records()));
    }
    if !output.holds_dataset()? {
        return Ok(Carried::default());
    }
    let replaced = Dataset::open(output.path())?;
    ours::check_pictures(&replaced)?;
    Ok(Carried::of(replaced.records()))
}
