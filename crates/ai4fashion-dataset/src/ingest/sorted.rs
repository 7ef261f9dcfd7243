//! What has become of each picture, counted.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    path::PathBuf,
};

use super::{
    groups,
    options::{self, IngestOptions},
    plan::Jobs,
    station::Outcome,
};
use crate::{
    dataset::{Dataset, Dedup, SourceSummary},
    error::{Error, ErrorKind},
    labels::{ProductType, TypeSource},
    record::{LeftOut, Record, Skip},
};

/// What has become of all pictures.
#[derive(Default)]
pub(super) struct Sorted {
    pub(super) counts: Vec<SourceSummary>,
    pub(super) records: Vec<Record>,
    /// Where the picture of each record is.
    pub(super) files: Vec<PathBuf>,
    pub(super) skipped: Vec<Skip>,
    pub(super) left_out: Vec<LeftOut>,
    pub(super) reused: usize,
}

impl Sorted {
    /// What has become of the pictures, in their order, with duplicates joined or left out.
    pub(super) fn of(
        planned: Jobs,
        outcomes: Vec<Outcome>,
        before: Option<&Dataset>,
        options: &IngestOptions,
    ) -> Self {
        let mut sorted = Self {
            counts: planned.sources,
            skipped: planned.skipped,
            ..Self::default()
        };
        // The source of each record, and whether an ingestion before has made it.
        let mut origins = Vec::new();
        for (job, outcome) in planned.jobs.iter().zip(outcomes) {
            match outcome {
                Outcome::Taken(made) => {
                    sorted.records.push(made.record);
                    sorted.files.push(made.file);
                    origins.push((job.source, made.is_reused));
                }
                Outcome::LeftOut(left_out) => sorted.leave_out(job.source, left_out),
                Outcome::Skipped(skip) => {
                    sorted.counts[job.source].skipped += 1;
                    sorted.skipped.push(skip);
                }
            }
        }
        groups::assign(&mut sorted.records, options);
        if options.dedup == Dedup::KeepFirst {
            sorted.keep_first(&mut origins, before);
            groups::assign(&mut sorted.records, options);
        }
        for (source, is_reused) in origins {
            sorted.reused += usize::from(is_reused);
            sorted.counts[source].written += 1;
        }
        sorted
    }

    fn leave_out(&mut self, source: usize, left_out: LeftOut) {
        let counts = &mut self.counts[source].left_out;
        *counts.entry(left_out.reason.clone()).or_default() += 1;
        self.left_out.push(left_out);
    }

    /// An error if nothing is left.
    pub(super) fn check_written(&self) -> Result<(), Error> {
        if !self.records.is_empty() {
            return Ok(());
        }
        Err(ErrorKind::NothingWritten {
            found: self.counts.iter().map(|source| source.found).sum(),
            left_out: total(&self.counts),
            skipped: self.skipped.len(),
            first_skip: self.skipped.first().map(Skip::to_string),
        }
        .into())
    }

    /// Leaves out those that show what an earlier one shows, or one that is in the data set of before; `origins` are those
    /// of the records.
    fn keep_first(&mut self, origins: &mut Vec<(usize, bool)>, before: Option<&Dataset>) {
        let there: HashSet<_> = before
            .iter()
            .flat_map(|before| before.records())
            .map(key)
            .collect();
        let first = groups::kept_of_each(&self.records, |record| there.contains(&key(record)));
        let records = std::mem::take(&mut self.records);
        let files = std::mem::take(&mut self.files);
        let all = records.into_iter().zip(files).zip(std::mem::take(origins));
        for (((record, file), origin), is_first) in all.zip(first) {
            if is_first {
                self.records.push(record);
                self.files.push(file);
                origins.push(origin);
            } else {
                let left_out = LeftOut {
                    source: record.source,
                    original: record.original,
                    sha256: record.sha256,
                    reason: options::DUPLICATE.to_owned(),
                };
                self.leave_out(origin.0, left_out);
            }
        }
    }
}

/// What makes a picture the same in another ingestion.
fn key(record: &Record) -> [&str; 3] {
    [&record.source, &record.original, &record.sha256]
}

/// Whether every picture of a data set is still there, and the same, and has the type that a table gave it.
pub(super) fn check_kept(before: &Dataset, records: &[Record]) -> Result<(), Error> {
    // Two sources may have the same file in the same place.
    let mut now: HashMap<_, usize> = HashMap::new();
    for record in records {
        *now.entry(key(record)).or_default() += 1;
    }
    let mut lost = before.records().iter().filter(|record| {
        let left = now.get_mut(&key(record)).filter(|count| **count > 0);
        left.map(|count| *count -= 1).is_none()
    });
    match lost.next() {
        None => check_types(before, records),
        Some(first) => Err(ErrorKind::WouldLose {
            path: before.root().to_owned(),
            first: first.original.clone(),
            count: 1 + lost.count(),
        }
        .into()),
    }
}

/// Two sources of a kind may have exchanged their tables of types. What `styles.csv` says may change.
fn check_types(before: &Dataset, records: &[Record]) -> Result<(), Error> {
    let mut now: HashMap<_, Vec<Option<ProductType>>> = HashMap::new();
    for record in records {
        if record.source_type_from() != Some(TypeSource::ArticleType) {
            now.entry(key(record)).or_default().push(record.source_type());
        }
    }
    let mut differences = Vec::new();
    for record in before.records() {
        let Some(types) = now.get_mut(&key(record)) else {
            continue;
        };
        let was = record.source_type();
        if let Some(place) = types.iter().position(|known| *known == was) {
            types.swap_remove(place);
        } else if record.source_type_from() != Some(TypeSource::ArticleType) {
            differences.extend(types.first().map(|now| (record, was, *now)));
        }
    }
    let Some((first, was, now)) = differences.first() else {
        return Ok(());
    };
    let [was, now] = [*was, *now].map(ProductType::number_of);
    let mut difference = format!("type of `{}` {was}, now {now}", first.original);
    if differences.len() > 1 {
        difference.push_str(&format!(" (and of {} more)", differences.len() - 1));
    }
    Err(ErrorKind::SettingsChanged {
        path: before.root().to_owned(),
        differences: vec![difference],
    }
    .into())
}

fn total(sources: &[SourceSummary]) -> BTreeMap<String, usize> {
    let mut all = BTreeMap::new();
    for (reason, count) in sources.iter().flat_map(|source| &source.left_out) {
        *all.entry(reason.clone()).or_default() += count;
    }
    all
}
