//! The counts of an ingestion.

use std::{
    collections::{BTreeMap, HashSet},
    fmt,
};

use ai4fashion_color::ClassifyOptions;
use serde::{Deserialize, Serialize};

use super::{IngestOptions, Keep};
use crate::{Distribution, Record, Split, SplitOptions};

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
    /// The same counts for each source.
    pub sources: Vec<SourceSummary>,
}

/// Counts of one source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SourceSummary {
    /// The kind of source.
    pub name: String,
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
    /// Rows of its table that could not be used.
    pub rows_refused: usize,
    /// Folders that could not be looked into.
    pub folders_unreadable: usize,
    /// Pictures that no row tells of.
    pub pictures_without_row: usize,
}

/// On one line, for people; what there is none of is not mentioned.
impl fmt::Display for SourceSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} found, {} written", self.name, self.found, self.written)?;
        for (reason, count) in &self.left_out {
            write!(f, ", {count} left out ({reason})")?;
        }
        for (count, what) in [
            (self.skipped, "skipped"),
            (self.pictures_without_row, "without a row"),
            (self.rows_without_picture, "rows without a picture"),
            (self.rows_refused, "rows refused"),
            (self.folders_unreadable, "folders unreadable"),
        ] {
            if count > 0 {
                write!(f, ", {count} {what}")?;
            }
        }
        Ok(())
    }
}

/// The options that decide what the pictures of a data set are.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Settings {
    /// Side length in pixels.
    pub size: u32,
    /// JPEG quality.
    pub quality: u8,
    /// Which pictures were taken in.
    pub keep: Keep,
    /// The most pixels of a source picture.
    pub max_pixels: u64,
    /// The most bytes of a source file.
    pub max_bytes: u64,
    /// How colours were named.
    pub classifier: ClassifyOptions,
    /// How the pictures were parted.
    pub split: SplitOptions,
}

impl Settings {
    pub(super) fn of(options: &IngestOptions) -> Self {
        Self {
            size: options.size,
            quality: options.quality,
            keep: options.keep,
            max_pixels: options.limits.max_pixels,
            max_bytes: options.limits.max_bytes,
            classifier: options.classifier.options(),
            split: options.split,
        }
    }
}

impl Summary {
    pub(super) fn new(settings: Settings, sources: Vec<SourceSummary>, records: &[Record]) -> Self {
        let mut splits: BTreeMap<String, usize> = Split::ALL.map(|split| (split.to_string(), 0)).into();
        let mut shown = HashSet::new();
        for record in records {
            *splits.entry(record.split.to_string()).or_default() += 1;
            shown.insert(&*record.pixels_sha256);
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
