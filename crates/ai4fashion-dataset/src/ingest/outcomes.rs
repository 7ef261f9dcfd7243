//! What has become of all images, counted.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    path::PathBuf,
};

use super::{
    groups,
    jobs::Jobs,
    options::{DUPLICATE, IngestOptions},
    pipeline::Outcome,
};
use crate::{
    corrections::HumanLabels,
    dataset::{Dataset, Dedup, SourceSummary},
    error::{Error, ErrorKind},
    labels::{ProductType, TypeSource},
    record::{Filtered, Record, Rejected},
};

/// What has become of all images.
#[derive(Default)]
pub(super) struct Outcomes {
    pub(super) counts: Vec<SourceSummary>,
    pub(super) records: Vec<Record>,
    /// Where the image of each record is.
    pub(super) files: Vec<PathBuf>,
    pub(super) rejected: Vec<Rejected>,
    pub(super) filtered: Vec<Filtered>,
    pub(super) reused: usize,
}

impl Outcomes {
    /// Sorts the outcomes in the order of the images, with near-duplicates grouped or filtered.
    pub(super) fn of(
        jobs: Jobs,
        outcomes: Vec<Outcome>,
        before: Option<&Dataset>,
        options: &IngestOptions,
    ) -> Self {
        let mut all = Self {
            counts: jobs.sources,
            rejected: jobs.rejected,
            ..Self::default()
        };
        // The source of each record, and whether an earlier ingestion has made it.
        let mut origins = Vec::new();
        for (job, outcome) in jobs.jobs.iter().zip(outcomes) {
            match outcome {
                Outcome::Taken(made) => {
                    all.records.push(made.record);
                    all.files.push(made.file);
                    origins.push((job.source, made.is_reused));
                }
                Outcome::Filtered(filtered) => all.filter(job.source, filtered),
                Outcome::Rejected(rejected) => {
                    all.counts[job.source].rejected += 1;
                    all.rejected.push(rejected);
                }
            }
        }
        groups::assign(&mut all.records, options);
        if options.dedup == Dedup::KeepFirst {
            all.keep_first(&mut origins, before);
            groups::assign(&mut all.records, options);
        }
        for (source, is_reused) in origins {
            all.reused += usize::from(is_reused);
            all.counts[source].written += 1;
        }
        all
    }

    fn filter(&mut self, source: usize, filtered: Filtered) {
        let counts = &mut self.counts[source].filtered;
        *counts.entry(filtered.reason.clone()).or_default() += 1;
        self.filtered.push(filtered);
    }

    /// Refuses a result without images.
    pub(super) fn check_written(&self) -> Result<(), Error> {
        if !self.records.is_empty() {
            return Ok(());
        }
        Err(ErrorKind::NothingWritten {
            found: self.counts.iter().map(|source| source.found).sum(),
            filtered: total(&self.counts),
            rejected: self.rejected.iter().map(Rejected::to_string).collect(),
        }
        .into())
    }

    /// Gives the records their human labels, and returns the number of those that are lost.
    pub(super) fn annotate(&mut self, human: &HumanLabels) -> Result<usize, Error> {
        let mut lost = human.len();
        for record in &mut self.records {
            human.apply(record)?;
            lost = lost.saturating_sub(usize::from(record.annotation.is_some()));
        }
        Ok(lost)
    }

    /// Filters near-duplicates of an earlier image, or of one in the data set `before`.
    fn keep_first(&mut self, origins: &mut Vec<(usize, bool)>, before: Option<&Dataset>) {
        let there: HashSet<_> = before
            .iter()
            .flat_map(|before| before.records())
            .map(Record::identity)
            .collect();
        let first = groups::kept_of_each(&self.records, |record| there.contains(&record.identity()));
        let records = std::mem::take(&mut self.records);
        let files = std::mem::take(&mut self.files);
        let all = records.into_iter().zip(files).zip(std::mem::take(origins));
        for (((record, file), origin), is_first) in all.zip(first) {
            if is_first {
                self.records.push(record);
                self.files.push(file);
                origins.push(origin);
            } else {
                let (source, path, blake3) = (&record.source, &record.source_path, &record.source_blake3);
                self.filter(origin.0, Filtered::new(source, path, blake3, DUPLICATE));
            }
        }
    }
}

/// Refuses a result that lacks an image of the data set `before`, or gives one another type.
pub(super) fn check_kept(before: &Dataset, records: &[Record]) -> Result<(), Error> {
    // Two sources may have the same file at the same path.
    let mut now: HashMap<_, usize> = HashMap::new();
    for record in records {
        *now.entry(record.identity()).or_default() += 1;
    }
    let mut lost = before.records().iter().filter(|record| {
        let left = now.get_mut(&record.identity()).filter(|count| **count > 0);
        left.map(|count| *count -= 1).is_none()
    });
    match lost.next() {
        None => check_types(before, records),
        Some(first) => Err(ErrorKind::WouldLose {
            path: before.root().to_owned(),
            first: first.source_path.clone(),
            lost: 1 + lost.count(),
        }
        .into()),
    }
}

/// Refuses other types: two sources of a kind may have exchanged their tables. `styles.csv` may
/// change.
fn check_types(before: &Dataset, records: &[Record]) -> Result<(), Error> {
    let from_table = |record: &Record| record.source_type_source() != Some(TypeSource::ArticleType);
    let mut now: HashMap<_, Vec<Option<ProductType>>> = HashMap::new();
    for record in records.iter().filter(|record| from_table(record)) {
        now.entry(record.identity())
            .or_default()
            .push(record.source_type());
    }
    let mut differences = Vec::new();
    for record in before.records() {
        let Some(types) = now.get_mut(&record.identity()) else {
            continue;
        };
        let was = record.source_type();
        if let Some(index) = types.iter().position(|known| *known == was) {
            types.swap_remove(index);
        } else if from_table(record) {
            differences.extend(types.first().map(|now| (record, was, *now)));
        }
    }
    let Some((first, was, now)) = differences.first() else {
        return Ok(());
    };
    let [was, now] = [*was, *now].map(ProductType::number_of);
    let mut difference = format!("type of `{}` {was}, now {now}", first.source_path);
    if differences.len() > 1 {
        difference.push_str(&format!(" (and of {} more)", differences.len() - 1));
    }
    Err(ErrorKind::OtherSettings {
        path: before.root().to_owned(),
        differences: vec![difference],
        is_unfinished: false,
    }
    .into())
}

fn total(sources: &[SourceSummary]) -> BTreeMap<String, usize> {
    let mut all = BTreeMap::new();
    for (reason, count) in sources.iter().flat_map(|source| &source.filtered) {
        *all.entry(reason.clone()).or_default() += count;
    }
    all
}
