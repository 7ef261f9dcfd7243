//! Whether corrections can be applied, and what the records become.

use std::collections::HashMap;

use super::{
    correction::{Correction, LabelChange},
    plan::CorrectionPlan,
    table::CorrectionTable,
};
use crate::{
    dataset::{
        Dataset,
        layout::{IMAGES, image_name},
    },
    error::{BadRow, Error, ErrorKind, RowProblem},
    labels::{LabeledName, ProductType},
    record::Record,
};

/// The longest [`Correction::annotated_at`], in bytes.
const MAX_TIME: usize = 64;

/// Checks all rows against `dataset`.
///
/// # Errors
/// [`ErrorKind::Corrections`] with every row that cannot be applied.
pub(super) fn check(dataset: &Dataset, table: &CorrectionTable) -> Result<CorrectionPlan, Error> {
    let checker = Checker::new(dataset);
    let (mut plan, mut bad, mut seen) = (CorrectionPlan::default(), Vec::new(), Seen::default());
    for (row, correction) in table.rows() {
        let checked = match correction {
            Ok(correction) => checker.checked(correction, *row, &mut seen),
            Err(problem) => Err(problem.clone()),
        };
        match checked {
            Ok((index, record)) => plan.add(&dataset.records()[index], index, record, sets(correction)),
            Err(problem) => bad.push(BadRow { row: *row, problem }),
        }
    }
    if bad.is_empty() {
        Ok(plan)
    } else {
        let rows = table.len();
        Err(ErrorKind::Corrections { rows, bad }.into())
    }
}

/// Earlier rows, by the index of their image, and by its new file.
#[derive(Default)]
struct Seen {
    images: HashMap<usize, u64>,
    files: HashMap<String, u64>,
}

struct Checker<'a> {
    dataset: &'a Dataset,
    by_file: HashMap<&'a str, usize>,
}

impl<'a> Checker<'a> {
    fn new(dataset: &'a Dataset) -> Self {
        let files = dataset.records().iter().map(|record| record.file.as_str());
        Self {
            dataset,
            by_file: files.zip(0..).collect(),
        }
    }

    /// Returns the index of the image and its new record.
    fn checked(
        &self,
        correction: &Correction,
        row: u64,
        seen: &mut Seen,
    ) -> Result<(usize, Record), RowProblem> {
        // The folder of images shows the name alone.
        let file = format!("{IMAGES}/{}", image_name(&correction.file));
        let Some(&index) = self.by_file.get(&*file) else {
            return Err(self.unknown(&correction.file));
        };
        check_time(&correction.annotated_at)?;
        if let Some(row) = seen.images.insert(index, row) {
            return Err(RowProblem::Duplicate { row });
        }
        let record = &self.dataset.records()[index];
        if (record.color, record.product_type) != (correction.old_color, correction.old_type) {
            return Err(RowProblem::OtherLabels {
                color: record.color.to_string(),
                product_type: ProductType::number_of(record.product_type),
            });
        }
        if correction.new_color == LabelChange::Keep && correction.new_type == LabelChange::Keep {
            return Err(RowProblem::NoChange);
        }
        let mut changed = annotated(record, correction);
        self.rename(record, &mut changed)?;
        match seen.files.insert(changed.file.clone(), row) {
            Some(row) => Err(RowProblem::SameFile {
                file: changed.file,
                row,
            }),
            None => Ok((index, changed)),
        }
    }

    /// Gives the record the file name of its labels.
    fn rename(&self, record: &Record, changed: &mut Record) -> Result<(), RowProblem> {
        let path = self.dataset.root().join(&record.file);
        if !path.is_file() {
            return Err(RowProblem::MissingFile { path });
        }
        let name = image_name(&record.file);
        let name: LabeledName = name.parse().map_err(|_| RowProblem::NotALabeledName {
            file: name.to_owned(),
        })?;
        let name = name.with_color(changed.color).with_type(changed.product_type);
        changed.file = format!("{IMAGES}/{name}");
        // The folder may hold other files than those of the manifest.
        if changed.file != record.file {
            let path = self.dataset.root().join(&changed.file);
            if self.by_file.contains_key(&*changed.file) || path.symlink_metadata().is_ok() {
                return Err(RowProblem::FileExists { path });
            }
        }
        Ok(())
    }

    /// Says why there is no such file: perhaps the table was applied before.
    fn unknown(&self, file: &str) -> RowProblem {
        let stem = |file: &str| Some(image_name(file).parse::<LabeledName>().ok()?.stem().to_owned());
        let wanted = stem(file);
        let now = wanted.and_then(|wanted| {
            let mut files = self.dataset.records().iter().map(|record| &record.file);
            files.find(|file| stem(file).as_ref() == Some(&wanted)).cloned()
        });
        let file = file.to_owned();
        match now {
            Some(now) => RowProblem::Renamed { file, now },
            None => RowProblem::NoSuchImage { file },
        }
    }
}

/// The record with the labels that a correction gives it.
fn annotated(record: &Record, correction: &Correction) -> Record {
    let mut changed = record.clone();
    let annotated_at = &correction.annotated_at;
    match correction.new_color {
        LabelChange::Keep => {}
        LabelChange::Set(color) => changed.annotate_color(Some(color), annotated_at),
        LabelChange::Reset => changed.annotate_color(None, annotated_at),
    }
    match correction.new_type {
        LabelChange::Keep => {}
        LabelChange::Set(known) => changed.annotate_type(Some(known), annotated_at),
        LabelChange::Reset => changed.annotate_type(None, annotated_at),
    }
    changed
}

fn sets(correction: &Result<Correction, RowProblem>) -> bool {
    correction.as_ref().is_ok_and(|correction| {
        matches!(correction.new_color, LabelChange::Set(_))
            || matches!(correction.new_type, LabelChange::Set(_))
    })
}

fn check_time(annotated_at: &str) -> Result<(), RowProblem> {
    if annotated_at.len() <= MAX_TIME && !annotated_at.chars().any(char::is_control) {
        return Ok(());
    }
    let text = annotated_at.chars().take(MAX_TIME).collect();
    Err(RowProblem::Time { text })
}
