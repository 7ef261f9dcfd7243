//! Whether a table of corrections can be applied, and what would become of the pictures.

use std::{collections::HashMap, sync::Arc};

use super::{
    correction::{Change, Correction},
    plan::CorrectionPlan,
    table::CorrectionTable,
};
use crate::{
    dataset::{
        Dataset,
        layout::{IMAGES, name_of},
    },
    error::{BadRow, Error, ErrorKind},
    labels::{LabeledName, ProductType},
    record::Record,
};

/// The longest [`Correction::when`], in bytes.
const MAX_WHEN: usize = 64;

/// Checks all rows against `dataset`.
///
/// # Errors
/// [`ErrorKind::Corrections`] with every row that cannot be applied.
pub(super) fn check(dataset: &Dataset, table: &CorrectionTable) -> Result<CorrectionPlan, Error> {
    let checker = Checker::new(dataset);
    let (mut plan, mut bad, mut seen) = (CorrectionPlan::default(), Vec::new(), Seen::default());
    for (row, correction) in table.rows() {
        let checked = match correction {
            Ok(correction) => checker.checked(correction, *row, &mut seen).map_err(Arc::new),
            Err(error) => Err(Arc::clone(error)),
        };
        match checked {
            Ok((index, record)) => plan.add(&dataset.records()[index], index, record, says(correction)),
            Err(error) => bad.push(BadRow { row: *row, error }),
        }
    }
    if bad.is_empty() {
        Ok(plan)
    } else {
        Err(ErrorKind::Corrections {
            rows: table.len(),
            bad,
        }
        .into())
    }
}

/// The rows before, by their picture's place, and by the file that it becomes.
#[derive(Default)]
struct Seen {
    pictures: HashMap<usize, u64>,
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

    /// The picture's place and what its record becomes.
    fn checked(&self, correction: &Correction, row: u64, seen: &mut Seen) -> Result<(usize, Record), Error> {
        // Whoever looks into `images` sees the name alone.
        let file = format!("{IMAGES}/{}", name_of(&correction.file));
        let Some(&index) = self.by_file.get(&*file) else {
            return Err(self.unknown(&correction.file));
        };
        check_when(&correction.when)?;
        if let Some(earlier) = seen.pictures.insert(index, row) {
            return Err(ErrorKind::CorrectedTwice { row: earlier }.into());
        }
        let record = &self.dataset.records()[index];
        if (record.color, record.product_type) != (correction.old_color, correction.old_type) {
            return Err(ErrorKind::OtherLabels {
                color: record.color,
                product_type: ProductType::number_of(record.product_type),
            }
            .into());
        }
        if correction.new_color == Change::Keep && correction.new_type == Change::Keep {
            return Err(ErrorKind::NothingSaid.into());
        }
        let mut changed = record.clone();
        match correction.new_color {
            Change::Keep => {}
            Change::Say(color) => changed.say_color(Some(color), &correction.when),
            Change::Withdraw => changed.say_color(None, &correction.when),
        }
        match correction.new_type {
            Change::Keep => {}
            Change::Say(product_type) => changed.say_type(Some(product_type), &correction.when),
            Change::Withdraw => changed.say_type(None, &correction.when),
        }
        self.rename(record, &mut changed)?;
        match seen.files.insert(changed.file.clone(), row) {
            Some(row) => Err(ErrorKind::SameFile {
                file: changed.file,
                row,
            }
            .into()),
            None => Ok((index, changed)),
        }
    }

    /// Gives the record the file name of its labels.
    fn rename(&self, record: &Record, changed: &mut Record) -> Result<(), Error> {
        let path = self.dataset.root().join(&record.file);
        if !path.is_file() {
            return Err(ErrorKind::Missing {
                what: "picture",
                path,
            }
            .into());
        }
        let name: LabeledName = name_of(&record.file).parse()?;
        let name = name.with_color(changed.color).with_type(changed.product_type);
        changed.file = format!("{IMAGES}/{name}");
        // Other files may lie there.
        if changed.file != record.file {
            let path = self.dataset.root().join(&changed.file);
            if self.by_file.contains_key(&*changed.file) || path.symlink_metadata().is_ok() {
                return Err(ErrorKind::FileExists { path }.into());
            }
        }
        Ok(())
    }

    /// Why there is no such file: perhaps the table was applied before.
    fn unknown(&self, file: &str) -> Error {
        let stem = |file: &str| Some(name_of(file).parse::<LabeledName>().ok()?.stem().to_owned());
        let wanted = stem(file);
        let now = wanted.and_then(|wanted| {
            let mut files = self.dataset.records().iter().map(|record| &record.file);
            files.find(|file| stem(file).as_ref() == Some(&wanted)).cloned()
        });
        match now {
            Some(now) => ErrorKind::Renamed {
                file: file.to_owned(),
                now,
            },
            None => ErrorKind::NoSuchPicture {
                file: file.to_owned(),
            },
        }
        .into()
    }
}

fn says(correction: &Result<Correction, Arc<Error>>) -> bool {
    correction.as_ref().is_ok_and(|correction| {
        matches!(correction.new_color, Change::Say(_)) || matches!(correction.new_type, Change::Say(_))
    })
}

fn check_when(when: &str) -> Result<(), Error> {
    if when.len() <= MAX_WHEN && !when.chars().any(char::is_control) {
        return Ok(());
    }
    let text = when.chars().take(MAX_WHEN).collect();
    Err(ErrorKind::When { text }.into())
}
