//! The counts of an ingestion.

use std::{
    collections::{BTreeMap, HashSet},
    fmt,
};

use serde::{Deserialize, Serialize};

use super::settings::Settings;
use crate::{error::count, labels::Split, quality::Flag, record::Record, stats::Distribution};

/// The version of the files in a data set folder; it is raised when a reader of the old ones would misread new ones.
const VERSION: u32 = 1;

/// The content of `summary.json`. It holds no times: the same sources and options give the same bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Summary {
    /// Version of the data set's files.
    pub version: u32,
    /// How the pictures were made.
    pub settings: Settings,
    /// Picture files in all sources: `written + skipped` and those left out.
    pub found: usize,
    /// Pictures in the data set.
    pub written: usize,
    /// Pictures that could not be used.
    pub skipped: usize,
    /// Pictures of each colour.
    pub colors: BTreeMap<String, usize>,
    /// Pictures of each product type, by number; 0 is not known.
    pub types: BTreeMap<u8, usize>,
    /// Pictures of each part, by name.
    pub splits: BTreeMap<String, usize>,
    /// Pictures that show what an earlier one shows, pixel by pixel.
    pub duplicates: usize,
    /// Pictures that only look like an earlier one.
    pub near_duplicates: usize,
    /// Pictures of each [`Flag`], by name.
    pub flags: BTreeMap<String, usize>,
    /// The same counts for each source.
    pub sources: Vec<SourceSummary>,
}

/// Counts of one source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SourceSummary {
    /// The kind of source.
    pub name: String,
    /// A hash of the settings and of `types`: with the same one, the same files become the same.
    pub settings_sha256: String,
    /// A hash of the table of types that was given for it.
    pub types: Option<String>,
    /// Picture files.
    pub found: usize,
    /// Pictures taken in.
    pub written: usize,
    /// Pictures that could not be used.
    pub skipped: usize,
    /// Pictures left out by the source's selection or by `keep`, by reason.
    pub left_out: BTreeMap<String, usize>,
    /// Rows of its table whose picture is not there.
    pub rows_without_picture: usize,
    /// Rows of its table that had commas without quotes, and could be used.
    #[serde(default)]
    pub rows_repaired: usize,
    /// Rows of its table that could not be used.
    pub rows_refused: usize,
    /// Folders that could not be looked into.
    pub folders_unreadable: usize,
    /// Pictures that no row tells of.
    pub pictures_without_row: usize,
}

/// On one line, for people; what there is none of is not mentioned. With `{:#}` as of what is still to be done.
impl fmt::Display for SourceSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let written = if f.alternate() { "to be written" } else { "written" };
        write!(
            f,
            "{}: {} found, {} {written}",
            self.name, self.found, self.written
        )?;
        for (reason, number) in &self.left_out {
            write!(f, ", {number} left out ({reason})")?;
        }
        for (number, what) in [
            (self.skipped, "skipped"),
            (self.pictures_without_row, "without a row"),
        ] {
            if number > 0 {
                write!(f, ", {number} {what}")?;
            }
        }
        for (number, thing, what) in [
            (self.rows_without_picture, "row", "without a picture"),
            (self.rows_repaired, "row", "repaired"),
            (self.rows_refused, "row", "refused"),
            (self.folders_unreadable, "folder", "unreadable"),
        ] {
            if number > 0 {
                write!(f, ", {} {what}", count(number, thing))?;
            }
        }
        Ok(())
    }
}

impl Summary {
    pub(crate) fn new(settings: Settings, sources: Vec<SourceSummary>, records: &[Record]) -> Self {
        let mut splits: BTreeMap<String, usize> = Split::ALL.map(|split| (split.to_string(), 0)).into();
        let mut flags: BTreeMap<String, usize> = Flag::ALL.map(|flag| (flag.to_string(), 0)).into();
        let (mut shown, mut groups) = (HashSet::new(), HashSet::new());
        for record in records {
            *splits.entry(record.split.to_string()).or_default() += 1;
            for flag in &record.flags {
                *flags.entry(flag.to_string()).or_default() += 1;
            }
            shown.insert(&*record.pixels_sha256);
            groups.insert(record.group.as_deref().unwrap_or(&record.pixels_sha256));
        }
        let sum = |count: fn(&SourceSummary) -> usize| sources.iter().map(count).sum();
        let mut summary = Self {
            version: VERSION,
            settings,
            found: sum(|source| source.found),
            written: sum(|source| source.written),
            skipped: sum(|source| source.skipped),
            colors: BTreeMap::new(),
            types: BTreeMap::new(),
            splits,
            duplicates: records.len() - shown.len(),
            near_duplicates: shown.len() - groups.len(),
            flags,
            sources,
        };
        summary.count_labels(records);
        summary
    }

    /// Counts the labels anew.
    pub(crate) fn count_labels(&mut self, records: &[Record]) {
        let labels = Distribution::of(records);
        let colors = labels.colors_by_name().into_iter();
        self.colors = colors.map(|(name, count)| (name.to_owned(), count)).collect();
        self.types = labels.types_by_number();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_not_many_and_what_is_planned_is_not_done() {
        let counts = SourceSummary {
            name: "small-fashion".to_owned(),
            found: 2,
            written: 2,
            rows_without_picture: 1,
            rows_refused: 2,
            ..SourceSummary::default()
        };
        assert_eq!(
            counts.to_string(),
            "small-fashion: 2 found, 2 written, 1 row without a picture, 2 rows refused"
        );
        assert!(format!("{counts:#}").starts_with("small-fashion: 2 found, 2 to be written, 1 row"));
    }
}
