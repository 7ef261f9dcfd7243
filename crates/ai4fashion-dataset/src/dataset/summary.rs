//! Counts of an ingestion.

use std::{
    collections::{BTreeMap, HashSet},
    fmt,
};

use ai4fashion_color::BasicColor;
use ai4fashion_files::{count, sha256_hex, sha256_hex_of};
use ai4fashion_garment::ProductType;
use ai4fashion_image::QualityFlag;
use serde::{Deserialize, Serialize};

use super::settings::Settings;
use crate::{
    labels::Split,
    record::{FORMAT, LeftOut, Record},
    stats::Distribution,
};

/// The content of `summary.json`.
///
/// It holds no times: the same sources and options give the same bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Summary {
    /// Version of the data set's files.
    pub format: u32,
    /// SHA-256 of `manifest.jsonl`, in hexadecimal: a manifest that has lost lines is refused.
    pub manifest_sha256: String,
    /// How the images were made.
    pub settings: Settings,
    /// Image files in all sources: written, rejected and filtered ones.
    pub found: usize,
    /// Images in the data set.
    pub written: usize,
    /// Images that could not be used.
    pub rejected: usize,
    /// Images of each colour.
    pub colors: BTreeMap<String, usize>,
    /// Images of each product type, by number; 0 is unknown.
    pub types: BTreeMap<u8, usize>,
    /// Images of each split.
    pub splits: BTreeMap<String, usize>,
    /// Images with the same pixels as an earlier one.
    pub duplicates: usize,
    /// Images that only look like an earlier one.
    pub near_duplicates: usize,
    /// Images of each [`QualityFlag`].
    pub flags: BTreeMap<String, usize>,
    /// Counts of each source.
    pub sources: Vec<SourceSummary>,
}

/// Counts of one source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SourceSummary {
    /// The kind of source.
    pub name: String,
    /// A hash of the settings and of the table of types: with the same hash, the same files give
    /// the same images.
    pub settings_sha256: String,
    /// A hash of the table of types that was given for the source.
    pub types_sha256: Option<String>,
    /// Image files.
    pub found: usize,
    /// Images in the data set.
    pub written: usize,
    /// Images that could not be used.
    pub rejected: usize,
    /// Images that were filtered, by reason.
    pub filtered: BTreeMap<String, usize>,
    /// Rows of its table without an image.
    pub rows_without_image: usize,
    /// Rows of its table that had commas without quotes, and could be used.
    pub rows_repaired: usize,
    /// Rows of its table that could not be used.
    pub rows_rejected: usize,
    /// Folders that could not be read.
    pub folders_unreadable: usize,
    /// Images without a row in its table.
    pub images_without_row: usize,
    /// Image files that programs have left beside the photos; they are not among those found.
    #[serde(default, skip_serializing_if = "LeftOut::is_empty")]
    pub left_out: LeftOut,
}

/// One line, for people, without counts of zero; `{:#}` speaks of what is still to be done.
impl fmt::Display for SourceSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let written = if f.alternate() { "to be written" } else { "written" };
        write!(
            f,
            "{}: {} found, {} {written}",
            self.name, self.found, self.written
        )?;
        for (reason, number) in &self.filtered {
            write!(f, ", {number} filtered ({reason})")?;
        }
        for (number, what) in [
            (self.rejected, "rejected"),
            (self.images_without_row, "without a row"),
        ] {
            if number > 0 {
                write!(f, ", {number} {what}")?;
            }
        }
        for (number, thing, what) in [
            (self.rows_without_image, "row", "without an image"),
            (self.rows_repaired, "row", "repaired"),
            (self.rows_rejected, "row", "rejected"),
            (self.folders_unreadable, "folder", "unreadable"),
        ] {
            if number > 0 {
                write!(f, ", {} {what}", count(number, thing))?;
            }
        }
        if !self.left_out.is_empty() {
            write!(f, ", {}", self.left_out)?;
        }
        Ok(())
    }
}

impl Summary {
    pub(crate) fn new(settings: Settings, sources: Vec<SourceSummary>, records: &[Record]) -> Self {
        let mut splits: BTreeMap<String, usize> = Split::ALL.map(|split| (split.to_string(), 0)).into();
        let mut flags: BTreeMap<String, usize> = QualityFlag::ALL.map(|flag| (flag.to_string(), 0)).into();
        let (mut shown, mut groups, mut alone) = (HashSet::new(), HashSet::new(), 0);
        for record in records {
            *splits.entry(record.split.to_string()).or_default() += 1;
            for flag in &record.flags {
                *flags.entry(flag.to_string()).or_default() += 1;
            }
            shown.insert(record.pixels_blake3);
            match &record.group {
                Some(group) => _ = groups.insert(group),
                None => alone += 1,
            }
        }
        let sum = |count: fn(&SourceSummary) -> usize| sources.iter().map(count).sum();
        let mut summary = Self {
            format: FORMAT,
            manifest_sha256: manifest_sha256(records),
            settings,
            found: sum(|source| source.found),
            written: sum(|source| source.written),
            rejected: sum(|source| source.rejected),
            colors: BTreeMap::new(),
            types: BTreeMap::new(),
            splits,
            duplicates: records.len() - shown.len(),
            near_duplicates: shown.len().saturating_sub(groups.len() + alone),
            flags,
            sources,
        };
        summary.count_labels(records);
        summary
    }

    /// Takes over corrected labels, and the manifest that they are written to.
    pub(crate) fn correct(&mut self, records: &[Record], manifest: &[u8]) {
        self.manifest_sha256 = sha256_hex(manifest);
        self.count_labels(records);
    }

    /// Returns the number of images of a colour.
    #[must_use]
    pub fn count_of_color(&self, color: BasicColor) -> usize {
        self.colors.get(color.as_str()).copied().unwrap_or(0)
    }

    /// Returns the number of images of a product type, or of those whose type is unknown.
    #[must_use]
    pub fn count_of_type(&self, product_type: Option<ProductType>) -> usize {
        let number = ProductType::number_of(product_type);
        self.types.get(&number).copied().unwrap_or(0)
    }

    fn count_labels(&mut self, records: &[Record]) {
        let labels = Distribution::of(records);
        self.colors = labels.colors_by_name();
        self.types = labels.types_by_number();
    }
}

/// The hash of the manifest that `records` are written to.
fn manifest_sha256(records: &[Record]) -> String {
    let line = |record| {
        let mut line = serde_json::to_vec(record).unwrap_or_default();
        line.push(b'\n');
        line
    };
    sha256_hex_of(records.iter().map(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_singular_and_a_plan_is_in_the_future() {
        let counts = SourceSummary {
            name: "small-fashion".to_owned(),
            found: 2,
            written: 2,
            rows_without_image: 1,
            rows_rejected: 2,
            ..SourceSummary::default()
        };
        assert_eq!(
            counts.to_string(),
            "small-fashion: 2 found, 2 written, 1 row without an image, 2 rows rejected"
        );
        assert!(format!("{counts:#}").starts_with("small-fashion: 2 found, 2 to be written, 1 row"));
    }
}
