//! Whether corrections can be applied, and what the records become.

use std::{cell::OnceCell, collections::HashMap};

use super::{
    correction::{Correction, LabelChange, OldLabel},
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

/// Checks corrections of `dataset`, and says what an application would do; nothing is written.
///
/// ```no_run
/// use ai4fashion_dataset::{Dataset, corrections::{CorrectionTable, check}};
///
/// let table = CorrectionTable::open("corrections.csv")?;
/// println!("{}", check(&Dataset::open("dataset")?, &table)?);
/// # Ok::<(), ai4fashion_dataset::Error>(())
/// ```
///
/// # Errors
/// [`ErrorKind::Corrections`] with every row that cannot be applied.
pub fn check(dataset: &Dataset, table: &CorrectionTable) -> Result<CorrectionPlan, Error> {
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

/// Whether all corrections are human labels of `dataset` already: the table was applied before.
///
/// The images may have the names that the corrections gave them. A table without rows, or with a
/// bad one, was not applied.
#[must_use]
pub fn is_applied(dataset: &Dataset, table: &CorrectionTable) -> bool {
    let checker = Checker::new(dataset);
    let is_done = |correction: &Correction| {
        checker.by_stem(&correction.file).is_some_and(|index| {
            let record = &dataset.records()[index];
            let annotation = record.annotation.as_ref();
            let is_human = (
                annotation.is_some_and(|it| it.model_color.is_some()),
                annotation.is_some_and(|it| it.source_type.is_some()),
            );
            is_made(
                correction.new_color,
                correction.old_color,
                record.color,
                is_human.0,
            ) && is_made(
                correction.new_type,
                correction.old_type,
                record.product_type,
                is_human.1,
            )
        })
    };
    let mut rows = table.rows().iter();
    !table.is_empty() && rows.all(|(_, row)| row.as_ref().is_ok_and(is_done))
}

/// Whether a label is what a change makes it.
fn is_made<T: PartialEq>(change: LabelChange<T>, old: OldLabel<T>, now: T, is_human: bool) -> bool {
    match change {
        LabelChange::Keep => old.allows(&now),
        LabelChange::Set(label) => now == label && is_human,
        LabelChange::Reset => !is_human,
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
    /// Made when a file is not found: a table may have many such rows.
    by_stem: OnceCell<HashMap<String, usize>>,
}

impl<'a> Checker<'a> {
    fn new(dataset: &'a Dataset) -> Self {
        let files = dataset.records().iter().map(|record| record.file.as_str());
        Self {
            dataset,
            by_file: files.zip(0..).collect(),
            by_stem: OnceCell::new(),
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
        let is_old =
            correction.old_color.allows(&record.color) && correction.old_type.allows(&record.product_type);
        if !is_old {
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

    /// The index of the image that has the stem of `file`, whatever labels are in its name.
    fn by_stem(&self, file: &str) -> Option<usize> {
        let by_stem = self.by_stem.get_or_init(|| {
            let stems = self.dataset.records().iter().enumerate();
            // Of two images with the same stem it is the first.
            let stems = stems
                .rev()
                .filter_map(|(index, record)| Some((stem(&record.file)?, index)));
            stems.collect()
        });
        by_stem.get(&stem(file)?).copied()
    }

    /// Says why there is no such file: perhaps the table was applied before.
    fn unknown(&self, file: &str) -> RowProblem {
        let now = self
            .by_stem(file)
            .map(|index| self.dataset.records()[index].file.clone());
        let file = file.to_owned();
        match now {
            Some(now) => RowProblem::Renamed { file, now },
            None => RowProblem::NoSuchImage { file },
        }
    }
}

/// The name of an image's file without its labels.
fn stem(file: &str) -> Option<String> {
    Some(image_name(file).parse::<LabeledName>().ok()?.stem().to_owned())
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
